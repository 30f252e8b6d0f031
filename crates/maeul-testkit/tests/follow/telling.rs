//! What reaches whom: once, in one message, in time, and nothing that is not public.

use std::collections::BTreeMap;

use maeul_cases::import::{apply_services, plan_services};
use maeul_cases::{Channel, Outcome};
use maeul_db::args;
use maeul_follow::Rhythm;
use maeul_follow::Shelf;
use maeul_follow::act::{self, News};
use maeul_testkit::{World, worlds};

use super::support::{DONG, at, follow, follow_by_text, last, minutes, number, report, to};
use crate::public::support::{self as public, answer, know, publish};

/// What was told of it: messages beyond the confirmations, by address.
fn told(world: &World) -> BTreeMap<String, Vec<String>> {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for message in world.messages() {
        if message.get("one_click").is_some() {
            let to = message["to"].as_str().unwrap().to_owned();
            told.entry(to).or_default().push(message["body"].as_str().unwrap().to_owned());
        }
    }
    told
}

async fn news(world: &World, rhythms: &'static [Rhythm]) -> Option<News> {
    let ctx = world.ctx();
    world.db().read(move |tx| act::load_news(tx, &ctx, rhythms)).await.unwrap()
}

async fn tell(world: &World, rhythms: &'static [Rhythm], news: News) -> act::Told {
    let (ctx, known) = (world.ctx(), know(world).await);
    let shelf = world.house.site.room::<Shelf>().unwrap().clone();
    world.db().write(move |tx| act::tell(tx, &ctx, &shelf, &known, rhythms, &news)).await.unwrap()
}

