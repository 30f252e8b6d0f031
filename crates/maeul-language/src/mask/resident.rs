//! Resident registration numbers and those of foreigners. Since October 2020 the last six digits
//! are chosen by chance, so no checksum is asked for.

use super::phone::is_labelled;
use super::reading::{Number, Reading};
use super::words::Words;
use super::{Find, PersonalKind};

/// Words that say that a number is of this kind.
pub(super) static WORDS: Words =
    Words::new("주민|주번|민증|외국인등록|외국인 등록|등록증|신분증|RRN|거소신고|생년");

/// The resident number these groups make.
pub(super) fn judge(reading: &Reading, number: &Number) -> Option<Find> {
    let digits = number.digits.as_slice();
    let find = |to: usize| Find {
        kind: match digits.get(6) {
            Some(5..=8) => PersonalKind::ForeignerNumber,
            _ => PersonalKind::ResidentNumber,
        },
        from: number.from,
        to,
    };
    let said = || reading.near_before(number.from, 12, &WORDS);
    match digits.len() {
        13 => is_whole(reading, number).then(|| find(number.to())),
        // 900101-1****** shows the day of birth and the sex.
        7..=12 if number.sizes.first() == Some(&6) => {
            let stars = starred(reading, number.to());
            let rest = digits.len() - 6;
            let whole = number.sizes.len() == 2 && stars >= 3 && (6..=7).contains(&(stars + rest));
            let short = digits.len() == 7 && is_date(digits) && said();
            (whole || short).then(|| find(number.to() + stars))
        }
        // 900101-******* and, where the text says what it is, one half alone.
        6 if number.sizes.len() == 1 => {
            let gap = usize::from(reading.at(number.to()) == '-');
            let stars = starred(reading, number.to() + gap);
            let whole = gap == 1 && stars == 7;
            if whole {
                return Some(find(number.to() + gap + stars));
            }
            (is_date(digits) && said()).then(|| find(number.to()))
        }
        7 if number.sizes.len() == 1 => {
            (said() && !is_labelled(reading, number.from)).then(|| find(number.to()))
        }
        _ => None,
    }
}

/// Thirteen digits: with a dash after six whatever they are, otherwise a date first.
fn is_whole(reading: &Reading, number: &Number) -> bool {
    if is_labelled(reading, number.from) {
        return false;
    }
    let cut = number.breaks_at(6);
    let dashed = cut && number.sizes.len() == 2;
    let sex = matches!(number.digits.get(6), Some(1..=8));
    dashed
        || is_date(&number.digits) && (cut || sex && number.sizes.len() == 1)
        || reading.near_before(number.from, 12, &WORDS)
}

/// How many stars stand at a place.
fn starred(reading: &Reading, place: usize) -> usize {
    (0..8)
        .take_while(|step| {
            matches!(reading.at(place + step), '*' | '●' | '○' | 'x' | 'X' | '×' | '#' | '■' | '□')
        })
        .count()
}

/// Whether the first six digits are a year of two digits, a month and a day.
pub(super) fn is_date(digits: &[u8]) -> bool {
    match digits {
        [_, _, a, b, c, d, ..] => {
            (1..=12).contains(&(a * 10 + b)) && (1..=31).contains(&(c * 10 + d))
        }
        _ => false,
    }
}
