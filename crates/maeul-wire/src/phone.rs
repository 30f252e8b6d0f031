//! Korean telephone numbers: mobile, landline, service and the short public ones.

use std::fmt;
use std::str::FromStr;

use maeul_base::{Lang, Refusal};
use serde::{Deserialize, Serialize};

/// The area codes of landlines (after the trunk zero), without Seoul's `02`.
const AREAS: [&str; 16] = [
    "031", "032", "033", "041", "042", "043", "044", "051", "052", "053", "054", "055", "061",
    "062", "063", "064",
];

/// The mobile prefixes. Only `010` is given out today; the others still stand in old records.
const MOBILES: [&str; 6] = ["010", "011", "016", "017", "018", "019"];

/// What a number is, by its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// 휴대전화: takes text messages.
    Mobile,
    /// 시내전화: an area code and a subscriber.
    Landline,
    /// 인터넷전화 (070).
    Internet,
    /// 평생번호·안심번호 (050x) and unified messaging (030x): forwarded elsewhere.
    Forwarded,
    /// 수신자 부담 (080).
    TollFree,
    /// 대표번호 of eight digits (15xx, 16xx, 18xx).
    Representative,
    /// 특수번호 of three or four digits, alone or behind an area code: 110, 112, 119, 120, 02-120.
    Special,
    /// 유료 정보 (060): charged to the caller.
    Paid,
    /// 무선호출·사물통신 (012, 015): nobody answers.
    Device,
}

/// A Korean telephone number as its national digits: `01012345678`, `0623607114`, `120`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a text is no Korean telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing was typed, or only spaces and dashes.
    Empty,
    /// A sign that stands in no telephone number.
    Sign(char),
    /// A number of another country, which Maeul does not call.
    Foreign,
    /// Seven or eight digits without an area code.
    AreaMissing,
    /// The beginning belongs to no area and no service.
    Prefix(String),
    /// Fewer digits than numbers with this beginning have.
    TooShort {
        /// Digits typed.
        digits: usize,
        /// Digits such a number has at least.
        least: usize,
    },
    /// More digits than numbers with this beginning have.
    TooLong {
        /// Digits typed.
        digits: usize,
        /// Digits such a number has at most.
        most: usize,
    },
}

impl Phone {
    /// The national digits, without dashes.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// What kind of number it is.
    pub fn kind(&self) -> PhoneKind {
        shape(&self.0).map_or(PhoneKind::Special, |shape| shape.kind)
    }

    /// Whether it takes text messages.
    pub fn is_mobile(&self) -> bool {
        self.kind() == PhoneKind::Mobile
    }

    /// The international form (`+821012345678`); short public numbers have none.
    pub fn e164(&self) -> Option<String> {
        match self.kind() {
            PhoneKind::Special => None,
            _ => Some(format!("+82{}", self.0.strip_prefix('0').unwrap_or(&self.0))),
        }
    }

    /// For showing to someone who may not see it: `010-****-5678`. Public short and
    /// representative numbers are nobody's secret and stay whole.
    pub fn masked(&self) -> String {
        match self.kind() {
            PhoneKind::Special | PhoneKind::Representative => self.to_string(),
            _ => self.grouped(true),
        }
    }

    fn grouped(&self, hide_middle: bool) -> String {
        let groups = shape(&self.0).map_or([0, 0], |shape| shape.groups);
        let (first, rest) = self.0.split_at_checked(groups[0]).unwrap_or(("", &self.0));
        let (middle, last) = rest.split_at_checked(groups[1]).unwrap_or(("", rest));
        let stars = "*".repeat(middle.len());
        let middle = if hide_middle { stars.as_str() } else { middle };
        let parts: Vec<&str> =
            [first, middle, last].into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("-")
    }
}

impl fmt::Display for Phone {
    /// With dashes: `010-1234-5678`, `02-351-6114`, `1588-1234`, `02-120`, `119`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouped(false))
    }
}

/// How a number of some beginning is built.
struct Shape {
    kind: PhoneKind,
    /// Lengths of the first and the middle group; the rest is the last group.
    groups: [usize; 2],
}

/// The shape of national digits, or why they have none.
fn shape(digits: &str) -> Result<Shape, PhoneError> {
    let length = digits.len();
    let fixed = |kind, least: usize, most: usize, prefix: usize| {
        if length < least {
            return Err(PhoneError::TooShort { digits: length, least });
        }
        if length > most {
            return Err(PhoneError::TooLong { digits: length, most });
        }
        Ok(Shape { kind, groups: [prefix, length.saturating_sub(prefix + 4)] })
    };
    if !digits.starts_with('0') {
        return if is_short(digits) {
            Ok(Shape { kind: PhoneKind::Special, groups: [0, 0] })
        } else if ["15", "16", "18"].iter().any(|prefix| digits.starts_with(prefix)) {
            fixed(PhoneKind::Representative, 8, 8, 4)
        } else if length < 7 {
            Err(PhoneError::TooShort { digits: length, least: 9 })
        } else if length <= 8 {
            Err(PhoneError::AreaMissing)
        } else {
            Err(PhoneError::Prefix(digits.chars().take(3).collect()))
        };
    }
    let area = if digits.starts_with("02") {
        Some(2)
    } else {
        AREAS.iter().any(|area| digits.starts_with(area)).then_some(3)
    };
    if let Some(area) = area {
        if digits.get(area..).is_some_and(is_short) {
            return Ok(Shape { kind: PhoneKind::Special, groups: [area, 0] });
        }
        return fixed(PhoneKind::Landline, area + 7, area + 8, area);
    }
    let prefix: String = digits.chars().take(3).collect();
    match prefix.as_str() {
        "010" => fixed(PhoneKind::Mobile, 11, 11, 3),
        known if MOBILES.contains(&known) => fixed(PhoneKind::Mobile, 10, 11, 3),
        "070" => fixed(PhoneKind::Internet, 11, 11, 3),
        "080" => fixed(PhoneKind::TollFree, 10, 11, 3),
        "060" => fixed(PhoneKind::Paid, 10, 11, 3),
        "012" | "015" => fixed(PhoneKind::Device, 10, 11, 3),
        "030" | "050" => {
            // 050-123-4567 has the service code alone, 0507-123-4567 one more digit of the carrier.
            fixed(PhoneKind::Forwarded, 10, 12, if length == 10 { 3 } else { 4 })
        }
        _ if length < 3 => Err(PhoneError::TooShort { digits: length, least: 9 }),
        _ => Err(PhoneError::Prefix(prefix)),
    }
}

