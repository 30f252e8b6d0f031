//! The question (received, period, exclusions) and the answer (due, by which law, step by step).

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Lang, seoul};
use serde::{Deserialize, Serialize};

use crate::day::{self, DAYS, Wall};
use crate::excluded::Stop;
use crate::law::law;
use crate::{Calendar, DueRefusal, Excluded, Period, Step, Text};

/// Which law a period is counted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calculator {
    /// 민원 처리에 관한 법률 제19조: working hours up to 5 days (A), working days from 6 days (B), the
    /// calendar for weeks, months and years (C).
    #[default]
    Petition,
    /// 민법 제155조-제161조: supplement periods and every other deadline (D).
    Civil,
}

/// The four ways of counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Arithmetic {
    /// Working hours from the time of receipt; Saturdays and public holidays do not count. A day of
    /// a period is eight hours (민원 처리에 관한 법률 제19조제1항).
    A,
    /// Working days, the day of receipt being the first; Saturdays and public holidays do not
    /// count (제19조제2항).
    B,
    /// The calendar, the day of receipt being the first: the period ends with the day before the
    /// corresponding day, or with the month where there is none; a last day that is a Saturday or a
    /// public holiday moves to the next working day (제19조제3항, 민법 제159조-제161조).
    C,
    /// The calendar, the day of receipt not counted; the last day moves as in C (민법 제155조-제161조,
    /// 행정기본법 제6조제1항).
    D,
}

impl Arithmetic {
    /// `A` to `D`.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }

    /// How it counts, in a few words.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::A => lang.t("근무시간으로 셈", "counted in working hours"),
            Self::B => lang.t(
                "근무일로 셈, 첫날 넣음, 토요일·공휴일 뺌",
                "counted in working days, the first day included, Saturdays and public holidays not",
            ),
            Self::C => lang.t(
                "달력으로 셈, 첫날 넣음, 쉬는 날에 끝나면 다음 근무일",
                "counted by the calendar, the first day included; if it ends on a closed day, the next working day",
            ),
            Self::D => lang.t(
                "달력으로 셈, 첫날 뺌, 쉬는 날에 끝나면 다음 근무일",
                "counted by the calendar, the first day not included; if it ends on a closed day, the next working day",
            ),
        }
    }

    fn article(self, period: Period, lang: Lang) -> &'static str {
        match (self, period) {
            (Self::A, Period::Immediate) => lang.t(
                "민원 처리에 관한 법률 제19조제1항, 같은 법 시행령 제19조",
                "Civil Petitions Treatment Act, art. 19(1); its Enforcement Decree, art. 19",
            ),
            (Self::A, _) => lang.t(
                "민원 처리에 관한 법률 제19조제1항",
                "Civil Petitions Treatment Act, art. 19(1)",
            ),
            (Self::B, _) => lang.t(
                "민원 처리에 관한 법률 제19조제2항",
                "Civil Petitions Treatment Act, art. 19(2)",
            ),
            (Self::C, _) => lang.t(
                "민원 처리에 관한 법률 제19조제3항, 민법 제159조부터 제161조까지",
                "Civil Petitions Treatment Act, art. 19(3); Civil Act, art. 159-161",
            ),
            (Self::D, _) => lang.t(
                "민법 제155조부터 제161조까지, 행정기본법 제6조제1항",
                "Civil Act, art. 155-161; General Act on Public Administration, art. 6(1)",
            ),
        }
    }
}

/// What a due time is computed from. Stored beside the answer, it can be computed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueInput {
    /// When it was received; fractions of a second are dropped.
    pub received: Timestamp,
    /// The period.
    pub period: Period,
    /// Which law counts it.
    #[serde(default)]
    pub calculator: Calculator,
    /// Spans that do not count, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Excluded>,
    /// Extensions in order, each a further period from the due time before it (시행령 제21조).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Period>,
}

impl DueInput {
    /// A petition received then, without exclusions.
    pub const fn petition(received: Timestamp, period: Period) -> Self {
        Self {
            received,
            period,
            calculator: Calculator::Petition,
            excluded: Vec::new(),
            extensions: Vec::new(),
        }
    }

    /// Any other deadline, by the Civil Act.
    pub fn civil(received: Timestamp, period: Period) -> Self {
        Self { calculator: Calculator::Civil, ..Self::petition(received, period) }
    }

    /// The same with a span that does not count.
    #[must_use]
    pub fn excluding(mut self, excluded: Excluded) -> Self {
        self.excluded.push(excluded);
        self
    }

    /// The same, extended once more: the period runs on from the day (or hour) it was due. How
    /// often, how long and why is for the caller to judge (시행령 제21조: at most the original period).
    #[must_use]
    pub fn extend(mut self, period: Period) -> Self {
        self.extensions.push(period);
        self
    }

    /// The spans as numbers; refuses what cannot be meant.
    pub(crate) fn stops(&self) -> Result<Vec<Stop>, DueRefusal> {
        let mut stops = Vec::with_capacity(self.excluded.len());
        for excluded in &self.excluded {
            if excluded.backwards() {
                return Err(DueRefusal::Backwards(excluded.ground));
            }
            if let Some(from) = excluded.ground.valid_from()
                && excluded.from.date() < from
            {
                return Err(DueRefusal::NotYet(excluded.ground, from));
            }
            stops.push(excluded.stop());
        }
        stops.sort_by_key(|stop| (stop.from, stop.until));
        Ok(stops)
    }

    pub(crate) fn start(&self) -> Result<Wall, DueRefusal> {
        let wall = Wall::at(self.received);
        if (0..DAYS).contains(&wall.day) { Ok(wall) } else { Err(DueRefusal::Received) }
    }
}

