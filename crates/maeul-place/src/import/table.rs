//! Reading a CSV table with named columns, every fault with its line and column.

use maeul_base::DongCode;
use maeul_base::import::LineRefusal;

/// More faults than this are not worth listing: the file is the wrong one.
const MOST_REFUSALS: usize = 200;

/// One line of a table.
pub(super) struct Line<'a> {
    pub number: usize,
    columns: &'a [&'static str],
    places: &'a [usize],
    record: &'a csv::StringRecord,
    pub refusals: &'a mut Vec<LineRefusal>,
}

impl Line<'_> {
    /// The trimmed text of the column with that number.
    pub fn text(&self, column: usize) -> &str {
        let place = self.places.get(column).copied().unwrap_or(usize::MAX);
        self.record.get(place).unwrap_or_default().trim()
    }

    pub fn refuse(&mut self, column: usize, ko: impl Into<String>, en: impl Into<String>) {
        let field = self.columns.get(column).copied().unwrap_or_default();
        self.refusals.push(LineRefusal::new(self.number, field, ko, en));
    }

    /// A ten-digit code.
    pub fn code(&mut self, column: usize) -> Option<DongCode> {
        let text = self.text(column).to_owned();
        let code = text.parse().ok();
        if code.is_none() {
            self.refuse(
                column,
                format!("숫자 10자리여야 합니다: ‘{text}’"),
                format!("must have ten digits, not “{text}”"),
            );
        }
        code
    }

    /// A whole number within the bounds.
    pub fn number(&mut self, column: usize, least: i64, most: i64) -> Option<i64> {
        let text = self.text(column).replace(',', "");
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.refuse(
                column,
                format!("{least}부터 {most}까지의 정수여야 합니다: ‘{text}’"),
                format!("must be a whole number from {least} to {most}, not “{text}”"),
            );
        }
        number
    }
}

/// Reads a table that has these columns, in any order; `read` returns nothing for a line it
/// refused.
pub(super) fn read_table<T>(
    text: &str,
    columns: &[&'static str],
    mut read: impl FnMut(&mut Line<'_>) -> Option<T>,
) -> Result<Vec<T>, Vec<LineRefusal>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let broken = |line, error: &csv::Error| {
        vec![LineRefusal::new(
            line,
            "",
            format!("CSV 형식이 아닙니다: {error}"),
            format!("not CSV: {error}"),
        )]
    };
    let header = reader.headers().map_err(|error| broken(1, &error))?.clone();
    let mut refusals = Vec::new();
    let mut places = Vec::new();
    for column in columns {
        match header.iter().position(|title| title.trim() == *column) {
            Some(place) => places.push(place),
            None => refusals.push(LineRefusal::new(
                1,
                *column,
                "첫 줄에 이 열 이름이 없습니다.",
                "the first line does not name this column",
            )),
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let mut rows = Vec::new();
    let mut lines = Lines { rest: text, read: 0, line: 1 };
    let mut number = 1;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                refusals.extend(broken(number + 1, &error));
                break;
            }
        };
        number = lines.line_of(&record).unwrap_or(number + 1);
        if record.len() != header.len() {
            let (there, wanted) = (record.len(), header.len());
            refusals.push(LineRefusal::new(
                number,
                "",
                format!("열이 {wanted}개여야 하는데 {there}개입니다."),
                format!("has {there} columns instead of {wanted}"),
            ));
        } else {
            let places = &places;
            let mut line =
                Line { number, columns, places, record: &record, refusals: &mut refusals };
            rows.extend(read(&mut line));
        }
        if refusals.len() >= MOST_REFUSALS {
            break;
        }
    }
    if refusals.is_empty() && rows.is_empty() {
        refusals.push(LineRefusal::new(1, "", "내용이 없습니다.", "there is nothing in it"));
    }
    if refusals.is_empty() { Ok(rows) } else { Err(refusals) }
}

/// Counts lines up to a record. The reader's own count is that of the blank lines it skipped.
struct Lines<'a> {
    rest: &'a str,
    read: usize,
    line: usize,
}

impl Lines<'_> {
    fn line_of(&mut self, record: &csv::StringRecord) -> Option<usize> {
        let start = usize::try_from(record.position()?.byte()).ok()?;
        let (before, rest) = self.rest.split_at_checked(start.checked_sub(self.read)?)?;
        let next = rest.trim_start_matches(['\r', '\n']);
        let blank = rest.len() - next.len();
        let newlines = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        self.line += newlines(before) + rest.get(..blank).map_or(0, newlines);
        (self.rest, self.read) = (next, start + blank);
        Some(self.line)
    }
}
