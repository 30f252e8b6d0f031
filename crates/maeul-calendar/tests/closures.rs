//! The days offices are closed, against the published tables.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use jiff::civil::Date;
use maeul_base::Lang;
use maeul_calendar::{
    Calendar, CalendarOptions, CauseKind, DueInput, ExtraHoliday, ExtraKind, LocalHolidays, Period,
    Text, Weekend,
};

/// Closures on Monday to Friday: e election, t temporary, s substitute.
const TABLE: &str = "
2020 01-01 01-24 01-27s 04-15e 04-30 05-05 08-17t 09-30 10-01 10-02 10-09 12-25
2021 01-01 02-11 02-12 03-01 05-05 05-19 08-16s 09-20 09-21 09-22 10-04s 10-11s
2022 01-31 02-01 02-02 03-01 03-09e 05-05 06-01e 06-06 08-15 09-09 09-12s 10-03 10-10s
2023 01-23 01-24s 03-01 05-05 05-29s 06-06 08-15 09-28 09-29 10-02t 10-03 10-09 12-25
2024 01-01 02-09 02-12s 03-01 04-10e 05-06s 05-15 06-06 08-15 09-16 09-17 09-18 10-01t 10-03 10-09 12-25
2025 01-01 01-27t 01-28 01-29 01-30 03-03s 05-05 05-06s 06-03e 06-06 08-15 10-03 10-06 10-07 10-08s 10-09 12-25
2026 01-01 02-16 02-17 02-18 03-02s 05-01 05-05 05-25s 06-03e 07-17 08-17s 09-24 09-25 10-05s 10-09 12-25
2027 01-01 02-08 02-09s 03-01 05-03s 05-05 05-13 07-19s 08-16s 09-14 09-15 09-16 10-04s 10-11s 12-27s
2028 01-26 01-27 01-28 03-01 04-12e 05-01 05-02 05-05 06-06 07-17 08-15 10-02 10-03 10-04 10-05s 10-09 12-25
2029 01-01 02-12 02-13 02-14 03-01 05-01 05-07s 05-21s 06-06 07-17 08-15 09-21 09-24s 10-03 10-09 12-25
2030 01-01 02-04 02-05s 03-01 03-27e 05-01 05-06s 05-09 06-06 06-12e 07-17 08-15 09-11 09-12 09-13 10-03 10-09 12-25
";

fn closures(year: i16) -> String {
    let calendar = Calendar::national();
    let mut line = year.to_string();
    for (date, causes) in calendar.holidays(year).filter(|(date, _)| Weekend::of(*date).is_none()) {
        let mark = match causes[0].kind {
            CauseKind::Listed => "",
            CauseKind::Substitute => "s",
            CauseKind::Election => "e",
            CauseKind::Temporary => "t",
            CauseKind::Local => "l",
        };
        line.push_str(&format!(" {}{mark}", date.strftime("%m-%d")));
    }
    line
}

#[test]
fn weekday_closures_2020_to_2030() {
    for row in TABLE.trim().lines() {
        let (year, _) = row.split_once(' ').unwrap();
        assert_eq!(closures(year.parse().unwrap()), row);
    }
}

/// Two substitutes that meet give two days (제3조제2항): 2036 (개천절 on 추석 전날, 추석 다음 날 on a
/// Sunday) and 2039 (추석 on a Sunday, 개천절 on 추석 다음 날).
#[test]
fn substitutes_that_meet() {
    assert!(closures(2036).contains("10-03 10-06s 10-07s 10-09"));
    assert!(closures(2039).contains("10-03 10-04s 10-05s 10-10s"));
}

#[test]
fn days_of_the_decree_never_open_without_a_holiday_and_weekends_never_open() {
    let calendar = Calendar::national();
    let mut day = Calendar::FIRST;
    while day <= Calendar::LAST {
        let closed = calendar.closed(day);
        assert_eq!(closed.is_none(), calendar.is_working_day(day));
        if let Some(closed) = closed {
            for lang in Lang::ALL {
                assert!(!closed.text(lang).is_empty(), "{day}");
            }
        }
        assert!(Weekend::of(day).is_none() || closed.is_some());
        day = day.tomorrow().unwrap();
    }
}

