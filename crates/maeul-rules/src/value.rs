//! Units and exact numbers: every value is a whole number at a fixed scale, never a float.

use std::fmt::Write as _;

use maeul_base::{Lang, Won};

/// The base units, in the order of [`Unit::dims`].
const BASES: [(&str, &str, &str); 6] = [
    ("won", "원", "won"),
    ("months", "월", "month"),
    ("years", "년", "year"),
    ("days", "일", "day"),
    ("m2", "㎡", "m²"),
    ("points", "점", "point"),
];

/// The largest sum of money in one fact or parameter, in won: a trillion.
pub const MOST_WON: i64 = 1_000_000_000_000;
/// The most members of one household.
pub const MOST_MEMBERS: usize = 30;

/// A unit: the powers of won, months, years, days, square metres and points; all zero is a plain
/// number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit {
    /// The power of each base unit.
    pub dims: [i8; 6],
}

impl Unit {
    /// No unit: a number, a count, a share.
    pub const NONE: Self = Self { dims: [0; 6] };
    /// 원
    pub const WON: Self = Self { dims: [1, 0, 0, 0, 0, 0] };
    /// 개월
    pub const MONTHS: Self = Self { dims: [0, 1, 0, 0, 0, 0] };
    /// 년
    pub const YEARS: Self = Self { dims: [0, 0, 1, 0, 0, 0] };
    /// 일
    pub const DAYS: Self = Self { dims: [0, 0, 0, 1, 0, 0] };
    /// 점
    pub const POINTS: Self = Self { dims: [0, 0, 0, 0, 0, 1] };

    /// The unit of a product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        self.join(other, i8::saturating_add)
    }

    /// The unit of a quotient.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        self.join(other, i8::saturating_sub)
    }

    fn join(self, other: Self, with: impl Fn(i8, i8) -> i8) -> Self {
        let mut dims = self.dims;
        for (mine, theirs) in dims.iter_mut().zip(other.dims) {
            *mine = with(*mine, theirs);
        }
        Self { dims }
    }

    /// As a rule writes it: `won/month`; a plain number is `number`.
    pub fn name(self) -> String {
        let mut name = String::new();
        for ((base, ..), power) in BASES.iter().zip(self.dims) {
            for _ in 0..power.max(0) {
                let _ = write!(name, "{}{base}", if name.is_empty() { "" } else { "·" });
            }
        }
        if name.is_empty() {
            name.push_str("number");
        }
        for ((base, ..), power) in BASES.iter().zip(self.dims) {
            for _ in power.min(0)..0 {
                let _ = write!(name, "/{}", base.strip_suffix('s').unwrap_or(base));
            }
        }
        name
    }

    /// As a person reads it after a number: `원/월`, ` won/month`; nothing for a plain number.
    pub fn label(self, lang: Lang) -> String {
        if lang == Lang::En {
            return if self == Self::NONE { String::new() } else { format!(" {}", self.name()) };
        }
        let mut label = String::new();
        for ((base, korean, _), power) in BASES.iter().zip(self.dims) {
            if power > 0 {
                label.push_str(if *base == "months" { "개월" } else { korean });
            }
        }
        for ((_, korean, _), power) in BASES.iter().zip(self.dims) {
            if power < 0 {
                label.push('/');
                label.push_str(korean);
            }
        }
        label
    }
}

/// A number's unit and how many decimals it keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The unit.
    pub unit: Unit,
    /// The stored whole number is the value times ten to this.
    pub scale: u8,
    /// Shown as a percentage: the value 0.0417 is `4.17%`.
    pub percent: bool,
}

impl Quantity {
    /// Whole won.
    pub const WON: Self = Self { unit: Unit::WON, scale: 0, percent: false };
    /// A count of people or times.
    pub const COUNT: Self = Self { unit: Unit::NONE, scale: 0, percent: false };

    /// Of a unit's name: `won/month`, `years`, `percent`, `count`, `number` …
    pub fn parse(name: &str) -> Option<Self> {
        let mut words = name.split('/');
        let first = words.next()?.trim();
        let mut quantity = match first {
            "count" => Self::COUNT,
            "number" => Self { unit: Unit::NONE, scale: 2, percent: false },
            "percent" | "%" => Self { unit: Unit::NONE, scale: 4, percent: true },
            _ => {
                let unit = base(first)?;
                let scale = if unit.dims.iter().skip(4).any(|power| *power != 0) { 2 } else { 0 };
                Self { unit, scale, percent: false }
            }
        };
        for word in words {
            quantity.unit = quantity.unit.over(base(word.trim())?);
        }
        Some(quantity)
    }

