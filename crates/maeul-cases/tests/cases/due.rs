//! The due time: the calendar's answer, kept with its reasons, counted again when the days change.

use maeul_base::{Failure, Lang};
use maeul_calendar::{Calendar, CalendarOptions, DueInput, ExtraHoliday, ExtraKind, Period, Text};
use maeul_cases::act::{self, NewCase, Who};
use maeul_cases::{CaseNumber, Due, Event, ExplainedDue, read};
use maeul_db::{Db, args, both_engines};
use maeul_facts::Fact;
use maeul_org::{HolidayKind, NewHoliday};

use crate::support::{
    OFFICE, World, at, by_email, by_phone, code_of, events, follower, kinds, steps,
};

/// Adds a temporary holiday and lets its jobs run.
async fn add_holiday(w: &World, on_day: &str) {
    let ctx = w.ctx("administrator");
    let new = NewHoliday {
        on_day: on_day.parse().unwrap(),
        name_ko: "임시공휴일".into(),
        name_en: "Temporary holiday".into(),
        kind: HolidayKind::Temporary,
        basis: "국무회의".into(),
    };
    let added = w.db.write(move |tx| maeul_org::add_holiday(tx, &ctx, &new)).await;
    added.unwrap_or_else(|failure: Failure<_>| panic!("{failure:?}"));
    w.run_jobs().await;
}

/// The count as it is written: all that the calendar answered.
fn written(due: &ExplainedDue) -> serde_json::Value {
    serde_json::to_value(due).unwrap()["count"].clone()
}

