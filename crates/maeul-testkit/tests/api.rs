//! The interface for other systems: what it gives, and how it says no.

mod truth;

use maeul_testkit::{Answer, Browser, World, worlds};
use serde_json::{Value, json};

async fn send(browser: &Browser, body: &Value) -> Answer {
    browser.post_raw("/api/v1/cases", "application/json", body.to_string().into_bytes()).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

fn report() -> Value {
    json!({
        "client_key": "6f1c2a9e-53a4-4d0e-9a55-0b1d6a7f3c21",
        "text": "풍암저수지 정자 옆 가로등이 꺼져 있어요.",
        "service": "streetlight",
        "place": { "lat": 35.127, "long": 126.877 },
        "contact": { "name": "주민 라", "phone": "010-0000-1111" },
    })
}

worlds! {
    async fn a_report_is_received_once_and_followed(world: World) {
        let browser = world.browser();
        let first = send(&browser, &report()).await;
        assert_eq!(first.status, 201, "{}", first.body);
        let receipt = read(&first);
        assert!(receipt["number"].as_str().unwrap().starts_with("2026-서구-"), "{receipt}");
        assert!(receipt["due"]["explanation"].as_array().unwrap().len() > 2, "{receipt}");
        let second = send(&browser, &report()).await;
        assert_eq!(second.status, 200, "{}", second.body);
        assert_eq!(read(&second)["token"], receipt["token"]);
        let seen = browser.get(&format!("/api/v1/cases/{}", receipt["token"].as_str().unwrap())).await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        assert_eq!(read(&seen)["state"], "received");
        assert_eq!(read(&seen)["place"]["lat"], json!(35.127));
    }

    async fn what_one_asks_before(world: World) {
        let browser = world.browser();
        let services = read(&browser.get("/api/v1/services").await);
        assert!(services["services"].as_array().unwrap().len() > 20);
        let dong = read(&browser.get("/api/v1/locate?lat=35.127&long=126.877").await);
        assert!(dong["dong"]["code"].as_str().unwrap().starts_with("29140"), "{dong}");
        let outside = browser.get("/api/v1/locate?lat=37.5&long=127.0").await;
        assert_eq!((outside.status, read(&outside)["field"].as_str()), (422, Some("point")));
        let due = read(&browser.get("/api/v1/due?received=2026-06-08T10:30&period=7d").await);
        assert_eq!(due["due"], "2026-06-16T18:00:00+09:00", "{due}");
        for (query, field) in [
            ("received=x&period=7d", "received"),
            ("received=2026-06-08&period=0d", "period"),
            ("received=2026-06-08&period=7d&calculator=moon", "calculator"),
            ("received=2026-06-08&period=8h&calculator=civil", "period"),
            ("recieved=2026-06-08", "recieved"),
        ] {
            let answer = browser.get(&format!("/api/v1/due?{query}")).await;
            assert_eq!((answer.status, read(&answer)["field"].as_str()), (422, Some(field)), "{query}: {}", answer.body);
        }
    }

    async fn every_fault_is_named(world: World) {
        let browser = world.browser();
        let cases: Vec<(&str, Value)> = vec![
            ("client_key", json!("short")),
            ("text", json!(7)),
            ("text", json!("")),
            ("service", json!("no-such")),
            ("place.lat", json!({ "lat": "35", "long": 126.8 })),
            ("place.long", json!({ "lat": 35.1 })),
            ("place.lon", json!({ "lat": 35.1, "lon": 126.8, "long": 126.8 })),
            ("place", json!({ "lat": 10.5, "long": 20.5 })),
            ("place.dong", json!({ "dong": "x" })),
            ("contact.phone", json!({ "name": "가", "phone": "1234" })),
            ("contact.name", json!({ "phone": "010-0000-1111" })),
            ("contact", Value::Null),
            ("lang", json!("fr")),
            ("received_at", json!("2026-06-08")),
        ];
        for (field, value) in cases {
            let mut body = report();
            let top = field.split('.').next().unwrap();
            body[top] = value.clone();
            let answer = send(&browser, &body).await;
            let problem = read(&answer);
            assert_eq!((answer.status, problem["field"].as_str()), (422, Some(field)), "{value}: {problem}");
            assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/problem+json"));
        }
        for (kind, body, status) in [
            ("application/json", b"{\"text\"".to_vec(), 400),
            ("application/json", b"[]".to_vec(), 400),
            ("application/json", b"{\"text\": \"\xb0\xa1\"}".to_vec(), 415),
            ("application/json; charset=euc-kr", b"{}".to_vec(), 415),
            ("text/plain", b"{}".to_vec(), 415),
            ("application/json", vec![b' '; 300_000], 413),
        ] {
            let answer = browser.post_raw("/api/v1/cases", kind, body).await;
            assert_eq!(answer.status, status, "{kind}: {}", answer.body);
            assert_eq!(read(&answer)["status"], status);
        }
        assert_eq!(browser.get("/api/v1/cases/none").await.status, 404);
        assert_eq!(browser.get("/api/v1/nothing").await.status, 404);
    }
}
