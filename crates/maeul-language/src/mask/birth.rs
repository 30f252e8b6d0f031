//! Dates of birth: a date the text says somebody was born on.

use super::reading::{Reading, is_hangul, value};
use super::words::Words;
use super::{Find, PersonalKind};

static BEFORE: Words =
    Words::new("생년월일|생년 월일|생년|생일|출생|태어난 날|태어난|DOB|dob|Birth|birth");

/// Finds dates that are of birth.
pub(super) fn find(reading: &Reading, found: &mut Vec<Find>) {
    for (place, &(from, _)) in reading.groups.iter().enumerate() {
        let Some(to) = date(reading, place) else { continue };
        let before =
            reading.near_before(from, 9, &BEFORE) && !reading.near_before(from, 9, &["발생일"]);
        if before || is_born(reading, to) {
            found.push(Find { kind: PersonalKind::Birth, from, to });
        }
    }
}

/// Whether `생`, `출생` or `에 태어` stands behind a date; not `생겼어요` or `생활`.
fn is_born(reading: &Reading, to: usize) -> bool {
    let to = to + usize::from(reading.at(to) == '.');
    let place = reading.over_blanks(to, 1);
    if reading.is(place, "생") {
        let next = reading.at(place + 1);
        return !is_hangul(next)
            || "이입인의으로".contains(next)
            || reading.is(place, "생일") && !reading.is(place, "생일잔");
    }
    reading.any_at(place, &["출생", "에 태어", "에 출생", "태생"]).is_some()
}

/// Where the date ends that begins with this group.
fn date(reading: &Reading, place: usize) -> Option<usize> {
    let group = |step: usize| reading.groups.get(place + step).copied();
    let number = |(from, to): (usize, usize)| {
        reading
            .slice(from..to)
            .iter()
            .filter_map(|sign| value(*sign))
            .fold(0_u32, |sum, digit| sum.saturating_mul(10).saturating_add(u32::from(digit)))
    };
    let is_month = |group| (1..=12).contains(&number(group));
    let is_day = |group| (1..=31).contains(&number(group));
    let first = group(0)?;
    let compact = number(first) % 10_000;
    let fits = (1..=12).contains(&(compact / 100)) && (1..=31).contains(&(compact % 100));
    match first.1 - first.0 {
        6 => fits.then_some(first.1),
        8 => (fits && (18..=21).contains(&(number(first) / 1_000_000))).then_some(first.1),
        4 | 2 | 1 => {
            // A month and a day alone.
            let second = group(1)?;
            if is_month(first) && is_day(second) && joined(reading, first.1, second.0, "월") {
                return Some(second.1 + usize::from(reading.at(second.1) == '일'));
            }
            let third = group(2)?;
            (first.1 - first.0 != 1
                && is_month(second)
                && is_day(third)
                && joined(reading, first.1, second.0, "년./-")
                && joined(reading, second.1, third.0, "월./-"))
            .then(|| third.1 + usize::from(reading.at(third.1) == '일'))
        }
        _ => None,
    }
}

/// Whether one of `signs` and blanks stand between two parts of a date.
fn joined(reading: &Reading, from: usize, to: usize, signs: &str) -> bool {
    let between = reading.slice(from..to);
    (1..=4).contains(&between.len())
        && between.iter().all(|sign| sign.is_whitespace() || signs.contains(*sign))
        && between.iter().any(|sign| signs.contains(*sign))
}
