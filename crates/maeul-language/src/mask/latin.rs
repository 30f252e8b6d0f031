//! Names in Latin letters.

use super::name::{Ahead, ahead, is_closed};
use super::reading::Reading;

/// Where the Latin letters end that begin at a place.
pub(super) fn end(reading: &Reading, from: usize) -> usize {
    (from..reading.len())
        .find(|place| !reading.at(*place).is_ascii_alphabetic())
        .unwrap_or(reading.len())
}

/// Latin names: behind Mr. and the like, behind a label, and before 씨 or 님.
pub(super) fn named(reading: &Reading, from: usize, end: usize) -> Option<usize> {
    if reading.before(from).is_ascii_alphanumeric() || "@._-/".contains(reading.before(from)) {
        return None;
    }
    let capital = reading.at(from).is_ascii_uppercase() && end - from >= 2;
    // More words of the same name.
    let mut to = end;
    for _ in 0..3 {
        let next = if matches!(reading.at(to), ' ' | '-') { to + 1 } else { break };
        if !reading.at(next).is_ascii_alphabetic() {
            break;
        }
        to = self::end(reading, next);
    }
    let title = ["Mr. ", "Mrs. ", "Ms. ", "Mr.", "Mr ", "Ms ", "Miss ", "Mrs "];
    if capital && reading.any_ends(from, &title).is_some() {
        return Some(to);
    }
    let place = reading.over_blanks(to, 1);
    // A씨 names nobody.
    let respected = to - from > 1 && reading.at(place) == '씨' && is_closed(reading, place + 1);
    let labelled = capital
        && matches!(reading.before(reading.back_over_blanks(from, 2)), ':' | '은' | '=')
        && ahead(reading, from) == Ahead::Label;
    (respected || labelled).then_some(to)
}
