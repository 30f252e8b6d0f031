//! The office's own promise: when a text is to be answered by what the office said of itself. It
//! stands beside the statutory due time and never instead of it.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use maeul_base::seoul;
use maeul_calendar::Calendar;

/// What the office promises. No law sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Within how many hours a text is answered.
    pub hours: i64,
    /// Whether Saturdays, Sundays and holidays do not count.
    pub skips_days_off: bool,
}

impl Promise {
    /// What holds where the office set nothing: 48 hours, days off counting like others.
    pub const DEFAULT: Self = Self { hours: 48, skips_days_off: false };
    /// The most hours that can be promised: sixty days.
    pub const MOST_HOURS: i64 = 60 * 24;
}

impl Default for Promise {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The most days looked through for one on which the office is open.
const MOST_DAYS: i32 = 400;

/// From when the hours are counted: at once while the office is open, else from the opening of the
/// next working day (of the same day, before it opens). The lunch hour counts as open.
pub fn begins(calendar: &Calendar, received: Timestamp) -> Timestamp {
    let wall = seoul::wall(received);
    let (open, close) = opening(calendar);
    let today = wall.date();
    if calendar.is_working_day(today) && wall.time() < close {
        return if wall.time() < open { at(today, open) } else { received };
    }
    next_working_day(calendar, today).map_or(received, |day| at(day, open))
}

/// When a text received then is to be answered by the office's own promise.
pub fn promised(calendar: &Calendar, received: Timestamp, promise: Promise) -> Timestamp {
    let begin = begins(calendar, received);
    let length = SignedDuration::from_hours(promise.hours.clamp(0, Promise::MOST_HOURS));
    if !promise.skips_days_off {
        return begin.checked_add(length).unwrap_or(begin);
    }
    // Whole days of the calendar go by, those off without counting.
    let mut left = length;
    let mut from = begin;
    for _ in 0..MOST_DAYS {
        let day = seoul::date(from);
        let Ok(tomorrow) = day.checked_add(1.day()) else { break };
        let midnight = at(tomorrow, Time::midnight());
        if calendar.is_working_day(day) {
            let here = midnight.duration_since(from);
            if left <= here {
                return from.checked_add(left).unwrap_or(from);
            }
            left = left.checked_sub(here).unwrap_or_default();
        }
        from = midnight;
    }
    from
}

fn opening(calendar: &Calendar) -> (Time, Time) {
    let [morning, _] = calendar.hours().segments();
    (morning.from, calendar.hours().close())
}

fn next_working_day(calendar: &Calendar, after: Date) -> Option<Date> {
    let mut day = after;
    for _ in 0..MOST_DAYS {
        day = day.checked_add(1.day()).ok()?;
        if calendar.is_working_day(day) {
            return Some(day);
        }
    }
    None
}

fn at(day: Date, time: Time) -> Timestamp {
    seoul::instant(day.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(received: &str, promise: Promise) -> String {
        let received = seoul::instant(received.parse().unwrap());
        let until = promised(Calendar::national(), received, promise);
        seoul::wall(until).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    const SKIPS: Promise = Promise { hours: 48, skips_days_off: true };

    #[test]
    fn by_hand() {
        for (received, plain, skipping) in [
            // In office hours: from that minute. Tuesday to Thursday.
            ("2026-06-09T10:30", "2026-06-11T10:30", "2026-06-11T10:30"),
            // At lunch the office is open.
            ("2026-06-09T12:30", "2026-06-11T12:30", "2026-06-11T12:30"),
            // Before opening: from 09:00 that day.
            ("2026-06-09T07:12", "2026-06-11T09:00", "2026-06-11T09:00"),
            // After closing, and at the minute of closing: from 09:00 the next day.
            ("2026-06-09T18:00", "2026-06-12T09:00", "2026-06-12T09:00"),
            ("2026-06-09T23:59", "2026-06-12T09:00", "2026-06-12T09:00"),
            // Friday afternoon: over the weekend, or to Tuesday.
            ("2026-06-12T15:00", "2026-06-14T15:00", "2026-06-16T15:00"),
            // Friday night and Saturday: from Monday 09:00.
            ("2026-06-12T20:00", "2026-06-17T09:00", "2026-06-17T09:00"),
            ("2026-06-13T11:00", "2026-06-17T09:00", "2026-06-17T09:00"),
            // The eve of Chuseok 2026 (24 to 26 September): from Monday the 28th.
            ("2026-09-23T19:00", "2026-09-30T09:00", "2026-09-30T09:00"),
            ("2026-09-23T17:00", "2026-09-25T17:00", "2026-09-29T17:00"),
        ] {
            assert_eq!(by(received, Promise::DEFAULT), plain, "{received}");
            assert_eq!(by(received, SKIPS), skipping, "{received}, days off not counting");
        }
        assert_eq!(
            by("2026-06-09T10:30", Promise { hours: 3, skips_days_off: true }),
            "2026-06-09T13:30"
        );
    }

    proptest::proptest! {
        #[test]
        fn it_is_never_early_and_skipping_is_never_earlier(minutes in 0_i64..1_000_000, hours in 1_i64..200) {
            let received = seoul::instant(jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0))
                + SignedDuration::from_mins(minutes);
            let calendar = Calendar::national();
            let plain = promised(calendar, received, Promise { hours, skips_days_off: false });
            let skipping = promised(calendar, received, Promise { hours, skips_days_off: true });
            proptest::prop_assert!(begins(calendar, received) >= received);
            proptest::prop_assert!(plain >= received + SignedDuration::from_hours(hours));
            proptest::prop_assert!(skipping >= plain);
        }
    }
}
