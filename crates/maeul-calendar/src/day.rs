//! Days as small numbers (0 = 2014-01-01) and wall-clock seconds, so that the clocks are integer
//! arithmetic.

use jiff::Timestamp;
use jiff::civil::{Date, Time, date};
use jiff::tz::Offset;
use maeul_base::seoul;

/// The first day covered: the first year after substitute holidays began (2013-11-05).
pub(crate) const FIRST: Date = date(2014, 1, 1);
/// The last day covered: the Korean almanac is published to 2050.
pub(crate) const LAST: Date = date(2050, 12, 31);
/// How many days are covered.
pub(crate) const DAYS: i64 = 13_514;

/// `FIRST` counted from 1970-01-01.
const EPOCH: i64 = 16_071;
const DAY_SECONDS: i64 = 86_400;
/// Seoul is nine hours ahead of UTC.
const AHEAD: i64 = 9 * 3_600;

/// A wall-clock moment in Seoul: day number and second of the day (0..=86 400).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wall {
    pub(crate) day: i64,
    pub(crate) second: i64,
}

impl Wall {
    /// Fractions of a second are dropped.
    pub(crate) fn at(instant: Timestamp) -> Self {
        let second = instant.as_second() + AHEAD;
        Self { day: second.div_euclid(DAY_SECONDS) - EPOCH, second: second.rem_euclid(DAY_SECONDS) }
    }

    pub(crate) fn instant(self) -> Option<Timestamp> {
        Timestamp::from_second((self.day + EPOCH) * DAY_SECONDS + self.second - AHEAD).ok()
    }
}

/// The number of a date.
pub(crate) fn number(date: Date) -> i64 {
    // Only the far ends of jiff's dates fail; both lie outside the days covered.
    let outside = if date < FIRST { -DAYS } else { 2 * DAYS };
    Offset::UTC
        .to_timestamp(date.to_datetime(Time::midnight()))
        .map_or(outside, |at| at.as_second().div_euclid(DAY_SECONDS) - EPOCH)
}

/// The date of a number; numbers outside jiff's range give the first day.
pub(crate) fn date_of(number: i64) -> Date {
    Wall { day: number, second: 0 }.instant().map_or(FIRST, seoul::date)
}

/// The time of a second of the day; midnight at its end reads as midnight.
pub(crate) fn time_of(second: i64) -> Time {
    let second = second.rem_euclid(DAY_SECONDS);
    let part = |value: i64| i8::try_from(value).unwrap_or(0);
    Time::new(part(second / 3_600), part(second / 60 % 60), part(second % 60), 0)
        .unwrap_or_else(|_| Time::midnight())
}

/// The second of the day of a time.
pub(crate) fn second_of(time: Time) -> i64 {
    i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_agree_over_the_whole_range() {
        assert_eq!(number(FIRST), 0);
        assert_eq!(number(LAST), DAYS - 1);
        let mut day = FIRST;
        for n in 0..DAYS {
            assert_eq!((number(day), date_of(n)), (n, day));
            day = day.tomorrow().unwrap();
        }
        assert!(number(Date::MAX) > DAYS && number(Date::MIN) < 0);
    }
}