worlds! {
    async fn each_hears_what_they_follow_and_nothing_else(world: World) {
        minutes(&world, 2).await;
        let browser = world.browser();
        let followed = report(&world).await;
        minutes(&world, 1).await;
        let number_of = number(&world, followed).await;
        let near = [("what", "place"), ("lat", "35.1520123"), ("long", "126.8900456"), ("radius", "250")];
        let far = [("what", "place"), ("lat", "35.1330"), ("long", "126.8550"), ("radius", "1000")];
        let mine = [("what", "case"), ("case", number_of.as_str())];
        let here = [("what", "dong"), ("dong", DONG)];
        let bins = [("what", "all"), ("service", "road-damage")];
        let rows: [(&str, &[(&str, &str)]); 5] =
            [("near", &near), ("far", &far), ("case", &mine), ("dong", &here), ("bins", &bins)];
        for (name, wish) in rows {
            let contact = format!("{name}@example.com");
            let mut fields = vec![("contact", contact.as_str())];
            fields.extend_from_slice(wish);
            follow(&world, &browser, &fields).await;
        }
        minutes(&world, 1).await;
        assert!(told(&world).is_empty(), "what was there before is no news");
        answer(&world, followed, Outcome::Done).await;
        report(&world).await;
        minutes(&world, 2).await;
        let told = told(&world);
        let heard: Vec<(&str, usize)> =
            told.iter().map(|(to, bodies)| (to.as_str(), bodies.len())).collect();
        assert_eq!(
            heard,
            [("case@example.com", 1), ("dong@example.com", 1), ("near@example.com", 1)]
        );
        let of_case = &told["case@example.com"][0];
        assert!(of_case.contains("답변했어요") && of_case.contains(&number_of), "{of_case}");
        assert_eq!(of_case.matches("/cases/").count(), 1, "{of_case}");
        let near = &told["near@example.com"][0];
        assert_eq!(near.matches("/cases/").count(), 2, "both in one message: {near}");
        assert!(near.contains("새로 접수했어요"));
    }

    async fn a_digest_comes_once_and_holds_everything(world: World) {
        minutes(&world, 2).await;
        let browser = world.browser();
        follow(&world, &browser, &[("rhythm", "daily")]).await;
        follow(&world, &browser, &[("rhythm", "daily"), ("what", "dong"), ("dong", DONG)]).await;
        follow(&world, &browser, &[("rhythm", "weekly"), ("contact", "lee@example.com")]).await;
        let first = report(&world).await;
        for _ in 0..22 {
            report(&world).await;
        }
        minutes(&world, 2).await;
        answer(&world, first, Outcome::Done).await;
        minutes(&world, 2).await;
        assert!(told(&world).is_empty(), "not before the morning");
        at(&world, "2026-06-09T07:59");
        world.drain().await;
        assert!(told(&world).is_empty());
        at(&world, "2026-06-09T08:00");
        world.drain().await;
        world.drain().await;
        let told_now = told(&world);
        assert_eq!(told_now.len(), 1, "the week is not over");
        let [body] = told_now["kim@example.com"].as_slice() else { panic!("{told_now:?}") };
        assert_eq!(body.matches("/cases/").count(), 20, "{body}");
        assert!(body.contains("그 밖에 3건이 더 있어요"), "{body}");
        assert_eq!(body.matches("답변했어요").count() + body.matches("새로 접수했어요").count(), 20);
        at(&world, "2026-06-10T08:00");
        world.drain().await;
        assert_eq!(told(&world)["kim@example.com"].len(), 1, "nothing new");
        // Monday.
        at(&world, "2026-06-15T08:00");
        world.drain().await;
        assert_eq!(told(&world)["lee@example.com"].len(), 1);
        assert_eq!(told(&world)["kim@example.com"].len(), 1);
    }

    async fn a_crash_tells_nobody_twice(world: World) {
        minutes(&world, 2).await;
        follow(&world, &world.browser(), &[("rhythm", "daily")]).await;
        report(&world).await;
        minutes(&world, 2).await;
        const DAILY: &[Rhythm] = &[Rhythm::Daily];
        let found = news(&world, DAILY).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(tell(&world, DAILY, found.clone()).await, act::Told { seen: 1, messages: 1 });
        // A job that was run by two workers at once comes with the same news.
        assert_eq!(tell(&world, DAILY, found.clone()).await.seen, 0);
        // Even one whose marks were lost (a copy put back) finds that the message has gone.
        world
            .db()
            .write(|tx| {
                let long_ago: jiff::Timestamp = "2026-06-08T00:00:00Z".parse().unwrap();
                tx.exec("UPDATE follow_subscription SET mark_at = $1", args![long_ago])
            })
            .await
            .unwrap();
        assert_eq!(tell(&world, DAILY, found).await, act::Told { seen: 1, messages: 0 });
        world.drain().await;
        assert_eq!(told(&world)["kim@example.com"].len(), 1);
        assert!(news(&world, DAILY).await.is_none());
    }

    async fn telephones_are_quiet_at_night_and_all_comes_in_the_morning(world: World) {
        minutes(&world, 2).await;
        let browser = world.browser();
        follow_by_text(&world, &browser, &[]).await;
        follow(&world, &browser, &[]).await;
        at(&world, "2026-06-08T21:30");
        report(&world).await;
        minutes(&world, 2).await;
        at(&world, "2026-06-09T02:00");
        report(&world).await;
        minutes(&world, 2).await;
        assert_eq!(told(&world).get("01012345678"), None);
        assert_eq!(told(&world)["kim@example.com"].len(), 2, "e-mail wakes nobody");
        at(&world, "2026-06-09T08:00");
        world.drain().await;
        let body = &told(&world)["01012345678"];
        assert_eq!(body.len(), 1);
        assert_eq!(body[0].matches("/cases/").count(), 2, "{}", body[0]);
        assert!(body[0].contains("/f/"), "{}", body[0]);
        let path = crate::follow::support::link(&body[0], "/f/");
        let page = browser.follow(&path).await;
        assert!(page.text().contains("모두 그만 받을까요"), "{}", page.text());
    }

    async fn nothing_private_is_told(world: World) {
        minutes(&world, 2).await;
        let browser = world.browser();
        follow(&world, &browser, &[]).await;
        follow(&world, &browser, &[("contact", "lee@example.com"), ("q", "가로등")]).await;
        follow(&world, &browser, &[("contact", "park@example.com"), ("rhythm", "daily")]).await;
        let shown = report(&world).await;
        public::report(&world, "emergency-relief", Channel::Web, "남궁카나 생활비").await;
        public::report(&world, "streetlight", Channel::Text, "문자로 온 비밀").await;
        minutes(&world, 2).await;
        let body = last(&world, "kim@example.com");
        assert_eq!(body.matches("/cases/").count(), 1, "{body}");
        assert!(!told(&world).contains_key("lee@example.com"), "no word is published yet");
        publish(&world, shown).await.unwrap();
        at(&world, "2026-06-09T10:16");
        world.drain().await;
        minutes(&world, 2).await;
        let words = last(&world, "lee@example.com");
        assert!(words.contains("내용이 공개됐어요"), "{words}");
        for message in world.messages() {
            let text = format!("{}{}", message["subject"], message["body"]);
            if message.get("one_click").is_some() {
                for canary in ["남궁", "카나", "7777", "1234", "비밀", "생활비"] {
                    assert!(!text.contains(canary), "{text}");
                }
            }
        }
    }

    async fn what_was_taken_back_is_not_told(world: World) {
        minutes(&world, 2).await;
        follow(&world, &world.browser(), &[("rhythm", "daily")]).await;
        report(&world).await;
        minutes(&world, 2).await;
        assert_eq!(news(&world, &[Rhythm::Daily]).await.unwrap().len(), 1);
        let before = news(&world, &[Rhythm::Daily]).await.unwrap();
        // The office makes its streetlights private before the morning.
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../data/offices/29140-gwangju-seogu/services.toml"
        );
        let text = std::fs::read_to_string(file).unwrap();
        let text = text.replacen("public = \"summary\"", "public = \"none\"", 1);
        let (ctx, plan) = (world.ctx(), plan_services(&text).unwrap());
        world.db().write(move |tx| apply_services(tx, &ctx, &plan)).await.unwrap();
        minutes(&world, 2).await;
        assert!(news(&world, &[Rhythm::Daily]).await.is_none_or(|it| it.is_empty()));
        // Nor by a job that had read it before.
        let done = tell(&world, &[Rhythm::Daily], before).await;
        assert_eq!(done, act::Told { seen: 1, messages: 0 });
        at(&world, "2026-06-09T08:00");
        world.drain().await;
        assert!(told(&world).is_empty());
        assert_eq!(to(&world, "kim@example.com").len(), 1, "the confirmation");
    }
}
