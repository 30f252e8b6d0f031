//! Canaries: names, numbers, words and the exact place of cases in every state of publication, looked
//! for in every page and file that everybody can get.

use maeul_cases::{Channel, Outcome};
use maeul_testkit::{Answer, Browser, World, worlds};
use maeul_web::Access;

use super::support::{answer, coordinator, know, listed, publish, report};

/// What no answer may hold: the petitioner, the place, and words nobody let out.
const CANARIES: [&str; 14] = [
    "남궁카나",
    "카나리아빌라",
    "301호",
    "7777",
    "77771234",
    "canary@",
    "example.com",
    "비밀노래",
    "35.1520123",
    "126.8900456",
    "351520123",
    "1268900456",
    "4321-8765",
    "홍길동",
];

const SECRET: &str = "저는 남궁카나입니다. 비밀노래 때문에 적어요. 010-7777-1234";
const SHOWN: &str = "공원가로등이 꺼졌어요. 저는 남궁카나, 연락은 010-7777-1234. 옆집 홍길동 씨 010-4321-8765도 알아요.";

fn search(place: &str, answer: &Answer) {
    // A hash of the body holds any four digits by chance.
    let mut headers = answer.headers.clone();
    headers.remove("etag");
    let head = format!("{headers:?}");
    for canary in CANARIES {
        assert!(!answer.body.contains(canary), "{place} leaks {canary}");
        assert!(!head.contains(canary), "{place} leaks {canary} in a header");
    }
}

async fn crawl(world: &World, browser: &Browser, ids: &[String]) -> usize {
    let know = know(world).await;
    let dong = know.dongs()[0].code.to_string();
    let mut places = Vec::new();
    for route in &world.house.routes {
        if !matches!(route.access, Access::Public) || route.method != "GET" {
            continue;
        }
        match route.path {
            "/cases/{number}" => places.extend(ids.iter().map(|id| format!("/cases/{id}"))),
            "/dong/{code}" => {
                places.extend(know.dongs().iter().map(|it| format!("/dong/{}", it.code)))
            }
            "/open-data/{file}" => {
                for file in [
                    "cases.csv",
                    "cases.json",
                    "cases.geojson",
                    "open311.csv",
                    "open311.json",
                    "open311.xml",
                    "cases.rss",
                    "cases.atom",
                    "figures.csv",
                    "catalog.jsonld",
                ] {
                    places.push(format!("/open-data/{file}"));
                    if !matches!(file, "figures.csv" | "catalog.jsonld") {
                        places.push(format!("/open-data/{file}?q=남궁카나"));
                        places.push(format!("/open-data/{file}?dong={dong}&state=open&newest=5"));
                    }
                }
            }
            "/open311/v2/{*rest}" | "/open311/{*rest}" => {}
            path if path.contains('{') => {}
            path => places.push(path.to_owned()),
        }
    }
    for more in [
        "requests.json",
        "requests.xml",
        "bulk.csv",
        "services.json",
        "requests.json?extensions=true",
    ] {
        places.push(format!("/open311/v2/{more}"));
    }
    for more in [
        "/cases?q=%EB%82%A8%EA%B6%81",
        "/cases?state=answered",
        "/figures?dong=2914054000",
        "/map?open=1",
    ] {
        places.push(more.to_owned());
    }
    for place in &places {
        let escaped = place.replace("남궁카나", "%EB%82%A8%EA%B6%81%EC%B9%B4%EB%82%98");
        for lang in ["ko", "en"] {
            let joint = if escaped.contains('?') { '&' } else { '?' };
            let answer = browser.get(&format!("{escaped}{joint}lang={lang}")).await;
            assert_ne!(answer.status, 500, "{place}");
            // What was asked for is shown in the search field again.
            if !place.starts_with("/cases?q=") {
                search(place, &answer);
            }
        }
    }
    places.len()
}

worlds! {
    async fn nothing_private_is_in_any_page_or_file(world: World) {
        let browser = world.browser();
        let mut cases = Vec::new();
        for service in ["streetlight", "road-damage", "noise-dust", "apartment", "emergency-relief", "grievance", "at-risk-household"] {
            for channel in [Channel::Web, Channel::Phone, Channel::Text, Channel::Email, Channel::Api] {
                cases.push(report(&world, service, channel, SECRET).await);
            }
        }
        let (open, closed) = (
            report(&world, "streetlight", Channel::Web, SHOWN).await,
            report(&world, "park", Channel::Web, SHOWN).await,
        );
        // Published, and the delay not over.
        let early = report(&world, "sewer", Channel::Web, SECRET).await;
        world.drain().await;
        publish(&world, early).await.unwrap();
        let ids: Vec<String> = listed(&world).await.iter().map(|it| it.id().to_owned()).collect();
        assert!(ids.len() >= 10);
        crawl(&world, &browser, &ids).await;
        world.at(2026, 6, 10, 10, 15);
        answer(&world, closed, Outcome::Refused).await;
        answer(&world, cases[0], Outcome::Done).await;
        for case in [open, closed] {
            publish(&world, case).await.unwrap();
        }
        world.drain().await;
        let texts: Vec<_> = listed(&world).await.into_iter().filter_map(|it| it.text).collect();
        // Two were let out now; the third's delay is over by now, and its words are secret: taken out.
        assert_eq!(texts.len(), 3);
        assert!(texts.iter().filter(|it| it.body.contains("공원가로등")).count() == 2);
        let known = know(&world).await;
        let ctx = coordinator(&world).await;
        world
            .db()
            .write(move |tx| {
                let input = maeul_public::act::Unpublish {
                    case: early,
                    seen: 1,
                    reason: "시험".to_owned(),
                    erase: maeul_public::act::Erase::Texts,
                };
                maeul_public::act::unpublish(tx, &ctx, &known, &maeul_public::Settings::default(), &input)
            })
            .await
            .unwrap();
        world.drain().await;
        let crawled = crawl(&world, &browser, &ids).await;
        assert!(crawled > 60, "only {crawled}");
        // That the crawl can find anything at all.
        let page = browser.get("/cases").await;
        assert!(page.body.contains("공원가로등"));
        let csv = browser.get("/open-data/cases.csv").await;
        assert!(csv.body.contains("공원가로등"));
    }
}
