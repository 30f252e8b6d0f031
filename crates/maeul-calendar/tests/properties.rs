//! What holds for every receipt, period and exclusion.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maeul_base::seoul;
use maeul_calendar::{
    Arithmetic, Calculator, Calendar, CalendarOptions, DueInput, Excluded, ExtraHoliday, ExtraKind,
    Ground, Period, Text, WhenSpec,
};
use proptest::prelude::*;

/// 2014-01-01 to the end of 2040 in Seoul.
fn received() -> impl Strategy<Value = Timestamp> {
    (1_388_502_000_i64..2_240_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn day() -> impl Strategy<Value = Date> {
    received().prop_map(seoul::date)
}

fn period() -> impl Strategy<Value = Period> {
    prop_oneof![
        Just(Period::Immediate),
        (1_u16..200).prop_map(Period::Hours),
        (1_u16..120).prop_map(Period::Days),
        (1_u16..30).prop_map(Period::Weeks),
        (1_u16..24).prop_map(Period::Months),
        (1_u16..3).prop_map(Period::Years),
    ]
}

/// A span beginning up to 60 days after a receipt, in days or in instants.
fn excluded(received: Timestamp) -> impl Strategy<Value = Excluded> {
    (-3_i64..60 * 24, 0_i64..10 * 24, any::<bool>(), any::<bool>()).prop_map(
        move |(after, length, whole, supplement)| {
            let from = received + after.hours();
            let to = from + length.hours();
            let end = |at| if whole { WhenSpec::Day(seoul::date(at)) } else { WhenSpec::At(at) };
            let ground = if supplement { Ground::Supplement } else { Ground::Hearing };
            Excluded { from: end(from), to: end(to), ground }
        },
    )
}

fn input() -> impl Strategy<Value = DueInput> {
    (received(), period(), any::<bool>()).prop_flat_map(|(received, period, civil)| {
        let hours = matches!(period, Period::Immediate | Period::Hours(_));
        let calculator = if civil && !hours { Calculator::Civil } else { Calculator::Petition };
        (
            proptest::collection::vec(excluded(received), 0..4),
            proptest::collection::vec(Just(period), 0..3),
        )
            .prop_map(move |(excluded, extensions)| DueInput {
                received,
                period,
                calculator,
                excluded,
                extensions,
            })
    })
}

fn at(calendar: &Calendar, input: &DueInput) -> Timestamp {
    calendar.due_at(input).unwrap()
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn the_two_paths_agree(input in input()) {
        let calendar = Calendar::national();
        prop_assert_eq!(calendar.due(&input).unwrap().at, at(calendar, &input));
    }

    #[test]
    fn later_receipt_never_means_earlier_due(input in input(), seconds in 0_i64..2_000_000) {
        let calendar = Calendar::national();
        let later = DueInput { received: input.received + seconds.seconds(), ..input.clone() };
        prop_assert!(at(calendar, &input) <= at(calendar, &later));
    }

    #[test]
    fn never_due_on_a_closed_day_nor_outside_office_hours(input in input()) {
        let due = at(Calendar::national(), &input);
        prop_assert!(Calendar::national().is_working_day(seoul::date(due)));
        let wall = seoul::wall(due);
        let minute = i32::from(wall.hour()) * 60 + i32::from(wall.minute());
        prop_assert!((9 * 60..=18 * 60).contains(&minute));
        prop_assert!(due >= input.received || wall.hour() == 18);
    }

    #[test]
    fn a_new_exclusion_never_makes_a_due_time_earlier(
        (input, more) in input().prop_flat_map(|input| {
            let more = excluded(input.received);
            (Just(input), more)
        }),
    ) {
        let calendar = Calendar::national();
        prop_assert!(at(calendar, &input) <= at(calendar, &input.clone().excluding(more)));
    }

    #[test]
    fn the_steps_add_up_to_the_period(input in input()) {
        let input = DueInput { extensions: Vec::new(), ..input };
        let due = Calendar::national().due(&input).unwrap();
        let days: i64 = due.steps.iter().map(|step| step.days).sum();
        let seconds: i64 = due.steps.iter().map(|step| step.seconds).sum();
        match (due.calculator, input.period) {
            (Arithmetic::A, Period::Immediate) => prop_assert_eq!((days, seconds), (0, 3 * 3_600)),
            (Arithmetic::A, Period::Hours(n)) => {
                prop_assert_eq!((days, seconds), (0, i64::from(n) * 3_600));
            }
            (Arithmetic::A, Period::Days(n)) => {
                prop_assert_eq!((days, seconds), (0, i64::from(n) * 8 * 3_600));
            }
            (_, Period::Days(n)) => prop_assert_eq!((days, seconds), (i64::from(n), 0)),
            (_, Period::Weeks(n)) => prop_assert_eq!((days, seconds), (i64::from(n) * 7, 0)),
            (_, Period::Months(n)) => {
                prop_assert!((i64::from(n) * 30 - 3..=i64::from(n) * 31).contains(&days));
            }
            (_, _) => prop_assert!(days >= 365),
        }
    }

    #[test]
    fn the_steps_name_every_day_once_and_in_order(input in input()) {
        let input = DueInput { extensions: Vec::new(), ..input };
        let due = Calendar::national().due(&input).unwrap();
        let mut days: Vec<Date> = due
            .daily_steps()
            .iter()
            .map(|step| step.date)
            .collect();
        prop_assert!(days.is_sorted());
        days.dedup();
        let all: Vec<Date> = seoul::date(input.received)
            .series(1.day())
            .take_while(|day| *day <= due.date())
            .collect();
        prop_assert_eq!(days, all);
    }

    #[test]
    fn what_is_stored_is_what_was_answered(input in input()) {
        let due = Calendar::national().due(&input).unwrap();
        let stored = serde_json::to_string(&due).unwrap();
        let read: maeul_calendar::Due = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(&read.recompute(Calendar::national()).unwrap(), &due);
        // Instants inside an exclusion are kept to the second, which is all the clock uses.
        prop_assert_eq!(read.at, due.at);
    }

    #[test]
    fn a_period_reads_its_own_text(period in period()) {
        prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
    }

    #[test]
    fn no_text_breaks_the_readers(text in "\\PC{0,24}") {
        let _ = text.parse::<Period>();
        let _ = text.parse::<WhenSpec>();
    }
}

proptest! {
    // Each case makes a whole calendar.
    #![proptest_config(config(60))]

    #[test]
    fn a_new_holiday_never_makes_a_due_time_earlier(
        input in input(),
        days in proptest::collection::vec((day(), any::<bool>()), 1..4),
    ) {
        let extra = days
            .into_iter()
            .map(|(date, election)| ExtraHoliday {
                date,
                name: Text::new("새 휴일", "new"),
                kind: if election { ExtraKind::Election } else { ExtraKind::Temporary },
            })
            .collect();
        let calendar = Calendar::new(&CalendarOptions { extra, ..CalendarOptions::default() });
        prop_assert!(at(Calendar::national(), &input) <= at(&calendar, &input));
    }
}
