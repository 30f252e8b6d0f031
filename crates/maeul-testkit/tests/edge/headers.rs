//! Security headers on whatever is answered, and cookies that no neighbour can plant.

use maeul_db::Engine;
use maeul_testkit::{Answer, World};

/// The headers that nothing goes out without.
fn protected(what: &str, answer: &Answer) {
    let header = |name: &str| {
        let value = answer.headers.get(name).unwrap_or_else(|| panic!("{what} lacks {name}"));
        value.to_str().unwrap().to_owned()
    };
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{what}: {policy}");
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(header("referrer-policy"), "same-origin", "{what}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert!(header("permissions-policy").contains("camera=(self)"), "{what}");
    assert!(!header("cache-control").is_empty(), "{what}");
    assert!(header("strict-transport-security").contains("max-age=31536000"), "{what}");
    assert!(!header("x-request-id").is_empty(), "{what}");
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-maeul_"), "{what}: {cookie}");
        for word in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(cookie.contains(word), "{what}: {cookie}");
        }
        assert!(!cookie.to_ascii_lowercase().contains("domain="), "{what}: {cookie}");
    }
}

#[test]
fn every_answer_carries_them() {
    let https = |setup: &mut maeul_app::Setup| setup.web.secure_cookies = true;
    World::run_with(Engine::Sqlite, https, |world| async move {
        let browser = world.browser();
        let mut seen = 0;
        for route in &world.house.routes {
            let parts = route.path.split('/').map(|it| if it.starts_with('{') { "x" } else { it });
            let path = parts.collect::<Vec<_>>().join("/");
            let answer = if route.method == "GET" {
                browser.get(&path).await
            } else {
                browser.post(&path, &[]).await
            };
            protected(&format!("{} {path}", route.method), &answer);
            seen += 1;
        }
        assert!(seen > 100, "{seen}");
        // Files, machines' questions, errors of the router and of the gate.
        let home = browser.get("/").await;
        let style = home.body.split('"').find(|it| it.ends_with(".css")).unwrap().to_owned();
        for (path, status) in [
            (style.as_str(), 200),
            ("/assets/none.css", 404),
            ("/healthz", 200),
            ("/readyz", 503),
            ("/nothing", 404),
            ("/o/99999/", 404),
            ("/api/v1/nothing", 404),
            ("/settings?contrast=high", 303),
        ] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.body);
            protected(path, &answer);
        }
        let wrong_method = browser.post("/map", &[]).await;
        assert_eq!(wrong_method.status, 405);
        protected("POST /map", &wrong_method);
        let large = browser
            .post_raw("/report", "application/x-www-form-urlencoded", vec![b'a'; 300_000])
            .await;
        assert_eq!(large.status, 413);
        protected("a large form", &large);
        // Whoever is signed in has a strict cookie as well.
        let login = world.account(maeul_base::Role::Officer, None).login.clone();
        let desk = world.signed_in(&login).await;
        assert!(desk.cookies().contains("__Host-maeul_staff="), "{}", desk.cookies());
        protected("the desk", &desk.get("/staff").await);
    });
}
