//! The clock of a machine steps back, as after a wrong time server: work goes on, nothing twice.

use std::collections::BTreeSet;

use maeul_testkit::{World, worlds};
use serde_json::{Value, json};

async fn report(world: &World, key: &str) -> Value {
    let body = json!({
        "client_key": key,
        "text": "가로등이 꺼져 있어요.",
        "service": "streetlight",
        "place": { "lat": 35.127, "long": 126.877 },
        "contact": { "name": "주민 라", "phone": "010-0000-1111" },
    });
    let body = body.to_string().into_bytes();
    let answer = world.browser().post_raw("/api/v1/cases", "application/json", body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

worlds! {
    async fn a_clock_that_steps_back_loses_and_doubles_nothing(world: World) {
        world.at(2026, 6, 8, 10, 15);
        let first = report(&world, "clock-steps-back-1").await;
        // Two hours back, before the first message was sent.
        world.at(2026, 6, 8, 8, 15);
        let second = report(&world, "clock-steps-back-2").await;
        assert_ne!(first["number"], second["number"]);
        world.drain().await;
        assert_eq!(world.messages().len(), 1, "what is due at 10:15 waits; what is due at 8:15 goes out");

        // Both can be read and answered at the time it is now.
        for receipt in [&first, &second] {
            let path = format!("/api/v1/cases/{}", receipt["token"].as_str().unwrap());
            assert_eq!(world.browser().get(&path).await.status, 200);
        }
        // Over midnight and back: the schedules of a day are queued once.
        world.at(2026, 6, 9, 0, 30);
        world.drain().await;
        let sent = world.messages().len();
        world.at(2026, 6, 8, 23, 30);
        world.drain().await;
        world.at(2026, 6, 9, 0, 40);
        world.drain().await;
        assert_eq!(world.messages().len(), sent, "a second morning sent more");

        let ids: Vec<String> =
            world.messages().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
        let once: BTreeSet<&String> = ids.iter().collect();
        assert_eq!((once.len(), ids.len()), (2, 2), "each report is acknowledged once");

        world.at(2026, 6, 9, 9, 0);
        let third = report(&world, "clock-steps-back-3").await;
        let numbers: BTreeSet<&str> =
            [&first, &second, &third].map(|it| it["number"].as_str().unwrap()).into();
        assert_eq!(numbers.len(), 3);
    }
}
