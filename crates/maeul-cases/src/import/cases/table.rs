//! Rows from a CSV table with a header, or from JSON lines. A row that cannot be read is a refused
//! row, not the end.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};

use csv::ByteRecord;
use maeul_base::import::LineRefusal;
use serde_json::Value;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A header line, then one row a line; cells may hold line breaks in quotes.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

/// A row as it stood in the file, to be written beside the result when it is refused.
#[derive(Clone, Debug)]
pub enum Original {
    /// The cells of a table.
    Csv(ByteRecord),
    /// A line of JSON.
    Json(Vec<u8>),
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: usize,
    /// As it stood there.
    pub original: Original,
    /// Its cells by column, or why it cannot be read.
    pub cells: Result<BTreeMap<String, String>, LineRefusal>,
}

/// The rows of a file, one after another: the file is never held whole.
pub enum Rows<R> {
    /// Of a table.
    Csv {
        /// The reader.
        reader: csv::Reader<R>,
        /// The names of the columns.
        header: Vec<String>,
    },
    /// Of JSON lines.
    Json {
        /// The reader.
        reader: BufReader<R>,
        /// The line last read.
        line: usize,
    },
}

impl<R: Read> Rows<R> {
    /// Begins to read; a table without a readable header is refused as a whole.
    pub fn new(shape: Shape, input: R) -> Result<Self, LineRefusal> {
        match shape {
            Shape::JsonLines => Ok(Self::Json { reader: BufReader::new(input), line: 0 }),
            Shape::Csv => {
                // A line ends with its line feed, so that lines are counted as an editor does.
                let mut reader = csv::ReaderBuilder::new()
                    .flexible(true)
                    .terminator(csv::Terminator::Any(b'\n'))
                    .from_reader(input);
                let header = reader.byte_headers().map_err(|error| unreadable(1, &error))?;
                let header = header
                    .iter()
                    .map(|name| {
                        std::str::from_utf8(name)
                            .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
                    })
                    .collect::<Result<Vec<String>, _>>()
                    .map_err(|_| not_utf8(1))?;
                Ok(Self::Csv { reader, header })
            }
        }
    }

    /// The names of a table's columns; those of JSON lines are only known row by row.
    pub fn header(&self) -> &[String] {
        match self {
            Self::Csv { header, .. } => header,
            Self::Json { .. } => &[],
        }
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, LineRefusal>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Csv { reader, header } => {
                let mut record = ByteRecord::new();
                let read = loop {
                    let read = reader.read_byte_record(&mut record);
                    if !matches!(read, Ok(true)) || record.as_slice() != b"\r" {
                        break read;
                    }
                };
                match read {
                    Ok(false) => None,
                    Ok(true) => {
                        let record = without_return(record);
                        let line = record.position().map_or(0, csv::Position::line);
                        let line = usize::try_from(line).unwrap_or(usize::MAX);
                        let cells = table_cells(line, header, &record);
                        Some(Ok(Row { line, original: Original::Csv(record), cells }))
                    }
                    // The file itself cannot be read on.
                    Err(error) => Some(Err(unreadable(0, &error))),
                }
            }
            Self::Json { reader, line } => loop {
                let mut text = Vec::new();
                match reader.read_until(b'\n', &mut text) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => return Some(Err(unreadable(*line + 1, &error))),
                }
                *line += 1;
                while matches!(text.last(), Some(b'\n' | b'\r')) {
                    text.pop();
                }
                if text.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let cells = json_cells(*line, &text);
                return Some(Ok(Row { line: *line, original: Original::Json(text), cells }));
            },
        }
    }
}

/// The record without the carriage return of a file from Windows.
fn without_return(record: ByteRecord) -> ByteRecord {
    let last = record.len().saturating_sub(1);
    if record.get(last).is_none_or(|cell| !cell.ends_with(b"\r")) {
        return record;
    }
    let mut trimmed = ByteRecord::new();
    for (at, cell) in record.iter().enumerate() {
        let bare = cell.strip_suffix(b"\r").filter(|_| at == last);
        trimmed.push_field(bare.unwrap_or(cell));
    }
    trimmed.set_position(record.position().cloned());
    trimmed
}

fn table_cells(
    line: usize,
    header: &[String],
    record: &ByteRecord,
) -> Result<BTreeMap<String, String>, LineRefusal> {
    if record.len() != header.len() {
        let (has, needs) = (record.len(), header.len());
        return Err(LineRefusal::new(
            line,
            "",
            format!("칸이 {has}개입니다. 제목줄처럼 {needs}개여야 합니다."),
            format!("This row has {has} cells; the header has {needs}."),
        ));
    }
    header
        .iter()
        .zip(record)
        .map(|(name, cell)| {
            let cell = std::str::from_utf8(cell).map_err(|_| not_utf8(line))?;
            Ok((name.clone(), cell.to_owned()))
        })
        .collect()
}

fn json_cells(line: usize, text: &[u8]) -> Result<BTreeMap<String, String>, LineRefusal> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let object: BTreeMap<String, Value> = serde_json::from_slice(text).map_err(|error| {
        LineRefusal::new(
            line,
            "",
            format!("JSON 객체로 읽을 수 없습니다: {error}"),
            format!("This is no JSON object: {error}"),
        )
    })?;
    let plain = |value: Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(object.into_iter().map(|(name, value)| (name, plain(value))).collect())
}

fn not_utf8(line: usize) -> LineRefusal {
    LineRefusal::new(
        line,
        "",
        "UTF-8이 아닙니다. UTF-8로 다시 저장해 주십시오.",
        "This is not UTF-8; please save it as UTF-8.",
    )
}

fn unreadable(line: usize, error: &dyn std::error::Error) -> LineRefusal {
    LineRefusal::new(
        line,
        "",
        format!("파일을 읽을 수 없습니다: {error}"),
        format!("The file cannot be read: {error}"),
    )
}
