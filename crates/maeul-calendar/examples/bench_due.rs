//! Measures due times for 7-day periods: `bench_due holidays` prints the closed weekdays for the
//! peer, `bench_due days FILE` reads receipts (days since 1970) and prints nanoseconds per answer.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::fs;
use std::hint::black_box;
use std::time::Instant;

use jiff::Timestamp;
use maeul_calendar::{Calendar, DueInput, Period, Weekend};

/// Nine in the morning in Seoul is midnight in UTC, so a day number times 86 400 is a receipt.
const DAY: i64 = 86_400;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let calendar = Calendar::national();
    if words[0] == "holidays" {
        for year in Calendar::FIRST.year()..=Calendar::LAST.year() {
            for (date, _) in calendar.holidays(year) {
                if Weekend::of(date).is_none() {
                    println!("{date}");
                }
            }
        }
        return;
    }
    let inputs: Vec<DueInput> = fs::read_to_string(&words[1])
        .unwrap()
        .lines()
        .map(|day| {
            let received = Timestamp::from_second(day.parse::<i64>().unwrap() * DAY).unwrap();
            DueInput::petition(received, Period::Days(7))
        })
        .collect();
    let each = |count: usize, since: Instant| {
        since.elapsed().as_secs_f64() * 1e9 / f64::from(u32::try_from(count).unwrap())
    };
    // The sum of all due days, to be compared with the peer's.
    let mut sum = 0;
    let since = Instant::now();
    for input in &inputs {
        sum += calendar.due_at(black_box(input)).unwrap().as_second().div_euclid(DAY);
    }
    let plain = each(inputs.len(), since);
    let some = &inputs[..inputs.len() / 20];
    let since = Instant::now();
    for input in some {
        black_box(calendar.due(black_box(input)).unwrap());
    }
    println!("{sum} {plain:.2} {:.0}", each(some.len(), since));
}
