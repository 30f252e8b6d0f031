//! Spans of time that do not count: supplement, outage and the other grounds of the decree.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use maeul_base::{Lang, seoul};
use serde::{Deserialize, Serialize};

use crate::day::{self, Wall};
use crate::law::{GroundLaw, law};

/// A day or an instant, as people write it: `2026-06-08`, `2026-06-08T10:30`,
/// `2026-06-08T10:30:00+09:00`. Without an offset it is the wall clock of Seoul.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum WhenSpec {
    /// A whole day in Seoul.
    Day(Date),
    /// An instant.
    At(Timestamp),
}

impl WhenSpec {
    /// The day in Seoul.
    pub fn date(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::At(at) => seoul::date(at),
        }
    }

    /// The instant; for a day, its opening hour 09:00 (used for receipts known by their day only,
    /// where no calculator looks at the hour).
    pub fn start(self) -> Timestamp {
        match self {
            Self::Day(date) => seoul::instant(date.at(9, 0, 0, 0)),
            Self::At(at) => at,
        }
    }

    /// The moment as a day number and second; a day begins at midnight.
    fn from(self) -> Wall {
        match self {
            Self::Day(date) => Wall { day: day::number(date), second: 0 },
            Self::At(at) => Wall::at(at),
        }
    }

    /// The moment as a day number and second; a day ends at the next midnight.
    fn until(self) -> Wall {
        match self {
            Self::Day(date) => Wall { day: day::number(date), second: 86_400 },
            Self::At(at) => Wall::at(at),
        }
    }
}

/// A text that is neither a day nor an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhenSpecError(String);

impl WhenSpecError {
    /// Why, and what to write instead.
    pub fn say(&self, lang: Lang) -> String {
        let text = &self.0;
        match lang {
            Lang::Ko => format!(
                "'{text}'은(는) 날짜나 시각이 아닙니다. 2026-06-08 또는 2026-06-08T10:30처럼 쓰십시오."
            ),
            Lang::En => format!(
                "'{text}' is not a date or time that exists. Write 2026-06-08 or 2026-06-08T10:30."
            ),
        }
    }
}

impl fmt::Display for WhenSpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for WhenSpecError {}

impl FromStr for WhenSpec {
    type Err = WhenSpecError;

    fn from_str(text: &str) -> Result<Self, WhenSpecError> {
        let text = text.trim();
        let spec = if text.len() == 10 {
            text.parse().ok().map(Self::Day)
        } else if let Ok(at) = text.parse() {
            Some(Self::At(at))
        } else {
            // A wall-clock time: jiff refuses a `Z` here, and a bare date has ten letters.
            text.parse::<DateTime>()
                .ok()
                .filter(|_| text.contains(['T', 't', ' ']))
                .map(|wall| Self::At(seoul::instant(wall)))
        };
        spec.ok_or_else(|| WhenSpecError(text.chars().take(40).collect()))
    }
}

impl fmt::Display for WhenSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => date.fmt(f),
            Self::At(at) => f.write_str(&seoul::iso(*at)),
        }
    }
}

impl From<WhenSpec> for String {
    fn from(spec: WhenSpec) -> Self {
        spec.to_string()
    }
}

impl TryFrom<String> for WhenSpec {
    type Error = WhenSpecError;

    fn try_from(text: String) -> Result<Self, WhenSpecError> {
        text.parse()
    }
}

/// Why a span does not count (민원 처리에 관한 법률 시행령 제20조, 행정절차법 시행령 제11조; for field
/// investigations 시행령 제17조).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ground {
    /// 보완: from the day the request is sent to the day the supplement arrives, both included.
    Supplement,
    /// Transfer between distant offices.
    Transfer,
    /// Choosing representatives.
    Representatives,
    /// Hearings and opinion procedures.
    Hearing,
    /// Experiment, inspection, appraisal, technical review.
    Examination,
    /// A matter that must be settled first by ministry order.
    Preceding,
    /// A system outage that makes received petitions impossible to process (from 2026-05-06).
    Outage,
    /// Issuing or confirming certificates.
    Certificate,
    /// Field investigation of a grievance, up to 14 days (+7 once); the caller keeps to that.
    Field,
}

