//! What residents read from beginning to end, by text message and e-mail, in both languages.

use std::fmt::Write as _;

use maeul_base::Lang;
use maeul_cases::act::{self, Approve, Ask, NewCase, Rate, Take, Who};
use maeul_cases::{Answer, ContactInput, Outcome, read};
use maeul_db::{Db, both_engines};
use maeul_org::{HolidayKind, NewHoliday};

use crate::support::{World, by_email, by_phone, done, steps};

/// Links hold secrets that depend on ids: all alike.
fn without_tokens(text: &str) -> String {
    let mut parts = text.split("/c/");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|it: char| it.is_ascii_hexdigit());
        assert_eq!(part.len() - rest.len(), 32, "a link has 32 digits: {part}");
        write!(plain, "/c/TOKEN{rest}").unwrap();
    }
    plain
}

/// One petition from its receipt to its answer; what its petitioner was sent and sees at the end.
async fn story(w: &World, lang: Lang, contact: ContactInput) -> String {
    let english = lang == Lang::En;
    let body = if english {
        "The streetlight outside my house is out"
    } else {
        "집 앞 가로등이 꺼졌어요"
    };
    w.set_time(crate::support::NOW);
    let new = NewCase { lang, body: body.into(), who: Who::Named(contact), ..w.report().await };
    let receipt = w.receive(new).await;
    let case = receipt.case;
    w.run_jobs().await;
    w.act("officer", act::take, Take { case, version: None }).await.unwrap();
    let text = if english {
        "What is the number on the pole?"
    } else {
        "기둥 번호가 몇 번인가요?"
    };
    w.act("officer", act::ask, Ask { case, version: None, text: text.into() }).await.unwrap();
    w.run_jobs().await;
    let access = w.access(&receipt.token).await;
    let reply =
        act::ResidentReply { access, text: if english { "12-3" } else { "12-3이에요" }.into() };
    w.act("resident", act::resident_reply, reply).await.unwrap();
    w.set_time("2026-06-09T09:00");
    let reason =
        if english { "It stands on private land." } else { "사유지에 있는 등입니다." };
    let remedy = if english {
        "You may object within 60 days."
    } else {
        "60일 안에 이의를 신청하실 수 있습니다."
    };
    let refused = Answer {
        outcome: Outcome::Refused,
        reason: reason.into(),
        remedy: remedy.into(),
        ..done(if english {
            "The office cannot repair it."
        } else {
            "구청에서 고칠 수 없습니다."
        })
    };
    let approve = Approve { case, version: None, answer: Some(refused) };
    w.act("head", act::approve_and_answer, approve).await.unwrap();
    w.run_jobs().await;
    w.act("resident", act::rate, Rate { access, score: 2, text: String::new() }).await.unwrap();

    let mut ctx = w.ctx("resident");
    ctx.lang = lang;
    let know = w.know().await;
    let seen = w.db.read(move |tx| read::resident_case(tx, &ctx, &know, &access)).await;
    let mut text = String::new();
    for it in w.outbox.take() {
        let body = without_tokens(&it.body);
        writeln!(text, "=== {} {}\n{}\n\n{body}\n", it.channel.as_str(), it.to, it.subject)
            .unwrap();
    }
    writeln!(text, "=== steps").unwrap();
    for step in seen.unwrap().unwrap().steps {
        let words = if step.text.is_empty() {
            String::new()
        } else {
            format!(" | {}", step.text.replace('\n', " / "))
        };
        writeln!(text, "{}{words}", step.title).unwrap();
    }
    text
}

both_engines! { steps();
    async fn from_receipt_to_answer(db: Db) {
        let w = World::new(db).await;
        for (name, lang, contact) in [
            ("ko_sms", Lang::Ko, by_phone(1)),
            ("ko_email", Lang::Ko, by_email(2)),
            ("en_sms", Lang::En, by_phone(3)),
            ("en_email", Lang::En, by_email(4)),
        ] {
            let read = story(&w, lang, contact).await;
            insta::assert_snapshot!(format!("story_{name}"), read);
        }
    }

    async fn a_due_time_that_moves(db: Db) {
        let w = World::new(db).await;
        let mut cases = Vec::new();
        for (lang, contact) in [
            (Lang::Ko, by_phone(1)), (Lang::Ko, by_email(2)), (Lang::En, by_phone(3)), (Lang::En, by_email(4)),
        ] {
            cases.push(w.receive(NewCase { lang, who: Who::Named(contact), ..w.report().await }).await);
        }
        w.run_jobs().await;
        w.outbox.take();
        let ctx = w.ctx("administrator");
        let new = NewHoliday {
            on_day: "2026-06-12".parse().unwrap(),
            name_ko: "임시공휴일".into(),
            name_en: "Temporary holiday".into(),
            kind: HolidayKind::Temporary,
            basis: "국무회의".into(),
        };
        w.db.write(move |tx| maeul_org::add_holiday(tx, &ctx, &new)).await.unwrap();
        w.run_jobs().await;
        let mut sent = w.outbox.take();
        sent.sort_by(|a, b| a.to.cmp(&b.to));
        let mut text = String::new();
        for it in sent {
            let body = without_tokens(&it.body);
            writeln!(text, "=== {} {}\n{}\n\n{body}\n", it.channel.as_str(), it.to, it.subject).unwrap();
        }
        insta::assert_snapshot!("due_moved", text);
    }
}
