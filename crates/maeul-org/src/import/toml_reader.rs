//! Reads TOML tables key by key and gathers every complaint with its line, instead of stopping at
//! the first.

use std::collections::BTreeSet;
use std::ops::Range;
use std::str::FromStr;

use jiff::civil::Date;
use maeul_base::import::LineRefusal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::is_code;
use crate::Period;

/// Turns places in the text into lines, and keeps the complaints.
#[derive(Debug)]
pub struct Reader {
    line_ends: Vec<usize>,
    /// What was wrong so far.
    pub refusals: Vec<LineRefusal>,
}

impl Reader {
    /// For that text.
    pub fn new(text: &str) -> Self {
        let line_ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Self { line_ends, refusals: Vec::new() }
    }

    /// The line, from 1, on which a span begins.
    pub fn line(&self, span: &Range<usize>) -> usize {
        self.line_ends.partition_point(|end| *end < span.start) + 1
    }

    /// Adds a complaint.
    pub fn refuse(
        &mut self,
        line: usize,
        field: &str,
        ko: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.refusals.push(LineRefusal::new(line, field, ko, en));
    }

    /// The tables of `[[name]]` in the document, each with its line.
    pub fn tables<'a, 't>(
        &mut self,
        document: &'a DeTable<'t>,
        name: &'static str,
    ) -> Vec<(usize, &'a DeTable<'t>)> {
        let Some(value) = document.get(name) else { return Vec::new() };
        let line = self.line(&value.span());
        let Some(rows) = value.get_ref().as_array() else {
            self.refuse(
                line,
                name,
                format!("[[{name}]] 표의 목록이어야 합니다."),
                format!("This must be a list of [[{name}]] tables."),
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for row in rows.iter() {
            let line = self.line(&row.span());
            match row.get_ref().as_table() {
                Some(table) => tables.push((line, table)),
                None => self.refuse(line, name, "표가 아닙니다.", "This is not a table."),
            }
        }
        tables
    }
}

/// One table, read key by key; [`Fields::finish`] refuses the keys nobody asked for.
#[derive(Debug)]
pub struct Fields<'r, 'a, 't> {
    table: &'a DeTable<'t>,
    reader: &'r mut Reader,
    asked: BTreeSet<&'static str>,
    /// The line of the table's head.
    pub line: usize,
}

impl<'r, 'a, 't> Fields<'r, 'a, 't> {
    /// Of that table, whose head stands on `line`.
    pub const fn new(reader: &'r mut Reader, table: &'a DeTable<'t>, line: usize) -> Self {
        Self { table, reader, asked: BTreeSet::new(), line }
    }

    /// The line of a key, or of the table where the key is missing.
    pub fn line_of(&self, key: &str) -> usize {
        self.table.get(key).map_or(self.line, |value| self.reader.line(&value.span()))
    }

    /// Adds a complaint about a key.
    pub fn refuse(&mut self, key: &'static str, ko: impl Into<String>, en: impl Into<String>) {
        let line = self.line_of(key);
        self.reader.refuse(line, key, ko, en);
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'t>>> {
        self.asked.insert(key);
        self.table.get(key)
    }

    /// A table inside this one.
    pub fn table(&mut self, key: &'static str) -> Option<(usize, &'a DeTable<'t>)> {
        let value = self.value(key)?;
        let line = self.line_of(key);
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.refuse(key, "표여야 합니다.", "This must be a table.");
        }
        table.map(|table| (line, table))
    }

    /// The tables of a list inside this one.
    pub fn tables(&mut self, key: &'static str) -> Vec<(usize, &'a DeTable<'t>)> {
        self.asked.insert(key);
        self.reader.tables(self.table, key)
    }

