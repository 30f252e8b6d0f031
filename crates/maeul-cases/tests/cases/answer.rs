//! Answering: every part the law asks for, approved by whoever may, and honest outcomes.

use maeul_base::Failure;
use maeul_cases::act::{
    self, AnswerRefusal, Approve, Ask, Assign, DraftAnswer, ReturnDraft, Submit, Take,
};
use maeul_cases::{Answer, Case, Event, Outcome, State, jobs, read};
use maeul_db::{Db, both_engines};

use crate::support::{World, at, by_email, code_of, done, events, follower, kinds, steps};

async fn drafted(w: &World, answer: Answer) -> maeul_base::CaseId {
    let case = w.received().await.case;
    w.act("officer", act::take, Take { case, version: None }).await.unwrap();
    let draft = DraftAnswer { case, version: None, answer };
    w.act("officer", act::draft_answer, draft).await.unwrap();
    case
}

async fn approve(
    w: &World,
    who: &str,
    case: maeul_base::CaseId,
    answer: Option<Answer>,
) -> Result<Case, Failure<AnswerRefusal>> {
    w.act(who, act::approve_and_answer, Approve { case, version: None, answer }).await
}

both_engines! { steps();
    async fn each_outcome_has_its_required_parts(db: Db) {
        let w = World::new(db).await;
        let with = |outcome, result: &str, reason: &str, remedy: &str, review: &str| Answer {
            outcome,
            result: result.into(),
            reason: reason.into(),
            remedy: remedy.into(),
            review_on: review.parse().ok(),
            template: None,
        };
        use Outcome::{Done, LongTerm, NeedsBudget, Refused};
        let table = [
            (with(Done, " \n", "", "", ""), Some("answer.result_missing")),
            (with(Done, "고쳤습니다.", "", "", ""), None),
            (with(Refused, "", "사유지", "재심", ""), Some("answer.result_missing")),
            (with(Refused, "할 수 없습니다.", "", "재심", ""), Some("answer.reason_missing")),
            (with(Refused, "할 수 없습니다.", "사유지", "", ""), Some("answer.remedy_missing")),
            (with(Refused, "할 수 없습니다.", "사유지", "재심", ""), None),
            (with(LongTerm, "검토합니다.", "", "", ""), Some("answer.review_missing")),
            (with(LongTerm, "검토합니다.", "", "", "2026-06-08"), Some("answer.review_past")),
            (with(LongTerm, "검토합니다.", "", "", "2026-06-09"), None),
            (with(NeedsBudget, "예산이 있어야 합니다.", "", "", ""), None),
        ];
        for (answer, refused) in table {
            let what = format!("{answer:?}");
            let case = drafted(&w, answer.clone()).await;
            let submitted = w.act("officer", act::submit_for_approval, Submit { case, version: None }).await;
            let direct = match refused {
                Some(code) => {
                    assert_eq!(code_of(submitted), code, "{what}");
                    let direct = approve(&w, "head", case, Some(answer)).await;
                    assert_eq!(code_of(direct), code, "{what}");
                    continue;
                }
                None => {
                    submitted.unwrap();
                    approve(&w, "head", case, None).await.unwrap()
                }
            };
            assert_eq!((direct.state, direct.outcome), (State::Closed, Some(answer.outcome)));
            assert_eq!(direct.review_on, answer.review_on);
        }
        let long = done(&"가".repeat(4_001));
        let case = w.received().await.case;
        assert_eq!(code_of(approve(&w, "head", case, Some(long)).await), "answer.too_long");
    }

    async fn the_letter_says_who_answers(db: Db) {
        let w = World::new(db).await;
        let refused = Answer {
            outcome: Outcome::Refused,
            reason: "사유지의 등입니다.".into(),
            remedy: "60일 안에 이의를 신청하실 수 있습니다.".into(),
            ..done("이 등은 구청에서 고칠 수 없습니다.")
        };
        let case = drafted(&w, refused).await;
        let answered = approve(&w, "head", case, None).await.unwrap();
        let letter = answered.answer.unwrap();
        for part in [
            answered.number.as_str(), "처리 불가", "이 등은 구청에서 고칠 수 없습니다.", "사유지의 등입니다.",
            "60일 안에 이의를 신청하실 수 있습니다.", "김도로", "도로과", "062-000-2101",
        ] {
            assert!(letter.contains(part), "{part} is not in:\n{letter}");
        }
        assert_eq!(answered.assignee, Some(w.staff("officer")), "who wrote it signs, not who approved");
        // An officer without a telephone of their own: the unit's.
        let case = w.received().await.case;
        w.act("second", act::take, Take { case, version: None }).await.unwrap();
        let letter = approve(&w, "head", case, Some(done("고쳤습니다."))).await.unwrap().answer.unwrap();
        assert!(letter.contains("도로과 이도로 (전화 062-000-2000)"), "{letter}");
        // A reason typed for another outcome does not go out.
        let case = w.received().await.case;
        let mixed = Answer { remedy: "재심".into(), review_on: "2026-07-01".parse().ok(), ..done("고쳤습니다.") };
        let answered = approve(&w, "head", case, Some(mixed)).await.unwrap();
        assert!(!answered.answer.unwrap().contains("재심"));
        assert_eq!(answered.review_on, None);
    }

    async fn draft_approval_return_approval_answer(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let submit = Submit { case, version: None };
        assert_eq!(code_of(w.act("officer", act::submit_for_approval, submit).await), "answer.no_draft");
        assert_eq!(code_of(approve(&w, "head", case, None).await), "answer.no_draft");
        let draft = |text: &str| DraftAnswer { case, version: None, answer: done(text) };
        let first = w.act("officer", act::draft_answer, draft("고침")).await.unwrap();
        assert_eq!((first.state, first.assignee), (State::Working, Some(w.staff("officer"))));
        let same = w.act("officer", act::draft_answer, draft("고침")).await.unwrap();
        assert_eq!(same.version, first.version, "the same draft again is no news");
        let back = |reason: &str| ReturnDraft { case, version: None, reason: reason.into() };
        assert_eq!(code_of(w.act("head", act::return_draft, back("짧음")).await), "return.not_submitted");
        assert_eq!(w.act("officer", act::submit_for_approval, submit).await.unwrap().state, State::Approval);

        assert_eq!(code_of(approve(&w, "officer", case, None).await), "answer.not_allowed");
        assert_eq!(code_of(approve(&w, "officer", case, Some(done("몰래"))).await), "answer.not_allowed");
        assert_eq!(code_of(w.act("officer", act::return_draft, back("짧음")).await), "return.not_allowed");
        assert_eq!(code_of(w.act("head", act::return_draft, back(" ")).await), "return.reason_missing");

        let returned = w.act("head", act::return_draft, back("날짜를 적어 주십시오.")).await.unwrap();
        assert_eq!(returned.state, State::Working);
        w.act("officer", act::draft_answer, draft("6월 8일에 고쳤습니다.")).await.unwrap();
        w.act("officer", act::submit_for_approval, submit).await.unwrap();
        // A draft changed after it was handed in must be handed in again.
        let changed = w.act("officer", act::draft_answer, draft("6월 9일에 고쳤습니다.")).await.unwrap();
        assert_eq!(changed.state, State::Working);
        w.act("officer", act::submit_for_approval, submit).await.unwrap();
        let answered = approve(&w, "head", case, None).await.unwrap();
        assert!(answered.answer.unwrap().contains("6월 9일에 고쳤습니다."));
        assert_eq!(answered.draft, None);
        assert_eq!(kinds(&w.db, case).await, [
            "received", "routed", "taken", "drafted", "submitted", "returned", "drafted",
            "submitted", "drafted", "submitted", "answered",
        ]);
        // What is answered is answered.
        assert_eq!(code_of(approve(&w, "head", case, Some(done("또"))).await), "case.already_answered");
        let again = w.act("officer", act::take, Take { case, version: None }).await;
        assert_eq!(code_of(again), "case.already_answered");
    }

    async fn a_long_term_answer_is_looked_at_again_on_its_day(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let case = receipt.case;
        let long = Answer {
            outcome: Outcome::LongTerm,
            review_on: "2026-09-01".parse().ok(),
            ..done("내년 공사 때 함께 검토합니다.")
        };
        approve(&w, "head", case, Some(long)).await.unwrap();
        w.run_jobs().await;
        w.outbox.take();
        w.set_time("2026-08-31T23:59");
        w.run_job(jobs::REVIEW_DUE).await;
        assert_eq!(w.case(case).await.state, State::Closed);
        w.set_time("2026-09-01T06:00");
        w.run_job(jobs::REVIEW_DUE).await;
        w.run_job(jobs::REVIEW_DUE).await;
        let open = w.case(case).await;
        assert_eq!((open.state, open.reopened, open.review_on), (State::Working, 1, None));
        assert_eq!(open.assignee, Some(w.staff("head")));
        // Counted anew, from six in the morning: that day is the first.
        assert_eq!(open.due.unwrap().at, at("2026-09-09T18:00"));
        let Event::Reopened(why) = &events(&w.db, case).await.last().unwrap().event.clone() else { panic!() };
        assert!(why.reason.contains("2026. 9. 1.(화)"), "{}", why.reason);
        let told = w.outbox.take();
        assert_eq!(told.len(), 1, "told once though the job ran twice");
        assert!(told[0].subject.contains("다시 살펴봐요"));
    }

    async fn a_question_and_its_reply(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let case = receipt.case;
        let access = w.access(&receipt.token).await;
        let question = |w: World| async move {
            let seen = w.see("resident", move |tx, ctx, know| read::resident_case(tx, ctx, know, &access));
            seen.await.unwrap().unwrap().question
        };
        let ask = |text: &str| Ask { case, version: None, text: text.into() };
        assert_eq!(code_of(w.act("officer", act::ask, ask("")).await), "ask.missing");
        let asked = w.act("officer", act::ask, ask("몇 번 등인가요?")).await.unwrap();
        assert_eq!((asked.state, asked.assignee), (State::Waiting, Some(w.staff("officer"))));
        assert_eq!(asked.due.as_ref(), receipt.due.as_deref(), "the clock runs on");
        assert_eq!(question(w.clone()).await.as_deref(), Some("몇 번 등인가요?"));

        // What a follower writes answers no question that was put to the petitioner.
        let joined = w.act("resident", act::follow, follower(case, by_email(2))).await.unwrap();
        let follows = w.access(&joined.token).await;
        let reply = |access, text: &str| act::ResidentReply { access, text: text.into() };
        let by_follower = w.act("resident", act::resident_reply, reply(follows, "저도요.")).await.unwrap();
        assert_eq!(by_follower.state, State::Waiting);
        assert_eq!(question(w.clone()).await.as_deref(), Some("몇 번 등인가요?"));

        assert_eq!(code_of(w.act("resident", act::resident_reply, reply(access, "  ")).await), "reply.missing");
        let replied = w.act("resident", act::resident_reply, reply(access, "12번이에요.")).await.unwrap();
        assert_eq!(replied.state, State::Working);
        assert_eq!(question(w.clone()).await, None);
        w.answer(case).await;
        assert_eq!(code_of(w.act("resident", act::resident_reply, reply(access, "또")).await), "reply.answered");

        let unnamed = act::NewCase { who: act::Who::Anonymous, ..w.report().await };
        let unnamed = w.receive(unnamed).await.case;
        let asked = w.act("officer", act::ask, Ask { case: unnamed, version: None, text: "?".into() }).await;
        assert_eq!(code_of(asked), "ask.unreachable");
    }

    async fn only_people_of_the_unit_are_given_its_cases(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let to = |login: &str| Assign { case, version: None, to: w.staff(login) };
        assert_eq!(code_of(w.act("head", act::assign, to("other")).await), "assign.not_of_unit");
        assert_eq!(code_of(w.act("head", act::assign, to("administrator")).await), "assign.works_no_cases");
        let given = w.act("head", act::assign, to("second")).await.unwrap();
        assert_eq!((given.assignee, given.state), (Some(w.staff("second")), State::Working));
        assert_eq!(w.act("head", act::assign, to("second")).await.unwrap().version, given.version);
        assert_eq!(code_of(w.act("officer", act::take, Take { case, version: None }).await), "take.taken");
        let page = w.see("head", move |tx, ctx, know| read::case_page(tx, ctx, know, case)).await.unwrap();
        let names: Vec<&str> = page.colleagues.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["김도로", "이도로", "박과장"]);
        assert_eq!(page.assignee_name.as_deref(), Some("이도로"));
    }

    async fn a_template_is_filled_in_for_the_case(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        w.act("officer", act::take, Take { case, version: None }).await.unwrap();
        let fill = |code: &'static str| w.see("head", move |tx, ctx, know| read::template(tx, ctx, know, code, case));
        let answer = fill("repaired").await.unwrap().unwrap();
        assert_eq!(answer.result, "가람동 은행나무 앞의 가로등 고장을(를) 고쳤습니다. 도로과 김도로");
        assert_eq!((answer.outcome, answer.template.as_deref()), (Outcome::Done, Some("repaired")));
        assert_eq!(fill("nothing").await.unwrap(), None);
    }
}
