//! Office hours: Monday to Friday 09:00-18:00 without the lunch hour, eight hours a day.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::{day, law};

/// A stretch of the day during which the office works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its beginning.
    pub from: Time,
    /// Its end.
    pub to: Time,
}

/// The hours of a working day (지방공무원복무규정 제2조: 09-18, lunch 12-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficeHours {
    pub(crate) morning: (i64, i64),
    pub(crate) afternoon: (i64, i64),
}

impl OfficeHours {
    /// Hours in two stretches, in order; `None` unless they make the eight hours of the law.
    pub fn new(morning: Segment, afternoon: Segment) -> Option<Self> {
        let seconds = |part: Segment| (day::second_of(part.from), day::second_of(part.to));
        let hours = Self { morning: seconds(morning), afternoon: seconds(afternoon) };
        let in_order = hours.morning.0 < hours.morning.1
            && hours.morning.1 <= hours.afternoon.0
            && hours.afternoon.0 < hours.afternoon.1;
        (in_order && hours.seconds() == 8 * 3_600).then_some(hours)
    }

    /// When the office closes.
    pub fn close(&self) -> Time {
        day::time_of(self.afternoon.1)
    }

    /// The two stretches.
    pub fn segments(&self) -> [Segment; 2] {
        [self.morning, self.afternoon]
            .map(|(from, to)| Segment { from: day::time_of(from), to: day::time_of(to) })
    }

    /// Working seconds in a day.
    pub(crate) const fn seconds(&self) -> i64 {
        self.morning.1 - self.morning.0 + self.afternoon.1 - self.afternoon.0
    }

    /// Working seconds gone by at this second of the day.
    pub(crate) fn gone(&self, second: i64) -> i64 {
        let part = |(from, to): (i64, i64)| second.clamp(from, to) - from;
        part(self.morning) + part(self.afternoon)
    }

    /// The earliest second of the day by which so many working seconds (1 to a full day) are gone.
    pub(crate) const fn second_when(&self, gone: i64) -> i64 {
        let morning = self.morning.1 - self.morning.0;
        if gone <= morning { self.morning.0 + gone } else { self.afternoon.0 + gone - morning }
    }
}

impl Default for OfficeHours {
    fn default() -> Self {
        law::law().clock.hours
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_has_eight_hours_and_a_lunch() {
        let hours = OfficeHours::default();
        assert_eq!(hours.seconds(), 28_800);
        assert_eq!(hours.gone(12 * 3_600), 3 * 3_600);
        assert_eq!(hours.gone(13 * 3_600), 3 * 3_600);
        assert_eq!(hours.second_when(3 * 3_600), 12 * 3_600);
        assert_eq!(hours.second_when(3 * 3_600 + 1), 13 * 3_600 + 1);
        assert_eq!(hours.second_when(8 * 3_600), 18 * 3_600);
        let [morning, afternoon] = hours.segments();
        assert_eq!(OfficeHours::new(morning, afternoon), Some(hours));
        assert_eq!(OfficeHours::new(afternoon, morning), None);
        assert_eq!(OfficeHours::new(morning, morning), None);
    }
}
