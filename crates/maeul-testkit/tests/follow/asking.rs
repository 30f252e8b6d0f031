//! Asking, confirming, changing, stopping; who may, how often, and what is told of it.

use maeul_base::{Failure, Refusal};
use maeul_follow::act::{self, Ask, AskRefusal, ConfirmRefusal};
use maeul_follow::{Settings, Shelf};
use maeul_testkit::{SECRET, TEXT_NUMBER, World, worlds};

use super::support::{
    DONG, ask, at, code, count, follow, follow_by_text, last, link, minutes, number, report, to,
};
use crate::public::support::{know, listed};

const ACTIVE: &str = "SELECT count(*) FROM follow_subscription WHERE state = 'active'";
const PEOPLE: &str = "SELECT count(*) FROM follow_person";

fn all_of(contact: &str) -> Ask {
    Ask {
        what: "all".to_owned(),
        rhythm: "now".to_owned(),
        contact: contact.to_owned(),
        ..Ask::default()
    }
}

async fn asked(world: &World, shelf: &Shelf, input: Ask) -> Result<act::Asked, AskRefusal> {
    let (ctx, know, shelf) = (world.ctx(), know(world).await, shelf.clone());
    match world.db().write(move |tx| act::ask(tx, &ctx, &shelf, &know, &input)).await {
        Ok(asked) => Ok(asked),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(Failure::Fault(fault)) => panic!("{fault:?}"),
    }
}

fn shelf(world: &World) -> Shelf {
    world.house.site.room::<Shelf>().unwrap().clone()
}

