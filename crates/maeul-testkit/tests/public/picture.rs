//! The picture: private by default, made by facts, made again by a rebuild, gone when it must go.

use maeul_base::{Failure, Fault};
use maeul_cases::import::{apply_services, plan_services};
use maeul_cases::place::cell_centre;
use maeul_cases::{Channel, Outcome, Publicity};
use maeul_db::args;
use maeul_public::act::{self, Erase, LookRefusal, Publish, Unpublish, Withhold};
use maeul_public::read::{self, Change, Filter};
use maeul_public::{Look, PublicState, Settings};
use maeul_testkit::{World, worlds};

use super::support::{AT, answer, coordinator, know, listed, look, publish, report};

const TEXT: &str = "저는 남궁카나입니다. 가로등이 꺼졌어요. 연락은 010-7777-1234로 주세요.";

async fn pictures(world: &World) -> Vec<(String, bool)> {
    let office = world.office;
    world
        .db()
        .read(move |tx| {
            tx.all(
                "SELECT level, listed FROM public_case WHERE office_id = $1 ORDER BY level",
                args![office],
            )
        })
        .await
        .unwrap()
}

/// Makes every picture anew; how many were others than before.
async fn rebuild(world: &World) -> usize {
    let (ctx, know) = (world.ctx(), know(world).await);
    let done = world
        .db()
        .write(move |tx| act::refresh_page(tx, &ctx, &know, &Settings::default(), None, 1_000))
        .await;
    done.unwrap().0
}

/// The office says something else of its streetlights.
async fn say(world: &World, streetlight: &str) {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../data/offices/29140-gwangju-seogu/services.toml"
    );
    let text = std::fs::read_to_string(file).unwrap();
    let text = text.replacen("public = \"summary\"", streetlight, 1);
    let ctx = world.ctx();
    let plan = plan_services(&text).unwrap();
    world.db().write(move |tx| apply_services(tx, &ctx, &plan)).await.unwrap();
}