#[test]
fn every_closed_day_says_why() {
    let calendar = Calendar::national();
    let why = |date: &str, lang| calendar.closed(date.parse().unwrap()).unwrap().text(lang);
    assert_eq!(why("2026-06-06", Lang::Ko), "토요일, 현충일");
    assert_eq!(why("2026-08-17", Lang::Ko), "대체공휴일(광복절)");
    assert_eq!(why("2026-08-17", Lang::En), "substitute holiday for Liberation Day");
    assert_eq!(why("2028-10-05", Lang::Ko), "대체공휴일(추석)");
    assert_eq!(why("2025-05-06", Lang::Ko), "대체공휴일(부처님 오신 날)");
    assert_eq!(why("2024-10-01", Lang::En), "temporary public holiday");
    let cause = calendar.closed("2026-08-17".parse().unwrap()).unwrap().holidays[0].clone();
    assert_eq!(cause.article(Lang::Ko), "관공서의 공휴일에 관한 규정 제3조");
}

fn extra(date: &str, kind: ExtraKind) -> ExtraHoliday {
    ExtraHoliday {
        date: date.parse().unwrap(), name: Text::new("새 휴일", "a new holiday"), kind
    }
}

fn with(extra: Vec<ExtraHoliday>, local: LocalHolidays) -> Calendar {
    Calendar::new(&CalendarOptions { extra, local, ..CalendarOptions::default() })
}

#[test]
fn a_holiday_added_later_moves_the_due_time_and_the_fingerprint() {
    let national = Calendar::national();
    let input = DueInput::petition("2026-06-08T01:00:00Z".parse().unwrap(), Period::Days(7));
    let before = national.due(&input).unwrap();
    let calendar = with(vec![extra("2026-06-12", ExtraKind::Temporary)], LocalHolidays::Count);
    assert_ne!(calendar.fingerprint(), before.calendar);
    let after = before.recompute(&calendar).unwrap();
    assert_eq!(after.date().to_string(), "2026-06-17");
    assert!(
        after.explain(Lang::Ko).iter().any(|line| line == "2026. 6. 12.(금): 세지 않음, 새 휴일")
    );
    // Entered again by the office although it is built in, or on a weekend: nothing changes.
    let same = with(
        vec![extra("2026-06-03", ExtraKind::Election), extra("2026-06-13", ExtraKind::Temporary)],
        LocalHolidays::Count,
    );
    assert_eq!(same.fingerprint(), national.fingerprint());
    // A temporary holiday on a substitute's day moves the substitute on (제3조: a day that is no holiday).
    let moved = with(vec![extra("2026-08-17", ExtraKind::Temporary)], LocalHolidays::Count);
    assert!(!moved.is_working_day("2026-08-18".parse().unwrap()));
}

#[test]
fn local_holidays_count_unless_the_office_says_otherwise() {
    let day = || vec![extra("2026-05-18", ExtraKind::Local)];
    let input = DueInput::petition("2026-05-18T01:00:00Z".parse().unwrap(), Period::Days(7));
    let counts = with(day(), LocalHolidays::Count);
    let due = counts.due(&input).unwrap();
    assert_eq!(due.date().to_string(), "2026-05-27");
    assert_eq!(due.steps[0].ko, "2026. 5. 18.(월): 1일째 (새 휴일: 지방공휴일은 셈)");
    assert_eq!(counts.fingerprint(), Calendar::national().fingerprint());
    let stops = with(day(), LocalHolidays::Stop);
    assert_eq!(stops.due(&input).unwrap().date().to_string(), "2026-05-28");
    let why = stops.closed("2026-05-18".parse().unwrap()).unwrap();
    assert_eq!(why.text(Lang::En), "a new holiday");
}

#[test]
fn what_was_known_on_a_day_can_be_seen_again() {
    let known = |on: &str| {
        Calendar::new(&CalendarOptions {
            known_on: Some(on.parse().unwrap()),
            ..CalendarOptions::default()
        })
    };
    let constitution: Date = "2026-07-17".parse().unwrap();
    assert!(known("2026-05-10").is_working_day(constitution));
    assert!(!known("2026-05-11").is_working_day(constitution));
}

/// The public list of 2010-2030, where it lies beside the project.
#[test]
fn the_public_list_of_holidays() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/holidays/kr_public_holidays_2010_2030.json.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let theirs: BTreeSet<Date> = rows
        .iter()
        .map(|row| row["date"].as_str().unwrap().parse().unwrap())
        .filter(|date: &Date| date.year() >= 2014)
        .collect();
    let ours: BTreeSet<Date> = (2014..=2030)
        .flat_map(|year| Calendar::national().holidays(year).map(|(date, _)| date))
        .collect();
    assert!(theirs.len() > 250);
    assert_eq!(ours, theirs);
}
