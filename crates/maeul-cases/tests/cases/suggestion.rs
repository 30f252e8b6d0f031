//! Suggestions: three candidates with their words, accepted by a person; what people choose is
//! kept; a model trained on the office's own cases is used as soon as it is there.

use maeul_base::Lang;
use maeul_cases::act::{self, Accept, NewCase, NewModel, Reclassify};
use maeul_cases::{AdviceSource, Event, read};
use maeul_db::{Db, both_engines};
use maeul_language::routing::{TrainOptions, train};

use crate::support::{World, code_of, events, steps};

/// A report without a service.
async fn open_report(w: &World, body: &str) -> act::Receipt {
    let body = body.to_owned();
    w.receive(NewCase { service: None, body, ..w.report().await }).await
}

fn model(texts: &[(&str, &str)]) -> NewModel {
    let texts = texts.iter().copied().cycle().take(texts.len() * 12);
    let model = train(texts, &TrainOptions::default()).unwrap();
    NewModel { model, cases: 24, corrected: 3 }
}

both_engines! { steps();
    async fn a_suggestion_is_accepted_by_a_person(db: Db) {
        let w = World::new(db).await;
        let case = open_report(&w, "집 앞 가로등이 꺼져서 어두워요").await.case;
        assert_eq!(w.case(case).await.unit, None, "nobody decided yet");
        let advice = w.see("coordinator", move |tx, ctx, know| read::advice_of(tx, ctx, know, &[case]));
        let advice = advice.await.unwrap().remove(0).1;
        assert_eq!(advice.source, AdviceSource::Duties);
        assert_eq!(advice.sure().unwrap().service, "streetlight");
        assert!(advice.candidates.len() <= 3 && advice.candidates[0].because.contains(&"가로등".to_owned()), "{advice:?}");

        let accept = |version, service: Option<&str>| Accept { case, version, service: service.map(str::to_owned) };
        let old = w.act("coordinator", act::accept, accept(Some(1), None)).await;
        assert_eq!(code_of(old), "case.changed_meanwhile");
        assert_eq!(code_of(w.act("officer", act::accept, accept(None, None)).await), "case.not_found");
        let ended = w.act("coordinator", act::accept, accept(None, Some("nothing"))).await;
        assert_eq!(code_of(ended), "accept.no_such_service");
        let done = w.act("coordinator", act::accept, accept(Some(2), None)).await.unwrap();
        assert_eq!((done.service.as_deref(), done.unit), (Some("streetlight"), Some(w.unit("roads"))));
        let Event::Reclassified(changed) = &events(&w.db, case).await[2].event else { panic!() };
        assert!(changed.reason.contains("가로등"), "{}", changed.reason);
        assert_eq!(code_of(w.act("coordinator", act::accept, accept(None, None)).await), "accept.same");
    }

    async fn a_unit_is_found_where_only_the_unit_is_missing(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        for hop in ["cleaning", "roads", "cleaning"] {
            let who = if hop == "roads" { "other" } else { "officer" };
            let pass = act::Reassign { case, version: None, to: Some(w.unit(hop)), reason: "아닙니다".into() };
            w.act(who, act::reassign, pass).await.unwrap();
        }
        assert_eq!(w.case(case).await.unit, None);
        let accept = Accept { case, version: None, service: Some("streetlight".into()) };
        let done = w.act("coordinator", act::accept, accept).await.unwrap();
        assert_eq!(done.unit, Some(w.unit("roads")));
    }

    async fn what_is_unsure_is_left_to_a_person(db: Db) {
        let w = World::new(db).await;
        let clear = open_report(&w, "가로등이 꺼졌어요").await.case;
        let unclear = open_report(&w, "안녕하십니까").await.case;
        let (ctx, know) = (w.ctx("coordinator"), w.know().await);
        let done = w.db.write(move |tx| act::accept_many(tx, &ctx, &know, &[clear, unclear])).await.unwrap();
        assert!(done[0].done.is_ok() && done[1].done.as_ref().is_err_and(|why| why.contains("확신")), "{done:?}");
        assert_eq!(w.case(unclear).await.service, None);
    }

    async fn choices_and_corrections_teach_the_next_model(db: Db) {
        let w = World::new(db).await;
        let (ctx, know) = (w.ctx("resident"), w.know().await);
        let new = NewCase { service: Some("pothole".into()), ..w.report().await };
        let new = NewCase { answers: [("lane".to_owned(), vec!["road".to_owned()])].into(), ..new };
        let wrong = w.db.write(move |tx| act::receive_chosen(tx, &ctx, &know, &new)).await;
        let wrong = match wrong { Ok(receipt) => receipt.case, Err(why) => panic!("{why:?}") };
        let answered = w.received().await.case;
        let _open = w.received().await;
        w.answer(answered).await;
        let lessons = || w.see("system", |tx, ctx, _| read::lessons(tx, ctx, None, 10));
        let (found, next) = lessons().await.unwrap();
        assert_eq!(found.iter().map(|it| it.case).collect::<Vec<_>>(), [answered], "an open case is not settled");
        assert!(next.is_none() && !found[0].corrected);

        let fix = Reclassify { case: wrong, version: None, service: Some("streetlight".into()), reason: "가로등 일입니다.".into() };
        w.act("officer", act::reclassify, fix).await.unwrap();
        let (found, _) = lessons().await.unwrap();
        let lesson = found.iter().find(|it| it.case == wrong).unwrap();
        assert_eq!((lesson.service.as_str(), lesson.corrected), ("streetlight", true));
        assert_eq!(lesson.text, "집 앞 가로등이 꺼져서 어두워요");
        let (page, next) = w.see("system", |tx, ctx, _| read::lessons(tx, ctx, None, 1)).await.unwrap();
        let (rest, _) = w.see("system", move |tx, ctx, _| read::lessons(tx, ctx, next, 1)).await.unwrap();
        assert_ne!(page[0].case, rest[0].case);

        let followed = w.see("system", |tx, ctx, _| read::suggestions_followed(tx, ctx)).await.unwrap();
        let told: Vec<_> = followed.iter().map(|it| (it.made_by.as_str(), it.model, it.choices, it.sure, it.first)).collect();
        assert_eq!(told, [("resident", None, 1, 1, 0), ("staff", None, 1, 1, 1)]);
    }

    async fn the_offices_own_model_is_used_at_once_and_can_be_taken_back(db: Db) {
        let w = World::new(db).await;
        assert_eq!(w.know().await.advise("가로등이 꺼졌어요").source, AdviceSource::Duties);
        // In this office people say 불꽃나무 for a streetlight; no word of its duties does.
        let new = model(&[("불꽃나무가 죽었어요", "streetlight"), ("길바닥이 움푹해요", "pothole")]);
        let (ctx, other) = (w.ctx("system"), new.clone());
        let kept = w.db.write(move |tx| act::keep_model(tx, &ctx, &other)).await.unwrap();
        assert_eq!((kept.version, kept.cases, kept.corrected), (1, 24, 3));
        let advice = w.know().await.advise("저희 골목 불꽃나무가 죽었어요");
        assert_eq!(advice.source, AdviceSource::OwnCases { version: 1, trained_at: w.clock.now(), cases: 24 });
        assert_eq!(advice.candidates[0].service, "streetlight");
        assert!(advice.candidates[0].because.iter().any(|it| it.contains("불꽃나무")), "{advice:?}");
        let suggested = w.know().await;
        assert_eq!(suggested.suggest("불꽃나무")[0].name.get(Lang::Ko), "가로등 고장");

        // A service that is offered no longer is not suggested, and leaves no surety.
        let gone = model(&[("불꽃나무가 죽었어요", "old-code"), ("길바닥이 움푹해요", "pothole")]);
        for _ in 0..6 {
            let (ctx, gone) = (w.ctx("system"), gone.clone());
            w.db.write(move |tx| act::keep_model(tx, &ctx, &gone)).await.unwrap();
        }
        let advice = w.know().await.advise("불꽃나무가 죽었어요");
        assert!(advice.unsure && advice.of("old-code").is_none(), "{advice:?}");
        let kept = || w.see("system", |tx, ctx, _| read::routing_models(tx, ctx));
        assert_eq!(kept().await.unwrap().iter().map(|it| it.version).collect::<Vec<_>>(), [7, 6, 5, 4, 3]);
        for version in [7, 6, 5, 4, 3] {
            let ctx = w.ctx("system");
            assert!(w.db.write(move |tx| act::forget_model(tx, &ctx, version)).await.unwrap());
        }
        assert_eq!(w.know().await.advise("가로등이 꺼졌어요").source, AdviceSource::Duties);
        let (ctx, again) = (w.ctx("system"), new);
        let kept = w.db.write(move |tx| act::keep_model(tx, &ctx, &again)).await.unwrap();
        assert!(kept.version > 7, "a version is never given twice: {kept:?}");
    }
}
