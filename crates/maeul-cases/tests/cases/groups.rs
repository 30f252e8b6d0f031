//! Groups of the same matter across channels: found by a job, joined or told apart by people; and
//! every petitioner has an answer of their own.

use jiff::SignedDuration;
use maeul_base::{CaseId, Lang};
use maeul_cases::act::{self, Apart, Join, NewCase, Who};
use maeul_cases::{Channel, Event, State, jobs, read, testing};
use maeul_db::{Db, both_engines};

use crate::support::{OFFICE, World, by_phone, code_of, done, events, steps};

/// The same lamp by three people over three ways, and something else beside it.
async fn reports(w: &World) -> [CaseId; 4] {
    let tell = |n: u32, body: &str, channel, lang| {
        let body = body.to_owned();
        async move {
            let new =
                NewCase { body, channel, lang, who: Who::Named(by_phone(n)), ..w.report().await };
            {
                let who = if channel == Channel::Web { "resident" } else { "officer" };
                w.act(who, act::receive, new).await.unwrap().case
            }
        }
    };
    let one = tell(1, "은행나무 앞 가로등이 꺼졌어요", Channel::Web, Lang::Ko).await;
    w.set_time("2026-06-08T11:00");
    let two = tell(2, "가로등 불이 안 들어옵니다", Channel::Phone, Lang::Ko).await;
    w.set_time("2026-06-08T12:00");
    let three = tell(3, "여기 가로등 나갔어요. 어두워요", Channel::Counter, Lang::En).await;
    w.set_time("2026-06-08T13:00");
    let else_ = tell(4, "쓰레기가 쌓여 있어요", Channel::Web, Lang::Ko).await;
    [one, two, three, else_]
}

async fn all_groups(w: &World, who: &str) -> Vec<read::Group> {
    w.see(who, |tx, ctx, know| read::groups(tx, ctx, know, 0)).await.unwrap().groups
}

async fn groups(w: &World, who: &str) -> Vec<Vec<CaseId>> {
    let found = all_groups(w, who).await;
    found.iter().map(|group| group.members.iter().map(|it| it.row.id).collect()).collect()
}

