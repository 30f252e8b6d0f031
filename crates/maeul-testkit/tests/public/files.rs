//! The files: marks of time, formulas, feeds, figures and the catalogue.

use maeul_cases::{Channel, Outcome};
use maeul_testkit::{World, worlds};
use maeul_wire::open311::{Format, Tree};
use serde_json::Value;

use super::support::{AT, answer, dong_of, listed, publish, report, report_at};

async fn published(world: &World, text: &str) {
    let case = report(world, "streetlight", Channel::Web, text).await;
    let other = report(world, "noise-dust", Channel::Web, "공사 소리가 커요.").await;
    world.at(2026, 6, 9, 15, 15);
    answer(world, case, Outcome::Done).await;
    publish(world, case).await.unwrap();
    answer(world, other, Outcome::NeedsBudget).await;
    world.drain().await;
    world.at(2026, 6, 10, 15, 15);
    world.drain().await;
}

worlds! {
    async fn a_file_is_sent_once_and_again_when_it_changed(world: World) {
        published(&world, "가로등이 꺼졌어요.").await;
        let browser = world.browser();
        for file in ["cases.csv", "cases.json", "cases.geojson", "open311.csv", "open311.json", "open311.xml", "cases.rss", "cases.atom"] {
            let path = format!("/open-data/{file}");
            let first = browser.get(&path).await;
            assert_eq!(first.status, 200, "{file}");
            assert!(first.headers.get("set-cookie").is_none(), "{file}: a cache may keep it");
            let mark = first.headers["etag"].to_str().unwrap().to_owned();
            assert!(first.headers.contains_key("last-modified"));
            let again = browser.get_with(&path, &[("if-none-match", &mark)]).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{file}");
            let since = first.headers["last-modified"].to_str().unwrap().to_owned();
            let again = browser.get_with(&path, &[("if-modified-since", &since)]).await;
            assert_eq!(again.status, 304, "{file}");
        }
        let mark = browser.get("/open-data/cases.csv").await.headers["etag"].clone();
        report(&world, "sewer", Channel::Web, "하수구가 막혔어요.").await;
        world.drain().await;
        let mark = mark.to_str().unwrap();
        let changed = browser.get_with("/open-data/cases.csv", &[("if-none-match", mark)]).await;
        assert_eq!(changed.status, 200);
        assert!(changed.body.lines().count() > 3);
    }

    async fn a_stream_that_is_packed_ends_well(world: World) {
        published(&world, "가로등이 꺼졌어요.").await;
        for path in ["/open-data/cases.csv", "/open-data/cases.json", "/open311/v2/bulk.csv"] {
            let packed = world.browser().get_with(path, &[("accept-encoding", "gzip")]).await;
            assert_eq!(packed.status, 200, "{path}");
            assert_eq!(packed.headers["content-encoding"], "gzip", "{path}");
        }
    }

    async fn what_one_table_keeps_no_other_gives_away(world: World) {
        // Two in one 동, five in another: of the two nothing is told, so of the five neither.
        let places = [(AT, 2), ((351_480_000, 1_268_500_000), 5)];
        let mut dongs = Vec::new();
        for (at, many) in places {
            let mut case = None;
            for _ in 0..many {
                case = Some(report_at(&world, "dumping", at).await);
            }
            dongs.push(dong_of(&world, case.unwrap()).await);
        }
        world.drain().await;
        let browser = world.browser();
        assert_ne!(dongs[0], dongs[1]);
        for code in &dongs {
            for (page, told) in [
                (format!("/figures?dong={code}"), "접수\n3 미만\n"),
                (format!("/dong/{code}"), "접수 · 답변\n3 미만 · 3 미만\n"),
            ] {
                let text = browser.get(&page).await.text();
                assert!(text.contains(told), "{page}: {text}");
            }
            let csv = browser.get(&format!("/open-data/figures.csv?dong={code}")).await.body;
            for line in csv.lines().skip(1) {
                let cells: Vec<&str> = line.split(',').collect();
                assert_eq!((cells[6], cells[15]), ("", "1"), "{csv}");
            }
        }
        let map = browser.get("/map").await.text();
        assert!(!map.contains("5 건"), "{map}");
        assert_eq!(map.matches("3 미만").count(), 4, "received and open of both: {map}");
    }

    async fn figures_say_when_they_were_counted_and_nobody_waits_for_the_next(world: World) {
        let browser = world.browser();
        world.house.warm().await.unwrap();
        for _ in 0..3 {
            report(&world, "dumping", Channel::Web, "쓰레기가 쌓였어요.").await;
        }
        world.drain().await;
        // As they were counted beforehand.
        world.at(2026, 6, 8, 10, 15);
        assert!(browser.get("/figures").await.text().contains("셀 민원이 없어요"));
        // Older than a minute they are shown once more, and counted anew meanwhile.
        world.at(2026, 6, 8, 10, 16);
        let told = browser.get("/figures").await.text();
        assert!(told.contains("셀 민원이 없어요") && told.contains("10:15"), "{told}");
        loop {
            let told = browser.get("/figures").await.text();
            if told.contains("10:16") {
                assert!(told.contains("접수\n3\n"), "{told}");
                break;
            }
            tokio::task::yield_now().await;
        }
        // Older than two minutes they are waited for.
        report(&world, "dumping", Channel::Web, "쓰레기가 쌓였어요.").await;
        world.drain().await;
        world.at(2026, 6, 8, 10, 19);
        let told = browser.get("/figures").await.text();
        assert!(told.contains("10:19") && told.contains("접수\n4\n"), "{told}");
    }

    async fn a_spreadsheet_runs_nothing_of_ours(world: World) {
        published(&world, "=HYPERLINK(\"http://x\";\"가로등\")").await;
        for file in ["cases.csv", "open311.csv"] {
            let csv = world.browser().get(&format!("/open-data/{file}")).await;
            assert!(csv.body.contains("HYPERLINK"), "{}", csv.body);
            assert!(!csv.body.contains(",=") && !csv.body.contains(",\"="), "{}", csv.body);
        }
    }

    async fn every_form_says_the_same(world: World) {
        published(&world, "가로등이 <꺼졌어요> & \"깜깜해요\".").await;
        let browser = world.browser();
        let get = async |file: &str| browser.get(&format!("/open-data/{file}")).await.body;
        let json: Value = serde_json::from_str(&get("cases.json").await).unwrap();
        let cases = json["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 2);
        assert!(json["licence"].as_str().unwrap().contains("제1유형"));
        let light = cases.iter().find(|it| it["service_code"] == "streetlight").unwrap();
        assert_eq!(light["outcome"], "done");
        assert_eq!(light["work_minutes"], 6 * 60 + 45 + 5 * 60 + 15);
        assert!(light["summary"].as_str().unwrap().contains("<꺼졌어요>"));
        let geo: Value = serde_json::from_str(&get("cases.geojson").await).unwrap();
        assert_eq!(geo["features"].as_array().unwrap().len(), 2);
        assert_eq!(geo["features"][0]["geometry"]["coordinates"][1], light["latitude"]);
        let bulk: Value = serde_json::from_str(&get("open311.json").await).unwrap();
        assert_eq!(bulk.as_array().unwrap().len(), 2);
        let atom = Tree::read(&get("cases.atom").await, Format::Xml).unwrap();
        assert!(atom.text("title").is_some());
        assert_eq!(get("cases.atom").await.matches("<entry>").count(), 2);
        assert!(Tree::read(&get("cases.rss").await, Format::Xml).is_ok());
        assert!(Tree::read(&get("open311.xml").await, Format::Xml).is_ok());
        let only = get("cases.json?service=noise-dust&outcome=needs_budget").await;
        assert_eq!(serde_json::from_str::<Value>(&only).unwrap()["cases"].as_array().unwrap().len(), 1);
        let wrong = browser.get("/open-data/cases.json?from=gestern").await;
        assert_eq!(wrong.status, 400);
        assert!(wrong.body.contains("from"), "{}", wrong.body);
        assert_eq!(browser.get("/open-data/cases.pdf").await.status, 404);
    }

    async fn the_catalogue_lists_every_file_with_its_licence(world: World) {
        published(&world, "가로등이 꺼졌어요.").await;
        let browser = world.browser();
        let catalogue: Value =
            serde_json::from_str(&browser.get("/open-data/catalog.jsonld").await.body).unwrap();
        assert_eq!(catalogue["@type"], "dcat:Catalog");
        let mut files = 0;
        for set in catalogue["dcat:dataset"].as_array().unwrap() {
            assert!(set["dct:temporal"]["dcat:startDate"]["@value"].is_string());
            for one in set["dcat:distribution"].as_array().unwrap() {
                assert_eq!(one["dct:license"]["@id"], "https://www.kogl.or.kr/info/license.do");
                let url = one["dcat:downloadURL"]["@id"].as_str().unwrap();
                let path = url.strip_prefix("http://maeul.test").unwrap();
                let answer = browser.get(path).await;
                assert_eq!(answer.status, 200, "{path}");
                let media = one["dcat:mediaType"]["@id"].as_str().unwrap();
                let media = media.strip_prefix("https://www.iana.org/assignments/media-types/").unwrap();
                assert!(answer.headers["content-type"].to_str().unwrap().starts_with(media), "{path}");
                files += 1;
            }
        }
        assert_eq!(files, 9);
    }

    async fn figures_rest_on_counts_and_hide_what_is_small(world: World) {
        published(&world, "가로등이 꺼졌어요.").await;
        for _ in 0..4 {
            report(&world, "dumping", Channel::Web, "쓰레기가 쌓였어요.").await;
        }
        report(&world, "grievance", Channel::Web, "처분이 부당해요.").await;
        world.drain().await;
        let browser = world.browser();
        let csv = browser.get("/open-data/figures.csv").await.body;
        let row = |kind: &str, code: &str| -> Vec<String> {
            let start = format!("{kind},{code},");
            let line = csv.lines().find(|it| it.trim_start_matches('\u{FEFF}').starts_with(&start));
            line.unwrap_or_else(|| panic!("{start}: {csv}")).split(',').map(str::to_owned).collect()
        };
        let all = row("all", "29140");
        assert_eq!(&all[6..8], ["7", "2"], "{csv}");
        assert_eq!(all[15], "0");
        assert_eq!(row("service", "dumping")[6], "4");
        for small in ["streetlight", "noise-dust", "grievance"] {
            let row = row("service", small);
            assert_eq!((row[6].as_str(), row[15].as_str()), ("", "1"), "{small}: {csv}");
        }
        let page = browser.get("/figures").await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("3 미만"), "{}", page.text());
        let part = browser.get("/figures?service=streetlight").await.text();
        assert!(part.contains("3 미만"), "a part of the whole hides its sum, too: {part}");
        assert_eq!(listed(&world).await.len(), 6, "a grievance is counted and never listed");
    }
}
