//! What happened to requests, told to other systems and by them.

use maeul_base::Role;
use maeul_people::Scope;
use maeul_testkit::{World, worlds};
use maeul_wire::open311::{Update, UpdateStatus};

use super::support::*;

fn update<'a>(
    key: &'a str,
    id: &'a str,
    update: &'a str,
    status: &'a str,
) -> Vec<(&'a str, &'a str)> {
    vec![
        ("api_key", key),
        ("service_request_id", id),
        ("update_id", update),
        ("status", status),
        ("updated_datetime", "2026-06-08T10:15:00+09:00"),
        ("description", "아직도 꺼져 있다고 합니다. 010-0000-9876"),
    ]
}

const PATH: &str = "/open311/v2/servicerequestupdates";

worlds! {
    async fn what_happened_is_told_in_order(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let id = send(&browser, &light(&key)).await;
        world.at(2026, 6, 9, 11, 0);
        work_and_answer(&world, "done", "등을 갈아 끼웠습니다. 문의 010-0000-5555").await;
        world.at(2026, 6, 9, 12, 0);
        let query = format!("start_date=2026-06-08T00:00:00Z&end_date=2026-06-09T12:00:00%2B09:00&api_key={key}");
        let xml = browser.get(&format!("{PATH}.xml?{query}")).await;
        let tree = xml_of(&xml, 200, "service_request_updates");
        let updates: Vec<Update> = tree.items("request_update").into_iter().map(|it| Update::read(it).unwrap()).collect();
        let statuses: Vec<UpdateStatus> = updates.iter().map(|it| it.status).collect();
        assert_eq!(statuses, [UpdateStatus::InProgress, UpdateStatus::Closed]);
        assert!(updates.iter().all(|it| it.service_request_id == id));
        assert_ne!(updates[0].update_id, updates[1].update_id);
        assert!(updates[1].description.contains("갈아 끼웠습니다"), "{updates:?}");
        assert!(!updates[1].description.contains("5555"), "masked: {updates:?}");
        assert_eq!(updates[1].external_status_code.as_deref(), Some("done"));
        let again = browser.get(&format!("{PATH}.xml?{query}")).await;
        assert_eq!(again.body, xml.body, "ids are stable");
        let public = get_json(&browser, "servicerequestupdates.json").await;
        assert_eq!(public[1]["description"], "처리완료");
        assert_eq!(public[1]["media_url"], serde_json::Value::Null);
        // Only what lies in the span; pages as in the list of requests.
        let none = get_json(&browser, "servicerequestupdates.json?start_date=2026-06-01T00:00:00Z&end_date=2026-06-02T00:00:00Z").await;
        assert_eq!(none, serde_json::json!([]));
        let second = get_json(&browser, "servicerequestupdates.json?page_size=1&page=2").await;
        assert_eq!(second[0]["update_id"], updates[1].update_id.as_str());
        refused(&browser, "servicerequestupdates?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400).await;
        refused(&browser, "servicerequestupdates?start_date=yesterday", 400).await;
    }

    async fn an_update_of_another_system_reaches_the_officer_once(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let id = send(&browser, &light(&key)).await;
        let post = async |fields: &[(&str, &str)]| browser.post(&format!("{PATH}.json"), fields).await;
        let first = json_of(&post(&update(&key, &id, "u-1", "OPEN")).await, 200);
        assert!(first[0]["update_id"].as_str().unwrap().starts_with(&id), "{first}");
        let again = json_of(&post(&update(&key, &id, "u-1", "OPEN")).await, 200);
        assert_eq!(first, again, "sent twice, kept once");
        let xml = browser.post(&format!("{PATH}.xml"), &update(&key, &id, "u-2", "IN_PROGRESS")).await;
        let tree = xml_of(&xml, 200, "service_request_updates");
        assert!(tree.items("request_update")[0].text("update_id").is_some());
        let officer = world.signed_in(&world.account(Role::Officer, Some("construction")).login).await;
        let queue = officer.get("/staff/queue/unassigned").await;
        let link = queue.links().into_iter().find(|it| it.contains("/staff/case/")).unwrap();
        let text = officer.get(&link).await.text();
        assert_eq!(text.matches("아직도 꺼져 있다고").count(), 2, "{text}");
        assert!(text.contains("시험 (open)"), "who and with which status: {text}");
        // It is not told back to anybody.
        assert_eq!(get_json(&browser, &format!("servicerequestupdates.json?api_key={key}")).await, serde_json::json!([]));
    }

    async fn what_an_update_needs(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let id = send(&browser, &light(&key)).await;
        let good = update(&key, &id, "u-1", "OPEN");
        let post = async |fields: &[(&str, &str)], status: u16| -> String {
            let json = json_of(&browser.post(&format!("{PATH}.json"), fields).await, status);
            json.to_string()
        };
        for name in ["update_id", "status", "updated_datetime", "description"] {
            assert!(post(&with(&good, name, ""), 400).await.contains(name), "{name}");
        }
        post(&with(&good, "api_key", ""), 403).await;
        post(&with(&good, "service_request_id", ""), 400).await;
        post(&with(&good, "service_request_id", "2026-000099-9"), 404).await;
        post(&with(&good, "status", "DONE"), 400).await;
        post(&with(&good, "updated_datetime", "2026-06-08"), 400).await;
        post(&with(&good, "updated_datetime", "2026-06-09T00:00:00Z"), 400).await;
        // Least privilege: nothing on what it may not read, and nothing without the right.
        let (_, other) = client(&world, "남", &Scope::USUAL).await;
        post(&with(&good, "api_key", &other), 404).await;
        let (_, sender) = client(&world, "보내기만", &[Scope::CreateRequests]).await;
        post(&with(&good, "api_key", &sender), 403).await;
        let (_, desk) = client(&world, "기관 연계", &[Scope::ReadRequests, Scope::WriteUpdates]).await;
        post(&with(&good, "api_key", &desk), 200).await;
        // Tried out, nothing is kept.
        let tried = browser.post("/open311/test/v2/servicerequestupdates.json", &update(&key, &id, "u-9", "OPEN")).await;
        let tried = json_of(&tried, 200);
        assert_eq!(json_of(&browser.post(&format!("{PATH}.json"), &update(&key, &id, "u-9", "OPEN")).await, 200), tried);
    }

    async fn photos_come_with_an_update(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let id = send(&browser, &light(&key)).await;
        let picture = picture();
        let path = format!("{PATH}.json");
        let fields = update(&key, &id, "u-1", "OPEN");
        json_of(&browser.post_files(&path, &fields, &[("media", "a.png", b"no photo")]).await, 400);
        json_of(&browser.post_files("/open311/test/v2/servicerequestupdates.json", &fields, &[("media", "a.png", &picture)]).await, 200);
        let photos = async || {
            let json = get_json(&browser, &format!("requests/{id}.json?api_key={key}&extensions=true")).await;
            json[0]["extended_attributes"]["photos"].as_array().unwrap().len()
        };
        assert_eq!(photos().await, 0, "refused or tried out, nothing is kept");
        for _ in 0..2 {
            json_of(&browser.post_files(&path, &fields, &[("media", "a.png", &picture)]).await, 200);
        }
        assert_eq!(photos().await, 1, "told twice is told once");
        let named = with(&update(&key, &id, "u-2", "OPEN"), "media_url", "https://example.kr/2.jpg");
        json_of(&browser.post(&path, &named).await, 200);
        world.drain().await;
        assert_eq!(photos().await, 2);
        json_of(&browser.post(&path, &with(&named, "media_url", "file:///etc/passwd")).await, 400);
    }

    async fn an_answered_request_is_opened_again_or_the_sender_is_told(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let id = send(&browser, &light(&key)).await;
        world.at(2026, 6, 9, 11, 0);
        work_and_answer(&world, "done", "등을 갈아 끼웠습니다.").await;
        let post = async |name: &str, status: &str, code: u16| {
            json_of(&browser.post(&format!("{PATH}.json"), &update(&key, &id, name, status)).await, code)
        };
        let told = post("u-1", "UNCHANGED", 400).await;
        assert!(told[0]["description"].as_str().unwrap().contains("REOPEN"), "never lost in silence: {told}");
        post("u-2", "REOPEN", 200).await;
        let it = get_json(&browser, &format!("requests/{id}.json?api_key={key}")).await;
        assert_eq!(it[0]["status"], "open");
        world.at(2026, 6, 9, 12, 0);
        work_and_answer_again(&world).await;
        world.at(2026, 8, 9, 12, 0);
        let late = post("u-3", "OPEN", 400).await;
        assert!(late[0]["description"].as_str().unwrap().contains("30"), "{late}");
    }
}

/// The case that was opened again is answered once more.
async fn work_and_answer_again(world: &World) {
    let head = world.signed_in(&world.account(Role::Head, Some("construction")).login).await;
    let queue = head.get("/staff/queue/unit").await;
    let link = queue.links().into_iter().find(|it| it.contains("/staff/case/")).unwrap();
    let answer = head.get(&format!("{link}/answer")).await;
    let fields = [("outcome", "done"), ("result", "다시 고쳤습니다."), ("do", "send")];
    let sent = answer.submit(&fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
}
