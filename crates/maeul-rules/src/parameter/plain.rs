//! Parameters that no rule computes with: hours, words, lists, factors in units of their own.

use maeul_base::Lang;

use super::span::{self, Dated};
use crate::problem::{Place, Problem};
use crate::yaml::{Kind, Node};

/// The units outside the rules language: `text`, `list`, `flag` and `time` are words, the others
/// decimals that are kept as they are written.
pub const PLAIN_UNITS: [&str; 10] = [
    "text",
    "list",
    "flag",
    "time",
    "hours",
    "persons",
    "characters",
    "tCO2eq/MWh",
    "kWh/kW/year",
    "kWh/kW/day",
];

/// A parameter beside the rules: `petition.work_segments`.
#[derive(Clone, Debug)]
pub struct PlainParameter {
    /// The dotted key.
    pub key: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
    /// One of [`PLAIN_UNITS`].
    pub unit: String,
    /// What held when, ascending, without overlap.
    pub values: Vec<Dated<PlainValue>>,
    /// What a reader should know, Korean and English; may be empty.
    pub note: (String, String),
    /// Why days without a value lie between values.
    pub gap: String,
    /// It belongs to one announcement.
    pub closed: bool,
    /// Where it is written.
    pub place: Place,
}

/// Such a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlainValue {
    /// One word or number.
    One(String),
    /// Several words.
    List(Vec<String>),
    /// Words or numbers by a word.
    Rows(Vec<(String, String)>),
}

impl PlainParameter {
    /// The value in force on a day (yyyymmdd).
    pub fn on(&self, day: i64) -> Option<&Dated<PlainValue>> {
        span::on(&self.values, day)
    }

    /// The name in the reader's language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.ko, &self.en)
    }
}

/// Reads a value of such a unit; `by` says that it is a table.
pub(super) fn read(node: &Node, unit: &str, by: bool) -> Result<PlainValue, Problem> {
    if unit == "list" {
        let words = node.list()?.iter().map(|word| word.text().map(str::to_owned));
        return Ok(PlainValue::List(words.collect::<Result<_, _>>()?));
    }
    match (&node.kind, by) {
        (Kind::Map(rows), true) => {
            let rows = rows.iter().map(|(key, cell)| Ok((key.text.clone(), one(cell, unit)?)));
            Ok(PlainValue::Rows(rows.collect::<Result<_, Problem>>()?))
        }
        (_, true) => Err(Problem::new(
            &node.place,
            "`by`가 있으므로 값은 `{행: 값}` 표여야 합니다.",
            "There is a `by`: the value must be a table `{row: value}`.",
        )),
        (_, false) => Ok(PlainValue::One(one(node, unit)?)),
    }
}

fn one(node: &Node, unit: &str) -> Result<String, Problem> {
    let text = node.text()?;
    let number = |text: &str| crate::value::decimal(text, 6).is_ok_and(|value| value >= 0);
    let time = |text: &str| {
        let parts: Vec<_> = text.split(':').map(|part| (part.len(), part.parse::<u8>())).collect();
        matches!(parts.as_slice(), [(2, Ok(0..=24)), (2, Ok(0..=59))])
    };
    let (right, ko, en) = match unit {
        "text" => (!text.is_empty(), "글", "words"),
        "flag" => (matches!(text, "true" | "false"), "true 또는 false", "true or false"),
        "time" => (time(text), "시각(예: 08:00)", "a time such as 08:00"),
        _ => (number(text), "0 이상의 수", "a number of 0 or more"),
    };
    if right {
        return Ok(text.to_owned());
    }
    Err(Problem::new(
        &node.place,
        format!("{ko}이(가) 와야 하는데 `{text}`입니다."),
        format!("Expected {en}, found `{text}`."),
    ))
}
