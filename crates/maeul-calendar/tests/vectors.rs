//! The worked cases of the petition clock, each by the fast path and by the explained one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use maeul_base::{Lang, Refusal, seoul};
use maeul_calendar::{
    Arithmetic, Calculator, Calendar, Due, DueInput, DueRefusal, Excluded, Ground, Period,
    Precision, WhenSpec,
};

fn when(text: &str) -> WhenSpec {
    text.parse().unwrap()
}

fn petition(received: &str, period: &str) -> DueInput {
    DueInput::petition(when(received).start(), period.parse().unwrap())
}

fn supplement(from: &str, to: &str) -> Excluded {
    Excluded::supplement(when(from), when(to))
}

fn outage(from: &str, to: &str) -> Excluded {
    Excluded { from: when(from), to: when(to), ground: Ground::Outage }
}

/// Both paths agree; the wall-clock due time.
fn due(input: &DueInput) -> (String, Due) {
    let calendar = Calendar::national();
    let due = calendar.due(input).unwrap();
    assert_eq!(calendar.due_at(input), Ok(due.at));
    let wall = seoul::wall(due.at).strftime("%Y-%m-%d %H:%M").to_string();
    (wall, due)
}

#[test]
fn the_table_of_the_petition_act() {
    for (period, received, expected, calculator) in [
        ("즉시", "2026-06-08T10:30", "2026-06-08 14:30", Arithmetic::A),
        ("즉시", "2026-06-08T12:20", "2026-06-08 16:00", Arithmetic::A),
        ("즉시", "2026-06-08T16:30", "2026-06-09 10:30", Arithmetic::A),
        ("즉시", "2026-05-22T16:30", "2026-05-26 10:30", Arithmetic::A),
        ("3d", "2026-09-22T11:00", "2026-09-29 11:00", Arithmetic::A),
        ("5d", "2026-06-01T14:00", "2026-06-09 14:00", Arithmetic::A),
        ("7d", "2026-06-08", "2026-06-16 18:00", Arithmetic::B),
        ("7d", "2026-04-28", "2026-05-08 18:00", Arithmetic::B),
        ("7d", "2026-07-13", "2026-07-22 18:00", Arithmetic::B),
        ("7d", "2026-08-15", "2026-08-26 18:00", Arithmetic::B),
        ("14d", "2026-06-08", "2026-06-25 18:00", Arithmetic::B),
        ("14d", "2026-09-21", "2026-10-14 18:00", Arithmetic::B),
        ("14d", "2027-02-01", "2027-02-22 18:00", Arithmetic::B),
        ("1month", "2026-06-08", "2026-07-07 18:00", Arithmetic::C),
        ("1month", "2026-01-31", "2026-03-03 18:00", Arithmetic::C),
        ("3month", "2026-07-01", "2026-09-30 18:00", Arithmetic::C),
        ("8h", "2026-07-16T20:00", "2026-07-20 18:00", Arithmetic::A),
    ] {
        let (wall, due) = due(&petition(received, period));
        assert_eq!((wall.as_str(), due.calculator), (expected, calculator), "{period} {received}");
        let precision = if calculator == Arithmetic::A { Precision::Time } else { Precision::Day };
        assert_eq!(due.precision, precision);
    }
}

#[test]
fn supplement_and_extension_of_seven_days() {
    let base = petition("2026-06-08", "7d");
    let supplemented = base.clone().excluding(supplement("2026-06-10", "2026-06-12"));
    assert_eq!(due(&supplemented).0, "2026-06-19 18:00");
    assert_eq!(due(&base.extend(Period::Days(7))).0, "2026-06-25 18:00");
}

#[test]
fn the_hour_of_the_day_does_not_matter_to_the_day_clocks() {
    for period in ["7d", "2w", "1month", "1year"] {
        let dues: Vec<String> = ["T00:00", "T09:00", "T12:30", "T23:59:59"]
            .map(|time| due(&petition(&format!("2026-06-08{time}"), period)).0)
            .into();
        assert!(dues.iter().all(|it| *it == dues[0]), "{period}: {dues:?}");
    }
}

