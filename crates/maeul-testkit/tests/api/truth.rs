//! The document tells the truth: every route for programs stands in it, and nothing else.

use maeul_testkit::{World, worlds};
use maeul_web::RouteInfo;
use serde_json::Value;

use super::read;

/// Routes whose answers programs read.
fn for_programs(route: &RouteInfo) -> bool {
    (route.path.ends_with(".json") && !route.path.starts_with("/staff/"))
        || ["/api/", "/open311/", "/open-data/", "/hooks/"]
            .iter()
            .any(|it| route.path.starts_with(it))
}

/// Whether the router takes this documented address to that route: parts alike, braces take all.
fn taken(route: &str, documented: &str) -> bool {
    let (route, documented): (Vec<_>, Vec<_>) =
        (route.split('/').collect(), documented.split('/').collect());
    route.len() == documented.len()
        && route
            .iter()
            .zip(&documented)
            .all(|(route, said)| route.starts_with('{') || route == said)
}

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((method.to_ascii_uppercase(), path.clone(), operation.clone()));
        }
    }
    all
}

/// Follows every reference.
fn references(whole: &Value, it: &Value, seen: &mut usize) {
    match it {
        Value::Object(fields) => {
            if let Some(Value::String(to)) = fields.get("$ref") {
                let pointer = to.strip_prefix('#').unwrap();
                assert!(whole.pointer(pointer).is_some(), "{to} leads nowhere");
                *seen += 1;
            }
            fields.values().for_each(|it| references(whole, it, seen));
        }
        Value::Array(items) => items.iter().for_each(|it| references(whole, it, seen)),
        _ => {}
    }
}

worlds! {
    async fn the_document_is_the_routes(world: World) {
        let browser = world.browser();
        let document = read(&browser.get("/api/openapi.json").await);
        assert_eq!(document["openapi"], "3.1.0");
        let operations = operations(&document);
        for route in world.house.routes.iter().filter(|it| for_programs(it)) {
            let found = operations.iter().any(|(method, path, _)| {
                *method == route.method.as_str() && taken(route.path, path)
            });
            assert!(found, "{} {} is not documented", route.method, route.path);
        }
        let mut names = std::collections::BTreeSet::new();
        for (method, path, operation) in &operations {
            let found = world.house.routes.iter().any(|route| {
                for_programs(route) && *method == route.method.as_str() && taken(route.path, path)
            });
            assert!(found, "{method} {path} is documented, and there is no such route");
            assert!(names.insert(operation["operationId"].to_string()), "{operation}");
            // Every part in braces is explained.
            for part in path.split('{').skip(1) {
                let name = part.split('}').next().unwrap();
                let parameters = operation["parameters"].as_array().unwrap();
                let said = parameters.iter().any(|it| it["in"] == "path" && it["name"] == name);
                assert!(said, "{path}: {name}");
            }
        }
        assert!(operations.len() > 40, "{}", operations.len());
        let mut seen = 0;
        references(&document, &document, &mut seen);
        assert!(seen > 100, "{seen}");
    }

    async fn each_office_and_each_language_has_its_own(world: World) {
        let browser = world.browser();
        let house = read(&browser.get("/api/openapi.json").await);
        assert_eq!(house["servers"][0]["url"], "http://maeul.test");
        assert_eq!(house["servers"][1]["url"], "http://maeul.test/o/29140");
        let office = read(&browser.get("/o/29140/api/openapi.json?lang=en").await);
        assert_eq!(office["servers"].as_array().unwrap().len(), 1);
        assert_eq!(office["servers"][0]["url"], "http://maeul.test/o/29140");
        let title = office["info"]["title"].as_str().unwrap();
        assert!(title.contains("Seo-gu"), "{title}");
        let summary = office["paths"]["/api/v1/cases"]["post"]["summary"].as_str().unwrap();
        assert_eq!(summary, "Send a report");
        // The page is made from it: every address, both languages.
        for lang in ["ko", "en"] {
            let page = browser.get(&format!("/o/29140/api?lang={lang}")).await;
            assert_eq!(page.status, 200);
            for (method, path, operation) in operations(&office) {
                assert!(page.body.contains(&path), "{lang}: {method} {path}");
                let id = operation["operationId"].as_str().unwrap();
                assert!(page.body.contains(&format!("id=\"op-{id}\"")), "{lang}: {id}");
            }
            assert!(!page.body.contains("<script src=\"http"), "nothing of others is loaded");
        }
    }

    async fn every_problem_leads_to_its_page(world: World) {
        let browser = world.browser();
        let json = "application/json";
        let mut answers = Vec::new();
        for path in [
            "/api/v1/nothing",
            "/api/v1/services?x=1",
            "/api/v1/cases/none",
            "/api/v1/cases/%ff",
            "/api/v1/due?received=x&period=7d",
            "/api/v1/due?received=2026-06-08&period=0d",
            "/api/v1/locate?lat=37.5&long=127.0",
            "/api/v1/locate?lat=x&long=127.0",
            "/o/99999/api/v1/services",
            "/open-data/none.csv",
            "/open-data/cases.csv?state=asleep",
            "/hooks/sms/kannel?secret=wrong",
            "/hooks/sms/kannel/dlr?secret=wrong",
            "/map/none.json",
        ] {
            answers.push((path, browser.get(path).await));
        }
        answers.push(("DELETE", browser.post("/api/v1/services", &[]).await));
        answers.push(("webhook", browser.post_raw("/hooks/sms/webhook", json, b"{}".to_vec()).await));
        for body in ["{", "[]", "{\"client_key\":\"x\"}", "{\"client_key\":\"0123456789abcdef\",\"text\":\"\",\"anonymous\":true}"] {
            answers.push(("cases", browser.post_raw("/api/v1/cases", json, body.into()).await));
        }
        answers.push(("text", browser.post_raw("/api/v1/cases", "text/plain", Vec::new()).await));
        let mut kinds = std::collections::BTreeSet::new();
        for (what, answer) in answers {
            assert!((400..500).contains(&answer.status), "{what}: {}", answer.status);
            let kind = answer.headers["content-type"].to_str().unwrap();
            assert_eq!(kind, "application/problem+json", "{what}: {}", answer.body);
            let problem = read(&answer);
            assert_eq!(problem["status"], answer.status, "{what}");
            assert!(!problem["detail"].as_str().unwrap().is_empty(), "{what}");
            let kind = problem["type"].as_str().unwrap().to_owned();
            let path = kind.strip_prefix("http://maeul.test").unwrap().to_owned();
            for lang in ["ko", "en"] {
                let page = browser.get(&format!("{path}?lang={lang}")).await;
                assert_eq!(page.status, 200, "{what}: {path}");
                assert!(page.text().contains(path.rsplit('/').next().unwrap()), "{path}");
            }
            kinds.insert(path);
        }
        assert!(kinds.len() > 12, "{kinds:?}");
        assert_eq!(browser.get("/problems/nonsense").await.status, 404);
        let list = browser.get("/problems").await;
        for link in list.links().iter().filter(|it| it.contains("/problems/")) {
            assert_eq!(browser.get(link).await.status, 200, "{link}");
        }
    }
}
