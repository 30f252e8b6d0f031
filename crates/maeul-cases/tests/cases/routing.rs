//! Service → duty → the unit in force that day in that 동; nothing is ever lost.

use maeul_base::Fault;
use maeul_cases::act::{self, NewCase, Reassign, Reclassify, Take};
use maeul_cases::{Event, State, read};
use maeul_db::{Db, Engine, args, both_engines};

use crate::support::{
    IN_GARAM, IN_NARAE, World, by_phone, code_of, events, garam, multiply, steps,
};

both_engines! { steps();
    async fn the_chart_of_that_day_decides(db: Db) {
        let w = World::new(db).await;
        // day, service, point, unit (none: the coordinator), why
        let table = [
            ("2026-06-08T10:30", Some("litter"), Some(IN_GARAM), Some("garam"), "the dong's own assignment wins"),
            ("2026-06-08T10:30", Some("litter"), Some(IN_NARAE), Some("cleaning"), "all other dong"),
            ("2026-06-08T10:30", Some("litter"), None, Some("cleaning"), "no dong known"),
            ("2025-12-31T10:30", Some("litter"), Some(IN_GARAM), Some("cleaning"), "not delegated yet"),
            ("2025-12-31T10:30", Some("streetlight"), Some(IN_GARAM), Some("construction"), "its last day"),
            ("2026-01-01T10:30", Some("streetlight"), Some(IN_GARAM), Some("roads"), "its successor's first day"),
            ("2026-06-08T10:30", Some("noise"), Some(IN_GARAM), None, "a duty nobody has"),
            ("2026-06-08T10:30", None, Some(IN_GARAM), None, "no service chosen"),
        ];
        for (day, service, point, unit, why) in table {
            w.set_time(day);
            let new = NewCase {
                service: service.map(str::to_owned), point, place: String::new(), ..w.report().await
            };
            let receipt = w.receive(new).await;
            assert_eq!(receipt.unit, unit.map(|code| w.unit(code)), "{why}");
            let Event::Routed { unit, why: said } = &events(&w.db, receipt.case).await[1].event else {
                panic!("the second event is not the routing");
            };
            assert_eq!(*unit, receipt.unit);
            assert!(!said.ko.is_empty() && !said.en.is_empty(), "{why}: it says why");
        }
    }

    async fn a_list_looks_at_its_own_cases_alone(db: Db) {
        let w = World::new(db).await;
        let ours = w.received().await.case;
        // Neither many of another unit's nor many of ours that somebody has are walked through.
        multiply(&w.db, ours, w.unit("cleaning"), 5_000).await;
        let taken = w.received_from(by_phone(2)).await.case;
        w.act("officer", act::take, Take { case: taken, version: None }).await.unwrap();
        multiply(&w.db, taken, w.unit("roads"), 5_000).await;
        let page = |queue| {
            w.see("officer", move |tx, ctx, know| {
                let page = read::queue(tx, ctx, know, queue, None, 10)?;
                let looked_at = match tx.engine() {
                    // Which does not say it.
                    Engine::Sqlite => 0,
                    Engine::Postgres => tx.one::<(i64,)>(
                        "SELECT CAST(seq_tup_read + idx_tup_fetch AS bigint) FROM pg_stat_xact_user_tables
                          WHERE schemaname = current_schema() AND relname = 'cases_case'",
                        args![],
                    )?.0,
                };
                Ok::<_, Fault>((page.rows, looked_at))
            })
        };
        let (found, looked_at) = page(read::Queue::Unassigned).await.unwrap();
        assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [ours]);
        assert!(looked_at < 50, "{looked_at} rows were looked at for one");
        let (found, looked_at) = page(read::Queue::Mine).await.unwrap();
        assert_eq!(found.len(), 10);
        assert!(looked_at < 50, "{looked_at} rows were looked at for ten");
    }

    async fn what_nobody_has_waits_for_the_coordinator(db: Db) {
        let w = World::new(db).await;
        let new = NewCase { service: Some("noise".into()), ..w.report().await };
        let receipt = w.receive(new).await;
        let case = receipt.case;
        let queue = |who: &'static str| {
            let seen = w.see(who, |tx, ctx, know| {
                read::queue(tx, ctx, know, read::Queue::Unassigned, None, 10)
            });
            async move { seen.await.unwrap().rows.into_iter().map(|it| it.id).collect::<Vec<_>>() }
        };
        assert_eq!(queue("coordinator").await, [case]);
        assert!(queue("officer").await.is_empty());
        let counts = w.see("coordinator", read::counts).await.unwrap();
        assert_eq!((counts.unassigned, counts.unit), (1, 1));
        let take = Take { case, version: None };
        assert_eq!(code_of(w.act("coordinator", act::take, take).await), "take.no_unit");
        let to = Some(w.unit("roads"));
        let given = Reassign { case, version: None, to, reason: "도로 공사 소음".into() };
        w.act("coordinator", act::reassign, given).await.unwrap();
        assert_eq!(queue("officer").await, [case]);
        assert_eq!(w.case(case).await.hops, 0, "the coordinator's hand does not count");
    }

    async fn the_third_hop_goes_to_the_coordinator(db: Db) {
        let w = World::new(db).await;
        let case = w.received().await.case;
        let pass = |to: &str| Reassign {
            case, version: None, to: Some(w.unit(to)), reason: "우리 일이 아닙니다.".into(),
        };
        let same = w.act("officer", act::reassign, pass("roads")).await;
        assert_eq!(code_of(same), "reassign.same_unit");
        let ended = w.act("officer", act::reassign, pass("construction")).await;
        assert_eq!(code_of(ended), "reassign.no_such_unit");
        let silent = Reassign { reason: " \n ".into(), ..pass("cleaning") };
        assert_eq!(code_of(w.act("officer", act::reassign, silent).await), "reassign.reason_missing");

        w.act("officer", act::take, Take { case, version: None }).await.unwrap();
        w.set_time("2026-06-08T14:30");
        let first = w.act("officer", act::reassign, pass("cleaning")).await.unwrap();
        assert_eq!((first.unit, first.hops), (Some(w.unit("cleaning")), 1));
        assert_eq!((first.assignee, first.state), (None, State::Received));
        let Event::Reassigned(held) = &events(&w.db, case).await[3].event else { panic!() };
        assert_eq!((held.held_minutes, held.limit_minutes), (180, 180), "lunch does not count (영13)");

        let second = w.act("other", act::reassign, pass("roads")).await.unwrap();
        assert_eq!((second.unit, second.hops), (Some(w.unit("roads")), 2));
        let third = w.act("officer", act::reassign, pass("cleaning")).await.unwrap();
        assert_eq!((third.unit, third.hops), (None, 3));
        let Event::Reassigned(stopped) = &events(&w.db, case).await[5].event else { panic!() };
        assert_eq!(stopped.proposed, Some(w.unit("cleaning")));
        let waiting = w.see("coordinator", |tx, ctx, know| {
            read::queue(tx, ctx, know, read::Queue::Unassigned, None, 10)
        });
        assert_eq!(waiting.await.unwrap().rows.len(), 1);
    }

    async fn another_service_is_another_unit_and_another_due_time(db: Db) {
        let w = World::new(db).await;
        let receipt = w.received().await;
        let case = receipt.case;
        w.act("officer", act::take, Take { case, version: None }).await.unwrap();
        w.set_time("2026-06-09T10:00");
        let to = |service: &str| Reclassify {
            case, version: None, service: Some(service.into()), reason: "쓰레기 일입니다.".into(),
        };
        assert_eq!(code_of(w.act("officer", act::reclassify, to("streetlight")).await), "reclassify.same_service");
        assert_eq!(code_of(w.act("officer", act::reclassify, to("nothing")).await), "reclassify.no_such_service");
        let changed = w.act("officer", act::reclassify, to("litter")).await.unwrap();
        assert_eq!(changed.unit, Some(w.unit("garam")));
        assert_eq!((changed.assignee, changed.state), (None, State::Received));
        let due = changed.due.unwrap();
        assert_eq!(due.at, crate::support::at("2026-06-08T14:30"), "counted from the receipt");
        w.run_jobs().await;
        let told: Vec<String> = w.outbox.all().into_iter().map(|it| it.subject).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[1].contains("처리 기한이 바뀌었어요"));
    }

    async fn a_reopened_case_follows_the_succession(db: Db) {
        let w = World::new(db).await;
        w.set_time("2025-12-30T10:00");
        let case = w.received().await.case;
        assert_eq!(w.case(case).await.unit, Some(w.unit("construction")));
        let answer = Some(crate::support::done("고쳤습니다."));
        let close = act::Approve { case, version: None, answer };
        w.act("coordinator", act::approve_and_answer, close).await.unwrap();
        w.set_time("2026-01-05T10:00");
        let again = act::Reopen { case, version: None, reason: "다시 꺼졌습니다.".into() };
        let open = w.act("coordinator", act::reopen, again).await.unwrap();
        assert_eq!(open.unit, Some(w.unit("roads")));
        assert_eq!((open.state, open.assignee), (State::Received, None));
    }

    async fn the_place_says_the_dong(db: Db) {
        let w = World::new(db).await;
        let (w, one) = (&w, &w.report().await);
        let located = |point, dong, place: &str| {
            let place = place.to_owned();
            async move { NewCase { number: w.report().await.number, point, dong, place, ..one.clone() } }
        };
        let dong = |new| async { w.case(w.receive(new).await.case).await.place.dong };
        assert_eq!(dong(located(Some(IN_GARAM), None, "").await).await, Some(garam()));
        assert_eq!(dong(located(None, Some(garam()), "").await).await, Some(garam()));
        assert_eq!(dong(located(None, None, "가람 동 놀이터").await).await, Some(garam()));
        assert_eq!(dong(located(None, None, "가람동과 나래동 사이").await).await, None);
        assert_eq!(dong(located(None, None, "").await).await, None);
        // On the western border and fifty metres beyond it, in nobody's area.
        let beyond = Some((351_050_000, 1_268_995_000));
        assert_eq!(dong(located(beyond, None, "").await).await, Some(garam()));
    }
}
