//! The mapping file: which of the other system's columns are which, and what its words mean here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use maeul_base::import::LineRefusal;
use serde::Deserialize;
use toml::Spanned;

use super::Column;
use crate::import::lines::Lines;
use crate::words::{Channel, Outcome};

/// What to do with a point outside the office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// Refuse the row: it may belong to a neighbour.
    #[default]
    Refuse,
    /// Keep the point, without a 동.
    Keep,
}

/// How the rows of another system are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// A short name of the other system: with a row's own number it makes the key by which the row
    /// is known again.
    pub source: String,
    /// What to do with a point outside the office.
    pub outside: Outside,
    columns: BTreeMap<Column, String>,
    offset: Offset,
    format: Option<String>,
    statuses: BTreeMap<String, bool>,
    services: BTreeMap<String, String>,
    channels: BTreeMap<String, Channel>,
    outcomes: BTreeMap<String, Outcome>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: Spanned<String>,
    #[serde(default)]
    outside: Outside,
    #[serde(default)]
    columns: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    time: Time,
    #[serde(default)]
    values: Values,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Time {
    offset: Option<Spanned<String>>,
    format: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Values {
    #[serde(default)]
    status: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    service: BTreeMap<String, String>,
    #[serde(default)]
    source: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    outcome: BTreeMap<String, Spanned<String>>,
}

/// Korea's.
const SEOUL: Offset = Offset::constant(9);

impl Mapping {
    /// The Open311 bulk columns as they are.
    pub fn bulk(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            outside: Outside::Refuse,
            columns: BTreeMap::new(),
            offset: SEOUL,
            format: None,
            statuses: BTreeMap::new(),
            services: BTreeMap::new(),
            channels: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        }
    }

    /// Reads a mapping file; every complaint names its line.
    pub fn parse(text: &str) -> Result<Self, Vec<LineRefusal>> {
        let mut lines = Lines::new(text);
        let file: File = lines.read(text)?;
        let source = lines.code(&file.source, &mut Vec::new());
        let mut columns = BTreeMap::new();
        for (ours, theirs) in file.columns {
            match Column::parse(ours.get_ref()) {
                Some(column) => {
                    columns.insert(column, theirs);
                }
                None => lines.refuse(
                    &ours.span(),
                    "columns",
                    format!("없는 항목입니다: {}. 쓸 수 있는 항목: {}", ours.get_ref(), known()),
                    format!("There is no column {}; there are {}", ours.get_ref(), known()),
                ),
            }
        }
        let offset = file.time.offset.and_then(|text| {
            let parsed = offset(text.get_ref());
            if parsed.is_none() {
                lines.refuse(
                    &text.span(),
                    "offset",
                    "시차는 +09:00처럼 적어 주십시오.",
                    "Please write the offset like +09:00.",
                );
            }
            parsed
        });
        let statuses =
            meanings(&mut lines, "status", file.values.status, "open, closed", |it| match it {
                "open" => Some(false),
                "closed" => Some(true),
                _ => None,
            });
        let all: Vec<&str> = Channel::ALL.iter().map(|it| it.as_str()).collect();
        let channels =
            meanings(&mut lines, "source", file.values.source, &all.join(", "), Channel::parse);
        let all: Vec<&str> = Outcome::ALL.iter().map(|it| it.as_str()).collect();
        let outcomes =
            meanings(&mut lines, "outcome", file.values.outcome, &all.join(", "), Outcome::parse);
        lines.finish(Self {
            source,
            outside: file.outside,
            columns,
            offset: offset.unwrap_or(SEOUL),
            format: file.time.format,
            statuses,
            services: file.values.service,
            channels,
            outcomes,
        })
    }

    /// The name the column has in the other system, among those it may have.
    pub fn names(&self, column: Column) -> impl Iterator<Item = &str> {
        let mapped = self.columns.get(&column).map(String::as_str);
        let own = if mapped.is_some() { &[] } else { column.names() };
        mapped.into_iter().chain(own.iter().copied())
    }

    /// The row's value of that column; nothing where it is empty.
    pub fn cell<'a>(
        &self,
        cells: &'a BTreeMap<String, String>,
        column: Column,
    ) -> Option<(&'a str, &'a str)> {
        let (name, value) = self.names(column).find_map(|name| cells.get_key_value(name))?;
        let value = value.trim();
        (!value.is_empty()).then_some((name.as_str(), value))
    }

    /// The columns of the other system that stand for one of ours.
    pub fn is_mapped(&self, name: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| self.names(*column).any(|it| it == name))
    }

    /// The codes of our services that the mapping names.
    pub fn service_codes(&self) -> impl Iterator<Item = &str> {
        self.services.values().map(String::as_str)
    }

    /// The code of our service for their word.
    pub fn service(&self, word: &str) -> Option<&str> {
        self.services.get(word).map(String::as_str)
    }

    /// Whether that status is a closed one; `None`: a word nobody explained.
    pub fn is_closed(&self, word: &str) -> Option<bool> {
        self.statuses.get(word).copied().or_else(|| match word.to_lowercase().as_str() {
            "open" => Some(false),
            "closed" => Some(true),
            _ => None,
        })
    }

    /// By which way a case with that word came.
    pub fn channel(&self, word: &str) -> Channel {
        let own = || Channel::parse(word);
        self.channels.get(word).copied().or_else(own).unwrap_or(Channel::Import)
    }

    /// How a case with that word was answered.
    pub fn outcome(&self, word: &str) -> Option<Outcome> {
        self.outcomes.get(word).copied().or_else(|| Outcome::parse(word))
    }

    /// The instant a text means: one that says its own offset, or a local time in the mapping's
    /// format or in ISO 8601; a day alone is its midnight.
    pub fn instant(&self, text: &str) -> Option<Timestamp> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(at);
        }
        let local: DateTime = match &self.format {
            Some(format) => DateTime::strptime(format, text).ok()?,
            None => text
                .parse::<DateTime>()
                .or_else(|_| text.parse::<Date>().map(|day| day.at(0, 0, 0, 0)))
                .ok()?,
        };
        self.offset.to_timestamp(local).ok()
    }
}

fn known() -> String {
    Column::ALL.map(Column::as_str).join(", ")
}

fn offset(text: &str) -> Option<Offset> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok()
}

fn meanings<T>(
    lines: &mut Lines,
    field: &str,
    given: BTreeMap<String, Spanned<String>>,
    known: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> BTreeMap<String, T> {
    let mut out = BTreeMap::new();
    for (theirs, ours) in given {
        match parse(ours.get_ref()) {
            Some(meaning) => {
                out.insert(theirs, meaning);
            }
            None => lines.refuse(
                &ours.span(),
                field,
                format!("다음 가운데 하나여야 합니다: {known}"),
                format!("This must be one of: {known}"),
            ),
        }
    }
    out
}
