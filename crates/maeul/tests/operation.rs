//! What whoever runs a server sees: signs of life, numbers, and a log without personal data.

use std::time::{Duration, Instant};

use crate::support::{Engine, Place, Server, get, post};

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
    let config = place.configure("loud.toml", "[log]\nfilter = \"trace\"\njson = true\n");
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
    let log = server.log();
    assert!(log.contains("\"route\":\"/api/v1/cases/{token}\""), "requests are told: {log}");
    for canary in CANARIES.iter().copied().chain([token.as_str()]) {
        for (name, text) in [("log", &log), ("metrics", &metrics)] {
            if let Some(line) = text.lines().find(|line| line.contains(canary)) {
                panic!("the {name} tells {canary}: {line}");
            }
        }
    }
    assert_eq!(server.end(), 0);
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
    let server = Server::start(&place.path("maeul.toml"));
    crate::support::report(&server.address, "numbers-are-told-1", "가로등이 꺼졌어요").unwrap();
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
