//! The receipt number a resident reads aloud: `2026-서구-001234-7`, with a check digit.

use std::fmt;
use std::str::FromStr;

use maeul_base::{Lang, Refusal};

/// The quasigroup of H. M. Damm (2004): it finds every single wrong digit and every swap of two
/// neighbours, the two mistakes made over a telephone.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// The highest sequence of one office in one year: nine digits.
const LAST: u32 = 999_999_999;

fn damm(digits: impl Iterator<Item = u8>) -> u8 {
    digits.fold(0, |state, digit| {
        DAMM.get(usize::from(state))
            .and_then(|row| row.get(usize::from(digit)))
            .copied()
            .unwrap_or(0)
    })
}

fn digits_of(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.bytes().map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10)
}

/// A case's receipt number; its check digit is right by construction.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseNumber {
    year: i16,
    office: String,
    sequence: u32,
}

impl CaseNumber {
    /// The number of the `sequence`-th case of `year` in the office of that short name.
    pub fn new(year: i16, office: &str, sequence: u32) -> Result<Self, WrongNumber> {
        let office: String = office.chars().filter(|letter| letter.is_alphabetic()).collect();
        if office.is_empty() || !(1000..=9999).contains(&year) || sequence == 0 || sequence > LAST {
            return Err(WrongNumber::Shape);
        }
        Ok(Self { year, office, sequence })
    }

    /// The year of receipt.
    pub const fn year(&self) -> i16 {
        self.year
    }

    /// The office's short name.
    pub fn office(&self) -> &str {
        &self.office
    }

    /// The check digit, over the year's and the sequence's digits.
    pub fn check(&self) -> u8 {
        damm(digits_of(&format!("{:04}{:06}", self.year, self.sequence)))
    }

    /// Reads what a person typed; a missing office name means `home`.
    ///
    /// Spaces, missing or other dashes, full-width digits and dropped leading zeros are forgiven;
    /// a wrong digit is not.
    pub fn parse(text: &str, home: &str) -> Result<Self, WrongNumber> {
        let mut year = String::new();
        let mut name = String::new();
        let mut tail = String::new();
        for letter in text.chars().map(narrow) {
            if letter.is_ascii_digit() {
                if name.is_empty() && year.len() < 4 {
                    year.push(letter);
                } else {
                    tail.push(letter);
                }
            } else if letter.is_alphabetic() {
                if !tail.is_empty() {
                    return Err(WrongNumber::Shape);
                }
                name.push(letter);
            } else if !(letter.is_whitespace() || is_dash(letter)) {
                return Err(WrongNumber::Shape);
            }
        }
        let check = tail.pop().ok_or(WrongNumber::Shape)?;
        let sequence = tail.parse().map_err(|_| WrongNumber::Shape)?;
        let year = year.parse().map_err(|_| WrongNumber::Shape)?;
        let number = Self::new(year, if name.is_empty() { home } else { &name }, sequence)?;
        if Some(u32::from(number.check())) == check.to_digit(10) {
            Ok(number)
        } else {
            Err(WrongNumber::CheckDigit)
        }
    }
}

/// A full-width digit or letter as its ordinary form.
fn narrow(letter: char) -> char {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(letter).wrapping_sub(0xFEE0)).unwrap_or(letter)
        }
        '\u{3000}' => ' ',
        _ => letter,
    }
}

const fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー' | '_' | '.' | '·')
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{}-{:06}-{}", self.year, self.office, self.sequence, self.check())
    }
}

impl FromStr for CaseNumber {
    type Err = WrongNumber;

    fn from_str(text: &str) -> Result<Self, WrongNumber> {
        Self::parse(text, "")
    }
}

/// Why a text is not a receipt number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongNumber {
    /// It has not the parts of one.
    Shape,
    /// Its check digit does not fit: perhaps misheard or mistyped.
    CheckDigit,
}

impl Refusal for WrongNumber {
    fn code(&self) -> &'static str {
        match self {
            Self::Shape => "number.shape",
            Self::CheckDigit => "number.check_digit",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Shape => lang.t(
                "접수번호 모양이 아니에요. 예: 2026-서구-001234-7",
                "This is not a receipt number. Example: 2026-서구-001234-7",
            ),
            Self::CheckDigit => lang.t(
                "마지막 확인 숫자가 맞지 않아요. 잘못 듣거나 잘못 적은 숫자가 있는지 살펴봐 주세요.",
                "The check digit (the last one) does not fit: a digit was perhaps misheard or \
                 mistyped. Please check it.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        Some("number")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_example_of_damm() {
        assert_eq!(damm(digits_of("572")), 4);
    }

    #[test]
    fn what_people_type() {
        let number = CaseNumber::new(2026, "서구", 1234).unwrap();
        let text = number.to_string();
        let check = number.check();
        for typed in [
            text.clone(),
            format!("2026서구001234{check}"),
            format!(" 2026 서구 1234 {check} "),
            format!("２０２６－서구－００１２３４－{check}"),
            format!("2026–서구–001234–{check}"),
        ] {
            assert_eq!(typed.parse::<CaseNumber>(), Ok(number.clone()), "{typed}");
        }
        assert_eq!(CaseNumber::parse(&format!("2026-001234-{check}"), "서구"), Ok(number));
        for wrong in [
            "",
            "2026",
            "서구",
            "2026-서구",
            "2026-서구-가-1",
            "hello",
            "2026-서구-000000-0",
            "1; drop",
        ] {
            assert_eq!(wrong.parse::<CaseNumber>(), Err(WrongNumber::Shape), "{wrong}");
        }
        let wrong = format!("2026-서구-001243-{check}");
        assert_eq!(wrong.parse::<CaseNumber>(), Err(WrongNumber::CheckDigit));
    }

    proptest! {
        #[test]
        fn every_number_is_read_back(year in 2020_i16..2100, sequence in 1_u32..=LAST) {
            let number = CaseNumber::new(year, "은평구", sequence).unwrap();
            prop_assert_eq!(number.to_string().parse::<CaseNumber>(), Ok(number));
        }

        #[test]
        fn one_wrong_digit_or_a_swap_is_found(
            sequence in 1_u32..=999_999, at in 0_usize..11, other in 1_u8..10
        ) {
            let number = CaseNumber::new(2026, "서구", sequence).unwrap();
            let plain: Vec<u8> =
                digits_of(&number.to_string()).collect();
            let read = |digits: &[u8]| {
                let text: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
                CaseNumber::parse(&text, "서구")
            };
            let mut wrong = plain.clone();
            wrong[at] = (wrong[at] + other) % 10;
            prop_assert!(read(&wrong).is_err());
            let mut swapped = plain.clone();
            if at + 1 < swapped.len() {
                swapped.swap(at, at + 1);
                if swapped != plain {
                    prop_assert!(read(&swapped).is_err());
                }
            }
        }

        #[test]
        fn any_text_is_answered(text in ".*") {
            let _ = text.parse::<CaseNumber>();
        }
    }
}
