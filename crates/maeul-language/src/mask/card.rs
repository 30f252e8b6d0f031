//! Card numbers: four by four digits, or in one piece with the check digit of Luhn.

use super::phone::is_labelled;
use super::reading::{Number, Reading};
use super::words::Words;
use super::{Find, PersonalKind};

/// Words that say that a number is of this kind.
static WORDS: Words = Words::new("카드|card|Card|CARD|비자|마스터|체크|신용");

/// The card number these groups make.
pub(super) fn judge(reading: &Reading, number: &Number) -> Option<Find> {
    let sizes = number.sizes.as_slice();
    let said = || reading.near_before(number.from, 14, &WORDS);
    let card = match number.digits.len() {
        16 if sizes == [4, 4, 4, 4] => true,
        15 if sizes == [4, 6, 5] => true,
        14..=19 => {
            (luhn(&number.digits)
                && !is_labelled(reading, number.from)
                && matches!(number.digits.first(), Some(2..=6 | 9))
                && number.digits.len() <= 16)
                || said() && (sizes.len() == 1 || sizes.iter().all(|size| *size >= 3))
        }
        _ => false,
    };
    if card {
        return Some(Find { kind: PersonalKind::Card, from: number.from, to: number.to() });
    }
    half_starred(reading, number).or_else(|| code(reading, number)).map(|to| Find {
        kind: PersonalKind::Card,
        from: number.from,
        to,
    })
}

/// `1234-56**-****-7890`: four by four signs, digits and stars.
fn half_starred(reading: &Reading, number: &Number) -> Option<usize> {
    if number.sizes.first() != Some(&4) || number.sizes.len() != 1 {
        return None;
    }
    let mut place = number.to();
    let mut stars = 0;
    for _ in 0..3 {
        if matches!(reading.at(place), '-' | ' ' | '.') {
            place += 1;
        }
        let part = reading.slice(place..place + 4);
        let fits = part.len() == 4
            && part.iter().all(|sign| {
                stars += usize::from(!sign.is_ascii_digit());
                matches!(sign, '0'..='9' | '*' | 'x' | 'X' | '●' | '○' | '#')
            });
        if !fits {
            return None;
        }
        place += 4;
    }
    (stars > 0).then_some(place)
}

/// The security code or the date of expiry, where the text says so.
fn code(reading: &Reading, number: &Number) -> Option<usize> {
    let cvc = matches!(number.sizes.as_slice(), [3 | 4])
        && reading.near_before(number.from, 4, &["CVC", "cvc", "CVV", "cvv"]);
    let expiry = matches!(number.sizes.as_slice(), [2, 2])
        && reading.near_before(number.from, 4, &["유효기간", "만료일"])
        && reading.near_before(number.from, 40, &WORDS);
    (cvc || expiry).then(|| number.to())
}

/// Whether the digits pass Luhn's check.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            if place % 2 == 0 {
                digit
            } else if digit > 4 {
                digit * 2 - 9
            } else {
                digit * 2
            }
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

#[cfg(test)]
mod tests {
    use super::luhn;

    #[test]
    fn check_digits() {
        // The usual examples of the check, no one's card.
        assert!(luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]));
        assert!(!luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 0]));
        assert!(!luhn(&[0; 16]));
    }
}
