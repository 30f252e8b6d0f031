//! Moments: residents write when they like, officers work when the office is open.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use maeul_base::seoul;
use maeul_calendar::Calendar;

use super::dice::Dice;

/// How busy each hour of the day is on the web.
const WEB_HOURS: [i64; 24] =
    [2, 1, 1, 0, 0, 1, 3, 6, 9, 10, 9, 8, 9, 8, 8, 8, 8, 9, 10, 10, 9, 8, 6, 4];

/// Longest run of closed days looked across.
const MOST_CLOSED: i64 = 30;

/// A moment at which a resident writes on the web.
pub(crate) fn on_the_web(dice: &mut Dice, day: Date) -> Timestamp {
    let hour = i64::try_from(dice.weighted(&WEB_HOURS)).unwrap_or(9);
    at(day, Time::midnight()) + minutes(hour * 60 + dice.between(0, 59)) + seconds(dice)
}

/// A moment of that day, or of the working day before it, at which the counters are open.
pub(crate) fn at_the_counter(dice: &mut Dice, calendar: &Calendar, day: Date) -> Timestamp {
    let day = days(day, -1).find(|day| calendar.is_working_day(*day)).unwrap_or(day);
    let segments = calendar.hours().segments();
    let Some(part) = dice.pick(&segments).copied() else { return at(day, Time::midnight()) };
    let (from, to) = (at(day, part.from), at(day, part.to));
    from + minutes(dice.between(5, to.duration_since(from).as_mins() - 10)) + seconds(dice)
}

/// The working moment at or after `wanted`, if it lies before `limit`; else the last one before
/// `limit`; and if that is not after `after`, the next there is.
pub(crate) fn working(
    dice: &mut Dice,
    calendar: &Calendar,
    after: Timestamp,
    wanted: Timestamp,
    limit: Timestamp,
) -> Timestamp {
    let next = next_working(dice, calendar, wanted.max(after));
    if next <= limit {
        return next;
    }
    for day in days(seoul::date(limit), -1) {
        if !calendar.is_working_day(day) {
            continue;
        }
        for part in calendar.hours().segments().into_iter().rev() {
            let moment = at(day, part.to) - minutes(dice.between(4, 40));
            if moment <= limit && moment > after {
                return moment + seconds(dice);
            }
        }
        if at(day, Time::midnight()) < after {
            break;
        }
    }
    next
}

/// The first working moment from `from` on, give or take some minutes of getting to it.
pub(crate) fn next_working(dice: &mut Dice, calendar: &Calendar, from: Timestamp) -> Timestamp {
    for day in days(seoul::date(from), 1) {
        if !calendar.is_working_day(day) {
            continue;
        }
        for part in calendar.hours().segments() {
            let (begin, end) = (at(day, part.from), at(day, part.to));
            if from < begin {
                return begin + minutes(dice.between(3, 100)) + seconds(dice);
            }
            if from + minutes(1) < end {
                return from + seconds(dice);
            }
        }
    }
    from
}

/// Days from `first`, forwards or backwards, across any run of closed days.
fn days(first: Date, step: i64) -> impl Iterator<Item = Date> {
    (0..MOST_CLOSED).filter_map(move |n| first.checked_add((n * step).days()).ok())
}

fn at(day: Date, time: Time) -> Timestamp {
    seoul::instant(day.to_datetime(time))
}

/// So many minutes.
pub(crate) const fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

fn seconds(dice: &mut Dice) -> SignedDuration {
    SignedDuration::from_secs(dice.between(0, 59))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_open(calendar: &Calendar, moment: Timestamp) -> bool {
        let (day, time) = (seoul::date(moment), seoul::wall(moment).time());
        calendar.is_working_day(day)
            && calendar.hours().segments().iter().any(|part| part.from <= time && time < part.to)
    }

    fn read(text: &str) -> Timestamp {
        seoul::instant(text.parse().unwrap())
    }

    #[test]
    fn officers_act_in_working_hours() {
        let calendar = Calendar::national();
        for index in 0..400 {
            let mut dice = Dice::new(3, 1, index);
            let after = read("2026-06-05T16:00") + minutes(dice.between(0, 4_000));
            let wanted = after + minutes(dice.between(-100, 6_000));
            let limit = wanted + minutes(dice.between(-2_000, 2_000));
            let moment = working(&mut dice, calendar, after, wanted, limit);
            assert!(is_open(calendar, moment), "{moment}");
            assert!(moment >= after);
            let moment = next_working(&mut dice, calendar, after);
            assert!(is_open(calendar, moment) && moment >= after);
            let day = seoul::date(wanted);
            let moment = at_the_counter(&mut dice, calendar, day);
            assert!(is_open(calendar, moment) && seoul::date(moment) <= day);
        }
    }
}
