//! Everything that is read: discovery, services, definitions, lists and their filters.

use maeul_testkit::{World, worlds};
use maeul_wire::open311::{Definition, Discovery, Request, Service, UpdateStatus, read_time};
use serde_json::Value;

use super::support::*;

worlds! {
    async fn discovery_in_both_formats(world: World) {
        let browser = world.browser();
        let json = json_of(&browser.get("/open311/discovery.json").await, 200);
        for name in ["changeset", "contact", "key_service"] {
            assert!(json[name].is_string(), "{name}: {json}");
        }
        let endpoints = json["endpoints"].as_array().unwrap();
        assert!(endpoints.len() >= 2, "parsers collapse lists of one");
        let kinds: Vec<&str> = endpoints.iter().map(|it| it["type"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"production") && kinds.contains(&"test"), "{kinds:?}");
        for endpoint in endpoints {
            assert_eq!(endpoint["specification"], "http://wiki.open311.org/GeoReport_v2");
            assert_eq!(endpoint["formats"], serde_json::json!(["text/xml", "application/json"]));
            let changed = read_time(endpoint["changeset"].as_str().unwrap()).unwrap();
            assert!(changed <= world.clock.now(), "in the past");
            let url = endpoint["url"].as_str().unwrap();
            assert!(url.starts_with("http://maeul.test/") && url.ends_with("/v2"), "{url}");
        }
        let xml = browser.get("/open311/discovery.xml").await;
        let tree = xml_of(&xml, 200, "discovery");
        assert_eq!(Discovery::read(&tree).unwrap().endpoints.len(), endpoints.len());
        assert_eq!(browser.get("/open311/discovery.html").await.status, 404);
        assert_eq!(browser.get("/open311/discover.json").await.status, 404);
        // The changeset moves when services do, and stands still otherwise.
        world.at(2026, 6, 9, 10, 0);
        let same = json_of(&browser.get("/open311/discovery.json").await, 200);
        assert_eq!(same["changeset"], json["changeset"]);
        fault_is_required(&world).await;
        let moved = json_of(&browser.get("/open311/discovery.json").await, 200);
        assert!(moved["changeset"].as_str() > json["changeset"].as_str());
    }

    async fn the_list_of_services(world: World) {
        let browser = world.browser();
        let json = get_json(&browser, "services.json").await;
        let list = json.as_array().expect("a bare array");
        assert_eq!(list.len(), 30, "always the whole list");
        for service in list {
            for name in ["service_code", "service_name", "description", "keywords", "group"] {
                assert!(service[name].is_string() || service[name].is_null(), "{name}: {service}");
            }
            assert!(service["metadata"].is_boolean(), "unquoted: {service}");
            assert_eq!(service["type"], "realtime");
        }
        let xml = browser.get(&format!("{V2}/services.xml")).await;
        let tree = xml_of(&xml, 200, "services");
        let services: Vec<Service> =
            tree.items("service").into_iter().filter_map(Service::read).collect();
        assert_eq!(services.len(), 30);
        assert_eq!(services[0].service_code, "streetlight");
        assert!(services[0].metadata && !services[29].metadata, "praise asks nothing");
        assert!(services[0].keywords.contains(&"가로등".to_owned()));
        let english = get_json(&browser, "services.json?lang=en").await;
        assert_eq!(english[0]["service_name"], "Streetlight out");
        // No language was asked for: no page of ours set a cookie either.
        assert!(xml.headers.get("set-cookie").is_none());
        assert_eq!(xml.headers["access-control-allow-origin"], "*");
    }

    async fn a_definition(world: World) {
        let browser = world.browser();
        let json = get_json(&browser, "services/streetlight.json").await;
        assert_eq!(json["service_code"], "streetlight");
        let attributes = json["attributes"].as_array().unwrap();
        let orders: Vec<i64> = attributes.iter().map(|it| it["order"].as_i64().unwrap()).collect();
        assert_eq!(orders, (1..=i64::try_from(orders.len()).unwrap()).collect::<Vec<_>>());
        assert_eq!(attributes[0]["datatype"], "string");
        assert!(attributes[0].get("values").is_none());
        assert_eq!(attributes[1]["datatype"], "singlevaluelist");
        assert_eq!(attributes[1]["values"][0]["key"], "out");
        assert_eq!((&attributes[1]["variable"], &attributes[1]["required"]), (&true.into(), &false.into()));
        let xml = browser.get(&format!("{V2}/services/sidewalk.xml")).await;
        let tree = xml_of(&xml, 200, "service_definition");
        let definition = Definition::read(&tree).unwrap();
        assert!(definition.attributes.iter().any(|it| it.datatype.word() == "multivaluelist"));
        let none = get_json(&browser, "services/praise.json").await;
        assert_eq!(none["attributes"], serde_json::json!([]));
        refused(&browser, "services/no-such", 404).await;
    }

    async fn unknown_endings_and_resources_are_not_there(world: World) {
        let browser = world.browser();
        for path in [
            "services", "services.html", "services.JSON", "requests.csv", "services/streetlight",
            "services/streetlight.html", "requests/1.yaml", "tokens/1", "bulk.html",
        ] {
            let answer = browser.get(&format!("{V2}/{path}")).await;
            xml_of(&answer, 404, "errors");
        }
        refused(&browser, "nothing", 404).await;
        refused(&browser, "nothing/1", 404).await;
        refused(&browser, "requests/2026-000001-0", 404).await;
        refused(&browser, "requests/x", 404).await;
        refused(&browser, "tokens/0123456789abcdef0123456789abcdef", 404).await;
        assert_eq!(browser.get("/open311/v1/services.json").await.status, 404);
        let wrong = browser.post(&format!("{V2}/services.json"), &[]).await;
        json_of(&wrong, 404);
    }

    async fn one_office_takes_any_jurisdiction_and_several_are_told_apart(world: World) {
        let browser = world.browser();
        for query in ["", "?jurisdiction_id=", "?jurisdiction_id=city.gov"] {
            assert_eq!(get_json(&browser, &format!("services.json{query}")).await.as_array().unwrap().len(), 30);
        }
        second_office(&world).await;
        for (query, count) in [("", 30), ("?jurisdiction_id=29140", 30), ("?jurisdiction_id=41150", 0), ("?jurisdiction_id=", 30)] {
            assert_eq!(get_json(&browser, &format!("services.json{query}")).await.as_array().unwrap().len(), count, "{query}");
        }
        for path in ["services", "services/streetlight", "requests", "requests/1", "tokens/1"] {
            refused(&browser, &format!("{path}?jurisdiction_id=nowhere"), 404).await;
        }
        let own = browser.get("/o/41150/open311/v2/services.json?jurisdiction_id=nowhere").await;
        assert_eq!(json_of(&own, 200), serde_json::json!([]), "the address names the office");
        assert_eq!(browser.get("/o/nowhere/open311/v2/services.json").await.status, 404);
        let json = json_of(&browser.get("/open311/discovery.json").await, 200);
        let urls: Vec<&str> = json["endpoints"].as_array().unwrap().iter().map(|it| it["url"].as_str().unwrap()).collect();
        assert!(urls.contains(&"http://maeul.test/o/41150/open311/v2"), "{urls:?}");
        // A key is good in its own office only.
        let key = key(&world).await;
        assert_eq!(browser.post("/o/41150/open311/v2/requests.json", &light(&key)).await.status, 403);
    }

    async fn an_empty_list_is_a_list(world: World) {
        let browser = world.browser();
        assert_eq!(get_json(&browser, "requests.json").await, serde_json::json!([]));
        let xml = browser.get(&format!("{V2}/requests.xml")).await;
        xml_of(&xml, 200, "service_requests");
        assert!(xml.body.contains("<service_requests></service_requests>"), "{}", xml.body);
    }

    async fn a_request_with_every_field(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let id = send(&browser, &with(&light(&key), "address_string", "풍암저수지 정자 옆")).await;
        let path = format!("requests/{id}.json?api_key={key}");
        let json = get_json(&browser, &path).await;
        let list = json.as_array().expect("an array of one");
        assert_eq!(list.len(), 1);
        let it = &list[0];
        assert_eq!(it["service_request_id"], id.as_str());
        assert_eq!(it["status"], "open");
        assert_eq!((&it["service_code"], &it["service_name"]), (&"streetlight".into(), &"가로등·보안등 고장".into()));
        assert_eq!(it["agency_responsible"], "건설과", "flat text");
        assert_eq!(it["requested_datetime"], "2026-06-08T10:15:00+09:00");
        assert_eq!(it["updated_datetime"], "2026-06-08T10:15:00+09:00");
        // Five days by the hour: the statutory due time.
        assert!(it["expected_datetime"].as_str().unwrap() > "2026-06-12", "{it}");
        assert!(it["address"].as_str().unwrap().starts_with("풍암저수지 정자 옆, 풍암동, "), "{it}");
        assert_eq!((&it["lat"], &it["long"]), (&35.127.into(), &126.877.into()), "numbers");
        assert!(it["address_id"].as_str().unwrap().starts_with("29140"));
        assert_eq!((&it["zipcode"], &it["media_url"]), (&Value::Null, &Value::Null));
        assert!(it.get("status_notes").is_none(), "not closed yet");
        let xml = browser.get(&format!("{V2}/requests/{id}.xml?api_key={key}")).await;
        let tree = xml_of(&xml, 200, "service_requests");
        let request = Request::read(tree.items("request")[0]).unwrap();
        assert_eq!(request.point, Some((351_270_000, 1_268_770_000)));
        assert!(xml.body.contains("<zipcode></zipcode>"));

        world.at(2026, 6, 9, 11, 0);
        work_and_answer(&world, "done", "등을 갈아 끼웠습니다.").await;
        let closed = get_json(&browser, &path).await;
        assert_eq!(closed[0]["status"], "closed");
        assert_eq!(closed[0]["updated_datetime"], "2026-06-09T11:00:00+09:00", "the closing time");
        assert!(closed[0]["status_notes"].as_str().unwrap().starts_with("처리완료"), "{closed}");
    }

    async fn a_list_is_filtered(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let first = send(&browser, &light(&key)).await;
        world.at(2026, 6, 9, 11, 0);
        let second = send(&browser, &with(&light(&key), "service_code", "road-damage")).await;
        world.at(2026, 6, 10, 11, 0);
        let ids = async |query: &str| -> Vec<String> {
            let json = get_json(&browser, &format!("requests.json?{query}")).await;
            json.as_array().unwrap().iter().map(|it| it["service_request_id"].as_str().unwrap().to_owned()).collect()
        };
        let both = [second.clone(), first.clone()];
        let (one, two) = ([first.clone()], [second.clone()]);
        assert_eq!(ids("").await, both, "the newest first");
        assert_eq!(ids("service_code=streetlight").await, one);
        assert_eq!(ids("service_code=streetlight,road-damage").await, both);
        assert_eq!(ids("service_code=nothing").await, [""; 0]);
        assert_eq!(ids("status=open").await, both);
        assert_eq!(ids("status=closed").await, [""; 0]);
        assert_eq!(ids("status=open,closed").await, both);
        assert_eq!(ids("start_date=2026-06-09T00:00:00Z").await, two);
        assert_eq!(ids("end_date=2026-06-09T00:00:00%2B09:00").await, one);
        assert_eq!(ids("start_date=2026-06-08T00:00:00Z&end_date=2026-06-09T00:00:00Z").await, one);
        // Ids override everything else; wrong ids are simply not there.
        assert_eq!(ids(&format!("service_request_id={first},{second},2026-000009-9&status=closed&start_date=x")).await, both);
        assert_eq!(ids(&format!("service_request_id={first}")).await, one);
        assert_eq!(ids("updated_after=2026-06-09T00:00:00Z").await, two);
        assert_eq!(ids("updated_before=2026-06-09T00:00:00Z").await, one);
        assert_eq!(ids("page_size=1").await, two);
        assert_eq!(ids("page_size=1&page=2").await, one);
        assert_eq!(ids("page_size=1&page=3").await, [""; 0]);
        assert_eq!(ids("bbox=126.8,35.1,126.9,35.2").await, both);
        assert_eq!(ids("bbox=126.8,35.13,126.9,35.2").await, [""; 0]);
        assert_eq!(ids("lat=35.127&long=126.877&radius=400").await, both);
        assert_eq!(ids("lat=35.147&long=126.877&radius=400").await, [""; 0]);
        assert_eq!(ids(&format!("lat=35.127&long=126.877&radius=1&api_key={key}")).await, both, "by its own points");
        // By default the last ninety days.
        world.at(2026, 9, 7, 0, 0);
        assert_eq!(ids("").await, two);
        assert_eq!(ids("updated_before=2026-09-01T00:00:00Z").await, both);
        for wrong in [
            "requests?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z",
            "requests?start_date=2026-06-02T00:00:00Z&end_date=2026-06-01T00:00:00Z",
            "requests?start_date=2026-06-08",
            "requests?end_date=2026-06-08T10:00:00",
            "requests?status=opened",
            "requests?bbox=1,2,3",
            "requests?lat=35",
            "requests?page=0",
            "requests?page_size=x",
            "requests?updated_after=now",
        ] {
            refused(&browser, wrong, 400).await;
        }
        let said = refused(&browser, "requests?status=x&page=0", 400).await;
        assert_eq!(said.lines().count(), 2, "everything at once: {said}");
        // Long addresses work: some clients put every id into one.
        let many = vec![first.as_str(); 4_000].join(",");
        assert_eq!(ids(&format!("service_request_id={many}")).await, one);
    }

    async fn extensions_bring_more(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let mut fields = light(&key);
        fields.push(("attribute[fault]", "out"));
        let id = send(&browser, &fields).await;
        let plain = get_json(&browser, &format!("requests/{id}.json?api_key={key}")).await;
        assert!(plain[0].get("notes").is_none());
        let json = get_json(&browser, &format!("requests/{id}.json?api_key={key}&extensions=true")).await;
        assert_eq!(json[0]["attributes"][0]["code"], "fault");
        assert_eq!(json[0]["attributes"][0]["values"][0], "out");
        assert_eq!(json[0]["extended_attributes"]["channel"], "api");
        assert_eq!(json[0]["extended_attributes"]["detailed_status"], "RECEIVED");
        assert_eq!(json[0]["notes"][0]["type"], "received");
        assert_eq!(json[0]["notes"][0]["datetime"], "2026-06-08T10:15:00+09:00");
        let public = get_json(&browser, "requests.json?extensions=true").await;
        assert_eq!(public[0]["attributes"], serde_json::json!([]));
    }

    async fn the_bulk_form_holds_everything(world: World) {
        let (browser, key) = (world.browser(), key(&world).await);
        let id = send(&browser, &light(&key)).await;
        world.at(2027, 6, 9, 11, 0);
        let csv = browser.get(&format!("{V2}/bulk.csv")).await;
        assert_eq!(csv.headers["content-type"].to_str().unwrap(), "text/csv; charset=utf-8");
        let mut lines = csv.body.trim_start_matches('\u{FEFF}').lines();
        assert!(lines.next().unwrap().starts_with("service_request_id,requested_datetime,updated_datetime,closed_date,status_description,status_notes,source,service_name"));
        let line = lines.next().unwrap();
        assert!(line.starts_with(&format!("{id},2026-06-08T10:15:00+09:00,")), "{line}");
        assert!(!line.contains("정자"), "nothing of the words: {line}");
        let json = json_of(&browser.get(&format!("{V2}/bulk.json?api_key={key}")).await, 200);
        assert!(json[0]["description"].as_str().unwrap().contains("정자"));
        assert_eq!(json[0]["lat"], 35.127);
        let xml = browser.get(&format!("{V2}/bulk.xml")).await;
        assert_eq!(xml_of(&xml, 200, "service_requests").items("request").len(), 1);
        let none = json_of(&browser.get(&format!("{V2}/bulk.json?start_date=2027-01-01T00:00:00Z")).await, 200);
        assert_eq!(none, serde_json::json!([]));
        json_of(&browser.get(&format!("{V2}/bulk.json?start_date=x")).await, 400);
    }
}

#[test]
fn every_status_of_the_extension_is_known() {
    assert_eq!(UpdateStatus::ALL.len(), 15);
}
