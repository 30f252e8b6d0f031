//! Figures from counted cases: sums, medians, shares, and what is too small to be told. Whole numbers
//! only; no SQL, no HTTP.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{DongCode, seoul};
use maeul_cases::Outcome;

use crate::words::PublicState;

/// A case as far as it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The service.
    pub service: Option<String>,
    /// The 동.
    pub dong: Option<DongCode>,
    /// When it came in.
    pub received_at: Timestamp,
    /// Where it stands.
    pub state: PublicState,
    /// How it was answered.
    pub outcome: Option<Outcome>,
    /// When an answer is due.
    pub due_at: Option<Timestamp>,
    /// Whether the petitions act sets that time.
    pub statutory: bool,
    /// From receipt to the last answer, in minutes of office hours.
    pub minutes: Option<i64>,
    /// Whether the answer came in time.
    pub in_time: Option<bool>,
    /// The last rating, one to five.
    pub rating: Option<i32>,
}

impl Counted {
    /// The month it came in, `2026-06`.
    pub fn month(&self) -> String {
        month_of(seoul::date(self.received_at))
    }
}

/// `2026-06`
pub fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// What some cases add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many came in.
    pub received: i64,
    /// How many of them are answered.
    pub answered: i64,
    /// How many are not and should be.
    pub late: i64,
    /// Half of the answered took no longer: minutes of office hours.
    pub median: Option<i64>,
    /// Nine of ten took no longer.
    pub ninetieth: Option<i64>,
    /// How many petitions were answered within the statutory time.
    pub in_time: i64,
    /// Out of how many: answered, or overdue and not answered.
    pub in_time_of: i64,
    /// The sum of the ratings.
    pub rating_sum: i64,
    /// How many rated.
    pub ratings: i64,
    /// How many were answered how, in the order of [`Outcome::ALL`].
    pub outcomes: [i64; 4],
}

impl Sums {
    /// Of these cases, as of now.
    pub fn of<'a>(cases: impl IntoIterator<Item = &'a Counted>, now: Timestamp) -> Self {
        let mut sums = Self::default();
        let mut minutes = Vec::new();
        for case in cases {
            sums.received += 1;
            let answered = case.state == PublicState::Answered;
            let late = !answered && case.due_at.is_some_and(|due| due < now);
            sums.answered += i64::from(answered);
            sums.late += i64::from(late);
            minutes.extend(case.minutes);
            if case.statutory && (case.in_time.is_some() || late) {
                sums.in_time_of += 1;
                sums.in_time += i64::from(case.in_time == Some(true));
            }
            if let Some(rating) = case.rating {
                sums.rating_sum += i64::from(rating);
                sums.ratings += 1;
            }
            for (outcome, count) in Outcome::ALL.iter().zip(&mut sums.outcomes) {
                *count += i64::from(case.outcome == Some(*outcome));
            }
        }
        minutes.sort_unstable();
        sums.median = rank(&minutes, 50);
        sums.ninetieth = rank(&minutes, 90);
        sums
    }

    /// The share answered within the statutory time, per mille.
    pub fn in_time_permille(&self) -> Option<i64> {
        (self.in_time_of > 0)
            .then(|| (self.in_time * 2_000 + self.in_time_of) / (self.in_time_of * 2))
    }

    /// The mean rating in hundredths.
    pub fn rating_hundredths(&self) -> Option<i64> {
        (self.ratings > 0).then(|| (self.rating_sum * 200 + self.ratings) / (self.ratings * 2))
    }

    /// The same with what rests on fewer than `smallest` cases taken out.
    #[must_use]
    pub fn without_small(mut self, smallest: i64) -> Told {
        let small = |n: i64| n > 0 && n < smallest;
        if small(self.answered) {
            (self.median, self.ninetieth) = (None, None);
        }
        let hidden = [
            small(self.received),
            small(self.answered),
            small(self.late),
            // That an office was late is no secret of anybody's; only a small number of cases is.
            small(self.in_time_of) || small(self.in_time),
            small(self.ratings),
        ];
        let [received, answered, late, in_time, ratings] = hidden;
        Told { sums: self, received, answered, late, in_time, ratings }
    }
}

