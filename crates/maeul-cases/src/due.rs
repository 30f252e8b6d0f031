//! When a case is due, by which law, and why: computed once, kept with the case. Every line of the
//! count stands in the history alone, with the event that gave the case its due time.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Lang, seoul};
use maeul_calendar::{Arithmetic, Calendar, DueInput, Period, Precision, Step, Text};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::service::Service;
use crate::words::{Bilingual, PetitionKind};

/// A due time with its reasons.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Due {
    /// The last instant.
    pub at: Timestamp,
    /// The day of it in Seoul.
    pub on: Date,
    /// Whether the petitions act binds: an anonymous report only has our promise (영2).
    pub statutory: bool,
    /// Why this period.
    pub basis: Bilingual,
    /// By which rule it was counted, and from what: enough to count it again.
    pub count: Count,
}

/// By which rule a due time was counted, and from what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Whether a day or a time is due.
    pub precision: Precision,
    /// How it was counted.
    pub calculator: Arithmetic,
    /// By which articles.
    pub article: Text,
    /// What a reader should know besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
    /// What it was counted from.
    pub input: DueInput,
    /// Of which calendar.
    pub calendar: String,
}

/// A due time with every day and hour that did or did not count, as the history keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedDue {
    due: Due,
    steps: Steps,
}

impl Deref for ExplainedDue {
    type Target = Due;

    fn deref(&self) -> &Due {
        &self.due
    }
}

/// The lines of a count: copies share them, and they are written out once.
#[derive(Clone)]
struct Steps(Arc<(Vec<Step>, OnceLock<Box<RawValue>>)>);

impl Steps {
    fn new(steps: Vec<Step>) -> Self {
        Self(Arc::new((steps, OnceLock::new())))
    }

    fn text(&self) -> serde_json::Result<&RawValue> {
        let (steps, written) = &*self.0;
        if let Some(text) = written.get() {
            return Ok(text);
        }
        let text = serde_json::value::to_raw_value(steps)?;
        Ok(written.get_or_init(|| text))
    }
}

impl Deref for Steps {
    type Target = [Step];

    fn deref(&self) -> &[Step] {
        &self.0.0
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

impl PartialEq for Steps {
    fn eq(&self, other: &Self) -> bool {
        self.0.0 == other.0.0
    }
}

impl Serialize for Steps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Steps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::new)
    }
}

/// How a due time is written, with its lines or with none: the count is that of the calendar, so that
/// a server from before the two were told apart reads it too.
#[derive(Serialize, Deserialize)]
struct Written<B, C, L> {
    at: Timestamp,
    on: Date,
    statutory: bool,
    basis: B,
    count: WrittenCount<C, L>,
}

#[derive(Serialize, Deserialize)]
struct WrittenCount<C, L> {
    at: Timestamp,
    #[serde(flatten)]
    count: C,
    steps: L,
}

impl Due {
    fn written<L>(&self, steps: L) -> Written<&Bilingual, &Count, L> {
        let Self { at, on, statutory, basis, count } = self;
        let count = WrittenCount { at: *at, count, steps };
        Written { at: *at, on: *on, statutory: *statutory, basis, count }
    }
}

impl Serialize for Due {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written::<[Step; 0]>([]).serialize(serializer)
    }
}

impl Serialize for ExplainedDue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.due.written(&self.steps).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ExplainedDue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { at, on, statutory, basis, count: WrittenCount { count, steps, .. } } =
            Written::<Bilingual, Count, Steps>::deserialize(deserializer)?;
        Ok(Self { due: Due { at, on, statutory, basis, count }, steps })
    }
}

impl ExplainedDue {
    fn new(
        calendar: &Calendar,
        input: &DueInput,
        statutory: bool,
        basis: Bilingual,
    ) -> Option<Self> {
        let counted = calendar.due(input).ok()?;
        let (at, on) = (counted.at, counted.date());
        let steps = Steps::new(counted.steps);
        let count = Count {
            precision: counted.precision,
            calculator: counted.calculator,
            article: counted.article,
            notes: counted.notes,
            input: counted.input,
            calendar: counted.calendar,
        };
        let due = Due { at, on, statutory, basis, count };
        Some(Self { due, steps })
    }

    /// The due time of a case of that service and kind; `None` where the law gives no period
    /// without a service (법정민원, 법17), or where it ends outside the calendar's years.
    pub fn for_case(
        calendar: &Calendar,
        received: Timestamp,
        service: Option<&Service>,
        kind: PetitionKind,
        anonymous: bool,
    ) -> Option<Self> {
        let (period, basis) = period_of(service, kind)?;
        Self::new(calendar, &DueInput::petition(received, period), !anonymous, basis)
    }

    /// Writes the lines out now, so that whoever keeps them later need not.
    pub(crate) fn write_out(&self) {
        // What could not be written out is told to whoever keeps it.
        let _later = self.steps.text();
    }

    /// The due time alone.
    pub fn due(&self) -> &Due {
        &self.due
    }

    /// Every day and hour that did or did not count, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Why, in full: then every day and hour that did or did not count.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let why = self.due.why(lang).map(str::to_owned);
        let steps = self.steps().iter().map(|step| step.text(lang).to_owned());
        why.into_iter().chain(steps).collect()
    }
}

impl Due {
    /// The same question asked of another calendar.
    pub fn again(&self, calendar: &Calendar) -> Option<ExplainedDue> {
        ExplainedDue::new(calendar, &self.count.input, self.statutory, self.basis.clone())
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