    /// As a rule writes it.
    pub fn name(self) -> String {
        let name = self.unit.name();
        match (self.percent, self.unit == Unit::NONE, self.scale) {
            (true, true, _) => "percent".to_owned(),
            (true, false, _) => name.replacen("number", "percent", 1),
            (false, true, 0) => "count".to_owned(),
            _ => name,
        }
    }

    /// The largest magnitude of a fact or parameter, as stored: what the proof rests on that no
    /// rule can overflow.
    pub fn limit(self) -> i64 {
        let whole = match self.unit.dims {
            _ if self.percent => 3,
            [won, ..] if won > 0 => MOST_WON,
            [0, 1, ..] => 2_400,
            [0, _, 1, ..] => 200,
            [0, _, _, 1, ..] => 100_000,
            [0, _, _, _, 1, _] | [0, _, _, _, _, 1] => 1_000_000,
            _ => 10_000,
        };
        whole * power(self.scale)
    }

    /// Reads `1,200,000 won`, `4.17%`, `33.5` (in this quantity's own unit) exactly.
    ///
    /// # Errors
    /// Why it cannot be this quantity.
    pub fn read(self, text: &str) -> Result<i64, ReadError> {
        let text = text.trim();
        let split =
            text.find(|c: char| !(c.is_ascii_digit() || "+-_.,".contains(c))).unwrap_or(text.len());
        let (digits, unit) = text.split_at_checked(split).unwrap_or((text, ""));
        let unit = unit.trim();
        if digits.is_empty() {
            return Err(ReadError::Number);
        }
        if !unit.is_empty() {
            let given = Self::parse(unit).ok_or_else(|| ReadError::Unit(unit.to_owned()))?;
            // A bare `%` will do for `percent/month`: the declaration says a month.
            let bare = self.percent && given.percent && given.unit == Unit::NONE;
            if !bare && (given.unit != self.unit || given.percent != self.percent) {
                return Err(ReadError::Unit(unit.to_owned()));
            }
        }
        let value =
            decimal(digits, if self.percent { self.scale.saturating_sub(2) } else { self.scale })?;
        if value.abs() > self.limit() {
            return Err(ReadError::TooLarge);
        }
        Ok(value)
    }

    /// The number without its unit, exact: `1234.5`; percentages as per cent.
    pub fn plain(self, value: i64) -> String {
        digits(value, if self.percent { self.scale.saturating_sub(2) } else { self.scale }, false)
    }

    /// For a person: `1,234,567원`, `4.17%`.
    pub fn show(self, value: i64, lang: Lang) -> String {
        if self.percent {
            let number = digits(value, self.scale.saturating_sub(2), true);
            let over = Unit::label(self.unit, lang);
            return format!(
                "{number}%{}",
                over.trim_start().strip_prefix("number").unwrap_or(&over)
            );
        }
        format!("{}{}", digits(value, self.scale, true), self.unit.label(lang))
    }
}

/// Why a text is no such number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not a number.
    #[error("not a number")]
    Number,
    /// Another unit than the one expected.
    #[error("unit `{0}`")]
    Unit(String),
    /// More decimals than are kept.
    #[error("more than {0} decimals")]
    Decimals(u8),
    /// Beyond what any fact may be.
    #[error("too large")]
    TooLarge,
}

fn base(word: &str) -> Option<Unit> {
    let index =
        BASES.iter().position(|(name, _, one)| word == *name || word == *one).or(match word {
            "㎡" => Some(4),
            _ => None,
        })?;
    let mut unit = Unit::NONE;
    *unit.dims.get_mut(index)? = 1;
    Some(unit)
}

/// Ten to this power; powers used are at most 18.
pub fn power(scale: u8) -> i64 {
    10_i64.pow(u32::from(scale.min(18)))
}