#[test]
fn edges_of_the_working_day() {
    for (received, hours, expected) in [
        ("2026-06-08T09:00", "3h", "2026-06-08 12:00"),
        ("2026-06-08T07:00", "3h", "2026-06-08 12:00"),
        ("2026-06-08T09:00", "4h", "2026-06-08 14:00"),
        ("2026-06-08T13:00", "5h", "2026-06-08 18:00"),
        ("2026-06-08T18:00", "8h", "2026-06-09 18:00"),
        ("2026-06-08T17:59:59", "1h", "2026-06-09 09:59"),
        ("2026-06-06T11:00", "1h", "2026-06-08 10:00"),
        ("2026-06-07T23:59", "1h", "2026-06-08 10:00"),
    ] {
        assert_eq!(due(&petition(received, hours)).0, expected, "{received} {hours}");
    }
}

#[test]
fn weeks_months_and_years_by_the_calendar() {
    for (received, period, expected) in [
        ("2026-06-08", "2w", "2026-06-22 18:00"), // Sunday 21 moves
        ("2026-06-09", "2w", "2026-06-22 18:00"),
        ("2026-06-08", "1year", "2027-06-07 18:00"),
        ("2028-02-29", "1year", "2029-02-28 18:00"),
        ("2026-12-31", "2month", "2027-03-02 18:00"), // 28 February is a Sunday, 1 March a holiday
        ("2026-02-28", "1month", "2026-03-27 18:00"),
    ] {
        assert_eq!(due(&petition(received, period)).0, expected, "{received} {period}");
    }
}

#[test]
fn the_civil_act_does_not_count_the_first_day() {
    for (received, period, expected) in [
        ("2026-06-08", "10d", "2026-06-18 18:00"),
        ("2026-06-08", "60d", "2026-08-07 18:00"),
        ("2026-06-08", "5d", "2026-06-15 18:00"), // Saturday 13 moves
        ("2026-06-08", "2w", "2026-06-22 18:00"),
        ("2026-06-08", "1month", "2026-07-08 18:00"),
        ("2026-01-30", "1month", "2026-03-03 18:00"), // begins on the 31st: end of February, moved
        ("2026-01-31", "1month", "2026-03-03 18:00"),
    ] {
        let input = DueInput::civil(when(received).start(), period.parse().unwrap());
        let (wall, due) = due(&input);
        assert_eq!(
            (wall.as_str(), due.calculator),
            (expected, Arithmetic::D),
            "{received} {period}"
        );
        assert_eq!(due.input.calculator, Calculator::Civil);
    }
}

#[test]
fn the_hour_clock_keeps_what_ran_before_a_request_was_sent() {
    let base = petition("2026-06-08T10:00", "8h");
    assert_eq!(due(&base).0, "2026-06-09 10:00");
    // One hour ran before the request; the supplement takes the whole of its last day.
    let sent = base.clone().excluding(supplement("2026-06-08T11:00", "2026-06-09T10:00"));
    assert_eq!(due(&sent).0, "2026-06-10 17:00");
    // Days only: nothing of the first day counts.
    let days = base.clone().excluding(supplement("2026-06-08", "2026-06-09"));
    assert_eq!(due(&days).0, "2026-06-10 18:00");
    // An outage ends when it ends.
    let down = base.clone().excluding(outage("2026-06-08T11:00", "2026-06-08T14:30"));
    assert_eq!(due(&down).0, "2026-06-09 13:30");
    // Two that overlap count once, in any order.
    let twice = base
        .clone()
        .excluding(outage("2026-06-08T13:00", "2026-06-08T15:00"))
        .excluding(outage("2026-06-08T11:00", "2026-06-08T14:30"));
    assert_eq!(due(&twice).0, "2026-06-09 14:00");
    // Before receipt, or after the due time: nothing changes.
    for (from, to) in [("2026-06-01", "2026-06-05"), ("2026-06-10", "2026-06-12")] {
        assert_eq!(due(&base.clone().excluding(outage(from, to))).0, "2026-06-09 10:00");
    }
}