worlds! {
    async fn nothing_is_sent_before_the_button_behind_the_link(world: World) {
        let browser = world.browser();
        minutes(&world, 2).await;
        let page = ask(&browser, &[]).await;
        assert!(page.text().contains("k***@e…"), "{}", page.text());
        world.drain().await;
        let sent = to(&world, "kim@example.com");
        assert_eq!(sent.len(), 1);
        assert!(sent[0].get("one_click").is_none(), "nothing to stop yet");
        let path = link(&last(&world, "kim@example.com"), "/follow/confirm/");
        // Programs that look for viruses open every link.
        for _ in 0..3 {
            assert!(world.browser().get(&path).await.text().contains("우리 지역 모두"));
        }
        report(&world).await;
        minutes(&world, 2).await;
        assert_eq!(to(&world, "kim@example.com").len(), 1, "not confirmed");
        assert_eq!(count(&world, ACTIVE).await, 0);

        let done = world.browser().get(&path).await.submit(&[]).await;
        let mine = done.next().await;
        assert!(mine.body.contains("확인했어요"), "{}", mine.body);
        assert!(mine.text().contains("우리 지역 모두"));
        // A second press changes nothing.
        let again = world.browser().get(&path).await.submit(&[]).await;
        assert_eq!((again.status, again.location()), (303, done.location()));
        assert_eq!(count(&world, ACTIVE).await, 1);
        minutes(&world, 2).await;
        assert_eq!(to(&world, "kim@example.com").len(), 1, "what was before is no news");
        report(&world).await;
        minutes(&world, 2).await;
        assert_eq!(to(&world, "kim@example.com").len(), 2);
    }

    async fn the_answer_tells_nobody_who_follows(world: World) {
        let browser = world.browser();
        minutes(&world, 2).await;
        let first = ask(&browser, &[]).await.text();
        follow(&world, &browser, &[]).await;
        // Already followed, and beyond what is sent in a day: the same words.
        for _ in 0..6 {
            assert_eq!(ask(&world.browser(), &[]).await.text(), first);
        }
        world.drain().await;
        assert_eq!(to(&world, "kim@example.com").len(), 5, "five a day and no more");
        assert_eq!(count(&world, "SELECT count(*) FROM follow_subscription").await, 1, "one wish is one");
        at(&world, "2026-06-09T09:00");
        ask(&browser, &[]).await;
        world.drain().await;
        assert_eq!(to(&world, "kim@example.com").len(), 6, "a new day");
    }

    async fn what_nobody_confirms_is_forgotten(world: World) {
        minutes(&world, 2).await;
        ask(&world.browser(), &[]).await;
        world.drain().await;
        let path = link(&last(&world, "kim@example.com"), "/follow/confirm/");
        at(&world, "2026-06-09T10:16");
        assert_eq!(world.browser().get(&path).await.status, 200);
        at(&world, "2026-06-09T10:18");
        let old = world.browser().get(&path).await;
        assert_eq!(old.status, 404);
        assert!(old.text().contains("처음부터"), "{}", old.text());
        at(&world, "2026-06-11T03:41");
        world.drain().await;
        assert_eq!(count(&world, PEOPLE).await, 1);
        at(&world, "2026-06-12T03:41");
        world.drain().await;
        assert_eq!(count(&world, PEOPLE).await, 0);
        for table in [
            "SELECT count(*) FROM follow_subscription",
            "SELECT count(*) FROM follow_confirmation",
            "SELECT count(*) FROM follow_asked",
        ] {
            assert_eq!(count(&world, table).await, 0, "{table}");
        }
    }

    async fn a_code_has_five_tries_and_ten_minutes(world: World) {
        minutes(&world, 2).await;
        let browser = world.browser();
        let page = ask(&browser, &[("contact", "010-1234-5678")]).await;
        assert!(page.text().contains("확인 번호"), "{}", page.text());
        world.drain().await;
        let right = code(&last(&world, "01012345678"));
        let wrong = if right == "111111" { "222222" } else { "111111" };
        for _ in 0..5 {
            let answer = page.submit_to("/follow/code", &[("code", wrong)]).await;
            assert_eq!(answer.status, 422);
            assert!(answer.text().contains("맞지 않"), "{}", answer.text());
        }
        assert_eq!(page.submit_to("/follow/code", &[("code", &right)]).await.status, 422);
        // Another code is good, for ten minutes.
        ask(&browser, &[("contact", "01012345678")]).await;
        world.drain().await;
        let second = code(&last(&world, "01012345678"));
        at(&world, "2026-06-08T10:28");
        assert_eq!(page.submit_to("/follow/code", &[("code", &second)]).await.status, 422);
        let mine = follow_by_text(&world, &browser, &[]).await;
        assert!(mine.text().contains("010-****-5678"), "{}", mine.text());
        // Numbers nobody asked with get the same answer as a wrong code.
        let other = page.submit_to("/follow/code", &[("code", wrong), ("contact", "01099998888")]).await;
        assert!(other.text().contains("맞지 않"));
    }

    async fn one_click_stops_everything_and_forgets_the_address(world: World) {
        minutes(&world, 2).await;
        let browser = world.browser();
        follow(&world, &browser, &[]).await;
        let mine = follow(&world, &browser, &[("what", "dong"), ("dong", DONG), ("rhythm", "weekly")]).await;
        report(&world).await;
        minutes(&world, 2).await;
        let sent = to(&world, "kim@example.com").pop().unwrap();
        let stop = sent["one_click"].as_str().unwrap().to_owned();
        assert!(sent["body"].as_str().unwrap().contains(&stop));
        let path = link(&stop, "/stop");
        // Looking at the link stops nothing.
        let looked = world.browser().get(&path).await;
        assert!(looked.text().contains("모두 그만 받을까요"), "{}", looked.text());
        assert_eq!(count(&world, ACTIVE).await, 2);
        // As mail programs do it: no cookie, no hidden field.
        let kind = "application/x-www-form-urlencoded";
        let stranger = world.browser();
        let done = stranger.post_raw(&path, kind, b"List-Unsubscribe=One-Click".to_vec()).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert!(done.text().contains("이제 보내지 않아요"));
        assert_eq!(stranger.post_raw(&path, kind, Vec::new()).await.status, 200, "twice is once");
        assert_eq!(count(&world, PEOPLE).await, 0, "the address is gone");
        assert_eq!(
            count(&world, "SELECT count(*) FROM follow_subscription WHERE state = 'stopped'
                AND person_id IS NULL AND wish_hash IS NULL").await,
            2
        );
        report(&world).await;
        minutes(&world, 2).await;
        assert_eq!(to(&world, "kim@example.com").len(), 3, "two confirmations and one message");
        assert_eq!(mine.submit(&[("rhythm", "now")]).await.status, 404);
        // A week later the outbox has forgotten them too.
        at(&world, "2026-06-16T03:41");
        world.drain().await;
        let kept = "SELECT count(*) FROM notice_message WHERE dedupe LIKE 'follow %'";
        assert_eq!(count(&world, kept).await, 0);
        at(&world, "2026-07-20T03:41");
        world.drain().await;
        assert_eq!(count(&world, "SELECT count(*) FROM follow_subscription").await, 0);
    }

    async fn one_of_two_is_changed_and_stopped(world: World) {
        minutes(&world, 2).await;
        let browser = world.browser();
        follow(&world, &browser, &[]).await;
        let mine = follow(&world, &browser, &[("what", "dong"), ("dong", DONG)]).await;
        let path = link(&format!("http://maeul.test{}", mine_path(&mine)), "/follow/");
        let page = browser.get(&path).await;
        let changed = page.submit_to(&path, &[("rhythm", "weekly")]).await;
        assert_eq!(changed.status, 303, "{}", changed.text());
        let weekly = "SELECT count(*) FROM follow_subscription WHERE rhythm = 'weekly'";
        assert_eq!(count(&world, weekly).await, 1);
        let stopped = page.submit_to(&path, &[("stop", "1")]).await;
        assert_eq!(stopped.status, 303);
        assert_eq!((count(&world, ACTIVE).await, count(&world, PEOPLE).await), (1, 1));
        let page = browser.get(&path).await;
        let stopped = page.submit_to(&path, &[("stop", "1")]).await;
        assert!(stopped.text().contains("이제 보내지 않아요"), "{}", stopped.text());
        assert_eq!(count(&world, PEOPLE).await, 0);
        // Nobody changes another's.
        let theirs = follow(&world, &browser, &[("contact", "lee@example.com")]).await;
        let theirs = mine_path(&theirs);
        let other = follow(&world, &browser, &[("contact", "park@example.com")]).await;
        let id = other.hidden(None).into_iter().find(|it| it.0 == "id").unwrap().1;
        let page = browser.get(&theirs).await;
        assert_eq!(page.submit_to(&theirs, &[("id", &id), ("stop", "1")]).await.status, 404);
        assert_eq!(count(&world, ACTIVE).await, 2);
    }

    async fn whoever_answers_that_they_want_no_texts_is_forgotten(world: World) {
        minutes(&world, 2).await;
        let browser = world.browser();
        follow_by_text(&world, &browser, &[]).await;
        follow(&world, &browser, &[("contact", "lee@example.com")]).await;
        assert_eq!((count(&world, ACTIVE).await, count(&world, PEOPLE).await), (2, 2));
        let secret = SECRET.replace(' ', "%20");
        // 수신거부 and, where nothing is left to stop, STOP.
        for (id, words) in [("s1", "%EC%88%98%EC%8B%A0%EA%B1%B0%EB%B6%80"), ("s2", "STOP")] {
            let from = format!("secret={secret}&id={id}&from=01012345678&to={TEXT_NUMBER}");
            let path = format!("/hooks/sms/kannel?{from}&coding=0&text={words}");
            assert_eq!(browser.get(&path).await.status, 202);
            world.drain().await;
            // Who is told by e-mail is told.
            assert_eq!((count(&world, ACTIVE).await, count(&world, PEOPLE).await), (1, 1));
        }
        minutes(&world, 1).await;
        let texts = to(&world, "01012345678").len();
        report(&world).await;
        minutes(&world, 2).await;
        assert_eq!(to(&world, "01012345678").len(), texts, "nothing is texted any more");
        assert!(last(&world, "lee@example.com").contains("새로 접수했어요"));
    }

    async fn an_address_follows_only_so_much(world: World) {
        minutes(&world, 2).await;
        let desk: &maeul_cases::web::Desk = world.house.site.room().unwrap();
        let few = Settings { most: 1, ..Settings::default() };
        let shelf = Shelf::new(&desk.knowledge, few, "http://maeul.test");
        let dong = Ask { what: "dong".to_owned(), dong: DONG.to_owned(), ..all_of("kim@example.com") };
        for input in [all_of("kim@example.com"), dong] {
            asked(&world, &shelf, input).await.unwrap();
            world.clock.set(world.clock.now() + jiff::SignedDuration::from_secs(1));
        }
        world.drain().await;
        let links: Vec<String> = to(&world, "kim@example.com")
            .iter()
            .map(|it| link(it["body"].as_str().unwrap(), "/follow/confirm/"))
            .map(|path| path.rsplit('/').next().unwrap().to_owned())
            .collect();
        let confirm = async |link: String| {
            let (ctx, know, shelf) = (world.ctx(), know(&world).await, shelf.clone());
            world.db().write(move |tx| act::confirm_link(tx, &ctx, &shelf, &know, &link)).await
        };
        confirm(links[0].clone()).await.unwrap();
        let refused = confirm(links[1].clone()).await;
        assert!(matches!(refused, Err(Failure::Refused(ConfirmRefusal::TooMany))), "{refused:?}");
    }

    async fn what_cannot_be_followed_is_said_and_what_was_typed_is_kept(world: World) {
        let case = report(&world).await;
        minutes(&world, 2).await;
        let shelf = shelf(&world);
        let number = number(&world, case).await;
        let good = all_of("kim@example.com");
        let place = |lat: &str, long: &str, radius: &str| Ask {
            what: "place".to_owned(),
            lat: lat.to_owned(),
            long: long.to_owned(),
            radius: radius.to_owned(),
            ..good.clone()
        };
        let dong = |dong: &str| Ask { what: "dong".to_owned(), dong: dong.to_owned(), ..good.clone() };
        let of = |case: &str| Ask { what: "case".to_owned(), case: case.to_owned(), ..good.clone() };
        let words = |words: &str| Ask { words: words.to_owned(), ..good.clone() };
        let service = |code: &str| Ask { service: code.to_owned(), ..good.clone() };
        for (input, expected) in [
            (Ask { what: "everything".to_owned(), ..good.clone() }, Some("follow.what")),
            (of("2026-999999-9"), Some("follow.case")),
            (of(&number), None),
            (dong(""), Some("follow.dong")),
            (dong("1111053000"), Some("follow.dong")),
            (dong(DONG), None),
            (place("", "", "500"), Some("follow.place")),
            (place("37.5663", "126.9779", "500"), Some("follow.place")),
            (place("35.1520", "126.8900", "501"), Some("follow.radius")),
            (place("35.1520", "126.8900", "3000"), None),
            (service("emergency-relief"), Some("follow.service")),
            (service("streetlight"), None),
            (words(&"가".repeat(41)), Some("follow.words_long")),
            (words("!?"), Some("follow.words_empty")),
            (words("010-7777-1234"), Some("follow.words_personal")),
            (words("가로등"), None),
            (Ask { rhythm: "hourly".to_owned(), ..good.clone() }, Some("follow.rhythm")),
            (all_of("062-360-7114"), Some("follow.no_messages")),
            (all_of("kim@"), Some("email.domain")),
        ] {
            let shown = format!("{input:?}");
            let code = asked(&world, &shelf, input).await.err().map(|it| it.code());
            match (code, expected) {
                (Some(code), Some(expected)) if expected.starts_with("follow.") => {
                    assert_eq!(code, expected, "{shown}");
                }
                (code, expected) => assert_eq!(code.is_some(), expected.is_some(), "{shown}: {code:?}"),
            }
        }
        let browser = world.browser();
        let answer = ask(&browser, &[("what", "dong"), ("dong", ""), ("q", "가로등 & <불>"), ("contact", "lee@example.com")]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("동을 목록에서 골라"), "{}", answer.text());
        assert!(answer.body.contains("lee@example.com"));
        assert!(answer.body.contains("가로등 &#38; &#60;불&#62;"), "{}", answer.body);
    }

    async fn pages_fill_the_form_and_no_page_repeats_the_exact_point(world: World) {
        let case = report(&world).await;
        minutes(&world, 2).await;
        let number = number(&world, case).await;
        let browser = world.browser();
        let page = browser.get(&format!("/follow?case={number}")).await;
        assert!(page.text().contains(&number), "{}", page.text());
        let page = browser.get(&format!("/follow?dong={DONG}&service=streetlight&q=%EB%B6%88&state=open")).await;
        assert!(page.body.contains(&format!("cases.atom?dong={DONG}&#38;service=streetlight&#38;q=%EB%B6%88")), "{}", page.body);
        let page = browser.get("/follow?lat=35.1520123&long=126.8900456&radius=1000").await;
        assert!(!page.body.contains("value=\"35.1520123\""));
        assert!(page.body.contains("name=\"lat\" value=\"35.1"), "{}", page.body);
        // A case that is not public is no case.
        let page = browser.get("/follow?case=2026-999999-9").await;
        assert_eq!(page.status, 200);
        assert!(!page.text().contains("999999"));
        assert_eq!(listed(&world).await.len(), 1);
    }

    async fn a_network_address_asks_only_so_often(world: World) {
        let browser = world.browser();
        minutes(&world, 2).await;
        let mut refused = 0;
        for number in 0..32 {
            let contact = format!("kim{number}@example.com");
            refused += usize::from(ask(&browser, &[("contact", &contact)]).await.status == 429);
        }
        assert_eq!(refused, 2);
        at(&world, "2026-06-08T11:00");
        assert_eq!(ask(&browser, &[]).await.status, 200, "the next hour");
    }
}

/// The address of the page of what somebody follows.
fn mine_path(page: &maeul_testkit::Answer) -> String {
    let stop = page.links().into_iter().find(|link| link.ends_with("/stop")).unwrap();
    stop.trim_end_matches("/stop").to_owned()
}
