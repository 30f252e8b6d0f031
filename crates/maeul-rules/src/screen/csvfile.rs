//! A population as CSV: one person a line, the lines of a household together. docs/screening.md describes it.

use std::io::{BufRead, Read as _};

use maeul_base::import::LineRefusal;
use thiserror::Error;

use super::assemble::{Assembler, KEYS, RefusedRow, Row, fact_columns, read_cell};
use super::batch::Batch;
use super::colfile::FactColumn;
use crate::registry::{ROLE, Registry};

/// A line is no longer than this: a file without line ends is not read into memory.
const LONGEST_LINE: u64 = 1 << 20;

/// Why a CSV file cannot be read at all.
#[derive(Debug, Error)]
pub enum CsvError {
    /// It could not be read.
    #[error("파일을 읽을 수 없습니다 / the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// The header is not that of a population.
    #[error("{}", .0.iter().map(|one| format!("{} / {}", one.say(maeul_base::Lang::Ko), one.say(maeul_base::Lang::En))).collect::<Vec<_>>().join("\n"))]
    Header(Vec<LineRefusal>),
}

/// Reads a CSV population a batch at a time.
pub struct CsvPopulation<'a, R> {
    registry: &'a Registry,
    input: R,
    line: usize,
    facts: Vec<FactColumn>,
    /// Which field of a line is which key; then the facts in order.
    keys: [usize; 4],
    fields_of_facts: Vec<usize>,
    width: usize,
    synthetic: bool,
    assembler: Assembler,
    ended: bool,
    text: Vec<u8>,
}

impl<'a, R: BufRead> CsvPopulation<'a, R> {
    /// Reads the header.
    ///
    /// # Errors
    /// Unreadable, or columns that are no facts, missing keys, wrong units.
    pub fn new(registry: &'a Registry, mut input: R) -> Result<Self, CsvError> {
        let mut line = 0;
        let mut synthetic = false;
        let mut text = Vec::new();
        let header = loop {
            line += 1;
            text.clear();
            input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut text)?;
            let header =
                String::from_utf8_lossy(&text).trim_start_matches('\u{feff}').trim_end().to_owned();
            match header.strip_prefix('#') {
                Some(comment) => synthetic |= comment.contains("synthetic"),
                None => break header,
            }
        };
        let names = split(&header);
        let mut keys = [0; 4];
        let mut refusals = Vec::new();
        for (key, slot) in KEYS.iter().zip(&mut keys) {
            match names.iter().position(|name| name.trim() == *key) {
                Some(at) => *slot = at,
                None => refusals.push(LineRefusal::new(
                    line,
                    *key,
                    "열이 없습니다. household_id, person_id, dong_code, role 열이 있어야 합니다.",
                    "The column is missing: household_id, person_id, dong_code and role are needed.",
                )),
            }
        }
        let is_key = |name: &str| name != ROLE && KEYS.contains(&name.trim());
        let fields: Vec<usize> =
            names.iter().enumerate().filter(|(_, name)| !is_key(name)).map(|(at, _)| at).collect();
        let chosen: Vec<&str> =
            fields.iter().filter_map(|&at| names.get(at)).map(String::as_str).collect();
        let facts = match fact_columns(registry, &chosen, line) {
            Ok(facts) if refusals.is_empty() => facts,
            Ok(_) => return Err(CsvError::Header(refusals)),
            Err(more) => return Err(CsvError::Header(refusals.into_iter().chain(more).collect())),
        };
        Ok(Self {
            registry,
            input,
            line,
            assembler: Assembler::new(registry, facts.clone()),
            facts,
            keys,
            fields_of_facts: fields,
            width: names.len(),
            synthetic,
            ended: false,
            text,
        })
    }

    /// The facts of the file.
    pub fn facts(&self) -> &[FactColumn] {
        &self.facts
    }

    /// Does a comment before the header say `synthetic`?
    pub const fn is_synthetic(&self) -> bool {
        self.synthetic
    }

    /// The next households, about `size` of them, and the rows refused on the way; `None` at the end.
    ///
    /// # Errors
    /// The file could not be read.
    pub fn next_batch(
        &mut self,
        size: usize,
    ) -> Result<Option<(Batch, Vec<RefusedRow>)>, CsvError> {
        if self.ended {
            return Ok(None);
        }
        while self.assembler.ready() < size {
            self.text.clear();
            self.line += 1;
            let read = self.input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.text)?;
            if read == 0 {
                self.ended = true;
                self.assembler.finish();
                break;
            }
            let text = String::from_utf8_lossy(&self.text);
            let text = text.trim_end_matches(['\n', '\r']);
            if !text.trim().is_empty() && !text.starts_with('#') {
                let row = self.row(text);
                self.assembler.push(row);
            }
        }
        Ok(Some((self.assembler.take_batch(), self.assembler.take_refused())))
    }

    fn row(&self, text: &str) -> Row {
        let fields = split(text);
        let field = |at: usize| fields.get(at).map(|field| field.trim()).unwrap_or_default();
        let [household, person, dong, _] = self.keys;
        let mut row = Row {
            line: self.line,
            household_id: field(household).to_owned(),
            person_id: field(person).to_owned(),
            dong_code: field(dong).to_owned(),
            values: Vec::with_capacity(self.facts.len()),
            refusals: Vec::new(),
            raw: text.to_owned(),
        };
        if fields.len() != self.width {
            row.refusals.push(LineRefusal::new(
                self.line,
                "",
                format!("칸이 {}개인데 머리글은 {}개입니다.", fields.len(), self.width),
                format!("{} fields, but the header has {}.", fields.len(), self.width),
            ));
        }
        for (fact, &at) in self.facts.iter().zip(&self.fields_of_facts) {
            let value =
                read_cell(self.registry, &fact.name, field(at)).unwrap_or_else(|(ko, en)| {
                    row.refusals.push(LineRefusal::new(self.line, fact.name.clone(), ko, en));
                    None
                });
            row.values.push(value);
        }
        row
    }
}

/// The fields of a line; quotes keep commas, a doubled quote is a quote. A field does not hold a line end.
fn split(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                if let Some(last) = fields.last_mut() {
                    last.push('"');
                }
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => {
                if let Some(last) = fields.last_mut() {
                    last.push(letter);
                }
            }
        }
    }
    fields
}

/// A field as it stands in a CSV file.
pub fn quote(field: &str) -> std::borrow::Cow<'_, str> {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\"").replace(['\n', '\r'], " ")).into()
    } else {
        field.into()
    }
}
