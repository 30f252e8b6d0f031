//! When a case is due, by which law, and why: computed once, kept with the case.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Lang, seoul};
use maeul_calendar::{Calendar, DueInput, Period, Precision};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::service::Service;
use crate::words::{Bilingual, PetitionKind};

/// A due time with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// The last instant.
    pub at: Timestamp,
    /// The day of it in Seoul.
    pub on: Date,
    /// Whether the petitions act binds: an anonymous report only has our promise (영2).
    pub statutory: bool,
    /// Why this period.
    pub basis: Bilingual,
    /// How it was counted, day by day, and from what: enough to count it again.
    pub count: Count,
}

/// How a due time was counted. Every line of it is kept twice, with the case and in its history: copies
/// share it, and it is written out once.
#[derive(Clone)]
pub struct Count(Arc<Counted>);

struct Counted {
    due: maeul_calendar::Due,
    text: OnceLock<Box<RawValue>>,
}

impl From<maeul_calendar::Due> for Count {
    fn from(due: maeul_calendar::Due) -> Self {
        Self(Arc::new(Counted { due, text: OnceLock::new() }))
    }
}

impl Deref for Count {
    type Target = maeul_calendar::Due;

    fn deref(&self) -> &maeul_calendar::Due {
        &self.0.due
    }
}

impl fmt::Debug for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.due.fmt(f)
    }
}

impl PartialEq for Count {
    fn eq(&self, other: &Self) -> bool {
        self.0.due == other.0.due
    }
}

impl Count {
    /// Writes it out now, so that whoever keeps it later need not.
    pub(crate) fn write_out(&self) {
        // What could not be written out is told to whoever keeps it.
        let _later = self.text();
    }

    fn text(&self) -> serde_json::Result<&RawValue> {
        if let Some(text) = self.0.text.get() {
            return Ok(text);
        }
        let text = serde_json::value::to_raw_value(&self.0.due)?;
        Ok(self.0.text.get_or_init(|| text))
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        maeul_calendar::Due::deserialize(deserializer).map(Self::from)
    }
}

impl Due {
    /// Counts the period from `received`; `None` where it ends outside the calendar's years.
    fn count(
        calendar: &Calendar,
        received: Timestamp,
        period: Period,
        statutory: bool,
        basis: Bilingual,
    ) -> Option<Self> {
        let count = calendar.due(&DueInput::petition(received, period)).ok()?;
        Some(Self { at: count.at, on: count.date(), statutory, basis, count: count.into() })
    }

    /// The due time of a case of that service and kind; `None` where the law gives no period
    /// without a service (법정민원, 법17).
    pub fn for_case(
        calendar: &Calendar,
        received: Timestamp,
        service: Option<&Service>,
        kind: PetitionKind,
        anonymous: bool,
    ) -> Option<Self> {
        let (period, basis) = period_of(service, kind)?;
        Self::count(calendar, received, period, !anonymous, basis)
    }

    /// The same question asked of another calendar.
    pub fn again(&self, calendar: &Calendar) -> Option<Self> {
        let count = calendar.due(&self.count.input).ok()?;
        let (statutory, basis) = (self.statutory, self.basis.clone());
        Some(Self { at: count.at, on: count.date(), statutory, basis, count: count.into() })
    }

    /// The period, e.g. `7d`.
    pub fn period(&self) -> Period {
        self.count.input.period
    }

    /// The due time for reading: a day where only a day is due.
    pub fn say(&self, lang: Lang) -> String {
        match self.count.precision {
            Precision::Day => seoul::day_text(self.on, lang),
            Precision::Time => seoul::time_text(self.at, lang),
        }
    }

    /// Why, in two lines: which period, and by which article or whose promise.
    pub fn why(&self, lang: Lang) -> [&str; 2] {
        let bound = if self.statutory {
            self.count.article.t(lang)
        } else {
            lang.t(
                "이름과 연락처가 없는 신고는 법에서 정한 민원이 아니어서(민원 처리에 관한 법률 \
                 시행령 제2조), 이 날짜는 저희가 스스로 지키는 약속이에요.",
                "A report without a name is not a petition under the law (Enforcement Decree of \
                 the Civil Petitions Treatment Act, art. 2): this is our own promise.",
            )
        };
        [self.basis.get(lang), bound]
    }

    /// Why, in full: then every day and hour that did or did not count.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let why = self.why(lang).map(str::to_owned);
        why.into_iter().chain(self.count.explain(lang)).collect()
    }
}

/// The period and why it holds.
pub(crate) fn period_of(
    service: Option<&Service>,
    kind: PetitionKind,
) -> Option<(Period, Bilingual)> {
    if let Some(service) = service
        && let Some(period) = service.period
    {
        let (ko, en) = (period.text(Lang::Ko), period.text(Lang::En));
        let sources = [&service.period_basis, &service.period_article];
        let source = sources.into_iter().find(|text| !text.is_empty());
        let article = source.map_or_else(String::new, |text| format!(" ({text})"));
        return Some((
            period,
            Bilingual::new(
                format!("'{}' 처리기간: {ko}{article}", service.name.ko),
                format!("Period for \u{201c}{}\u{201d}: {en}{article}", service.name.en),
            ),
        ));
    }
    let (period, [ko, en]) = kind.default_period()?;
    Some((
        period,
        Bilingual::new(
            format!("{}: {} ({ko})", kind.name(Lang::Ko), period.text(Lang::Ko)),
            format!("{}: {} ({en})", kind.name(Lang::En), period.text(Lang::En)),
        ),
    ))
}