impl Ground {
    /// All grounds.
    pub const ALL: [Self; 9] = [
        Self::Supplement,
        Self::Transfer,
        Self::Representatives,
        Self::Hearing,
        Self::Examination,
        Self::Preceding,
        Self::Outage,
        Self::Certificate,
        Self::Field,
    ];

    /// The field name in interfaces, e.g. `supplement`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Supplement => "supplement",
            Self::Transfer => "transfer",
            Self::Representatives => "representatives",
            Self::Hearing => "hearing",
            Self::Examination => "examination",
            Self::Preceding => "preceding",
            Self::Outage => "outage",
            Self::Certificate => "certificate",
            Self::Field => "field",
        }
    }

    /// Its name.
    pub fn name(self, lang: Lang) -> &'static str {
        self.law().map_or("", |law| law.name.t(lang))
    }

    /// The article that takes the time out.
    pub fn article(self, lang: Lang) -> &'static str {
        self.law().map_or("", |law| law.article.t(lang))
    }

    /// The first day on which this ground exists in law, if it is newer than the Act.
    pub fn valid_from(self) -> Option<Date> {
        self.law().and_then(|law| law.valid_from)
    }

    fn law(self) -> Option<&'static GroundLaw> {
        law().clock.grounds.iter().find(|law| law.ground == self)
    }
}

/// A span that does not count.
///
/// The day clocks skip every day the span touches. The hour clock skips the working hours inside
/// it, so that hours already run before a request was sent stay run; a supplement takes the whole
/// of its last day, because the law counts both days, while other grounds end at their instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// Its beginning.
    pub from: WhenSpec,
    /// Its end, included.
    pub to: WhenSpec,
    /// Why.
    pub ground: Ground,
}

impl Excluded {
    /// A supplement requested and received on these days or instants.
    pub const fn supplement(from: WhenSpec, to: WhenSpec) -> Self {
        Self { from, to, ground: Ground::Supplement }
    }

    /// The article that takes this time out.
    pub fn article(&self, lang: Lang) -> &'static str {
        self.ground.article(lang)
    }

    pub(crate) fn stop(&self) -> Stop {
        let whole = self.ground.law().is_some_and(|law| law.whole_days);
        let until = if whole { WhenSpec::Day(self.to.date()) } else { self.to };
        Stop { from: self.from.from(), until: until.until(), ground: self.ground }
    }

    /// Whether the end lies before the beginning.
    pub(crate) fn backwards(&self) -> bool {
        self.to.until() < self.from.from()
    }
}

/// A span in day numbers and seconds; `until` is not part of it for the hour clock, its day is for
/// the day clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    pub(crate) from: Wall,
    pub(crate) until: Wall,
    pub(crate) ground: Ground,
}

impl Stop {
    pub(crate) const fn covers_day(&self, day: i64) -> bool {
        self.from.day <= day && day <= self.until.day
    }

    pub(crate) fn covers(&self, moment: Wall) -> bool {
        self.from <= moment && moment < self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_and_times_with_and_without_an_offset() {
        let wall = "2026-06-08T10:30".parse::<WhenSpec>().unwrap();
        assert_eq!(wall, "2026-06-08T10:30:00+09:00".parse().unwrap());
        assert_eq!(wall, "2026-06-08 10:30".parse().unwrap());
        assert_eq!(wall, "2026-06-08T01:30:00Z".parse().unwrap());
        assert_eq!(wall.to_string(), "2026-06-08T10:30:00+09:00");
        assert!(matches!("2026-06-08".parse().unwrap(), WhenSpec::Day(_)));
        for text in
            ["", "2026-02-30", "2026-06-08T25:00", "8 June", "2026-6-8", "20260608", "2026-06-08Z"]
        {
            assert!(text.parse::<WhenSpec>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_ground_has_its_code_and_article() {
        for ground in Ground::ALL {
            assert_eq!(serde_json::to_string(&ground).unwrap(), format!("{:?}", ground.code()));
            for lang in Lang::ALL {
                assert!(!ground.name(lang).is_empty() && !ground.article(lang).is_empty());
            }
        }
    }
}
