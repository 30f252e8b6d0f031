//! Passports (old and new form) and driving licences.

use super::reading::{Reading, is_joint};
use super::words::Words;
use super::{Find, PersonalKind};

/// The first letter of Korean passports: single, multiple, residents abroad, official, diplomatic.
const PASSPORT_LETTERS: &str = "MSRODGmsrodg";
/// Words that say that a number is of this kind.
static PASSPORT_WORDS: Words = Words::new("여권|passport|Passport|PASSPORT");
/// Words that say that a number is of this kind.
static LICENCE_WORDS: Words = Words::new("면허");
/// Regions of older licences.
static REGIONS: Words =
    Words::new("서울|부산|대구|인천|광주|대전|울산|경기|강원|충북|충남|전북|전남|경북|경남|제주");

/// Finds both.
pub(super) fn find(reading: &Reading, found: &mut Vec<Find>) {
    for (place, &(from, to)) in reading.groups.iter().enumerate() {
        if let Some(find) = passport(reading, from, to)
            && !reading.in_address(from)
        {
            found.push(find);
        }
        if let Some(find) = licence(reading, place) {
            found.push(find);
        }
    }
}

fn passport(reading: &Reading, from: usize, to: usize) -> Option<Find> {
    let back = reading.back_over_blanks(from, 1);
    let letter = reading.before(back);
    if !letter.is_ascii_alphabetic() {
        return None;
    }
    let mut start = back - 1;
    let find = |start: usize, to: usize| Find { kind: PersonalKind::Passport, from: start, to };
    let said = |start: usize| reading.near_before(start, 10, &PASSPORT_WORDS);
    let free = |start: usize, to: usize| {
        !reading.before(start).is_ascii_alphanumeric() && !reading.at(to).is_ascii_alphanumeric()
    };
    match to - from {
        // M 1234 5678 where the text says that it is a passport
        4 if said(start) => {
            let next = reading.over_blanks(to + usize::from(reading.at(to) == '-'), 1);
            let last = next + 4;
            let digits =
                reading.slice(next..last).iter().filter(|sign| sign.is_ascii_digit()).count();
            (digits == 4 && free(start, last)).then(|| find(start, last))
        }
        // M123A4567
        3 => {
            let last = to + 5;
            let form = reading.at(to).is_ascii_alphabetic()
                && reading.slice(to + 1..last).iter().filter(|sign| sign.is_ascii_digit()).count()
                    == 4;
            let known = PASSPORT_LETTERS.contains(letter) || said(start);
            (form && known && free(start, last)).then(|| find(start, last))
        }
        // M12345678
        8 => {
            let known = back == from && PASSPORT_LETTERS.contains(letter) || said(start);
            (known && free(start, to)).then(|| find(start, to))
        }
        // GM1234567
        7 => {
            if reading.before(start).is_ascii_alphabetic() {
                start -= 1;
            }
            let second = reading.before(from).to_ascii_uppercase();
            let known = start + 2 == from
                && "MSRDO".contains(second)
                && reading.at(start).is_ascii_uppercase()
                || said(start);
            (known && free(start, to)).then(|| find(start, to))
        }
        _ => None,
    }
}

fn licence(reading: &Reading, place: usize) -> Option<Find> {
    let group = |step: usize| reading.groups.get(place + step).copied().unwrap_or((0, 0));
    let size = |step: usize| group(step).1 - group(step).0;
    let joined = |step: usize| {
        let (before, after) = (group(step).1, group(step + 1).0);
        after > before
            && after - before <= 3
            && reading.slice(before..after).iter().all(|sign| is_joint(*sign))
    };
    let (from, to) = group(0);
    let find = |from: usize, to: usize| Find { kind: PersonalKind::Licence, from, to };
    // 11-21-123456-01
    if [2, 2, 6, 2] == [size(0), size(1), size(2), size(3)] && (0..3).all(joined) {
        return Some(find(from, group(3).1));
    }
    // 서울 12-123456-78
    if [2, 6, 2] == [size(0), size(1), size(2)] && (0..2).all(joined) {
        let back = reading.back_over_blanks(from, 2);
        if reading.any_ends(back, &REGIONS).is_some()
            || reading.near_before(from, 10, &LICENCE_WORDS)
        {
            return Some(find(from, group(2).1));
        }
    }
    ((10..=12).contains(&(to - from)) && reading.near_before(from, 10, &LICENCE_WORDS))
        .then(|| find(from, to))
}
