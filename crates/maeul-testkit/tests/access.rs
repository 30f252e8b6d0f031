//! Every declared route, for everyone: the golden matrix. A new route shows up here or fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::fmt::Write;

use maeul_base::Role;
use maeul_testkit::{World, worlds};
use maeul_web::Access;

worlds! {
    async fn the_matrix_is_golden_and_the_guards_keep_to_it(world: World) {
        let mut matrix = String::new();
        let mut browsers = vec![(None, world.browser())];
        for role in Role::ALL {
            let login = world.account(role, None).login.clone();
            browsers.push((Some(role), world.signed_in(&login).await));
        }
        let mut routes = world.house.routes.clone();
        routes.sort_by(|a, b| (a.path, a.method.as_str()).cmp(&(b.path, b.method.as_str())));
        for route in &routes {
            let who = match route.access {
                Access::Public => "everyone".to_owned(),
                Access::Staff(permission) => format!("{}: {}", permission.name, names(permission.roles)),
            };
            writeln!(matrix, "{:4} {:44} {who}", route.method.as_str(), route.path).unwrap();
            let path = route.path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            for (role, browser) in &browsers {
                if matches!(route.access, Access::Public) {
                    continue;
                }
                // Nothing is sent that a form would need: only the guard's answer is looked at.
                let answer = if route.method == "GET" {
                    browser.get(&path).await
                } else {
                    browser.post(&path, &[]).await
                };
                let to_sign_in = answer.location().is_some_and(|it| it.contains("/staff/sign-in?back="));
                let place = format!("{} {} as {role:?}: {}", route.method, path, answer.status);
                match role {
                    None => assert!(to_sign_in, "{place}"),
                    Some(role) if route.access.allows(Some(*role)) => {
                        assert!(!to_sign_in, "{place}");
                        assert_ne!(answer.status, 500, "{place}");
                        if route.method == "POST" {
                            assert_ne!(answer.status, 404, "the guard turned away who may pass: {place}");
                        }
                    }
                    Some(_) => assert_eq!(answer.status, 404, "{place}"),
                }
            }
        }
        insta::assert_snapshot!("routes", matrix);
    }

    async fn a_resident_cannot_reach_another_residents_case(world: World) {
        let answer = world.browser().get("/c/00000000000000000000000000000000").await;
        assert_eq!(answer.status, 404);
        assert!(answer.text().contains("내 민원"), "says the way on: {}", answer.text());
    }

    async fn forms_from_elsewhere_are_refused(world: World) {
        let browser = world.browser();
        browser.get("/report").await;
        assert_eq!(browser.post("/report", &[("text", "x"), ("csrf", "1.forged")]).await.status, 403);
        assert_eq!(browser.post("/report", &[("text", "x")]).await.status, 403);
        // Another browser's token is no good here.
        let other = world.browser().get("/report").await;
        let token = other.hidden(None).into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        assert_eq!(browser.post("/report", &[("text", "x"), ("csrf", &token)]).await.status, 403);
    }
}

fn names(roles: &[Role]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}
