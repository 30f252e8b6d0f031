//! Private by default: what everybody may know of a request, and what nobody may.

use maeul_testkit::{World, worlds};
use serde_json::Value;

use super::support::*;

const SECRETS: [&str; 6] =
    ["홍길동", "010-0000-1234", "01000001234", "h@example.com", "1234-5678", "정자"];

worlds! {
    async fn the_public_sees_an_outline(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let mut fields = with(&light(&key), "address_string", "풍암저수지 정자 옆");
        fields.extend([("first_name", "홍길동"), ("phone", "010-0000-1234"), ("email", "h@example.com")]);
        let id = send(&browser, &fields).await;
        world.at(2026, 6, 9, 11, 0);
        work_and_answer(&world, "refused", "홍길동 님(010-0000-1234)께 정자 옆 등을 설명했습니다.").await;
        for path in [
            "requests.json".to_owned(),
            "requests.json?extensions=true".to_owned(),
            format!("requests/{id}.json?extensions=true"),
            format!("requests/{id}.xml?extensions=true"),
            "servicerequestupdates.json".to_owned(),
            "servicerequestupdates.xml".to_owned(),
            "bulk.csv".to_owned(),
            "bulk.json".to_owned(),
            "bulk.xml".to_owned(),
        ] {
            let answer = browser.get(&format!("{V2}/{path}")).await;
            assert_eq!(answer.status, 200, "{path}");
            for secret in SECRETS {
                assert!(!answer.body.contains(secret), "{secret} in {path}: {}", answer.body);
            }
        }
        let it = &get_json(&browser, &format!("requests/{id}.json")).await[0];
        assert_eq!(it["description"], Value::Null);
        assert_eq!(it["status_notes"], "처리 불가", "closed, and honestly so");
        assert!(it["address"].as_str().unwrap().starts_with("풍암동"), "{it}");
        // The middle of the cell, the same for every point in it.
        assert_ne!(it["lat"], 35.127);
        let near = send(&browser, &with(&light(&key), "lat", "35.1271")).await;
        let other = &get_json(&browser, &format!("requests/{near}.json")).await[0];
        assert_eq!((&other["lat"], &other["long"]), (&it["lat"], &it["long"]));
    }

    async fn asking_often_finds_out_no_more(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        send(&browser, &light(&key)).await;
        let count = async |query: &str| get_json(&browser, &format!("requests.json?{query}")).await.as_array().unwrap().len();
        // A box around the true point but not around the cell's middle finds nothing.
        assert_eq!(count("bbox=126.8769,35.1269,126.8771,35.1271").await, 0);
        assert_eq!(count("lat=35.127&long=126.877&radius=5").await, 0);
        assert_eq!(count(&format!("bbox=126.8769,35.1269,126.8771,35.1271&api_key={key}")).await, 1, "its own");
    }

    async fn readers_see_words_with_personal_data_masked(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let id = send(&browser, &light(&key)).await;
        let reader = reader_key(&world).await;
        let (_, stranger) = client(&world, "남", &maeul_people::Scope::USUAL).await;
        let read = async |key: &str| get_json(&browser, &format!("requests/{id}.json?api_key={key}")).await[0].clone();
        for key in [&reader, &key] {
            let it = read(key).await;
            let said = it["description"].as_str().unwrap();
            assert!(said.contains("정자 옆 가로등") && said.contains("***-****-****"), "{said}");
            assert!(!said.contains("1234"), "{said}");
            assert_eq!(it["lat"], 35.127);
        }
        let outline = read(&stranger).await;
        assert_eq!(outline["description"], Value::Null);
        assert_ne!(outline["lat"], 35.127);
    }

    async fn what_concerns_a_person_is_less_or_not_there(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let named = |service| {
            let mut fields = with(&light(&key), "service_code", service);
            fields.extend([("first_name", "홍길동"), ("phone", "010-0000-1234")]);
            fields
        };
        let relief = send(&browser, &named("apartment")).await;
        let it = &get_json(&browser, &format!("requests/{relief}.json")).await[0];
        assert!(it.get("lat").is_none() && it.get("long").is_none(), "the 동 only: {it}");
        let grievance = send(&browser, &named("grievance")).await;
        refused(&browser, &format!("requests/{grievance}"), 404).await;
        let seen: Vec<Value> = get_json(&browser, "requests.json").await.as_array().unwrap().clone();
        assert_eq!(seen.len(), 1);
        get_json(&browser, &format!("requests/{grievance}.json?api_key={key}")).await;
        let reader = reader_key(&world).await;
        let all = get_json(&browser, &format!("requests.json?api_key={reader}")).await;
        assert_eq!(all.as_array().unwrap().len(), 2);
        for secret in ["홍길동", "0000-1234", "00001234"] {
            assert!(!all.to_string().contains(secret), "never who reported");
        }
    }
}