#[test]
fn exclusions_of_calendar_periods() {
    let month = petition("2026-06-08", "1month");
    let three = month.excluding(supplement("2026-06-10", "2026-06-12"));
    assert_eq!(due(&three).0, "2026-07-10 18:00");
    let civil = DueInput::civil(when("2026-06-08").start(), Period::Days(10))
        .excluding(supplement("2026-06-18", "2026-06-18"));
    assert_eq!(due(&civil).0, "2026-06-19 18:00");
}

#[test]
fn extensions_run_on_from_the_due_time() {
    let hours = petition("2026-06-08T16:30", "즉시").extend(Period::Immediate);
    assert_eq!(due(&hours).0, "2026-06-09 14:30");
    let month = petition("2026-06-08", "1month").extend(Period::Months(1));
    assert_eq!(due(&month).0, "2026-08-07 18:00");
    let twice = petition("2026-06-08", "7d").extend(Period::Days(7)).extend(Period::Days(7));
    assert_eq!(due(&twice).0, "2026-07-06 18:00");
    let short = petition("2026-06-08", "7d").extend(Period::Days(3));
    assert_eq!(due(&short).0, "2026-06-19 18:00");
    let civil =
        DueInput::civil(when("2026-06-08").start(), Period::Days(10)).extend(Period::Days(10));
    assert_eq!(due(&civil).0, "2026-06-29 18:00"); // Sunday 28 moves
}

#[test]
fn what_cannot_be_answered_says_which_field() {
    let calendar = Calendar::national();
    let cases = [
        (petition("2013-12-31", "7d"), DueRefusal::Received),
        (petition("2051-01-01", "7d"), DueRefusal::Received),
        (petition("9999-12-30T23:59", "7d"), DueRefusal::Received),
        (petition("2050-12-30", "7d"), DueRefusal::TooFar),
        (petition("2050-12-30T10:00", "65535h"), DueRefusal::TooFar),
        (petition("2026-06-08", "65535year"), DueRefusal::TooFar),
        (petition("2026-06-08", "65535week"), DueRefusal::TooFar),
        (DueInput::petition(when("2026-06-08").start(), Period::Days(0)), DueRefusal::Empty),
        (DueInput::civil(when("2026-06-08").start(), Period::Hours(3)), DueRefusal::CivilHours),
        (
            petition("2026-06-08", "7d").excluding(supplement("2026-06-12", "2026-06-10")),
            DueRefusal::Backwards(Ground::Supplement),
        ),
        (
            petition("2026-05-04", "7d").excluding(outage("2026-05-04", "2026-05-07")),
            DueRefusal::NotYet(Ground::Outage, "2026-05-06".parse().unwrap()),
        ),
    ];
    for (input, refusal) in cases {
        assert_eq!(calendar.due(&input).unwrap_err(), refusal, "{input:?}");
        assert_eq!(calendar.due_at(&input), Err(refusal), "{input:?}");
        assert!(refusal.field().is_some());
        for lang in Lang::ALL {
            assert!(!refusal.say(lang).is_empty());
        }
    }
}