/// Three digits beginning with 1 (110, 112, 114, 119, 120 …) or four beginning with 13 (1330,
/// 1345, 1393 …): public numbers, given out one by one; general libraries call them invalid.
fn is_short(digits: &str) -> bool {
    (digits.len() == 3 && digits.starts_with('1'))
        || (digits.len() == 4 && digits.starts_with("13"))
}

/// The digit a person typed, also on a full-width keyboard.
fn ascii_digit(sign: char) -> Option<char> {
    match sign {
        '0'..='9' => Some(sign),
        '０'..='９' => u32::from(sign)
            .checked_sub(u32::from('０'))
            .and_then(|value| char::from_digit(value, 10)),
        _ => None,
    }
}

const fn is_separator(sign: char) -> bool {
    matches!(
        sign,
        '-' | '.'
            | '('
            | ')'
            | '/'
            | '·'
            | '\u{2010}'..='\u{2015}'
            | '\u{2212}'
            | '\u{ff0d}'
            | '\u{ff08}'
            | '\u{ff09}'
            | '\u{ff0e}'
            | '\u{200b}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    ) || sign.is_whitespace()
}

impl FromStr for Phone {
    type Err = PhoneError;

    /// Takes spaces, dashes, dots, brackets, full-width digits, `+82` or `82` with or without the
    /// trunk zero, and a mobile number whose zero a spreadsheet dropped (`1012345678`).
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let mut digits = String::with_capacity(12);
        let mut international = false;
        for sign in text.chars() {
            if let Some(digit) = ascii_digit(sign) {
                digits.push(digit);
            } else if matches!(sign, '+' | '＋') && digits.is_empty() && !international {
                international = true;
            } else if !is_separator(sign) {
                return Err(PhoneError::Sign(sign));
            }
        }
        if digits.is_empty() {
            return Err(PhoneError::Empty);
        }
        if digits.starts_with("00") {
            return Err(PhoneError::Foreign);
        }
        let national = if international {
            let rest = digits.strip_prefix("82").ok_or(PhoneError::Foreign)?;
            with_trunk_zero(rest)
        } else {
            match digits.strip_prefix("82") {
                Some(rest) if digits.len() >= 10 => with_trunk_zero(rest),
                _ if digits.len() == 10 && digits.starts_with("10") => format!("0{digits}"),
                _ => digits,
            }
        };
        if national.is_empty() {
            return Err(PhoneError::Empty);
        }
        shape(&national)?;
        Ok(Self(national))
    }
}

/// Behind the country code the zero of the trunk is left out, except by people who do not.
fn with_trunk_zero(rest: &str) -> String {
    if rest.is_empty() || rest.starts_with('0') || shape(rest).is_ok() {
        rest.to_owned()
    } else {
        format!("0{rest}")
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, PhoneError> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for PhoneError {}

impl Refusal for PhoneError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "phone.empty",
            Self::Sign(_) => "phone.sign",
            Self::Foreign => "phone.foreign",
            Self::AreaMissing => "phone.area_missing",
            Self::Prefix(_) => "phone.prefix",
            Self::TooShort { .. } => "phone.too_short",
            Self::TooLong { .. } => "phone.too_long",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Empty => {
                lang.t("전화번호를 적어 주세요.", "Please enter a telephone number.").to_owned()
            }
            Self::Sign(sign) => match lang {
                Lang::Ko => {
                    format!("전화번호에 쓸 수 없는 글자가 있어요: {sign}. 숫자만 적어 주세요.")
                }
                Lang::En => {
                    format!("“{sign}” cannot stand in a telephone number. Use digits only.")
                }
            },
            Self::Foreign => lang
                .t(
                    "외국 전화번호로는 연락할 수 없어요. 국내 번호나 전자우편을 적어 주세요.",
                    "We cannot reach numbers abroad. Give a Korean number or an e-mail address.",
                )
                .to_owned(),
            Self::AreaMissing => lang
                .t(
                    "지역번호도 함께 적어 주세요. 예: 062-360-7114",
                    "Please include the area code, for example 062-360-7114.",
                )
                .to_owned(),
            Self::Prefix(prefix) => match lang {
                Lang::Ko => {
                    format!("{prefix}(으)로 시작하는 전화번호는 없어요. 다시 확인해 주세요.")
                }
                Lang::En => format!("No telephone number begins with {prefix}. Please check it."),
            },
            Self::TooShort { digits, least } => match lang {
                Lang::Ko => {
                    format!("번호가 짧아요. 지금 {digits}자리인데 {least}자리는 되어야 해요.")
                }
                Lang::En => format!("Too short: {digits} digits, at least {least} are needed."),
            },
            Self::TooLong { digits, most } => match lang {
                Lang::Ko => {
                    format!("번호가 길어요. 지금 {digits}자리인데 {most}자리까지 쓸 수 있어요.")
                }
                Lang::En => format!("Too long: {digits} digits, at most {most} are possible."),
            },
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("phone")
    }
}
