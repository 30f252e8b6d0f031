//! One line of an explanation: a day or some hours that did or did not count.

use jiff::civil::{Date, Time};
use maeul_base::Lang;
use serde::{Deserialize, Serialize};

use crate::wording;

/// What a step says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// It counts.
    Counted,
    /// The office is closed all day.
    Closed,
    /// Before the office opens.
    BeforeHours,
    /// The lunch hour.
    Lunch,
    /// After the office closes, until the next opening.
    AfterHours,
    /// Taken out by a ground of the decree.
    Excluded,
    /// The first day, which the Civil Act does not count.
    FirstDay,
    /// The last day fell on a day that cannot be the last, and moves on.
    Moved,
    /// The day on which a last day that moved comes to rest.
    Rest,
    /// An extension begins.
    Extension,
}

/// One line of an explanation. Its stored form only ever gains fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The day.
    pub date: Date,
    /// The last day, where the line covers several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The beginning, where the line covers a part of the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// The end of that part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    /// What it says.
    pub kind: StepKind,
    /// Whether it counts.
    pub counted: bool,
    /// Days that count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub days: i64,
    /// Working seconds that count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seconds: i64,
    /// Days or seconds counted so far, this line included.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub total: i64,
    /// The line in Korean.
    pub ko: String,
    /// The line in English.
    pub en: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(value: &i64) -> bool {
    *value == 0
}

impl Step {
    /// The line.
    pub fn text(&self, lang: Lang) -> &str {
        lang.t(&self.ko, &self.en)
    }

    /// One step for each day it covers.
    pub(crate) fn daily(&self) -> Vec<Self> {
        let Some(until) = self.until else { return vec![self.clone()] };
        let days = self.date.series(jiff::ToSpan::day(1)).take_while(|day| *day <= until);
        (1_i64..)
            .zip(days)
            .map(|(n, date)| {
                let total = self.total - self.days + n;
                let line = |lang| match self.kind {
                    StepKind::Counted => wording::calendar_days(date, date, total, 1, lang),
                    // The text after the dates is the same for every day.
                    _ => wording::on_day(date, wording::after_dates(self.text(lang)), lang),
                };
                Self {
                    date,
                    until: None,
                    days: i64::from(self.counted),
                    total: if self.counted { total } else { 0 },
                    ko: line(Lang::Ko),
                    en: line(Lang::En),
                    ..self.clone()
                }
            })
            .collect()
    }
}