/// How finely the due time is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// A day is due: the instant given is when the office closes on it.
    Day,
    /// A time of the day is due.
    Time,
}

/// A due time that explains itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// When the answer is due.
    pub at: Timestamp,
    /// Whether a day or a time is due.
    pub precision: Precision,
    /// How it was counted.
    pub calculator: Arithmetic,
    /// By which articles.
    pub article: Text,
    /// What did and did not count, in order.
    pub steps: Vec<Step>,
    /// What a reader should know besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
    /// What it was computed from.
    pub input: DueInput,
    /// Of which calendar ([`Calendar::fingerprint`]).
    pub calendar: String,
}

impl Due {
    /// The day it is due in Seoul.
    pub fn date(&self) -> Date {
        seoul::date(self.at)
    }

    /// The steps as lines for reading.
    pub fn explain(&self, lang: Lang) -> Vec<String> {
        self.steps.iter().map(|step| step.text(lang).to_owned()).collect()
    }

    /// The steps with one line for every day: a line that covers several calendar days is drawn
    /// apart.
    pub fn daily_steps(&self) -> Vec<Step> {
        self.steps.iter().flat_map(Step::daily).collect()
    }

    /// One sentence: when, how counted, by which article.
    pub fn summary(&self, lang: Lang) -> String {
        let when = match self.precision {
            Precision::Day => seoul::day_text(self.date(), lang),
            Precision::Time => seoul::time_text(self.at, lang),
        };
        let period = self.input.period.text(lang);
        let (how, article) = (self.calculator.name(lang), self.article.t(lang));
        let mut more = String::new();
        if !self.input.excluded.is_empty() {
            more.push_str(lang.t(", 제외 기간 있음", ", with time taken out"));
        }
        if !self.input.extensions.is_empty() {
            more.push_str(lang.t(", 연장함", ", extended"));
        }
        match lang {
            Lang::Ko => format!("{when}까지: {period}, {how}{more} ({article})"),
            Lang::En => format!("By {when}: {period}, {how}{more} ({article})"),
        }
    }

    /// The same question asked of another calendar, for instance after a holiday was added. Cheap to
    /// skip where [`Calendar::fingerprint`] still equals `self.calendar`.
    pub fn recompute(&self, calendar: &Calendar) -> Result<Self, DueRefusal> {
        calendar.due(&self.input)
    }
}

/// How much time, of which kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Length {
    Seconds(i64),
    WorkingDays(i64),
    CalendarDays(i64),
    Months(i64),
}

/// Which calculator a period belongs to, and its length there.
pub(crate) fn plan(
    calendar: &Calendar,
    calculator: Calculator,
    period: Period,
) -> Result<(Arithmetic, Length), DueRefusal> {
    use Period::{Days, Hours, Immediate, Months, Weeks, Years};
    let clock = &law().clock;
    let n = match period {
        Immediate => clock.immediate_hours,
        Hours(n) | Days(n) | Weeks(n) | Months(n) | Years(n) => i64::from(n),
    };
    if n == 0 {
        return Err(DueRefusal::Empty);
    }
    Ok(match (calculator, period) {
        (Calculator::Petition, Immediate | Hours(_)) => (Arithmetic::A, Length::Seconds(n * 3_600)),
        (Calculator::Petition, Days(_)) if n <= clock.hour_clock_max_days => {
            (Arithmetic::A, Length::Seconds(n * calendar.hours.seconds()))
        }
        (Calculator::Petition, Days(_)) => (Arithmetic::B, Length::WorkingDays(n)),
        (Calculator::Civil, Immediate | Hours(_)) => return Err(DueRefusal::CivilHours),
        (Calculator::Civil, Days(_)) => (Arithmetic::D, Length::CalendarDays(n)),
        (calculator, long) => {
            let arithmetic = match calculator {
                Calculator::Petition => Arithmetic::C,
                Calculator::Civil => Arithmetic::D,
            };
            let length = match long {
                Weeks(_) => Length::CalendarDays(7 * n),
                Years(_) => Length::Months(12 * n),
                _ => Length::Months(n),
            };
            (arithmetic, length)
        }
    })
}

/// How many calendar days a calendar period has that begins with the day `start`.
///
/// 민법 제160조: counted by the calendar, a period ends with the day before the day that corresponds
/// to its beginning; where the last month has no such day, with the last of that month.
pub(crate) fn calendar_days(start: i64, length: Length) -> Result<i64, DueRefusal> {
    let months = match length {
        Length::CalendarDays(n) => return Ok(n),
        Length::Months(n) => n,
        Length::Seconds(_) | Length::WorkingDays(_) => return Err(DueRefusal::Empty),
    };
    let first = day::date_of(start);
    // jiff holds a day that does not exist to the end of the month, as the law does.
    let corresponding = jiff::Span::new()
        .try_months(months)
        .and_then(|span| first.checked_add(span))
        .map_err(|_| DueRefusal::TooFar)?;
    let days = day::number(corresponding) - start;
    Ok(if corresponding.day() == first.day() { days } else { days + 1 })
}

impl Calendar {
    /// When an answer is due, with every step of the count.
    pub fn due(&self, input: &DueInput) -> Result<Due, DueRefusal> {
        let (at, arithmetic, steps) = self.walk(input)?;
        let precision = match steps.precision {
            Arithmetic::A => Precision::Time,
            _ => Precision::Day,
        };
        Ok(Due {
            at,
            precision,
            calculator: arithmetic,
            article: Text::new(
                arithmetic.article(input.period, Lang::Ko),
                arithmetic.article(input.period, Lang::En),
            ),
            steps: steps.steps,
            notes: Self::notes(seoul::date(at)),
            input: input.clone(),
            calendar: self.fingerprint().to_owned(),
        })
    }
}