/// The value at that percentile by nearest rank, of sorted values.
fn rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let place = (sorted.len() * percent).div_ceil(100);
    sorted.get(place.checked_sub(1)?).copied()
}

/// Sums as they may be told: which of them are too small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The sums.
    pub sums: Sums,
    /// How many came in is not told.
    pub received: bool,
    /// How many were answered, and how fast, is not told.
    pub answered: bool,
    /// How many are late is not told.
    pub late: bool,
    /// The share in time is not told.
    pub in_time: bool,
    /// The rating is not told.
    pub ratings: bool,
}

impl Told {
    /// Everything is told.
    pub fn all(sums: Sums) -> Self {
        sums.without_small(0)
    }

    /// Nothing is told.
    pub fn hide(&mut self) {
        (self.received, self.answered, self.late, self.in_time, self.ratings) =
            (true, true, true, true, true);
        (self.sums.median, self.sums.ninetieth) = (None, None);
    }
}

/// Rows of a breakdown, as they may be told: a row that rests on too few cases is not told at all, and
/// never a single one alone, because the others would give it away.
pub fn breakdown<K: Clone>(rows: &[(K, Sums)], smallest: i64) -> Vec<(K, Told)> {
    let mut told: Vec<(K, Told)> = rows
        .iter()
        .map(|(key, sums)| (key.clone(), sums.clone().without_small(smallest)))
        .collect();
    let hidden = told.iter().filter(|(_, it)| it.received).count();
    for (_, it) in told.iter_mut().filter(|(_, it)| it.received) {
        it.hide();
    }
    if hidden == 1 {
        let next = told
            .iter_mut()
            .filter(|(_, it)| !it.received && it.sums.received > 0)
            .min_by_key(|(_, it)| it.sums.received);
        if let Some((_, it)) = next {
            it.hide();
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn case(minutes: Option<i64>, in_time: Option<bool>, rating: Option<i32>) -> Counted {
        Counted {
            service: None,
            dong: None,
            received_at: Timestamp::UNIX_EPOCH,
            state: if minutes.is_some() { PublicState::Answered } else { PublicState::Working },
            outcome: minutes.map(|_| Outcome::Done),
            due_at: Some(Timestamp::UNIX_EPOCH),
            statutory: true,
            minutes,
            in_time,
            rating,
        }
    }

    #[test]
    fn medians_and_shares_are_those_of_a_hand_reckoning() {
        let cases: Vec<Counted> = (1..=10)
            .map(|n| case(Some(n * 10), Some(n <= 8), (n <= 3).then_some(4)))
            .chain([case(None, None, None)])
            .collect();
        let sums = Sums::of(&cases, Timestamp::from_second(10).unwrap());
        assert_eq!((sums.received, sums.answered, sums.late), (11, 10, 1));
        assert_eq!((sums.median, sums.ninetieth), (Some(50), Some(90)));
        // The one that is overdue counts as not in time.
        assert_eq!((sums.in_time, sums.in_time_of, sums.in_time_permille()), (8, 11, Some(727)));
        assert_eq!(sums.rating_hundredths(), Some(400));
        assert_eq!(sums.outcomes, [10, 0, 0, 0]);
        assert_eq!(Sums::default().median, None);
    }

    proptest! {
        #[test]
        fn nothing_small_is_told_and_no_row_can_be_reckoned_from_the_rest(
            counts in proptest::collection::vec(0_i64..12, 1..8)
        ) {
            let rows: Vec<(usize, Sums)> = counts
                .iter()
                .map(|n| {
                    let cases: Vec<Counted> =
                        (0..*n).map(|i| case((i % 2 == 0).then_some(i), None, None)).collect();
                    Sums::of(&cases, Timestamp::UNIX_EPOCH)
                })
                .enumerate()
                .collect();
            let told = breakdown(&rows, 3);
            for (_, it) in &told {
                if !it.received {
                    prop_assert!(it.sums.received == 0 || it.sums.received >= 3);
                }
                if !it.answered {
                    prop_assert!(it.sums.answered == 0 || it.sums.answered >= 3);
                }
            }
            let hidden = told.iter().filter(|(_, it)| it.received).count();
            let others = told.iter().filter(|(_, it)| it.sums.received > 0).count();
            prop_assert!(hidden != 1 || others == 1);
        }
    }
}
