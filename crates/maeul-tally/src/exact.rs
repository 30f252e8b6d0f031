//! Exact numbers: every decision of a count is taken on integers or on these fractions, never on floats.
//!
//! The fractions are `dashu-ratio`'s: numerators and denominators of up to two machine words live on the stack, so the
//! common case costs no allocation, and nothing overflows when a long count needs hundreds of digits. (`malachite` is
//! LGPL and may not be linked here; `num-rational` keeps every value on the heap.)

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};
use std::str::FromStr;

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use serde::{Serialize, Serializer};

/// An exact fraction in lowest terms. Written `7/3`, or `7` when it is whole.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Exact(RBig);

/// The text is not a decimal number or a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber;

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self(RBig::ZERO);
    /// One.
    pub const ONE: Self = Self(RBig::ONE);

    /// A whole number.
    pub fn whole(value: impl Into<IBig>) -> Self {
        Self(RBig::from(value.into()))
    }

    /// `numerator / denominator`; nothing when the denominator is zero.
    pub fn ratio(numerator: impl Into<IBig>, denominator: impl Into<IBig>) -> Option<Self> {
        let denominator = denominator.into();
        if denominator == IBig::ZERO {
            return None;
        }
        Some(Self(RBig::from_parts_signed(numerator.into(), denominator)))
    }

    /// `self / by`; nothing when `by` is zero.
    pub fn over(&self, by: &Self) -> Option<Self> {
        if by.is_zero() { None } else { Some(Self(&self.0 / &by.0)) }
    }

    /// Is it nothing?
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Is it below zero?
    pub fn is_negative(&self) -> bool {
        *self < Self::ZERO
    }

    /// Above the line, in lowest terms.
    pub fn numerator(&self) -> &IBig {
        self.0.numerator()
    }

    /// Below the line, in lowest terms; at least one.
    pub fn denominator(&self) -> &UBig {
        self.0.denominator()
    }

    /// The whole number, when it is one and small enough.
    pub fn to_i64(&self) -> Option<i64> {
        if self.0.is_int() { i64::try_from(self.numerator()).ok() } else { None }
    }

    /// The greatest whole number that is not above it.
    pub fn floor(&self) -> Self {
        Self(RBig::from(self.0.floor()))
    }

    /// As a decimal with at most `places` digits after the point, cut towards zero: for reading, not for counting.
    /// A value that needs more digits is marked by a leading `≈`.
    pub fn decimal(&self, places: u32) -> String {
        let scale = IBig::from(10).pow(places as usize);
        let scaled = self.numerator() * &scale;
        let denominator = IBig::from(self.denominator().clone());
        let (cut, rest) = (&scaled / &denominator, &scaled % &denominator);
        let negative = cut < IBig::ZERO;
        let digits = if negative { (-&cut).to_string() } else { cut.to_string() };
        let width = places as usize + 1;
        let digits = format!("{digits:0>width$}");
        let (whole, part) =
            digits.split_at_checked(digits.len() - places as usize).unwrap_or((&digits, ""));
        let part = part.trim_end_matches('0');
        let about = if rest == IBig::ZERO { "" } else { "≈" };
        let sign = if negative { "-" } else { "" };
        let point = if part.is_empty() { "" } else { "." };
        format!("{about}{sign}{whole}{point}{part}")
    }
}

impl FromStr for Exact {
    type Err = NotANumber;

    /// A decimal (`12`, `12.5`, `12,5`, `-3`) or a fraction (`7/3`), without spaces inside, of at most 60 characters.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let text = text.trim();
        if text.len() > 60 {
            return Err(NotANumber);
        }
        if let Some((above, below)) = text.split_once('/') {
            let (above, below) = (Self::from_str(above)?, Self::from_str(below)?);
            return above.over(&below).ok_or(NotANumber);
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + part.len() == 0 || !all_digits(whole) || !all_digits(part) {
            return Err(NotANumber);
        }
        let number = IBig::from_str(&format!("{whole}{part}")).map_err(|_| NotANumber)?;
        let number = if negative { -number } else { number };
        Ok(Self(RBig::from_parts(number, UBig::from(10_u8).pow(part.len()))))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_int() {
            write!(f, "{}", self.numerator())
        } else {
            write!(f, "{}/{}", self.numerator(), self.denominator())
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Exact {
    /// Always as text: a machine that reads a fraction must not round it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self::whole(value)
    }
}

impl From<u64> for Exact {
    fn from(value: u64) -> Self {
        Self::whole(value)
    }
}

impl From<u32> for Exact {
    fn from(value: u32) -> Self {
        Self::whole(value)
    }
}

macro_rules! operations {
    ($($trait:ident $method:ident $sign:tt),*) => {$(
        impl $trait for Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact { Exact(self.0 $sign other.0) }
        }
        impl $trait<&Exact> for Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact { Exact(self.0 $sign &other.0) }
        }
        impl $trait<&Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact { Exact(&self.0 $sign &other.0) }
        }
    )*};
}
operations!(Add add +, Sub sub -, Mul mul *);

impl AddAssign<&Exact> for Exact {
    fn add_assign(&mut self, other: &Exact) {
        self.0 += &other.0;
    }
}

impl SubAssign<&Exact> for Exact {
    fn sub_assign(&mut self, other: &Exact) {
        self.0 -= &other.0;
    }
}

impl Neg for Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        Exact(-self.0)
    }
}

impl Sum for Exact {
    fn sum<I: Iterator<Item = Exact>>(numbers: I) -> Exact {
        numbers.fold(Exact::ZERO, |sum, number| sum + number)
    }
}

impl<'a> Sum<&'a Exact> for Exact {
    fn sum<I: Iterator<Item = &'a Exact>>(numbers: I) -> Exact {
        numbers.fold(Exact::ZERO, |sum, number| sum + number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        text.parse().unwrap()
    }

    #[test]
    fn decimals_are_read_exactly_with_point_or_comma() {
        assert_eq!(exact("748772.64"), Exact::ratio(74_877_264, 100).unwrap());
        assert_eq!(exact("748772,64"), exact("748772.64"));
        assert_eq!(exact("-3"), Exact::from(-3_i64));
        assert_eq!(exact("6/4").to_string(), "3/2");
        assert_eq!(exact("0.1") + exact("0.2"), exact("0.3"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["", " ", ".", "1e3", "1.2.3", "1 000", "nan", "1/0", "٣", "--1", &"9".repeat(61)]
        {
            assert_eq!(text.parse::<Exact>(), Err(NotANumber), "{text:?}");
        }
    }

    #[test]
    fn decimals_for_readers_are_cut_and_marked() {
        assert_eq!(exact("7/2").decimal(2), "3.5");
        assert_eq!(exact("10/3").decimal(2), "≈3.33");
        assert_eq!(exact("-1/200").decimal(2), "≈0");
        assert_eq!(exact("-5/2").decimal(0), "≈-2");
        assert_eq!(exact("1000").decimal(2), "1000");
        assert_eq!(exact("-7/2").floor(), Exact::from(-4_i64));
    }
}