both_engines! { steps();
    async fn it_is_the_calendars_answer_with_its_reasons(db: Db) {
        let w = World::new(db).await;
        // service, period, due: the vectors of law.md 1.2 for Monday 8 June 2026, 10:30
        let table = [
            ("litter", "즉시", "2026-06-08T14:30"),
            ("streetlight", "7d", "2026-06-16T18:00"),
            ("bench", "14d", "2026-06-25T18:00"),
            ("noise", "7d", "2026-06-16T18:00"),
        ];
        for (service, period, due_at) in table {
            let new = NewCase { service: Some(service.into()), ..w.report().await };
            let receipt = w.receive(new).await;
            let due = receipt.due.unwrap();
            let period: Period = period.parse().unwrap();
            let count = Calendar::national().due(&DueInput::petition(at(crate::support::NOW), period)).unwrap();
            assert_eq!((due.at, written(&due)), (at(due_at), serde_json::to_value(&count).unwrap()), "{service}");
            assert!(due.statutory);
            let case = receipt.case;
            type Row = (maeul_base::OfficeId, jiff::Timestamp, jiff::civil::Date, serde_json::Value, bool, String);
            let row: Row = w.db.read(move |tx| tx.one(
                "SELECT office_id, due_at, due_on, due, statutory, period FROM cases_case WHERE office_id = $1 AND id = $2",
                args![OFFICE, case],
            )).await.unwrap();
            let kept: Due = serde_json::from_value(row.3).unwrap();
            assert_eq!((row.1, row.2, &kept, row.4, row.5), (due.at, due.on, due.due(), true, period.to_string()));
            let events = events(&w.db, case).await;
            let Event::Received(received) = &events[0].event else { panic!("{events:?}") };
            assert_eq!(received.due.as_ref(), Some(&due), "with every line, in the history");
            for lang in [Lang::Ko, Lang::En] {
                let lines = due.lines(lang);
                assert!(lines[1..].ends_with(&count.explain(lang)), "{lines:?}");
                assert!(lines.len() > count.explain(lang).len() + 1, "the basis and the article too");
            }
        }
    }

    async fn without_a_name_it_is_a_promise_and_not_the_law(db: Db) {
        let w = World::new(db).await;
        let receipt = w.receive(NewCase { who: Who::Anonymous, ..w.report().await }).await;
        let due = receipt.due.unwrap();
        assert!(receipt.anonymous && !due.statutory);
        assert_eq!(due.at, at("2026-06-16T18:00"));
        assert!(due.lines(Lang::Ko)[1].contains("제2조"), "{:?}", due.lines(Lang::Ko));
        assert!(due.lines(Lang::En)[1].contains("our own promise"));
        let access = w.access(&receipt.token).await;
        let seen = w.see("resident", move |tx, ctx, know| read::resident_case(tx, ctx, know, &access));
        assert!(!seen.await.unwrap().unwrap().statutory);
        assert!(!w.case(receipt.case).await.is_statutory());
    }

    async fn a_new_holiday_moves_open_cases_once(db: Db) {
        let w = World::new(db).await;
        let moved = w.received().await;
        w.act("resident", act::follow, follower(moved.case, by_email(2))).await.unwrap();
        let unnamed = w.receive(NewCase { who: Who::Anonymous, ..w.report().await }).await;
        let sooner = w.receive(NewCase { service: Some("litter".into()), ..w.report().await }).await;
        let answered = w.received_from(by_phone(3)).await;
        w.answer(answered.case).await;
        w.run_jobs().await;
        w.outbox.take();
        w.set_time("2026-06-09T09:00");
        let before = w.case(answered.case).await;

        add_holiday(&w, "2026-06-12").await;

        for receipt in [&moved, &unnamed] {
            let case = w.case(receipt.case).await;
            let due = case.due.unwrap();
            assert_eq!(due.at, at("2026-06-17T18:00"));
            assert_eq!(due.statutory, receipt.due.as_ref().unwrap().statutory);
            let all = events(&w.db, receipt.case).await;
            let Event::DueRecomputed(counted) = &all.last().unwrap().event else { panic!("{all:?}") };
            assert_eq!(counted.before.as_ref(), receipt.due.as_deref());
            assert_eq!(counted.after.due(), &due);
            assert!(counted.reason.ko.contains("임시공휴일"), "{:?}", counted.reason);
            let extra = vec![ExtraHoliday {
                date: "2026-06-12".parse().unwrap(),
                name: Text::new("임시공휴일", "Temporary holiday"),
                kind: ExtraKind::Temporary,
            }];
            let calendar = Calendar::new(&CalendarOptions { extra, ..CalendarOptions::default() });
            let input = DueInput::petition(at(crate::support::NOW), "7d".parse().unwrap());
            let count = calendar.due(&input).unwrap();
            assert_eq!(written(&counted.after), serde_json::to_value(&count).unwrap());
            let id = receipt.case;
            let staff = w.see("officer", move |tx, ctx, know| read::case_page(tx, ctx, know, id));
            assert_eq!(staff.await.unwrap().due.as_ref(), Some(&counted.after), "so does the staff's");
            let access = w.access(&receipt.token).await;
            let seen = w.see("resident", move |tx, ctx, know| read::resident_case(tx, ctx, know, &access));
            assert_eq!(seen.await.unwrap().unwrap().due.as_ref(), Some(&counted.after), "the page tells the new count");
        }
        assert_eq!(w.case(sooner.case).await.due.as_ref(), sooner.due.as_deref());
        assert_eq!(w.case(answered.case).await, before);
        let told = w.outbox.take();
        let to: Vec<&str> = told.iter().map(|it| it.to.as_str()).collect();
        assert_eq!(told.len(), 2, "the petitioner and the follower, once each: {to:?}");
        assert!(told.iter().all(|it| it.subject.contains("처리 기한이 바뀌었어요")));

        // The same fact again, and the same again later: nothing is left to do.
        let versions = (w.case(moved.case).await.version, w.case(unnamed.case).await.version);
        for _ in 0..2 {
            let ctx = w.ctx("system");
            let fact = Fact::HolidaysChanged { from: "2026-06-12".parse().unwrap() };
            w.db.write(move |tx| maeul_queue::emit(tx, &ctx, &fact)).await.unwrap();
            w.run_jobs().await;
        }
        assert_eq!((w.case(moved.case).await.version, w.case(unnamed.case).await.version), versions);
        assert!(w.outbox.take().is_empty());
        // What comes in afterwards knows the day.
        let later = w.received_from(by_phone(4)).await.due.unwrap();
        assert_eq!(later.at, at("2026-06-18T18:00"));
    }

    async fn more_cases_than_one_transaction_takes_are_all_moved(db: Db) {
        let w = World::new(db).await;
        let (ctx, know, one) = (w.ctx("resident"), w.know().await, w.report().await);
        let cases = w.db.write(move |tx| {
            let mut cases = Vec::new();
            for n in 0..230 {
                let number = CaseNumber::new(2026, "온누리", 1_000 + n).unwrap();
                let new = NewCase { number, who: Who::Anonymous, ..one.clone() };
                cases.push(act::receive(tx, &ctx, &know, &new)?.case);
            }
            Ok::<_, Failure<act::ReceiveRefusal>>(cases)
        });
        let first = cases.await.unwrap()[0];
        // Nobody who looks at a queue then adds up all of that: some of the changes asked for the fold.
        let folds = w.db.read(|tx| tx.one::<(i64,)>(
            "SELECT count(*) FROM queue_job WHERE kind = $1",
            args![maeul_cases::jobs::FOLD_COUNTS],
        )).await.unwrap();
        assert!((1..=10).contains(&folds.0), "{folds:?}");
        add_holiday(&w, "2026-06-10").await;
        let moved = w.db.read(|tx| tx.one::<(i64, i64)>(
            "SELECT count(*), count(DISTINCT due_at) FROM cases_case WHERE version = 3",
            args![],
        )).await.unwrap();
        assert_eq!(moved, (230, 1));
        assert_eq!(w.case(first).await.due.unwrap().at, at("2026-06-17T18:00"));
    }

    async fn only_an_administrator_adds_holidays(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let ctx = w.ctx("head");
        let new = NewHoliday {
            on_day: "2026-06-12".parse().unwrap(),
            name_ko: "쉬는 날".into(),
            name_en: "Day off".into(),
            kind: HolidayKind::Local,
            basis: "조례".into(),
        };
        let local = NewHoliday { kind: HolidayKind::Local, ..new.clone() };
        let refused = w.db.write(move |tx| maeul_org::add_holiday(tx, &ctx, &new)).await;
        assert_eq!(code_of(refused), "holiday.not_allowed");
        // A local holiday stops the clock only where the office says so.
        let ctx = w.ctx("administrator");
        w.db.write(move |tx| maeul_org::add_holiday(tx, &ctx, &local)).await.unwrap();
        w.run_jobs().await;
        assert_eq!(kinds(&w.db, case).await, ["received", "routed"]);
    }
}