#[test]
fn a_due_time_says_itself_in_both_languages() {
    let (_, seven) = due(&petition("2026-06-01", "7d"));
    assert_eq!(
        seven.explain(Lang::Ko),
        [
            "2026. 6. 1.(월): 1일째",
            "2026. 6. 2.(화): 2일째",
            "2026. 6. 3.(수): 세지 않음, 전국동시지방선거일",
            "2026. 6. 4.(목): 3일째",
            "2026. 6. 5.(금): 4일째",
            "2026. 6. 6.(토): 세지 않음, 토요일, 현충일",
            "2026. 6. 7.(일): 세지 않음, 일요일",
            "2026. 6. 8.(월): 5일째",
            "2026. 6. 9.(화): 6일째",
            "2026. 6. 10.(수): 7일째",
        ]
    );
    assert_eq!(
        seven.summary(Lang::Ko),
        "2026. 6. 10.(수)까지: 7일, 근무일로 셈, 첫날 넣음, 토요일·공휴일 뺌 (민원 처리에 관한 법률 제19조제2항)"
    );
    let (_, at_once) = due(&petition("2026-06-08T16:30", "즉시"));
    assert_eq!(
        at_once.explain(Lang::En),
        [
            "Mon 8 Jun 2026 16:30–18:00: 1 h 30 min counted, 1 h 30 min in all",
            "Mon 8 Jun 2026 18:00–: not counted, after closing, until the next working day opens",
            "Tue 9 Jun 2026 09:00–10:30: 1 h 30 min counted, 3 h in all",
        ]
    );
    let (_, lunch) = due(&petition("2026-06-08T12:20", "즉시"));
    assert_eq!(
        lunch.explain(Lang::Ko),
        [
            "2026. 6. 8.(월) 12:20–13:00: 세지 않음, 점심시간",
            "2026. 6. 8.(월) 13:00–16:00: 3시간 셈, 모두 3시간",
        ]
    );
    let (_, month) = due(&petition("2026-01-31", "1month"));
    assert_eq!(
        month.explain(Lang::En),
        [
            "Sat 31 Jan 2026–Sat 28 Feb 2026: days 1–29",
            "Sat 28 Feb 2026: the last day is a closed day (Saturday) and moves to the next",
            "Sun 1 Mar 2026: the last day is a closed day (Sunday, Independence Movement Day) and moves to the next",
            "Mon 2 Mar 2026: the last day is a closed day (substitute holiday for Independence Movement Day) and moves to the next",
            "Tue 3 Mar 2026: the last day",
        ]
    );
    let daily = month.daily_steps();
    assert_eq!(daily.len(), 29 + 4);
    assert_eq!(daily[28].text(Lang::Ko), "2026. 2. 28.(토): 29일째");
}

#[test]
fn the_stored_form_is_stable() {
    let input = petition("2026-06-08T10:30", "7d")
        .excluding(supplement("2026-06-10T14:00", "2026-06-12"))
        .extend(Period::Days(7));
    assert_eq!(
        serde_json::to_string(&input).unwrap(),
        "{\"received\":\"2026-06-08T01:30:00Z\",\"period\":\"7d\",\"calculator\":\"petition\",\
         \"excluded\":[{\"from\":\"2026-06-10T14:00:00+09:00\",\"to\":\"2026-06-12\",\"ground\":\"supplement\"}],\
         \"extensions\":[\"7d\"]}"
    );
    let (_, short) = due(&petition("2026-06-08T10:30", "1h"));
    let json = serde_json::to_value(&short).unwrap();
    assert_eq!(json["at"], "2026-06-08T02:30:00Z");
    assert_eq!(json["calculator"], "A");
    assert_eq!(
        json["steps"][0],
        serde_json::json!({
            "date": "2026-06-08", "from": "10:30:00", "to": "11:30:00", "kind": "counted",
            "counted": true, "seconds": 3600, "total": 3600,
            "ko": "2026. 6. 8.(월) 10:30–11:30: 1시간 셈, 모두 1시간",
            "en": "Mon 8 Jun 2026 10:30–11:30: 1 h counted, 1 h in all",
        })
    );
    assert_eq!(serde_json::from_value::<Due>(json).unwrap(), short);
    assert_eq!(short.recompute(Calendar::national()).unwrap(), short);
}

#[test]
fn beyond_the_known_elections_an_answer_says_so() {
    assert!(due(&petition("2034-12-01", "7d")).1.notes.is_empty());
    let (_, late) = due(&petition("2034-12-26", "7d"));
    assert_eq!(late.notes.len(), 1);
    assert!(late.notes[0].en.contains("2034-12-31"));
}
