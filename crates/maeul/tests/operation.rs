//! What whoever runs a server sees: signs of life, numbers, and a log without personal data.

use std::time::{Duration, Instant};

use crate::support::collector::Collector;
use crate::support::{self, Engine, Place, Server, ask, get, post};
use serde_json::{Value, json};

/// What must never be in a log or a metric.
const CANARIES: [&str; 6] = [
    "카나리아이름",
    "010-0000-7391",
    "01000007391",
    "canary.7391@example.com",
    "카나리아본문이보이면안됩니다",
    "canary-login-7391",
];

fn no_personal_data(engine: &Engine) {
    let Some(place) = Place::new(engine) else { return };
    // The finest level there is: what is not told there is told nowhere.
    let collector = Collector::start();
    let more = format!(
        "[log]\nfilter = \"trace\"\njson = true\n[telemetry]\notlp_endpoint = \"{}\"\n",
        collector.endpoint
    );
    let config = place.configure("loud.toml", &more);
    let server = Server::start(&config);
    let body = serde_json::json!({
        "client_key": "canary-7391-canary-7391",
        "text": CANARIES[4],
        "service": "streetlight",
        "place": { "lat": 35.1265, "long": 126.8790 },
        "contact": { "name": CANARIES[0], "phone": CANARIES[1], "email": CANARIES[3] },
    })
    .to_string();
    let (status, answer) =
        post(&server.address, "/api/v1/cases", "application/json", &body).unwrap();
    assert_eq!(status, 201, "{answer}");
    let token = answer.split("\"token\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(get(&server.address, &format!("/c/{token}")).unwrap().0, 200);
    assert_eq!(get(&server.address, &format!("/api/v1/cases/{token}")).unwrap().0, 200);
    // Mistakes are told with less care than what goes well.
    let form = "application/x-www-form-urlencoded";
    for (path, kind, body) in [
        ("/api/v1/cases", "application/json", body.replace("streetlight", "no-such").as_str()),
        ("/api/v1/cases", "application/json", body.trim_end_matches('}')),
        ("/staff/sign-in", form, "login=canary-login-7391&password=x&code=1"),
        ("/track", form, "phone=010-0000-7391&name=카나리아이름"),
        (
            "/open311/v2/requests.json",
            form,
            "description=카나리아본문이보이면안됩니다&email=canary.7391@example.com",
        ),
    ] {
        post(&server.address, path, kind, body).unwrap();
    }
    // The acknowledgement has gone out, so the jobs have had their say too.
    let until = Instant::now() + Duration::from_secs(20);
    while place.messages().is_empty() {
        assert!(Instant::now() < until, "nothing was sent");
        std::thread::sleep(Duration::from_millis(50));
    }
    let (_, metrics) = get(&server.metrics, "/metrics").unwrap();
    assert!(metrics.contains("route=\"/c/{token}\""), "{metrics}");
    // A caller that is in a trace of its own.
    let (trace, caller) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let asked = format!(
        "GET /api/v1/cases/{token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         traceparent: 00-{trace}-{caller}-01\r\n\r\n"
    );
    assert_eq!(ask(&server.address, asked.as_bytes()).unwrap().0, 200);
    let log = server.log();
    assert!(log.contains("\"route\":\"/api/v1/cases/{token}\""), "requests are told: {log}");
    assert_eq!(server.end(), 0);
    let spans = collector.spans();
    let named = |name: &str| -> Vec<&Value> {
        spans.iter().filter(|it| it["name"].as_str().unwrap().starts_with(name)).collect()
    };
    let shown: Vec<_> = spans.iter().map(|it| it["name"].as_str().unwrap()).collect();
    let told = |span: &Value, key: &str| {
        let found = span["attributes"].as_array().unwrap().iter().find(|it| it["key"] == key);
        found.map(|it| it["value"].clone())
    };
    let taken = named("POST /api/v1/cases");
    assert!(!taken.is_empty(), "{shown:?}");
    let created = json!({ "intValue": "201" });
    let taken =
        taken.iter().find(|it| told(it, "http.response.status_code").as_ref() == Some(&created));
    let taken = taken.unwrap_or_else(|| panic!("{shown:?}"));
    assert_eq!(told(taken, "maeul.office"), Some(json!({ "stringValue": "29140" })));
    assert_eq!(taken["kind"], 2);
    let acts = named("act ");
    let inside = acts.iter().filter(|it| it["parentSpanId"] == taken["spanId"]);
    assert!(inside.clone().count() > 0, "the act of the request is its child: {shown:?}");
    assert!(inside.clone().all(|it| it["traceId"] == taken["traceId"]));
    assert!(!named("job notice.send").is_empty(), "{shown:?}");
    let theirs = spans.iter().find(|it| it["parentSpanId"] == caller).unwrap();
    assert_eq!(theirs["traceId"], trace);
    assert_eq!(theirs["name"], "GET /api/v1/cases/{token}");
    let traces = collector.text();
    for canary in CANARIES.iter().copied().chain([token.as_str()]) {
        for (name, text) in [("log", &log), ("metrics", &metrics), ("trace", &traces)] {
            if let Some(line) = text.lines().find(|line| line.contains(canary)) {
                panic!("the {name} tells {canary}: {line}");
            }
        }
    }
}

#[test]
fn the_log_holds_no_personal_data_on_sqlite() {
    no_personal_data(&Engine::Sqlite);
}

#[test]
fn the_log_holds_no_personal_data_on_postgres() {
    no_personal_data(&Engine::Postgres);
}

#[test]
fn numbers_are_told_on_their_own_address_only() {
    let place = Place::new(&Engine::Sqlite).unwrap();
    // Nobody takes its traces, and nobody who is served notices.
    let config = place
        .configure("alone.toml", "[telemetry]\notlp_endpoint = \"http://127.0.0.1:1/collector\"\n");
    let server = Server::start(&config);
    support::report(&server.address, "numbers-are-told-1", "가로등이 꺼졌어요").unwrap();
    assert_eq!(get(&server.address, "/metrics").unwrap().0, 404);
    let (status, answer) = get(&server.address, "/readyz").unwrap();
    assert_eq!(status, 200, "{answer}");
    assert_eq!(get(&server.metrics, "/readyz").unwrap().0, 200);
    let until = Instant::now() + Duration::from_secs(20);
    let metrics = loop {
        let (_, metrics) = get(&server.metrics, "/metrics").unwrap();
        if metrics.contains("maeul_cases_open{office=\"29140\"} 1\n")
            && metrics.contains("maeul_job_attempts_total{kind=\"notice.send\",ended=\"done\"} 1\n")
        {
            break metrics;
        }
        assert!(Instant::now() < until, "{metrics}");
        std::thread::sleep(Duration::from_millis(50));
    };
    for line in [
        "maeul_http_request_seconds_count{method=\"POST\",route=\"/api/v1/cases\",status=\"201\"} 1\n",
        "maeul_http_request_seconds_count{method=\"GET\",route=\"none\",status=\"404\"} 1\n",
        "maeul_cases_overdue{office=\"29140\"} 0\n",
        "maeul_outbox_depth 0\n",
        "maeul_db_up 1\n",
        "maeul_db_waiting 0\n",
    ] {
        assert!(metrics.contains(line), "{line} is missing from\n{metrics}");
    }
    assert!(metrics.contains("ended=\"kept\"} "), "{metrics}");
    assert!(metrics.contains("process_resident_memory_bytes "), "{metrics}");
}

/// Waits until the worker has looked once.
fn until_ready(server: &Server) {
    let until = Instant::now() + Duration::from_secs(20);
    while get(&server.address, "/readyz").unwrap().0 != 200 {
        assert!(Instant::now() < until, "it was never ready");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn told_to_stop_it_goes_on_until_the_balancer_has_looked() {
    let place = Place::new(&Engine::Sqlite).unwrap();
    let config = place.configure("drained.toml", "[server]\ndrain_seconds = 2\n");
    let server = Server::start(&config);
    until_ready(&server);
    let told = Instant::now();
    server.ask_to_end();
    let (status, answer) = loop {
        let answer = get(&server.address, "/readyz").unwrap();
        if answer.0 != 200 {
            break answer;
        }
        assert!(told.elapsed() < Duration::from_secs(2), "it was never not ready");
    };
    assert!(status == 503 && answer.contains("\"serving\":false"), "{answer}");
    assert_eq!(get(&server.address, "/healthz").unwrap().0, 200);
    let taken = support::report(&server.address, "while-it-is-drained-1", "가로등이 꺼졌어요");
    assert_eq!(taken.unwrap().0, 201);
    let address = server.address.clone();
    assert_eq!(server.wait(), 0);
    assert!(told.elapsed() >= Duration::from_secs(2), "{:?}", told.elapsed());
    assert!(get(&address, "/healthz").is_none());

    // Whoever is in a hurry says it twice.
    let config = place.configure("hurried.toml", "[server]\ndrain_seconds = 600\n");
    let server = Server::start(&config);
    until_ready(&server);
    server.ask_to_end();
    while get(&server.address, "/readyz").unwrap().0 == 200 {}
    assert_eq!(server.end(), 0);
}
