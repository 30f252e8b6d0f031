//! Receiving: the same submission is one case, however often it comes.

use maeul_cases::act::{self, NewCase, SaveDraft, Who};
use maeul_cases::{Channel, PartyKind, read};
use maeul_db::{Db, both_engines};
use serde_json::json;

use crate::support::{World, by_phone, code_of, count, steps};

both_engines! { steps();
    async fn the_same_key_is_the_same_case(db: Db) {
        let w = World::new(db).await;
        let key = Some("form-1".to_owned());
        let first = w.receive(NewCase { client_key: key.clone(), ..w.report().await }).await;
        let other =
            NewCase { client_key: key.clone(), body: "다른 글".into(), ..w.report().await };
        let again = w.receive(other).await;
        assert!(again.again && !first.again);
        let spoilt = NewCase { client_key: key, body: String::new(), ..w.report().await };
        assert_eq!(w.receive(spoilt).await, again, "what came before is not judged again");
        assert_eq!(again, act::Receipt { again: true, ..first.clone() });
        let known = w.see("resident", |tx, ctx, know| read::receipt_of(tx, ctx, know, "form-1"));
        assert_eq!(known.await.unwrap(), Some(again));
        let other_key = Some("form-2".to_owned());
        let second = w.receive(NewCase { client_key: other_key, ..w.report().await }).await;
        assert_ne!(second.case, first.case);
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_case").await, 2);
        assert_eq!(w.case(first.case).await.body, "집 앞 가로등이 꺼져서 어두워요");
    }

    async fn eight_at_once_with_one_key_are_one_case(db: Db) {
        let w = World::new(db).await;
        let mut sending = Vec::new();
        for _ in 0..8 {
            let new = NewCase { client_key: Some("once".into()), ..w.report().await };
            let w = w.clone();
            sending.push(tokio::spawn(async move { w.act("resident", act::receive, new).await }));
        }
        let mut receipts = Vec::new();
        for one in sending {
            receipts.push(one.await.unwrap().unwrap());
        }
        assert_eq!(receipts.iter().filter(|it| !it.again).count(), 1, "one of them was the first");
        for it in &receipts {
            assert_eq!((it.case, &it.number, &it.token), (receipts[0].case, &receipts[0].number, &receipts[0].token));
        }
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_case").await, 1);
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_party").await, 1);
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_event").await, 2);
        w.run_jobs().await;
        assert_eq!(w.outbox.all().len(), 1, "one acknowledgement");
    }

    async fn an_officer_enters_what_a_resident_tells(db: Db) {
        let w = World::new(db).await;
        let told = NewCase {
            channel: Channel::Phone,
            oral: true,
            who: Who::Assisted(maeul_cases::ContactInput {
                name: "김할머니".into(),
                phone: "062-360-7114".into(),
                ..Default::default()
            }),
            received_at: Some(crate::support::at("2026-06-08T09:15")),
            ..w.report().await
        };
        assert_eq!(code_of(w.act("resident", act::receive, told.clone()).await), "case.staff_only");
        let receipt = w.act("officer", act::receive, told).await.unwrap();
        let id = receipt.case;
        let page = w.see("officer", move |tx, ctx, know| read::case_page(tx, ctx, know, id));
        let page = page.await.unwrap();
        assert_eq!(page.case.received_at, crate::support::at("2026-06-08T09:15"));
        assert_eq!(page.case.channel, Channel::Phone);
        assert!(page.case.oral && !page.case.anonymous);
        assert_eq!(page.parties[0].kind, PartyKind::Assisted);
        w.run_jobs().await;
        assert!(w.outbox.all().is_empty(), "a landline alone takes no message");
    }

    async fn a_drafts_photos_come_with_the_report(db: Db) {
        let w = World::new(db).await;
        let draft = SaveDraft { draft: None, body: json!({ "text": "가로등", "name": "길동1" }) };
        let draft = w.act("resident", act::save_draft, draft).await.unwrap();
        for n in 0..5 {
            w.act("resident", act::add_photo, photo(draft, n)).await.unwrap();
        }
        w.act("resident", act::add_photo, photo(draft, 4)).await.unwrap();
        let sixth = w.act("resident", act::add_photo, photo(draft, 5)).await;
        assert_eq!(code_of(sixth), "photo.too_many");
        let seen = w.see("resident", move |tx, ctx, know| read::draft(tx, ctx, know, draft)).await;
        assert_eq!(seen.unwrap().unwrap().photos.len(), 5, "the same photo twice is one");
        let case = w.receive(NewCase { draft: Some(draft), ..w.report().await }).await.case;
        assert_eq!(w.case(case).await.photos, 5);
        let gone = w.see("resident", move |tx, ctx, know| read::draft(tx, ctx, know, draft)).await;
        assert_eq!(gone.unwrap(), None);
        let late = w.act("resident", act::add_photo, photo(draft, 6)).await;
        assert_eq!(code_of(late), "photo.draft_ended");
    }

    async fn a_draft_ends_after_a_day(db: Db) {
        let w = World::new(db).await;
        let draft = SaveDraft { draft: None, body: json!({ "text": "가로등" }) };
        let draft = w.act("resident", act::save_draft, draft).await.unwrap();
        w.act("resident", act::add_photo, photo(draft, 1)).await.unwrap();
        let look = move |w: World| async move {
            let seen = w.see("resident", move |tx, ctx, know| read::draft(tx, ctx, know, draft));
            seen.await.unwrap()
        };
        w.set_time("2026-06-09T10:29");
        w.run_job(maeul_cases::jobs::EXPIRE_DRAFTS).await;
        assert!(look(w.clone()).await.is_some());
        w.set_time("2026-06-09T10:30");
        assert!(look(w.clone()).await.is_none());
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_photo").await, 1);
        w.run_job(maeul_cases::jobs::EXPIRE_DRAFTS).await;
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_photo").await, 0);
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_draft").await, 0);
    }

    async fn no_photo_outlives_its_draft(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        // Once by someone new, once by someone who belongs to the case already.
        for (contact, kept) in [(by_phone(2), 1), (by_phone(2), 1)] {
            let draft = SaveDraft { draft: None, body: json!({ "text": "저도요" }) };
            let draft = w.act("resident", act::save_draft, draft).await.unwrap();
            w.act("resident", act::add_photo, photo(draft, 1)).await.unwrap();
            let new = crate::support::follower(case, contact);
            let new = act::NewFollower { draft: Some(draft), ..new };
            w.act("resident", act::follow, new).await.unwrap();
            assert_eq!(w.case(case).await.photos, kept);
            let rows = "SELECT count(*) FROM cases_photo";
            assert_eq!(count(&w.db, rows).await, i64::from(kept), "the rest is gone");
        }
    }

    async fn likely_duplicates_nearby_are_found(db: Db) {
        let w = World::new(db).await;
        let near = w.received().await.case;
        let far = NewCase { point: Some(crate::support::IN_NARAE), ..w.report().await };
        w.receive(far).await;
        let closed = w.received_from(by_phone(2)).await.case;
        w.answer(closed).await;
        let found = w.see("resident", |tx, ctx, know| {
            let near = read::Near {
                point: crate::support::IN_GARAM,
                text: "가로등이 꺼져서 너무 어두워요".into(),
                service: Some("streetlight".into()),
            };
            read::duplicates(tx, ctx, know, &near)
        });
        let found: Vec<_> = found.await.unwrap().into_iter().map(|it| it.case).collect();
        assert_eq!(found, [near]);
    }
}

fn photo(draft: maeul_base::DraftId, n: u8) -> act::NewPhoto {
    act::NewPhoto {
        to: maeul_cases::PhotoOf::Draft(draft),
        access: None,
        jpeg: vec![n; 16],
        thumb: vec![n; 4],
        width: 800,
        height: 600,
        sha256: [n; 32],
    }
}