both_engines! { steps();
    async fn a_job_finds_what_people_join(db: Db) {
        let w = World::new(db).await;
        let [one, two, three, other] = reports(&w).await;
        assert!(groups(&w, "coordinator").await.is_empty(), "nothing is looked for while a page waits");
        w.run_job(jobs::FIND_GROUPS).await;
        assert_eq!(groups(&w, "coordinator").await, [vec![one, two, three]]);
        assert_eq!(groups(&w, "officer").await, [vec![one, two, three]]);
        assert!(groups(&w, "other").await.is_empty(), "another unit's work");
        let found = all_groups(&w, "officer").await;
        let last = &found[0].members[2];
        assert!(last.score >= 600 && last.why.contains("같은 곳"), "{last:?}");

        let refused = w.act("other", act::join, Join { case: two, lead: one }).await;
        assert_eq!(code_of(refused), "case.not_found");
        assert_eq!(code_of(w.act("officer", act::join, Join { case: one, lead: one }).await), "join.itself");
        let (ctx, know) = (w.ctx("officer"), w.know().await);
        let joined = w.db.write(move |tx| act::join_groups(tx, &ctx, &know, &[two, one])).await.unwrap();
        assert_eq!(joined.iter().map(|it| (it.case, it.done.clone())).collect::<Vec<_>>(), [(two, Ok(()))], "to the oldest");
        // One chosen alone comes to the case the others are joined to.
        let (ctx, know) = (w.ctx("officer"), w.know().await);
        let joined = w.db.write(move |tx| act::join_groups(tx, &ctx, &know, &[three])).await.unwrap();
        assert!(joined[0].done.is_ok(), "{joined:?}");
        assert_eq!(code_of(w.act("officer", act::join, Join { case: three, lead: two }).await), "join.already");
        let page = w.see("officer", move |tx, ctx, know| read::case_page(tx, ctx, know, one)).await.unwrap();
        assert_eq!(page.together.with.iter().map(|it| it.id).collect::<Vec<_>>(), [two, three]);
        let Event::Joined(tied) = &events(&w.db, two).await.last().unwrap().event.clone() else { panic!() };
        assert_eq!(tied.lead, one);
        assert!(!found[0].members.iter().any(|it| it.row.id == other));
    }

    async fn a_large_group_is_shown_in_part_and_what_is_undecided_first(db: Db) {
        let w = World::new(db).await;
        let mut cases = Vec::new();
        for n in 0..52 {
            let body = "은행나무 앞 가로등이 꺼졌어요".to_owned();
            let new = NewCase { body, who: Who::Named(by_phone(n)), ..w.report().await };
            cases.push(w.act("resident", act::receive, new).await.unwrap().case);
            w.pass(SignedDuration::from_mins(1));
        }
        let (ctx, know) = (w.ctx("officer"), w.know().await);
        let five: Vec<CaseId> = cases[..5].to_vec();
        w.run_job(jobs::FIND_GROUPS).await;
        let found = all_groups(&w, "officer").await;
        assert_eq!(groups(&w, "officer").await, [cases[..25].to_vec()], "the oldest");
        assert!(found[0].more);
        w.db.write(move |tx| act::join_groups(tx, &ctx, &know, &five)).await.unwrap();
        // The oldest leads the four others, which go behind those nobody decided on.
        let shown = [&cases[..1], &cases[5..29]].concat();
        assert_eq!(groups(&w, "officer").await, [shown], "what is decided makes room");
        let (ctx, know) = (w.ctx("officer"), w.know().await);
        let most: Vec<CaseId> = cases[..40].to_vec();
        w.db.write(move |tx| act::join_groups(tx, &ctx, &know, &most)).await.unwrap();
        let shown = [&cases[..1], &cases[40..], &cases[1..13]].concat();
        assert_eq!(groups(&w, "officer").await, [shown], "and comes behind the rest");
    }

    async fn groups_come_some_at_a_time(db: Db) {
        let w = World::new(db).await;
        let mut ids = Vec::new();
        for n in 0..26 {
            ids.push(w.act("resident", act::receive, w.report().await).await.unwrap().case);
            w.pass(SignedDuration::from_mins(n.into()));
        }
        // Thirteen pairs: two of the first are decided already.
        let pairs: Vec<(CaseId, CaseId)> = ids.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        let lines = pairs.clone();
        w.db.write(move |tx| testing::put_groups(tx, OFFICE, &lines)).await.unwrap();
        let (first, second) = pairs[0];
        w.act("officer", act::join, Join { case: second, lead: first }).await.unwrap();
        let shown = async |from: usize| {
            let found = w.see("officer", move |tx, ctx, know| read::groups(tx, ctx, know, from)).await.unwrap();
            let ids: Vec<CaseId> = found.groups.iter().map(|group| group.id).collect();
            (ids, found.from, found.all)
        };
        let leads: Vec<CaseId> = pairs.iter().map(|(lead, _)| *lead).collect();
        assert_eq!(shown(0).await, (leads[1..11].to_vec(), 0, 13));
        let rest = [&leads[11..], &leads[..1]].concat();
        assert_eq!(shown(10).await, (rest.clone(), 10, 13), "what is decided comes last");
        assert_eq!(shown(13).await, (rest.clone(), 10, 13), "as far as there are any");
        assert_eq!(shown(usize::MAX).await, (rest, 10, 13));
    }

    async fn everyone_has_an_answer_of_their_own(db: Db) {
        let w = World::new(db).await;
        let [one, two, three, other] = reports(&w).await;
        for case in [two, three] {
            w.act("officer", act::join, Join { case, lead: one }).await.unwrap();
        }
        w.run_jobs().await;
        let before = w.outbox.all().len();
        w.set_time("2026-06-09T10:00");
        w.answer(one).await;
        for (case, greeting) in [(two, "안녕하십니까"), (three, "Our answer to your petition")] {
            let case = w.case(case).await;
            assert_eq!(case.state, State::Closed);
            let letter = case.answer.unwrap();
            assert!(letter.contains(&case.number), "its own number: {letter}");
            assert!(letter.contains("가로등을 고쳤습니다."), "{letter}");
            assert!(letter.contains(greeting), "in its own language: {letter}");
        }
        assert_ne!(w.case(other).await.state, State::Closed, "it was never joined");
        w.run_jobs().await;
        let told: Vec<String> = w.outbox.all().into_iter().skip(before).map(|it| it.to).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        let rows = w.db.read(|tx| testing::rows_and_rebuilt(tx, OFFICE)).await.unwrap();
        assert!(rows.iter().all(|(row, rebuilt)| row == rebuilt));
    }

    async fn what_is_another_matter_stays_apart(db: Db) {
        let w = World::new(db).await;
        let [one, two, three, _] = reports(&w).await;
        w.run_job(jobs::FIND_GROUPS).await;
        assert_eq!(code_of(w.act("other", act::keep_apart, Apart { cases: vec![three] }).await), "case.not_found");
        w.act("officer", act::keep_apart, Apart { cases: vec![three] }).await.unwrap();
        assert_eq!(groups(&w, "officer").await, [vec![one, two]], "at once");
        w.run_job(jobs::FIND_GROUPS).await;
        assert_eq!(groups(&w, "officer").await, [vec![one, two]], "and when it is looked for again");
        // Parting: it is answered by itself.
        w.act("officer", act::join, Join { case: two, lead: one }).await.unwrap();
        w.act("officer", act::part, two).await.unwrap();
        assert_eq!(code_of(w.act("officer", act::part, two).await), "join.not_joined");
        let close = act::Approve { case: one, version: None, answer: Some(done("고쳤습니다.")) };
        w.act("coordinator", act::approve_and_answer, close).await.unwrap();
        assert_ne!(w.case(two).await.state, State::Closed);
        w.run_job(jobs::FIND_GROUPS).await;
        assert!(groups(&w, "officer").await.is_empty(), "one is answered");
    }

    async fn what_is_joined_comes_with_its_lead(db: Db) {
        let w = World::new(db).await;
        let [one, two, three, _] = reports(&w).await;
        w.act("officer", act::join, Join { case: three, lead: two }).await.unwrap();
        w.act("officer", act::join, Join { case: two, lead: one }).await.unwrap();
        let page = w.see("officer", move |tx, ctx, know| read::case_page(tx, ctx, know, three)).await.unwrap();
        assert_eq!(page.together.lead.unwrap().id, one);
        assert_eq!(code_of(w.act("officer", act::join, Join { case: one, lead: three }).await), "join.itself");
    }
}
