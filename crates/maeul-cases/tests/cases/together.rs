//! Two people at once: the second is told, nothing is overwritten.

use maeul_cases::act::{
    self, Approve, Ask, Assign, AssignMany, DraftAnswer, Note, Reassign, ReassignMany, Reclassify,
    Relocate, Submit, Take,
};
use maeul_cases::{State, read};
use maeul_db::{Db, both_engines};

use crate::support::{World, code_of, done, events, kinds, steps};

const MEANWHILE: &str = "case.changed_meanwhile";

both_engines! { steps();
    async fn the_second_of_two_officers_is_told(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let seen = w.case(case).await.version;
        assert_eq!(seen, 2);
        let version = Some(seen);
        w.act("officer", act::take, Take { case, version }).await.unwrap();
        let after = w.case(case).await;
        assert_eq!(after.version, 3);

        // Every act that says which version it saw.
        let answer = done("고쳤습니다.");
        let reason = || "까닭".to_owned();
        let second = [
            code_of(w.act("second", act::take, Take { case, version }).await),
            code_of(w.act("second", act::assign, Assign { case, version, to: w.staff("second") }).await),
            code_of(w.act("second", act::reassign, Reassign { case, version, to: Some(w.unit("cleaning")), reason: reason() }).await),
            code_of(w.act("second", act::ask, Ask { case, version, text: reason() }).await),
            code_of(w.act("second", act::draft_answer, DraftAnswer { case, version, answer: answer.clone() }).await),
            code_of(w.act("second", act::relocate, Relocate { case, version, point: None, dong: None, place: "다른 곳".into(), reason: reason() }).await),
            code_of(w.act("second", act::reclassify, Reclassify { case, version, service: None, reason: reason() }).await),
            code_of(w.act("head", act::approve_and_answer, Approve { case, version, answer: Some(answer.clone()) }).await),
        ];
        assert_eq!(second, [MEANWHILE; 8]);
        assert_eq!(w.case(case).await, after, "nothing was overwritten");

        let version = Some(after.version);
        w.act("officer", act::draft_answer, DraftAnswer { case, version, answer }).await.unwrap();
        assert_eq!(code_of(w.act("head", act::submit_for_approval, Submit { case, version }).await), MEANWHILE);
        // A note changes nothing another could overwrite: it needs no version.
        w.act("second", act::note, Note { case, text: "메모".into() }).await.unwrap();
        assert_eq!(kinds(&w.db, case).await, ["received", "routed", "taken", "drafted", "noted"]);
    }

    async fn of_eight_at_the_same_moment_one_wins(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let mut racing = Vec::new();
        for n in 0..8 {
            let (w, who) = (w.clone(), if n % 2 == 0 { "officer" } else { "second" });
            let answer = done(&format!("답변 {n}"));
            let draft = DraftAnswer { case, version: Some(2), answer };
            racing.push(tokio::spawn(async move { w.act(who, act::draft_answer, draft).await }));
        }
        let (mut won, mut told) = (Vec::new(), 0);
        for one in racing {
            match one.await.unwrap() {
                Ok(case) => won.push(case),
                refused => {
                    assert_eq!(code_of(refused), MEANWHILE);
                    told += 1;
                }
            }
        }
        assert_eq!((won.len(), told), (1, 7));
        let kept = w.case(case).await;
        assert_eq!(kept, won[0]);
        let sequence: Vec<i64> = events(&w.db, case).await.iter().map(|it| it.seq).collect();
        assert_eq!(sequence, [1, 2, 3, 4]);
    }

    async fn without_a_version_acts_at_the_same_moment_all_count(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let mut writing = Vec::new();
        for n in 0..8 {
            let (w, note) = (w.clone(), Note { case, text: format!("메모 {n}") });
            writing.push(tokio::spawn(async move { w.act("officer", act::note, note).await }));
        }
        for one in writing {
            one.await.unwrap().unwrap();
        }
        assert_eq!(w.case(case).await.version, 10);
        assert_eq!(events(&w.db, case).await.len(), 10);
    }

    async fn many_at_once_each_go_by_themselves(db: Db) {
        let w = World::new(db).await;
        let first = w.received().await;
        let second = w.received().await;
        let mine = w.received().await;
        w.act("second", act::take, Take { case: second.case, version: None }).await.unwrap();
        let cases = vec![first.case, second.case, mine.case, first.case, maeul_base::CaseId(uuid::Uuid::nil())];
        let (ctx, know) = (w.ctx("officer"), w.know().await);
        let taken = w.db.write(move |tx| act::take_many(tx, &ctx, &know, &cases)).await.unwrap();
        let went: Vec<bool> = taken.iter().map(|it| it.done.is_ok()).collect();
        assert_eq!(went, [true, false, true, false], "the same case twice is one");
        assert_eq!(taken[0].number.as_deref(), Some(first.number.as_str()));
        assert_eq!(taken[3].number, None);
        assert!(taken[1].done.as_ref().unwrap_err().contains("다른 담당자"));
        assert_eq!(w.case(second.case).await.assignee, Some(w.staff("second")));

        let (ctx, know) = (w.ctx("head"), w.know().await);
        let input = AssignMany { cases: vec![first.case, second.case], to: w.staff("second") };
        let given = w.db.write(move |tx| act::assign_many(tx, &ctx, &know, &input)).await.unwrap();
        assert!(given.iter().all(|it| it.done.is_ok()));
        let (ctx, know) = (w.ctx("head"), w.know().await);
        let input = ReassignMany { cases: vec![first.case, mine.case], to: Some(w.unit("cleaning")), reason: "청소 일".into() };
        let passed = w.db.write(move |tx| act::reassign_many(tx, &ctx, &know, &input)).await.unwrap();
        assert!(passed.iter().all(|it| it.done.is_ok()));
        assert_eq!(w.case(first.case).await.unit, Some(w.unit("cleaning")));
        assert_eq!(w.case(first.case).await.state, State::Received);
        let theirs = w.see("other", |tx, ctx, know| read::queue(tx, ctx, know, read::Queue::Unit, None, 10));
        assert_eq!(theirs.await.unwrap().rows.len(), 2);
    }
}
