//! The days on which a unit exists or an assignment holds.

use jiff::civil::Date;

/// Half-open: from the first day to the first day after the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day; none while it waits for the event that puts it in force.
    pub from: Option<Date>,
    /// The first day on which it holds no more; none for no end.
    pub to: Option<Date>,
}

impl Period {
    /// Whether it holds on that day.
    pub fn contains(self, on: Date) -> bool {
        self.from.is_some_and(|from| from <= on) && self.to.is_none_or(|to| on < to)
    }

    /// Whether some day lies in both. What still waits for its event overlaps with nothing.
    pub fn overlaps(self, other: Self) -> bool {
        let begins_before_end = |a: Self, b: Self| match (a.from, b.to) {
            (Some(from), Some(to)) => from < to,
            (Some(_), None) => true,
            (None, _) => false,
        };
        begins_before_end(self, other) && begins_before_end(other, self)
    }

    /// Whether every day of it lies in `outer`.
    pub fn within(self, outer: Self) -> bool {
        let begins = match (self.from, outer.from) {
            (Some(inner), Some(outer)) => outer <= inner,
            (Some(_), None) => false,
            (None, _) => true,
        };
        let ends = match (self.to, outer.to) {
            (_, None) => true,
            (Some(inner), Some(outer)) => inner <= outer,
            (None, Some(_)) => false,
        };
        begins && ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn p(from: Option<i8>, to: Option<i8>) -> Period {
        let day = |day: i8| date(2026, 1, day);
        Period { from: from.map(day), to: to.map(day) }
    }

    #[test]
    fn periods_meet_only_when_they_share_a_day() {
        // (one, other, overlaps, one within other)
        let table = [
            (p(Some(1), Some(5)), p(Some(5), Some(9)), false, false),
            (p(Some(1), Some(6)), p(Some(5), Some(9)), true, false),
            (p(Some(1), None), p(Some(5), Some(9)), true, false),
            (p(Some(6), Some(8)), p(Some(5), Some(9)), true, true),
            (p(Some(5), Some(9)), p(Some(5), None), true, true),
            (p(Some(9), None), p(Some(5), Some(9)), false, false),
            (p(None, None), p(Some(1), None), false, true),
        ];
        for (one, other, overlaps, within) in table {
            assert_eq!(one.overlaps(other), overlaps, "{one:?} {other:?}");
            assert_eq!(other.overlaps(one), overlaps, "{other:?} {one:?}");
            assert_eq!(one.within(other), within, "{one:?} {other:?}");
        }
        assert!(p(Some(2), Some(4)).contains(date(2026, 1, 3)));
        assert!(!p(Some(2), Some(4)).contains(date(2026, 1, 4)));
        assert!(!p(None, None).contains(date(2026, 1, 4)));
    }
}