/// An exact decimal as a whole number at a scale. `_` and `,` may group digits.
///
/// # Errors
/// It is no number, or has more decimals than the scale.
pub fn decimal(text: &str, scale: u8) -> Result<i64, ReadError> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || (text.contains('.') && fraction.is_empty()) {
        return Err(ReadError::Number);
    }
    let fraction = fraction.trim_end_matches('0');
    let missing =
        usize::from(scale).checked_sub(fraction.len()).ok_or(ReadError::Decimals(scale))?;
    let mut value = 0_i64;
    for letter in whole.chars().filter(|c| !matches!(c, '_' | ',')).chain(fraction.chars()) {
        let digit = letter.to_digit(10).ok_or(ReadError::Number)?;
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i64::from(digit)))
            .ok_or(ReadError::TooLarge)?;
    }
    for _ in 0..missing {
        value = value.checked_mul(10).ok_or(ReadError::TooLarge)?;
    }
    Ok(if negative { -value } else { value })
}

fn digits(value: i64, scale: u8, grouped: bool) -> String {
    let one = power(scale).unsigned_abs();
    let whole = value.unsigned_abs() / one;
    let fraction = value.unsigned_abs() % one;
    let whole = i64::try_from(whole).unwrap_or(i64::MAX);
    let mut text = if grouped { Won(whole).to_string() } else { whole.to_string() };
    if fraction != 0 {
        let all = format!("{fraction:0width$}", width = usize::from(scale));
        let _ = write!(text, ".{}", all.trim_end_matches('0'));
    }
    if value < 0 { format!("-{text}") } else { text }
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// 0 or 1.
    Bool,
    /// yyyymmdd as a number.
    Date,
    /// The index into the values of this enumeration of the registry.
    Enum(usize),
    /// A number at its scale.
    Number(Quantity),
}

/// Reads `2026-03-27` as 20260327, if it is a date of the calendar.
pub fn date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let mut part = |width: usize| -> Option<i64> {
        let part = parts.next()?;
        (part.len() == width && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse().ok())?
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    (parts.next().is_none()
        && year >= 1
        && (1..=12).contains(&month)
        && day >= 1
        && day <= last_day(year, month))
    .then_some(year * 10_000 + month * 100 + day)
}

/// Writes 20260327 as `2026-03-27`.
pub fn date_text(day: i64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

/// The number of days of a month.
pub const fn last_day(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since a fixed day, for differences (proleptic Gregorian calendar).
pub const fn day_number(date: i64) -> i64 {
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    // Years that begin in March, so that the leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 306 + 5) / 10
        + day
        - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_shown_exactly() {
        let rate = Quantity::parse("percent/month").unwrap();
        assert_eq!(rate.read("4.17%/month"), Ok(417));
        assert_eq!(rate.read("4.17"), Ok(417));
        assert_eq!(rate.read("4.17%"), Ok(417));
        assert_eq!(rate.read("4.17%/year"), Err(ReadError::Unit("%/year".into())));
        assert_eq!(rate.show(417, Lang::Ko), "4.17%/월");
        assert_eq!(rate.name(), "percent/month");
        assert_eq!(rate.read("4.173"), Err(ReadError::Decimals(2)));
        let income = Quantity::parse("won/month").unwrap();
        assert_eq!(income.read("1,200,000 won/month"), Ok(1_200_000));
        assert_eq!(income.read("1,200,000 won/year"), Err(ReadError::Unit("won/year".into())));
        assert_eq!(income.read("1.5"), Err(ReadError::Decimals(0)));
        assert_eq!(income.show(1_200_000, Lang::Ko), "1,200,000원/월");
        assert_eq!(income.show(-1_200_000, Lang::En), "-1,200,000 won/month");
        assert_eq!(Quantity::parse("m2").unwrap().show(3306, Lang::Ko), "33.06㎡");
        assert_eq!(Quantity::parse("wonn"), None);
        assert_eq!(Quantity::WON.read("9999999999999"), Err(ReadError::TooLarge));
    }

    #[test]
    fn units_multiply_and_divide() {
        let unit = |name: &str| Quantity::parse(name).unwrap().unit;
        assert_eq!(unit("won").times(unit("percent/month")), unit("won/month"));
        assert_eq!(unit("won").over(unit("months")), unit("won/month"));
        assert_eq!(unit("won/month").times(unit("months")), unit("won"));
    }

    #[test]
    fn dates_exist_and_count() {
        assert_eq!(date("2024-02-29"), Some(20_240_229));
        assert_eq!(date("2023-02-29"), None);
        assert_eq!(date("2023-2-09"), None);
        assert_eq!(day_number(20_240_301) - day_number(20_240_228), 2);
        assert_eq!(day_number(20_260_101) - day_number(20_250_101), 365);
        assert_eq!(date_text(20_260_327), "2026-03-27");
    }
}