    /// A nested table's reader.
    pub const fn inner<'b>(
        &'b mut self,
        line: usize,
        table: &'b DeTable<'t>,
    ) -> Fields<'b, 'b, 't> {
        Fields::new(self.reader, table, line)
    }

    /// A text that may be missing or empty.
    pub fn text_or_none(&mut self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.refuse(key, "따옴표로 감싼 글자여야 합니다.", "This must be a text in quotes.");
            return None;
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A text that must be there.
    pub fn text(&mut self, key: &'static str) -> String {
        let before = self.reader.refusals.len();
        let text = self.text_or_none(key);
        if text.is_none() && self.reader.refusals.len() == before {
            self.refuse(
                key,
                "값이 없습니다. 채워 주십시오.",
                "A value is missing. Please give one.",
            );
        }
        text.unwrap_or_default()
    }

    /// A code that must be there.
    pub fn code(&mut self, key: &'static str) -> String {
        let text = self.text(key);
        if !text.is_empty() && !is_code(&text) {
            self.refuse(
                key,
                format!("코드는 영문 소문자·숫자·붙임표 1~40자입니다: {text}"),
                format!("A code has 1 to 40 lower-case letters, digits and hyphens: {text}"),
            );
        }
        text
    }

    /// A value that is made from a text, e.g. a 동 code.
    pub fn parsed<T: FromStr>(&mut self, key: &'static str, ko: &str, en: &str) -> Option<T> {
        let text = self.text_or_none(key)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.refuse(key, format!("{ko}: {text}"), format!("{en}: {text}"));
        }
        parsed
    }

    /// One word of a fixed list.
    pub fn word<T>(
        &mut self,
        key: &'static str,
        parse: fn(&str) -> Option<T>,
        words: &str,
    ) -> Option<T> {
        let text = self.text(key);
        if text.is_empty() {
            return None;
        }
        let parsed = parse(&text);
        if parsed.is_none() {
            self.refuse(
                key,
                format!("모르는 값입니다: {text}. 쓸 수 있는 값: {words}"),
                format!("Unknown value: {text}. Possible values: {words}"),
            );
        }
        parsed
    }

    /// A day, as a TOML date or a text.
    pub fn date(&mut self, key: &'static str) -> Option<Date> {
        let value = self.value(key)?;
        let day = match value.get_ref() {
            DeValue::String(text) => text.parse().ok(),
            DeValue::Datetime(at) if at.time.is_none() && at.offset.is_none() => {
                at.date.and_then(|day| {
                    let (month, of_month) = (i8::try_from(day.month), i8::try_from(day.day));
                    let year = i16::try_from(day.year).ok()?;
                    Date::new(year, month.ok()?, of_month.ok()?).ok()
                })
            }
            _ => None,
        };
        if day.is_none() {
            self.refuse(
                key,
                "날짜를 2026-01-08처럼 적어 주십시오.",
                "Please write a day, such as 2026-01-08.",
            );
        }
        day
    }

    /// `valid_from` (or the event in its place) and `valid_to`, which in files is the last day.
    pub fn period(&mut self) -> (Period, Option<String>) {
        let before = self.reader.refusals.len();
        let from = self.date("valid_from");
        let last = self.date("valid_to");
        let trigger = self.text_or_none("effective_trigger");
        if from.is_none() && trigger.is_none() && self.reader.refusals.len() == before {
            self.refuse(
                "valid_from",
                "첫날(valid_from)을 적어 주십시오. 시행일이 사건이면 effective_trigger에 적습니다.",
                "Please give the first day (valid_from), or the event in effective_trigger.",
            );
        }
        if let (Some(from), Some(last)) = (from, last)
            && last < from
        {
            self.refuse(
                "valid_to",
                format!("마지막 날 {last}이(가) 첫날 {from}보다 이릅니다."),
                format!("The last day {last} is before the first day {from}."),
            );
        }
        let to = last.and_then(|day| day.tomorrow().ok());
        (Period { from, to }, trigger)
    }

    /// A yes or no; no where it is missing.
    pub fn flag(&mut self, key: &'static str) -> bool {
        let Some(value) = self.value(key) else { return false };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.refuse(key, "true 또는 false여야 합니다.", "This must be true or false.");
        }
        flag.unwrap_or(false)
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str) -> Option<i32> {
        let value = self.value(key)?;
        let number = value.get_ref().as_integer();
        let number = number.and_then(|it| i32::from_str_radix(it.as_str(), it.radix()).ok());
        if number.is_none() {
            self.refuse(key, "정수여야 합니다.", "This must be a whole number.");
        }
        number
    }

    /// Degrees as degrees × 10^7, without passing through a float.
    pub fn degrees_e7(&mut self, key: &'static str) -> Option<i64> {
        let value = self.value(key)?;
        let text = match value.get_ref() {
            DeValue::Float(it) => Some(it.as_str()),
            DeValue::Integer(it) => Some(it.as_str()),
            _ => None,
        };
        let degrees = text.and_then(degrees_e7);
        if degrees.is_none() {
            self.refuse(key, "도 단위의 수여야 합니다.", "This must be a number of degrees.");
        }
        degrees
    }

    /// A list of texts, each with its line; a missing list is refused, an empty one is not.
    pub fn texts(&mut self, key: &'static str) -> Vec<(usize, String)> {
        let Some(value) = self.value(key) else {
            self.refuse(
                key,
                "목록이 없습니다. 모두라면 []로 적습니다.",
                "The list is missing; write [] for all.",
            );
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.refuse(key, "목록이어야 합니다.", "This must be a list.");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            let line = self.reader.line(&item.span());
            match item.get_ref().as_str() {
                Some(text) => texts.push((line, text.trim().to_owned())),
                None => {
                    self.reader.refuse(line, key, "글자여야 합니다.", "This must be a text.");
                }
            }
        }
        texts
    }

    /// Refuses the keys that have no meaning here, so that a misspelt one is never dropped.
    pub fn finish(self) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !self.asked.contains(name) {
                let line = self.reader.line(&key.span());
                self.reader.refuse(
                    line,
                    name,
                    "모르는 이름입니다. 철자를 확인해 주십시오.",
                    "Unknown name. Please check the spelling.",
                );
            }
        }
    }
}

fn degrees_e7(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 7 || !part.bytes().all(|it| it.is_ascii_digit()) || whole.starts_with('-') {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<7}").parse().ok()?;
    whole.checked_mul(10_000_000)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::degrees_e7;

    #[test]
    fn degrees_become_whole_numbers() {
        for (text, wanted) in [
            ("126.8895", Some(1_268_895_000)),
            ("35", Some(350_000_000)),
            ("35.1234567", Some(351_234_567)),
            ("35.12345678", None),
            ("-35.1", None),
            ("1e3", None),
        ] {
            assert_eq!(degrees_e7(text), wanted, "{text}");
        }
    }
}
