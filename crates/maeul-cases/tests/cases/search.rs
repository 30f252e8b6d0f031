//! Search: words of two syllables, whole numbers, only what the reader may work.

use maeul_cases::act::{self, NewCase, Relocate};
use maeul_cases::read;
use maeul_db::{Db, both_engines};

use crate::support::{World, steps};

async fn found(w: &World, who: &str, text: &str) -> Vec<maeul_base::CaseId> {
    let text = text.to_owned();
    let page = w.see(who, move |tx, ctx, know| read::search(tx, ctx, know, &text, None, 10)).await;
    page.unwrap().rows.into_iter().map(|it| it.id).collect()
}

both_engines! { steps();
    async fn words_and_numbers_are_found(db: Db) {
        let w = World::new(db).await;
        let pipe = NewCase { body: "수도 배관에서 물이 새요".into(), ..w.report().await };
        let pipe = w.receive(pipe).await;
        w.pass(jiff::SignedDuration::from_mins(1));
        let main = NewCase { body: "상수도 공사로 길이 막혀요".into(), ..w.report().await };
        let main = w.receive(main).await;
        assert_eq!(found(&w, "officer", &main.number).await, [main.case], "the number at once");
        assert!(found(&w, "officer", "수도").await.is_empty(), "words once their job has run");
        w.run_jobs().await;
        assert_eq!(found(&w, "officer", "수도").await, [main.case, pipe.case], "the newest first");
        assert_eq!(found(&w, "officer", "상수도 막혀").await, [main.case]);
        assert_eq!(found(&w, "officer", "배관").await, [pipe.case]);
        assert_eq!(found(&w, "officer", "은행나무").await, [main.case, pipe.case], "the place too");
        for nothing in ["", " ", "!!", "\"", "소방", "수도 소방", "2026-온누리-000999-1"] {
            assert!(found(&w, "officer", nothing).await.is_empty(), "{nothing}");
        }
        let spoken = main.number.replace('-', " ");
        assert_eq!(found(&w, "officer", &spoken).await, [main.case]);
        assert_eq!(found(&w, "coordinator", "수도").await.len(), 2);
        assert!(found(&w, "other", "수도").await.is_empty());
        assert!(found(&w, "other", &main.number).await.is_empty());
        let first = w.see("officer", |tx, ctx, know| read::search(tx, ctx, know, "수도", None, 1)).await.unwrap();
        assert_eq!((first.rows[0].id, first.rows.len()), (main.case, 1));
        let next = w.see("officer", move |tx, ctx, know| read::search(tx, ctx, know, "수도", first.next, 1)).await.unwrap();
        assert_eq!((next.rows[0].id, next.next), (pipe.case, None));
    }

    async fn a_corrected_place_is_found_by_its_new_words(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        w.run_jobs().await;
        let moved = Relocate {
            case,
            version: None,
            point: Some(crate::support::IN_NARAE),
            dong: None,
            place: "느티나무 옆".into(),
            reason: "잘못 짚음".into(),
        };
        let moved = w.act("officer", act::relocate, moved).await.unwrap();
        assert_eq!((moved.place.dong, moved.unit), (Some(crate::support::narae()), Some(w.unit("roads"))));
        w.run_jobs().await;
        assert_eq!(found(&w, "officer", "느티나무").await, [case]);
        assert!(found(&w, "officer", "은행나무").await.is_empty());
    }
}
