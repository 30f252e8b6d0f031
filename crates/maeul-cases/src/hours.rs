//! Working time between two instants, by the office's calendar.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use maeul_base::seoul;
use maeul_calendar::Calendar;

/// The limit for passing a petition on inside the office: 3 working hours (영13).
pub(crate) const TRANSFER_LIMIT_MINUTES: i64 = 3 * 60;

/// The limit for a transfer to another agency: 8 working hours, and the petitioner is told (영13).
pub(crate) const AGENCY_LIMIT_MINUTES: i64 = 8 * 60;

/// The most days walked; what lies longer is counted as if it had lain this long.
const MOST_DAYS: usize = 3_700;

/// Whole working minutes from `from` to `to`; none if `to` is earlier.
pub fn working_minutes(calendar: &Calendar, from: Timestamp, to: Timestamp) -> i64 {
    if to <= from {
        return 0;
    }
    let (first, last) = (seoul::date(from), seoul::date(to));
    let mut seconds = 0;
    for day in first.series(1.day()).take_while(|day| *day <= last).take(MOST_DAYS) {
        if calendar.is_working_day(day) {
            for part in calendar.hours().segments() {
                let (begin, end) = (at(day, part.from).max(from), at(day, part.to).min(to));
                seconds += (end.as_second() - begin.as_second()).max(0);
            }
        }
    }
    seconds / 60
}

fn at(day: Date, time: Time) -> Timestamp {
    seoul::instant(day.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_lunch_and_holidays_do_not_count() {
        let calendar = Calendar::national();
        let minutes = |from: &str, to: &str| {
            let read = |text: &str| seoul::instant(text.parse().unwrap());
            working_minutes(calendar, read(from), read(to))
        };
        assert_eq!(minutes("2026-06-08T10:30", "2026-06-08T14:30"), 180);
        assert_eq!(minutes("2026-06-05T17:00", "2026-06-08T10:00"), 120);
        assert_eq!(minutes("2026-06-02T18:00", "2026-06-04T09:00"), 0);
        assert_eq!(minutes("2026-06-08T14:30", "2026-06-08T10:30"), 0);
    }
}
