//! The way in without the link: number, contact and a one-time code.

use jiff::SignedDuration;
use maeul_cases::act::{self, CodeOutcome, CodeRefusal, CodeSent, RequestCode, VerifyCode};
use maeul_db::{Db, both_engines};

use crate::support::{World, by_email, by_phone, code_of, count, steps};

const PHONE: &str = "010-9000-0001";

async fn ask(w: &World, number: &str, contact: &str) -> CodeSent {
    let input = RequestCode { number: number.into(), contact: contact.into() };
    w.act("resident", act::request_code, input).await.unwrap()
}

async fn try_code(w: &World, number: &str, contact: &str, code: &str) -> CodeOutcome {
    let input = VerifyCode { number: number.into(), contact: contact.into(), code: code.into() };
    w.act("resident", act::verify_code, input).await.unwrap()
}

/// The code in the newest message that holds one.
async fn code_in_message(w: &World) -> String {
    w.run_jobs().await;
    let codes: Vec<_> =
        w.outbox.all().into_iter().filter(|it| it.subject.contains("확인번호")).collect();
    let newest = codes.iter().max_by_key(|it| it.queued_at).unwrap();
    assert!(!newest.body.contains("http"), "a code stands beside no link: {}", newest.body);
    let digits: String =
        newest.body.chars().skip_while(|it| !it.is_ascii_digit()).take(6).collect();
    assert!(digits.len() == 6 && digits.bytes().all(|it| it.is_ascii_digit()), "{}", newest.body);
    digits
}

/// Another code of six digits.
fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

const WRONG: CodeOutcome = CodeOutcome::Refused(CodeRefusal::Wrong);

both_engines! { steps();
    async fn a_code_opens_the_case_once_for_two_hours(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let sent = ask(&w, &receipt.number, PHONE).await;
        assert!(sent.to.contains('*') && !sent.to.contains("9000-0001"), "{}", sent.to);
        let code = code_in_message(&w).await;
        assert_eq!(try_code(&w, &receipt.number, PHONE, &another(&code)).await, WRONG);
        w.pass(SignedDuration::from_secs(599));
        // Typed as people type.
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        let number = receipt.number.replace('-', " ");
        let CodeOutcome::Opened { case, token } = try_code(&w, &number, "+82 10 9000 0001", &spaced).await else {
            panic!("the right code was refused");
        };
        assert_eq!(case, receipt.case);
        assert_ne!(token, receipt.token);
        assert_eq!(w.access(&token).await.party, receipt.party);
        assert_eq!(try_code(&w, &receipt.number, PHONE, &code).await, WRONG, "it opens once");
        w.pass(SignedDuration::from_secs(2 * 3_600 - 1));
        assert!(w.access_now(&token).await.is_some());
        w.pass(SignedDuration::from_secs(1));
        assert_eq!(w.access_now(&token).await, None);
        w.run_job(maeul_cases::jobs::EXPIRE_DRAFTS).await;
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_access").await, 1, "the link stays");
        assert!(w.access_now(&receipt.token).await.is_some());
    }

    async fn a_code_ends_after_ten_minutes(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        ask(&w, &receipt.number, PHONE).await;
        let code = code_in_message(&w).await;
        w.pass(SignedDuration::from_mins(10));
        assert_eq!(try_code(&w, &receipt.number, PHONE, &code).await, WRONG);
    }

    async fn after_five_wrong_tries_the_right_code_is_wrong(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        ask(&w, &receipt.number, PHONE).await;
        let code = code_in_message(&w).await;
        for _ in 0..4 {
            assert_eq!(try_code(&w, &receipt.number, PHONE, &another(&code)).await, WRONG);
        }
        // Four wrong tries leave one.
        let kept = count(&w.db, "SELECT CAST(sum(attempts) AS bigint) FROM cases_code").await;
        assert_eq!(kept, 4);
        assert_eq!(try_code(&w, &receipt.number, PHONE, "").await, WRONG);
        assert_eq!(try_code(&w, &receipt.number, PHONE, &code).await, WRONG);
        w.pass(SignedDuration::from_secs(1));
        ask(&w, &receipt.number, PHONE).await;
        let code = code_in_message(&w).await;
        assert!(matches!(try_code(&w, &receipt.number, PHONE, &code).await, CodeOutcome::Opened { .. }));
    }

    async fn whether_a_case_exists_is_not_told(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let other = w.received_from(by_email(2)).await;
        w.run_jobs().await;
        w.outbox.take();
        let unused = maeul_cases::CaseNumber::new(2026, "온누리", 4_321).unwrap().to_string();
        let known = ask(&w, &receipt.number, PHONE).await;
        w.run_jobs().await;
        assert_eq!(w.outbox.take().len(), 1);
        for (number, contact) in [(&unused, PHONE), (&other.number, PHONE), (&receipt.number, "010-9000-0009"), (&receipt.number, "resident2@example.kr")] {
            let sent = ask(&w, number, contact).await;
            assert!(contact != PHONE || sent == known, "the same answer: {sent:?}");
            assert_eq!(try_code(&w, number, contact, "123456").await, WRONG);
        }
        w.run_jobs().await;
        assert!(w.outbox.take().is_empty());
        assert_eq!(count(&w.db, "SELECT count(*) FROM cases_code").await, 1);
    }

    async fn one_persons_code_opens_nothing_of_another(db: Db) {
        let w = World::new(db).await;
        let (one, two) = (w.received().await, w.received_from(by_phone(2)).await);
        ask(&w, &one.number, PHONE).await;
        let code = code_in_message(&w).await;
        w.pass(SignedDuration::from_secs(1));
        ask(&w, &two.number, "010-9000-0002").await;
        assert_eq!(try_code(&w, &two.number, "010-9000-0002", &code).await, WRONG);
        assert_eq!(try_code(&w, &two.number, PHONE, &code).await, WRONG);
    }

    async fn five_codes_an_hour(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        w.run_jobs().await;
        w.outbox.take();
        for _ in 0..7 {
            ask(&w, &receipt.number, PHONE).await;
            w.pass(SignedDuration::from_mins(1));
        }
        w.run_jobs().await;
        assert_eq!(w.outbox.take().len(), 5);
        w.set_time("2026-06-08T11:30");
        ask(&w, &receipt.number, PHONE).await;
        w.run_jobs().await;
        assert_eq!(w.outbox.take().len(), 1);
    }

    async fn what_is_no_number_or_no_contact_is_said(db: Db) {
        let w = World::new(db).await;
        let number = w.received().await.number;
        let off = format!("{}{}", &number[..number.len() - 1], (number.bytes().last().unwrap() - b'0' + 1) % 10);
        for (number, contact, code) in [
            ("abc", PHONE, "number.shape"),
            (off.as_str(), PHONE, "number.check_digit"),
            (number.as_str(), "062-360-7114", "code.no_messages"),
        ] {
            let input = RequestCode { number: number.into(), contact: contact.into() };
            assert_eq!(code_of(w.act("resident", act::request_code, input).await), code);
        }
        let input = RequestCode { number, contact: "010".into() };
        let refused = crate::support::refusal(w.act("resident", act::request_code, input).await);
        assert!(matches!(refused, CodeRefusal::Contact(_)), "{refused:?}");
    }
}
