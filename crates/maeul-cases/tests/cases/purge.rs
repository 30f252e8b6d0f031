//! Purge: nothing of what people wrote or who they are is left anywhere; what happened stays.

use maeul_cases::act::{self, Ask, Note, Purge, Rate};
use maeul_cases::{State, testing};
use maeul_db::{Db, both_engines};

use crate::support::{OFFICE, World, code_of, everything, kinds, steps};

fn all(case: maeul_base::CaseId) -> Purge {
    Purge {
        case,
        words: true,
        contacts: true,
        photos: true,
        reason: "보존기간이 끝났습니다.".into(),
    }
}

both_engines! { steps();
    async fn nothing_of_a_person_is_left(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let case = receipt.case;
        assert_eq!(code_of(w.act("coordinator", act::purge, all(case)).await), "purge.open");
        w.act("officer", act::note, Note { case, text: "통화함: 비밀번호 은하수".into() }).await.unwrap();
        w.act("officer", act::ask, Ask { case, version: None, text: "은하수 어느 쪽인가요?".into() }).await.unwrap();
        let access = w.access(&receipt.token).await;
        let reply = act::ResidentReply { access, text: "은하수 서쪽이요".into() };
        w.act("resident", act::resident_reply, reply).await.unwrap();
        w.answer(case).await;
        let rate = Rate { access, score: 4, text: "은하수처럼 밝아요".into() };
        w.act("resident", act::rate, rate).await.unwrap();
        assert_eq!(code_of(w.act("coordinator", act::purge, all(case)).await), "purge.sending");
        w.run_jobs().await;
        let before = kinds(&w.db, case).await;
        assert!(everything(&w.db).await.contains("은하수"));

        assert_eq!(code_of(w.act("officer", act::purge, all(case)).await), "purge.not_allowed");
        let nothing = Purge { words: false, contacts: false, photos: false, ..all(case) };
        assert_eq!(code_of(w.act("coordinator", act::purge, nothing).await), "purge.nothing");
        let silent = Purge { reason: " ".into(), ..all(case) };
        assert_eq!(code_of(w.act("coordinator", act::purge, silent).await), "purge.reason_missing");
        let purged = w.act("coordinator", act::purge, all(case)).await.unwrap();
        assert_eq!((purged.state, purged.body.as_str(), purged.photos), (State::Closed, "", 0));
        w.run_jobs().await;

        let left = everything(&w.db).await;
        for gone in ["은하수", "집 앞 가로등", "은행나무", "가로등을 고쳤습니다", "길동", "90000001", "9000-0001"] {
            let at = left.find(gone).map(|at| left[at.saturating_sub(200)..].chars().take(300).collect::<String>());
            assert_eq!(at, None, "{gone}");
        }
        assert_eq!(w.access_now(&receipt.token).await, None, "the link opens nothing");
        let after = kinds(&w.db, case).await;
        assert_eq!(after[..before.len()], before[..], "what happened, and in which order, stays");
        assert_eq!(after.last(), Some(&"purged"));
        let rows = w.db.read(|tx| testing::rows_and_rebuilt(tx, OFFICE)).await.unwrap();
        assert!(rows.iter().all(|(row, rebuilt)| row == rebuilt), "row and history agree");
        // Once more is the same.
        w.act("coordinator", act::purge, all(case)).await.unwrap();
    }

    async fn a_photo_can_go_while_the_case_is_open(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let photo = act::KeepPhoto {
            case, jpeg: vec![1, 2], thumb: vec![3], width: 2, height: 1, sha256: [9; 32],
        };
        w.act("system", act::keep_photo, photo.clone()).await.unwrap();
        w.act("system", act::keep_photo, photo).await.unwrap();
        assert_eq!(w.case(case).await.photos, 1, "sent twice is one");
        for n in 1..=5 {
            let more = act::KeepPhoto { case, jpeg: vec![n], thumb: vec![n], width: 1, height: 1, sha256: [n; 32] };
            let kept = w.act("system", act::keep_photo, more).await;
            assert_eq!(kept.is_ok(), n < 5, "{n}");
        }
        let only = Purge { words: false, contacts: false, ..all(case) };
        let open = w.act("head", act::purge, only).await.unwrap();
        assert_eq!((open.photos, open.body.is_empty()), (0, false));
        let seen = w.see("officer", move |tx, ctx, know| maeul_cases::read::case_page(tx, ctx, know, case));
        assert!(seen.await.unwrap().photos.is_empty());
    }
}
