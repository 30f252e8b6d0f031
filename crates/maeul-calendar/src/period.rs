//! A period as the law states it: at once, hours, days, weeks, months or years.

use std::fmt;
use std::str::FromStr;

use maeul_base::Lang;
use serde::{Deserialize, Serialize};

use crate::law::law;

/// A period. Its text form is stable: `immediate`, `8h`, `7d`, `2w`, `1month`, `1year`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Period {
    /// 즉시: 3 working hours (민원 처리에 관한 법률 시행령 제19조).
    Immediate,
    /// Working hours.
    Hours(u16),
    /// Days.
    Days(u16),
    /// Weeks.
    Weeks(u16),
    /// Months.
    Months(u16),
    /// Years.
    Years(u16),
}

impl Period {
    /// For reading: `7일`, `7 days`.
    pub fn text(self, lang: Lang) -> String {
        let unit = |n: u16, korean: &str, english: &str| match lang {
            Lang::Ko => format!("{n}{korean}"),
            Lang::En => format!("{n} {english}{}", if n == 1 { "" } else { "s" }),
        };
        match self {
            Self::Immediate => {
                let hours = law().clock.immediate_hours;
                match lang {
                    Lang::Ko => format!("즉시(근무시간 {hours}시간)"),
                    Lang::En => format!("at once ({hours} working hours)"),
                }
            }
            Self::Hours(n) => unit(n, "시간", "hour"),
            Self::Days(n) => unit(n, "일", "day"),
            Self::Weeks(n) => unit(n, "주", "week"),
            Self::Months(n) => unit(n, "개월", "month"),
            Self::Years(n) => unit(n, "년", "year"),
        }
    }

    /// Whether the petition clock runs this period in working hours (법 제19조제1항), so that the
    /// time of receipt matters.
    pub fn runs_in_hours(self) -> bool {
        match self {
            Self::Immediate | Self::Hours(_) => true,
            Self::Days(n) => i64::from(n) <= law().clock.hour_clock_max_days,
            Self::Weeks(_) | Self::Months(_) | Self::Years(_) => false,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Immediate => f.write_str("immediate"),
            Self::Hours(n) => write!(f, "{n}h"),
            Self::Days(n) => write!(f, "{n}d"),
            Self::Weeks(n) => write!(f, "{n}w"),
            Self::Months(n) => write!(f, "{n}month"),
            Self::Years(n) => write!(f, "{n}year"),
        }
    }
}

/// Why a text is not a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodError {
    /// The text has no form of a period.
    Form(String),
    /// The number is 0 or too large.
    Number(String),
}

impl PeriodError {
    /// Why, and what to write instead.
    pub fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Form(text), Lang::Ko) => format!(
                "'{text}'은(는) 기간이 아닙니다. 즉시, 8h(시간), 7d(일), 2w(주), 1month(개월), 1year(년)처럼 쓰십시오."
            ),
            (Self::Form(text), Lang::En) => format!(
                "'{text}' is not a period. Write immediate, 8h (hours), 7d (days), 2w (weeks), 1month or 1year."
            ),
            (Self::Number(text), Lang::Ko) => {
                format!("'{text}'의 수는 1부터 {} 사이여야 합니다.", u16::MAX)
            }
            (Self::Number(text), Lang::En) => {
                format!("The number in '{text}' must be from 1 to {}.", u16::MAX)
            }
        }
    }
}

impl fmt::Display for PeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for PeriodError {}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let trimmed = text.trim();
        if trimmed == "즉시" || trimmed.eq_ignore_ascii_case("immediate") {
            return Ok(Self::Immediate);
        }
        let form = || PeriodError::Form(trimmed.chars().take(40).collect());
        let unit_at = trimmed.find(|c: char| !c.is_ascii_digit()).ok_or_else(form)?;
        let (digits, unit) = trimmed.split_at_checked(unit_at).ok_or_else(form)?;
        let make: fn(u16) -> Self = match unit.trim_start().to_ascii_lowercase().as_str() {
            "h" | "hour" | "hours" | "시간" => Self::Hours,
            "d" | "day" | "days" | "일" => Self::Days,
            "w" | "week" | "weeks" | "주" => Self::Weeks,
            "mo" | "month" | "months" | "개월" => Self::Months,
            "y" | "year" | "years" | "년" => Self::Years,
            _ => return Err(form()),
        };
        if digits.is_empty() {
            return Err(form());
        }
        match digits.parse() {
            Ok(n) if n > 0 => Ok(make(n)),
            _ => Err(PeriodError::Number(trimmed.chars().take(40).collect())),
        }
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, period) in [
            ("즉시", Period::Immediate),
            (" Immediate ", Period::Immediate),
            ("8h", Period::Hours(8)),
            ("3시간", Period::Hours(3)),
            ("7d", Period::Days(7)),
            ("14 일", Period::Days(14)),
            ("2w", Period::Weeks(2)),
            ("1month", Period::Months(1)),
            ("3개월", Period::Months(3)),
            ("1year", Period::Years(1)),
            ("2 Years", Period::Years(2)),
        ] {
            assert_eq!(text.parse(), Ok(period), "{text}");
        }
        for text in ["", "7", "d", "-7d", "7m", "1.5d", "일", "seven days", "٣d"] {
            assert!(matches!(text.parse::<Period>(), Err(PeriodError::Form(_))), "{text}");
        }
        for text in ["0d", "65536h", "99999999999999999999d"] {
            assert!(matches!(text.parse::<Period>(), Err(PeriodError::Number(_))), "{text}");
        }
    }

    #[test]
    fn says_itself() {
        assert_eq!(Period::Immediate.text(Lang::Ko), "즉시(근무시간 3시간)");
        assert_eq!(Period::Days(1).text(Lang::En), "1 day");
        assert_eq!(Period::Months(3).text(Lang::Ko), "3개월");
        assert!(Period::Days(5).runs_in_hours() && !Period::Days(6).runs_in_hours());
    }
}
