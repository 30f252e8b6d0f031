//! A new request: what is required, what is kept, and how it is answered.

use maeul_base::Role;
use maeul_people::Scope;
use maeul_testkit::{World, worlds};
use maeul_wire::open311::Receipt;
use serde_json::Value;

use super::support::*;

worlds! {
    async fn a_request_is_received_in_both_formats(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let json = json_of(&browser.post(&format!("{V2}/requests.json"), &light(&key)).await, 200);
        assert_eq!(json.as_array().expect("an array of one").len(), 1);
        assert!(json[0]["service_request_id"].is_string());
        assert!(json[0].get("token").is_none(), "never both");
        assert!(json[0]["service_notice"].as_str().unwrap().contains("건설과"), "{json}");
        let xml = browser.post(&format!("{V2}/requests.xml"), &with(&light(&key), "account_id", "a1")).await;
        let receipt = Receipt::read(&xml_of(&xml, 200, "service_requests")).unwrap();
        assert_eq!(receipt.account_id.as_deref(), Some("a1"), "given back");
        assert_ne!(receipt.service_request_id.as_deref(), json[0]["service_request_id"].as_str());
        assert!(!xml.body.contains("<account_id></account_id>"));
    }

    async fn a_key_is_required_for_sending_alone(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let post = async |fields: &[(&str, &str)]| browser.post(&format!("{V2}/requests.json"), fields).await;
        json_of(&post(&with(&light(&key), "api_key", "")).await, 403);
        json_of(&post(&with(&light(&key), "api_key", "wrong")).await, 403);
        let other = format!("mk_{}", "0".repeat(64));
        json_of(&post(&with(&light(&key), "api_key", &other)).await, 403);
        let (_, reader) = client(&world, "읽기만", &[Scope::ReadRequests]).await;
        json_of(&post(&with(&light(&key), "api_key", &reader)).await, 403);
        // An empty key equals none, and reading needs none; a wrong one is told.
        get_json(&browser, "services.json?api_key=").await;
        refused(&browser, "services?api_key=wrong", 403).await;
        // The query is taken as well, as some clients send it there.
        let path = format!("{V2}/requests.json?api_key={key}");
        json_of(&browser.post(&path, &with(&light(&key), "api_key", "")).await, 200);
        // Revoked: from the next call on.
        let ctx = world.ctx();
        let id = client(&world, "곧 끊길", &Scope::USUAL).await;
        json_of(&post(&light(&id.1)).await, 200);
        world.db().write(move |tx| maeul_people::revoke_api_client(tx, &ctx, id.0)).await.unwrap();
        json_of(&post(&light(&id.1)).await, 403);
    }

    async fn what_is_missing_or_wrong_is_told_at_once(world: World) {
        fault_is_required(&world).await;
        let (browser, key) = (world.browser(), key(&world).await);
        let good = {
            let mut fields = light(&key);
            fields.push(("attribute[fault]", "out"));
            fields
        };
        let post = async |fields: &[(&str, &str)], status: u16| -> String {
            let answer = browser.post(&format!("{V2}/requests.xml"), fields).await;
            let tree = xml_of(&answer, status, if status == 200 { "service_requests" } else { "errors" });
            let said: Vec<String> =
                tree.items("error").iter().map(|it| it.text("description").unwrap()).collect();
            said.join("\n")
        };
        assert!(post(&with(&good, "service_code", ""), 400).await.contains("service_code"));
        assert!(post(&with(&good, "service_code", "none"), 404).await.contains("service_code"));
        assert!(post(&with(&good, "attribute[fault]", ""), 400).await.contains("attribute[fault]"));
        assert!(post(&with(&good, "attribute[fault]", "purple"), 400).await.contains("attribute[fault]"));
        assert!(post(&with(&good, "lat", ""), 400).await.contains("lat"));
        assert!(post(&with(&good, "lat", "north"), 400).await.contains("lat"));
        assert!(post(&with(&good, "lat", "37.5"), 400).await.contains("lat, long"), "another office's area");
        assert!(post(&with(&good, "address_id", "1"), 400).await.contains("address_id"));
        let long = "가".repeat(4_001);
        assert!(post(&with(&good, "description", &long), 400).await.contains("description"));
        assert!(post(&with(&good, "media_url", "javascript:x"), 400).await.contains("media_url"));
        let nowhere = with(&with(&good, "lat", ""), "long", "");
        assert!(post(&nowhere, 400).await.contains("address_string"));
        let all = post(&[("api_key", &key)], 400).await;
        assert_eq!(all.lines().count(), 2, "service and place: {all}");
        // Any one place is enough, and nothing else is required.
        for place in [("address_string", "풍암동 행정복지센터 앞"), ("address_id", "2914074500")] {
            let mut fields = nowhere.clone();
            fields.push(place);
            post(&fields, 200).await;
        }
        post(&good, 200).await;
        post(&with(&good, "description", &"가".repeat(4_000)), 200).await;
        // Unknown attributes and fields are left alone.
        let mut odd = good.clone();
        odd.extend([("attribute[whatever]", "1"), ("device_id", "d"), ("colour", "red")]);
        post(&odd, 200).await;
        let english = browser.post(&format!("{V2}/requests.json?lang=en"), &with(&good, "service_code", "")).await;
        assert!(json_of(&english, 400)[0]["description"].as_str().unwrap().contains("required"));
    }

    async fn all_forms_of_several_values_are_one(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let mut base = with(&light(&key), "service_code", "sidewalk");
        base.push(("attribute[kind]", ""));
        for form in [
            vec![("attribute[what][]", "block"), ("attribute[what][]", "kerb")],
            vec![("attribute[what][0]", "block"), ("attribute[what][1]", "kerb")],
            vec![("attribute[what]", "block"), ("attribute[what]", "kerb")],
        ] {
            let mut fields = base.clone();
            fields.extend(form.iter().copied());
            let id = send(&browser, &fields).await;
            let json = get_json(&browser, &format!("requests/{id}.json?extensions=true&api_key={key}")).await;
            assert_eq!(json[0]["attributes"][0]["values"], serde_json::json!(["block", "kerb"]), "{form:?}");
        }
        let mut one = base.clone();
        one.push(("attribute[what]", "tactile"));
        let id = send(&browser, &one).await;
        let json = get_json(&browser, &format!("requests/{id}.json?extensions=true&api_key={key}")).await;
        assert_eq!(json[0]["attributes"][0]["values"], serde_json::json!(["tactile"]));
    }

    async fn line_ends_and_markup_are_text(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let fields = with(&light(&key), "description", "첫 줄\r\n<b>둘째</b> & 줄");
        let id = send(&browser, &fields).await;
        let json = get_json(&browser, &format!("requests/{id}.json?api_key={key}")).await;
        assert_eq!(json[0]["description"], "첫 줄\n<b>둘째</b> & 줄");
        let xml = browser.get(&format!("{V2}/requests/{id}.xml?api_key={key}")).await;
        assert!(xml.body.contains("&lt;b&gt;둘째&lt;/b&gt; &amp; 줄"), "{}", xml.body);
        // Without a description the service and what was answered stand for it.
        let mut fields = with(&light(&key), "description", "");
        fields.push(("attribute[fault]", "out"));
        let id = send(&browser, &fields).await;
        let json = get_json(&browser, &format!("requests/{id}.json?api_key={key}")).await;
        let said = json[0]["description"].as_str().unwrap();
        assert!(said.starts_with("가로등·보안등 고장") && said.contains("꺼져"), "{said}");
    }

    async fn names_and_contacts_cost_no_report(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let post = async |more: &[(&str, &str)]| -> Value {
            let mut fields = light(&key);
            fields.extend(more.iter().copied());
            json_of(&browser.post(&format!("{V2}/requests.json"), &fields).await, 200)
        };
        for more in [
            &[("first_name", "홍길동"), ("phone", "010-0000-1234")][..],
            &[("first_name", "John"), ("last_name", "Smith"), ("email", "j@example.com")],
            &[("email", "j@example.com")],
            &[("first_name", "홍길동")],
            &[],
        ] {
            let json = post(more).await;
            assert!(!json[0]["service_notice"].as_str().unwrap().contains("읽지 못해"), "{json}");
        }
        let odd = post(&[("first_name", "John"), ("phone", "111111111"), ("email", "nobody")]).await;
        let notice = odd[0]["service_notice"].as_str().unwrap();
        assert!(notice.contains("phone") && notice.contains("email"), "{notice}");
        // A service that needs a name says so.
        let fields = with(&light(&key), "service_code", "emergency-relief");
        let refused = json_of(&browser.post(&format!("{V2}/requests.json"), &fields).await, 400);
        assert!(refused[0]["description"].as_str().unwrap().contains("first_name"), "{refused}");
        world.drain().await;
        assert_eq!(world.messages().len(), 3, "who can be reached is told");
    }

    async fn photos_go_through_the_same_door(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let picture = picture();
        let path = format!("{V2}/requests.json");
        let sent = browser.post_files(&path, &light(&key), &[("media", "a.png", &picture)]).await;
        let id = json_of(&sent, 200)[0]["service_request_id"].as_str().unwrap().to_owned();
        let json = get_json(&browser, &format!("requests/{id}.json?api_key={key}&extensions=true")).await;
        let url = json[0]["media_url"].as_str().unwrap().to_owned();
        assert_eq!(json[0]["extended_attributes"]["photos"][0]["media_url"], url.as_str());
        let path_of = url.strip_prefix("http://maeul.test").unwrap();
        let photo = browser.get(path_of).await;
        assert_eq!((photo.status, photo.headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
        let (bare, _) = path_of.split_once('?').unwrap();
        assert_eq!(browser.get(bare).await.status, 404, "not to be guessed");
        assert_eq!(browser.get(&format!("{bare}?mark={}", "0".repeat(32))).await.status, 404);
        let public = get_json(&browser, &format!("requests/{id}.json?extensions=true")).await;
        assert_eq!(public[0]["media_url"], Value::Null);
        assert_eq!(public[0]["extended_attributes"]["photos"], serde_json::json!([]));
        // Several parts of any name; what is no photo refuses the whole.
        let two = browser.post_files(&path, &light(&key), &[("photo1", "a.png", &picture), ("file_2", "b.png", &picture)]).await;
        json_of(&two, 200);
        let text = browser.post_files(&path, &light(&key), &[("media", "a.png", b"no photo")]).await;
        json_of(&text, 400);
        let six = vec![("media", "a.png", picture.as_slice()); 6];
        json_of(&browser.post_files(&path, &light(&key), &six).await, 400);
        // An address of a picture is kept as it is.
        let fields = with(&light(&key), "media_url", "https://example.kr/1.jpg");
        let id = send(&browser, &fields).await;
        let json = get_json(&browser, &format!("requests/{id}.json?api_key={key}")).await;
        assert_eq!(json[0]["media_url"], "https://example.kr/1.jpg");
        let all = get_json(&browser, &format!("requests.json?api_key={key}")).await;
        assert_eq!(all.as_array().unwrap().len(), 3, "nothing refused was kept");
    }

    async fn pictures_at_addresses_are_fetched_and_what_is_lost_is_told(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let mut fields = light(&key);
        for address in ["https://example.kr/1.jpg", "https://example.kr/same.jpg", "https://example.kr/text.jpg", "http://inside.kr/x"] {
            fields.push(("media_url", address));
        }
        let id = send(&browser, &fields).await;
        world.drain().await;
        let json = get_json(&browser, &format!("requests/{id}.json?api_key={key}&extensions=true")).await;
        let photos = json[0]["extended_attributes"]["photos"].as_array().unwrap();
        assert_eq!(photos.len(), 1, "the same picture twice is one: {json}");
        let url = photos[0]["media_url"].as_str().unwrap().strip_prefix("http://maeul.test").unwrap();
        let photo = browser.get(url).await;
        assert_eq!((photo.status, photo.headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
        let officer = world.signed_in(&world.account(Role::Officer, Some("construction")).login).await;
        let queue = officer.get("/staff/queue/unit").await;
        let link = queue.links().into_iter().find(|it| it.contains("/staff/case/")).unwrap();
        let page = officer.get(&link).await.text();
        assert_eq!(page.matches("사진을 받지 못했습니다").count(), 2, "{page}");
        assert!(page.contains("내부망") && page.contains("text.jpg") && page.contains("사진이 아닌 파일"), "{page}");
        // One who does not answer is asked again, and then it is told once.
        let mut fields = light(&key);
        fields.push(("media_url", "https://silent.kr/1.jpg"));
        send(&browser, &fields).await;
        for hour in 11..20 {
            let _again = world.house.runner.drain().await.unwrap();
            world.at(2026, 6, 9, hour, 0);
        }
        // A session does not last over night.
        let officer = world.signed_in(&world.account(Role::Officer, Some("construction")).login).await;
        let queue = officer.get("/staff/queue/unit").await;
        let pages: Vec<String> = queue.links().into_iter().filter(|it| it.contains("/staff/case/")).collect();
        let mut told = 0;
        for link in pages {
            told += officer.get(&link).await.text().matches("답이 없습니다.").count();
        }
        assert_eq!(told, 1);
    }

    async fn the_same_submission_is_one_request(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let once = with(&light(&key), "client_key", "6f1c2a9e-53a4-4d0e-9a55");
        assert_eq!(send(&browser, &once).await, send(&browser, &once).await);
        let (_, other) = client(&world, "남의 것", &Scope::USUAL).await;
        let theirs = with(&once, "api_key", &other);
        assert_ne!(send(&browser, &once).await, send(&browser, &theirs).await, "keys of others are others");
        assert_ne!(send(&browser, &light(&key)).await, send(&browser, &light(&key)).await);
        let long = "k".repeat(201);
        json_of(&browser.post(&format!("{V2}/requests.json"), &with(&light(&key), "client_key", &long)).await, 400);
    }

    async fn a_token_is_exchanged_for_the_id(world: World) {
        let browser = world.browser();
        let (_, key) = client_with(&world, "토큰", &Scope::USUAL, 1_000, true).await;
        let json = json_of(&browser.post(&format!("{V2}/requests.json"), &light(&key)).await, 200);
        let token = json[0]["token"].as_str().unwrap().to_owned();
        assert!(json[0].get("service_request_id").is_none(), "never both");
        let found = get_json(&browser, &format!("tokens/{token}.json")).await;
        assert_eq!(found[0]["token"], token.as_str());
        let id = found[0]["service_request_id"].as_str().unwrap();
        assert_eq!(get_json(&browser, &format!("requests/{id}.json")).await[0]["service_request_id"], id);
        let xml = browser.get(&format!("{V2}/tokens/{token}.xml")).await;
        assert_eq!(Receipt::read(&xml_of(&xml, 200, "service_requests")).unwrap().token, Some(token));
        let services = get_json(&browser, &format!("services.json?api_key={key}")).await;
        assert_eq!(services[0]["type"], "batch", "as the list says");
    }

    async fn the_test_endpoint_checks_and_keeps_nothing(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let sent = browser.post("/open311/test/v2/requests.json", &light(&key)).await;
        let json = json_of(&sent, 200);
        assert!(json[0]["service_notice"].as_str().unwrap().contains("시험용"), "{json}");
        json_of(&browser.post("/open311/test/v2/requests.json", &with(&light(&key), "lat", "x")).await, 400);
        assert_eq!(get_json(&browser, "requests.json").await, serde_json::json!([]));
        assert_eq!(json_of(&browser.get("/open311/test/v2/services.json").await, 200).as_array().unwrap().len(), 30);
        world.drain().await;
        assert!(world.messages().is_empty());
    }

    async fn bodies_of_other_kinds_are_refused(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let path = format!("{V2}/requests.json");
        let form = "application/x-www-form-urlencoded";
        for (kind, body) in [
            ("application/json", b"{}".to_vec()),
            (&format!("{form}; charset=euc-kr"), b"a=b".to_vec()),
            (form, b"description=%B0%A1".to_vec()),
            (form, vec![b'a'; 300_000]),
            ("multipart/form-data; boundary=x", b"--x".to_vec()),
        ] {
            let answer = browser.post_raw(&path, kind, body).await;
            json_of(&answer, 400);
        }
        let good = format!("api_key={key}&service_code=streetlight&address_id=2914074500&description=%EA%B0%80");
        json_of(&browser.post_raw(&path, &format!("{form}; charset=UTF-8"), good.into_bytes()).await, 200);
    }

    async fn a_client_that_runs_wild_is_stopped(world: World) {
        let browser = world.browser();
        let (_, key) = client_with(&world, "빠른", &Scope::USUAL, 2, false).await;
        let path = format!("{V2}/services.json?api_key={key}");
        assert_eq!((browser.get(&path).await.status, browser.get(&path).await.status), (200, 200));
        let stopped = browser.get(&path).await;
        json_of(&stopped, 429);
        assert_eq!(stopped.headers["retry-after"], "60");
        get_json(&browser, "services.json").await;
        world.at(2026, 6, 8, 10, 16);
        assert_eq!(browser.get(&path).await.status, 200);
        let office = world.office;
        let clients = world.db().read(move |tx| maeul_people::api_clients(tx, office)).await.unwrap();
        assert_eq!(clients[0].last_used_at, Some(world.clock.now()));
    }
}
