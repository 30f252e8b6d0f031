//! Personal data in Korean text, found and hidden before anything is published.
//!
//! One rule a file, over one folded reading of the text (full-width digits, jamo, zero-width signs
//! and line breaks inside a number change nothing). Where two rules speak of the same place the
//! union is hidden: it would rather hide too much than show one digit. The choices (which numbers
//! are public, why a building stays and a door goes) are argued in `docs/masking.md`.

mod account;
mod birth;
mod card;
mod door;
mod email;
mod handle;
mod kind;
mod latin;
mod masking;
mod name;
mod name_words;
mod papers;
mod phone;
mod plate;
mod reading;
mod resident;
mod words;

use std::ops::Range;

pub use kind::PersonalKind;
pub use masking::{Labelled, Masked, Masking, Piece};

use reading::{Number, Reading};

/// A piece of personal data in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Personal {
    /// What it is.
    pub kind: PersonalKind,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

/// A find by the places of its first sign and of the sign after its last.
#[derive(Clone, Copy, Debug)]
struct Find {
    kind: PersonalKind,
    from: usize,
    to: usize,
}

/// The text with personal data hidden: `010-1234-5678` becomes `***-****-****`. What an office
/// shows on purpose is told to [`Masking`].
pub fn mask(text: &str) -> Masked {
    Masking::default().mask(text)
}

/// Every piece of personal data, in order, not overlapping.
pub fn find_personal(text: &str) -> Vec<Personal> {
    let reading = Reading::of(text);
    finds(&reading)
        .into_iter()
        .map(|find| Personal { kind: find.kind, range: reading.bytes(find.from, find.to) })
        .collect()
}

/// All finds, overlapping ones united.
fn finds(reading: &Reading) -> Vec<Find> {
    let mut found = Vec::new();
    email::find(reading, &mut found);
    handle::find(reading, &mut found);
    if !reading.groups.is_empty() {
        plate::find(reading, &mut found);
        papers::find(reading, &mut found);
        birth::find(reading, &mut found);
        numbers(reading, &mut found);
        door::find(reading, &mut found);
    }
    phone::spoken(reading, &mut found);
    phone::spoken_behind_label(reading, &mut found);
    united(&mut found);
    name::find(reading, &mut found);
    united(&mut found);
    found
}

/// Numbers by their digits: the most groups first, and the rule with the plainest form first.
fn numbers(reading: &Reading, found: &mut Vec<Find>) {
    let mut number = Number::default();
    let mut next = 0;
    while next < reading.groups.len() {
        reading.number(next, &mut number);
        let mut taken = 1;
        while !number.sizes.is_empty() {
            let judged = resident::judge(reading, &number)
                .or_else(|| card::judge(reading, &number))
                .or_else(|| phone::judge(reading, &number))
                .or_else(|| account::judge(reading, &number));
            if judged.is_none() && phone::is_open(reading, &number) {
                taken = number.sizes.len();
                break;
            }
            if let Some(find) = judged {
                if !reading.in_address(find.from) {
                    found.push(find);
                }
                taken = number.sizes.len();
                break;
            }
            number.shorten();
        }
        next += taken;
    }
}

/// Sorts finds and unites those that overlap; the weightier kind names the union.
fn united(found: &mut Vec<Find>) {
    found.sort_by_key(|find| (find.from, find.to));
    let mut last = 0;
    for at in 1..found.len() {
        let Some(&find) = found.get(at) else { break };
        match found.get_mut(last) {
            Some(before) if find.from < before.to => {
                before.to = before.to.max(find.to);
                before.kind = before.kind.min(find.kind);
            }
            _ => {
                last += 1;
                if let Some(place) = found.get_mut(last) {
                    *place = find;
                }
            }
        }
    }
    found.truncate(last + 1);
}

#[cfg(test)]
mod tests;
