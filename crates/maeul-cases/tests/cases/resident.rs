//! The resident follows: by their own link, with their own rights.

use maeul_cases::act::{self, NewCase, Rate, ResidentReopen, ResidentReply, Who};
use maeul_cases::{Event, PartyKind, State, read};
use maeul_db::{Db, both_engines};

use crate::support::{World, at, by_email, by_phone, code_of, events, follower, steps};

both_engines! { steps();
    async fn a_follower_gets_a_link_and_the_answer(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let case = receipt.case;
        let new = act::NewFollower { text: "우리 집 앞도요.".into(), ..follower(case, by_email(2)) };
        let joined = w.act("resident", act::follow, new).await.unwrap();
        assert_eq!((joined.case, joined.number.as_str()), (case, receipt.number.as_str()));
        assert!(joined.token != receipt.token && !joined.again);
        let access = w.access(&joined.token).await;
        assert_eq!((access.case, access.party, access.kind), (case, joined.party, PartyKind::Follower));
        w.answer(case).await;
        w.run_jobs().await;
        let sent = w.outbox.all();
        let to = |whom: &str| -> Vec<&str> {
            sent.iter().filter(|it| it.to == whom).map(|it| it.body.as_str()).collect()
        };
        let (theirs, mine) = (to("resident2@example.kr"), to("01090000001"));
        assert_eq!((theirs.len(), mine.len(), sent.len()), (2, 2, 4));
        for (bodies, token) in [(&theirs, &joined.token), (&mine, &receipt.token)] {
            assert!(bodies.iter().all(|body| body.contains(&w_link(token))), "{bodies:?}");
        }
        assert!(theirs[1].contains("가로등을 고쳤습니다."), "the letter itself: {}", theirs[1]);
        assert_eq!(w.case(case).await.followers, 1);
        let late = w.act("resident", act::follow, follower(case, by_phone(3))).await;
        assert_eq!(code_of(late), "case.already_answered");
    }

    async fn each_party_sees_what_is_theirs(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let case = receipt.case;
        let joined = w.act("resident", act::follow, follower(case, by_email(2))).await.unwrap();
        let (mine, theirs) = (w.access(&receipt.token).await, w.access(&joined.token).await);
        w.act("resident", act::resident_reply, ResidentReply { access: mine, text: "비밀번호는 1234예요.".into() }).await.unwrap();
        w.act("officer", act::note, act::Note { case, text: "까다로운 분".into() }).await.unwrap();
        let draft = act::DraftAnswer { case, version: None, answer: crate::support::done("초안") };
        w.act("officer", act::draft_answer, draft).await.unwrap();
        let see = |access| w.see("resident", move |tx, ctx, know| read::resident_case(tx, ctx, know, &access));
        let seen = see(mine).await.unwrap().unwrap();
        assert_eq!(seen.body.as_deref(), Some("집 앞 가로등이 꺼져서 어두워요"));
        assert!(seen.petitioner && seen.can_reply && !seen.can_rate && !seen.can_reopen);
        assert_eq!((seen.unit_name.as_str(), seen.unit_phone.as_str()), ("도로과", "062-000-2000"));
        assert_eq!(seen.officer.as_deref(), Some("김도로"));
        let said = format!("{:?}", seen.steps);
        assert!(said.contains("비밀번호는 1234예요."));
        for hidden in ["까다로운 분", "초안"] {
            assert!(!said.contains(hidden), "{hidden} is for the staff: {said}");
        }
        let others = see(theirs).await.unwrap().unwrap();
        assert!(!others.petitioner);
        assert_eq!((others.body, others.answers.len(), others.photos.len()), (None, 0, 0));
        let said = format!("{:?}", others.steps);
        assert!(!said.contains("1234"), "what another party wrote is theirs: {said}");
    }

    async fn who_names_another_persons_telephone_gets_no_way_in(db: Db) {
        let w = World::new(db).await;
        let victim = w.received().await;
        for _ in 0..3 {
            // A telephone number that was only typed proves nothing.
            let guess = w.act("resident", act::follow, follower(victim.case, by_phone(1))).await;
            let Ok(guess) = guess else { continue };
            assert_ne!(guess.token, victim.token, "the petitioner's own link was given away");
            let access = w.access(&guess.token).await;
            assert_ne!(access.party, victim.party);
            assert_eq!(access.kind, PartyKind::Follower);
        }
        w.answer(victim.case).await;
        w.run_jobs().await;
        let sent = w.outbox.all();
        let answers = sent.iter().filter(|it| it.subject.contains("답변이 나왔어요")).count();
        assert_eq!(answers, 1, "one telephone gets the answer once");
        assert!(sent.len() <= 3, "nobody can have it rung again and again");
    }

    async fn an_answer_is_rated_once_by_each_party(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let joined = w.act("resident", act::follow, follower(receipt.case, by_email(2))).await.unwrap();
        let (mine, theirs) = (w.access(&receipt.token).await, w.access(&joined.token).await);
        let rate = |access, score| Rate { access, score, text: "고마워요".into() };
        assert_eq!(code_of(w.act("resident", act::rate, rate(mine, 5)).await), "rate.not_answered");
        w.answer(receipt.case).await;
        for score in [0, 6, -1] {
            assert_eq!(code_of(w.act("resident", act::rate, rate(mine, score)).await), "rate.no_such_score");
        }
        let long = Rate { text: "가".repeat(1_001), ..rate(mine, 3) };
        assert_eq!(code_of(w.act("resident", act::rate, long).await), "rate.too_long");
        assert_eq!(w.act("resident", act::rate, rate(mine, 4)).await.unwrap().satisfaction, Some(4));
        assert_eq!(code_of(w.act("resident", act::rate, rate(mine, 5)).await), "rate.again");
        assert_eq!(w.case(receipt.case).await.satisfaction, Some(4));
        w.act("resident", act::rate, rate(theirs, 2)).await.unwrap();
        // Another answer is rated anew.
        let again = act::Reopen { case: receipt.case, version: None, reason: "다시".into() };
        w.act("officer", act::reopen, again).await.unwrap();
        assert_eq!(code_of(w.act("resident", act::rate, rate(mine, 1)).await), "rate.not_answered");
        w.answer(receipt.case).await;
        w.act("resident", act::rate, rate(mine, 5)).await.unwrap();
    }

    async fn a_party_has_it_opened_again_within_thirty_days(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let access = w.access(&receipt.token).await;
        let again = || ResidentReopen { access, reason: "아직 어두워요.".into() };
        let reopen = |w: World, input| async move { w.act("resident", act::resident_reopen, input).await };
        assert_eq!(code_of(reopen(w.clone(), again()).await), "reopen.still_open");
        w.answer(receipt.case).await;
        let silent = ResidentReopen { reason: String::new(), ..again() };
        assert_eq!(code_of(reopen(w.clone(), silent).await), "reopen.reason_missing");
        let can = |w: World| async move {
            let seen = w.see("resident", move |tx, ctx, know| read::resident_case(tx, ctx, know, &access));
            let seen = seen.await.unwrap().unwrap();
            assert_eq!(seen.reopen_until, "2026-07-08".parse().ok());
            seen.can_reopen
        };
        w.set_time("2026-07-09T00:00");
        assert!(!can(w.clone()).await);
        assert_eq!(code_of(reopen(w.clone(), again()).await), "reopen.too_late");
        w.set_time("2026-07-08T23:59");
        assert!(can(w.clone()).await);
        let open = reopen(w.clone(), again()).await.unwrap();
        assert_eq!((open.state, open.reopened, open.outcome, open.closed_at), (State::Working, 1, None, None));
        assert_eq!(open.assignee, Some(w.staff("head")));
        // Counted anew: in the night of the 8th, that day still is the first.
        assert_eq!(open.due.as_ref().unwrap().at, at("2026-07-16T18:00"));
        let Event::Reopened(why) = &events(&w.db, receipt.case).await.last().unwrap().event.clone() else { panic!() };
        assert_eq!((why.party, why.reason.as_str()), (Some(receipt.party), "아직 어두워요."));
    }

    async fn a_link_opens_its_own_case_only(db: Db) {
        let w = World::new(db).await;
        let one = w.received().await;
        let two = w.receive(NewCase { who: Who::Anonymous, ..w.report().await }).await;
        assert_eq!(w.access(&one.token).await.case, one.case);
        let unnamed = w.access(&two.token).await;
        assert_eq!((unnamed.case, unnamed.anonymous), (two.case, true));
        for wrong in ["", "0", &one.token[1..], &one.token.to_uppercase(), &"0".repeat(32)] {
            assert_eq!(w.access_now(wrong).await, None, "{wrong}");
        }
    }
}

fn w_link(token: &str) -> String {
    format!("https://maeul.example/o/onnuri/c/{token}")
}