worlds! {
    async fn each_service_and_channel_is_as_public_as_the_office_says(world: World) {
        report(&world, "streetlight", Channel::Web, TEXT).await;
        report(&world, "streetlight", Channel::Text, TEXT).await;
        report(&world, "streetlight", Channel::Email, TEXT).await;
        report(&world, "emergency-relief", Channel::Web, TEXT).await;
        report(&world, "apartment", Channel::Phone, TEXT).await;
        assert!(listed(&world).await.is_empty(), "nothing before the facts are read");
        world.drain().await;
        let expected =
            [("figures", false), ("outline", true), ("summary", true)].map(|it| (it.0.to_owned(), it.1));
        assert_eq!(pictures(&world).await, expected, "messages leave no row at all");
        let shown = listed(&world).await;
        assert_eq!(shown.len(), 2);
        let light = shown.iter().find(|it| it.picture.service.as_deref() == Some("streetlight")).unwrap();
        assert_eq!(light.picture.cell, Some(cell_centre(AT.0, AT.1)));
        assert_eq!(light.picture.state, PublicState::Received);
        assert_eq!(light.text, None, "no word before an officer has looked");
        let flat = shown.iter().find(|it| it.picture.service.as_deref() == Some("apartment")).unwrap();
        assert_eq!(flat.picture.cell, None, "what is about people has no place but its 동");
        assert!(flat.picture.dong.is_some());
    }

    async fn a_summary_needs_a_look_and_the_delay(world: World) {
        let case = report(&world, "streetlight", Channel::Web, TEXT).await;
        world.drain().await;
        assert_eq!(look(&world, case).await, Look::Waiting);
        publish(&world, case).await.unwrap();
        world.drain().await;
        assert_eq!(look(&world, case).await, Look::Published);
        assert_eq!(listed(&world).await[0].text, None, "the delay is not over");
        world.at(2026, 6, 9, 10, 14);
        world.drain().await;
        assert_eq!(listed(&world).await[0].text, None);
        world.at(2026, 6, 9, 10, 16);
        world.drain().await;
        let text = listed(&world).await.remove(0).text.unwrap();
        assert!(text.body.contains("가로등이 꺼졌어요"), "{}", text.body);
        for canary in ["남궁", "카나", "7777", "1234"] {
            assert!(!text.body.contains(canary) && !text.title.contains(canary), "{}", text.body);
        }
        // Found by its words, and only by those.
        let office = world.office;
        let find = |words: &str| Filter { words: words.to_owned(), ..Filter::default() };
        for (words, found) in [("가로등", 1), ("남궁카나", 0), ("카나리아빌라", 0)] {
            let filter = find(words);
            let read = world.db().read(move |tx| {
                let page = read::page(tx, office, &filter, None, 10)?;
                Ok::<_, Fault>((page, read::page_and_count(tx, office, &filter, None, 10, 100)?))
            });
            let (page, (again, count)) = read.await.unwrap();
            assert_eq!((again.rows, count), (page.rows, found), "{words}");
        }
    }

    async fn pages_of_what_words_find_are_counted_as_a_whole(world: World) {
        for minute in 0..5 {
            world.at(2026, 6, 8, 11, minute);
            let case = report(&world, "streetlight", Channel::Web, TEXT).await;
            world.drain().await;
            publish(&world, case).await.unwrap();
        }
        world.drain().await;
        world.at(2026, 6, 10, 10, 15);
        world.drain().await;
        let office = world.office;
        let filter = Filter { words: "가로등".to_owned(), ..Filter::default() };
        let (mut after, mut seen) = (None, Vec::new());
        // Two to a page: counted whole where there is room for all, and no further than asked.
        for (most, count) in [(100, 5), (100, 5), (3, 3)] {
            let filter = filter.clone();
            let read = world.db().read(move |tx| read::page_and_count(tx, office, &filter, after, 2, most));
            let (page, counted) = read.await.unwrap();
            assert_eq!(counted, count);
            seen.extend(page.rows.into_iter().map(|it| it.picture.case));
            after = page.next;
        }
        assert_eq!(after, None);
        let all: Vec<_> = listed(&world).await.into_iter().map(|it| it.picture.case).collect();
        assert_eq!(seen, all, "in the list's order, each once");
        let filter = filter.clone();
        let read = world.db().read(move |tx| read::page_and_count(tx, office, &filter, None, 2, 1));
        let (page, counted) = read.await.unwrap();
        assert_eq!((page.rows.len(), counted, page.next.is_some()), (2, 1, true));
    }

    async fn what_masking_finds_never_goes_out(world: World) {
        let case = report(&world, "streetlight", Channel::Web, TEXT).await;
        world.at(2026, 6, 10, 10, 15);
        world.drain().await;
        let (ctx, known) = (coordinator(&world).await, know(&world).await);
        let refused = world
            .db()
            .write(move |tx| {
                let input = Publish {
                    case,
                    seen: 0,
                    title: "가로등".to_owned(),
                    body: "연락은 010-7777-1234로 주세요.".to_owned(),
                    photos: Vec::new(),
                };
                // No mask finds this name, but the office knows who wrote.
                let named = Publish { body: "남궁카나가 적었어요.".to_owned(), ..input.clone() };
                let refused = act::publish(tx, &ctx, &known, &Settings::default(), &named);
                assert!(matches!(refused, Err(Failure::Refused(LookRefusal::Personal { .. }))));
                act::publish(tx, &ctx, &known, &Settings::default(), &input)
            })
            .await;
        let Err(Failure::Refused(LookRefusal::Personal { field, .. })) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(field, "body");
        assert_eq!(listed(&world).await[0].text, None);
    }

    async fn it_is_withheld_and_taken_back(world: World) {
        let withheld = report(&world, "streetlight", Channel::Web, TEXT).await;
        let taken = report(&world, "streetlight", Channel::Web, TEXT).await;
        world.at(2026, 6, 10, 10, 15);
        world.drain().await;
        publish(&world, taken).await.unwrap();
        assert!(listed(&world).await.iter().any(|it| it.text.is_some()), "at once after the delay");
        let (ctx, known) = (coordinator(&world).await, know(&world).await);
        world
            .db()
            .write(move |tx| {
                let settings = Settings::default();
                let input = Withhold { case: withheld, seen: 0, reason: "사람을 알아볼 수 있음".to_owned() };
                act::withhold(tx, &ctx, &known, &settings, &input)?;
                let reason = "이름이 남아 있었음".to_owned();
                let late = Unpublish { case: taken, seen: 0, reason: reason.clone(), erase: Erase::Texts };
                let refused = act::unpublish(tx, &ctx, &known, &settings, &late);
                assert!(matches!(refused, Err(Failure::Refused(LookRefusal::ChangedMeanwhile))));
                let input = Unpublish { case: taken, seen: 1, reason, erase: Erase::Texts };
                act::unpublish(tx, &ctx, &known, &settings, &input)
            })
            .await
            .unwrap();
        world.drain().await;
        assert_eq!(look(&world, withheld).await, Look::Withheld);
        assert_eq!(look(&world, taken).await, Look::Unpublished);
        assert!(listed(&world).await.iter().all(|it| it.text.is_none()));
        let left: Vec<(String,)> =
            world.db().read(|tx| tx.all("SELECT body FROM public_decision", args![])).await.unwrap();
        assert!(left.iter().all(|it| it.0.is_empty()), "texts are taken out of the history too");
        let words: Vec<(String,)> =
            world.db().read(|tx| tx.all("SELECT grams FROM public_search", args![])).await.unwrap();
        assert!(words.is_empty());
    }

    async fn facts_and_a_rebuild_make_the_same_picture(world: World) {
        let case = report(&world, "streetlight", Channel::Web, TEXT).await;
        report(&world, "noise-dust", Channel::Phone, TEXT).await;
        report(&world, "grievance", Channel::Web, TEXT).await;
        world.at(2026, 6, 9, 15, 15);
        answer(&world, case, Outcome::Done).await;
        publish(&world, case).await.unwrap();
        world.drain().await;
        let before = listed(&world).await;
        let light = before.iter().find(|it| it.picture.case == case).unwrap();
        assert_eq!(light.picture.state, PublicState::Answered);
        assert_eq!(light.picture.outcome, Some(Outcome::Done));
        // Monday 10:15 to 18:00 without lunch, Tuesday 9:00 to 15:15 without lunch.
        assert_eq!(light.picture.work_minutes, Some(6 * 60 + 45 + 5 * 60 + 15));
        assert_eq!(light.picture.in_time, Some(true));
        assert_eq!(rebuild(&world).await, 0, "nothing is other than the facts made it");
        world
            .db()
            .write(|tx| {
                tx.exec("DELETE FROM public_case", args![])?;
                tx.exec("DELETE FROM public_text", args![])
            })
            .await
            .unwrap();
        assert_eq!(rebuild(&world).await, 3);
        let mut after = listed(&world).await;
        for (new, old) in after.iter_mut().zip(&before) {
            new.changed_at = old.changed_at;
            if let (Some(new), Some(old)) = (&mut new.text, &old.text) {
                new.shown_at = old.shown_at;
            }
        }
        assert_eq!(after, before);
        assert_eq!(rebuild(&world).await, 0);
    }

    async fn what_may_no_longer_be_shown_goes_with_its_words(world: World) {
        let case = report(&world, "streetlight", Channel::Web, TEXT).await;
        world.at(2026, 6, 10, 10, 15);
        world.drain().await;
        publish(&world, case).await.unwrap();
        let office = world.office;
        let (_, mark) = world.db().read(move |tx| read::since(tx, office, None, 10)).await.unwrap();
        world.at(2026, 6, 10, 11, 0);
        say(&world, "public = \"outline\"").await;
        world.drain().await;
        let shown = listed(&world).await;
        assert_eq!(shown[0].picture.level, Publicity::Outline);
        assert_eq!(shown[0].text, None);
        assert_eq!(look(&world, case).await, Look::None);
        world.at(2026, 6, 10, 12, 0);
        say(&world, "public = \"summary\"").await;
        world.drain().await;
        assert_eq!(look(&world, case).await, Look::Waiting, "an officer looks again");
        assert_eq!(listed(&world).await[0].text, None);
        world.at(2026, 6, 10, 13, 0);
        // Nothing said: private.
        say(&world, "").await;
        world.drain().await;
        assert!(listed(&world).await.is_empty());
        assert_eq!(pictures(&world).await, [("none".to_owned(), false)]);
        let (changes, _) = world.db().read(move |tx| read::since(tx, office, mark, 10)).await.unwrap();
        assert!(matches!(changes[..], [Change::Gone { case: gone, .. }] if gone == case));
    }

    async fn facts_do_not_pile_up(world: World) {
        report(&world, "streetlight", Channel::Web, TEXT).await;
        world.drain().await;
        let facts = async |world: &World| -> i64 {
            let found: (i64,) = world
                .db()
                .read(|tx| tx.one("SELECT count(*) FROM queue_job WHERE kind LIKE 'fact:%'", args![]))
                .await
                .unwrap();
            found.0
        };
        assert!(facts(&world).await > 0);
        world.at(2026, 7, 20, 10, 15);
        world.drain().await;
        assert_eq!(facts(&world).await, 0);
    }
}
