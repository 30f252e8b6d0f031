//! From text to cells.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Part, PbError, PbFile, PbProblem, Table, current_name, trimmed};

/// Reads a file; a byte-order mark, CRLF and empty lines are allowed. Nothing is counted yet.
pub fn read(text: &str) -> Result<PbFile<'_>, PbError> {
    let mut rows = Rows::new(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut file = PbFile::default();
    let mut part = None;
    let mut seen = Vec::new();
    let mut cells = Vec::new();
    while let Some(line) = rows.next(&mut cells)? {
        if let Some(begun) = begins(&cells) {
            if seen.contains(&begun) {
                return Err(PbError::new(line, PbProblem::PartTwice(begun)));
            }
            seen.push(begun);
            part = Some(begun);
            let header = match rows.next(&mut cells)? {
                Some(header) if begins(&cells).is_none() => header,
                _ => return Err(PbError::new(line, PbProblem::NoHeader(begun))),
            };
            match begun {
                Part::Meta => {}
                Part::Projects => file.projects = Table::new(columns(begun, header, &mut cells)?),
                Part::Votes => file.votes = Table::new(columns(begun, header, &mut cells)?),
            }
            continue;
        }
        match part {
            None => return Err(PbError::new(line, PbProblem::NoPart)),
            Some(Part::Meta) => {
                within(line, &mut cells, 2)?;
                let mut cells = cells.drain(..);
                let (key, value) =
                    (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
                if file.meta.iter().any(|(known, _)| *known == key) {
                    return Err(PbError::new(line, PbProblem::KeyTwice(key.into_owned())));
                }
                file.meta.push((key, value));
                file.meta_lines.push(line);
            }
            Some(part @ (Part::Projects | Part::Votes)) => {
                let table =
                    if part == Part::Projects { &mut file.projects } else { &mut file.votes };
                within(line, &mut cells, table.columns().len())?;
                table.push(line, cells.drain(..));
            }
        }
    }
    for part in [Part::Meta, Part::Projects, Part::Votes] {
        if !seen.contains(&part) {
            return Err(PbError::new(0, PbProblem::PartMissing(part)));
        }
    }
    Ok(file)
}

/// Does this line begin a part?
fn begins(cells: &[Cow<'_, str>]) -> Option<Part> {
    let (first, rest) = cells.split_first()?;
    if rest.iter().all(|cell| cell.is_empty()) { Part::of(first) } else { None }
}

/// Empty cells beyond the columns are some editors' doing; others are an error.
fn within(line: u32, cells: &mut Vec<Cow<'_, str>>, columns: usize) -> Result<(), PbError> {
    let found = cells.len();
    while cells.len() > columns {
        if cells.pop().is_some_and(|cell| !cell.is_empty()) {
            return Err(PbError::new(line, PbProblem::TooManyCells(found, columns)));
        }
    }
    Ok(())
}

fn columns<'a>(
    part: Part,
    line: u32,
    cells: &mut Vec<Cow<'a, str>>,
) -> Result<Vec<Cow<'a, str>>, PbError> {
    while cells.last().is_some_and(|cell| cell.is_empty()) {
        cells.pop();
    }
    let columns: Vec<_> = cells.drain(..).map(|name| current_name(part, name)).collect();
    let mut known = HashSet::new();
    for column in &columns {
        if !known.insert(column.clone()) {
            return Err(PbError::new(line, PbProblem::ColumnTwice(column.clone().into_owned())));
        }
    }
    Ok(columns)
}

/// The rows of the text, quotes taken off.
struct Rows<'a> {
    rest: &'a str,
    line: u32,
}

impl<'a> Rows<'a> {
    const fn new(text: &'a str) -> Self {
        Self { rest: text, line: 0 }
    }

    /// The next row that is not empty, and its line.
    fn next(&mut self, cells: &mut Vec<Cow<'a, str>>) -> Result<Option<u32>, PbError> {
        while !self.rest.is_empty() {
            self.line = self.line.saturating_add(1);
            let begun = self.line;
            cells.clear();
            if !self.plain(cells) {
                cells.clear();
                self.quoted(cells, begun)?;
            }
            if cells.iter().any(|cell| !cell.is_empty()) {
                return Ok(Some(begun));
            }
        }
        Ok(None)
    }

    /// A row without quotes, in one pass over its bytes; tells if it has one after all, having taken nothing then.
    fn plain(&mut self, cells: &mut Vec<Cow<'a, str>>) -> bool {
        let text = self.rest;
        let mut start = 0;
        let mut cell = |start: usize, end: usize| {
            cells.push(Cow::Borrowed(trimmed(text.get(start..end).unwrap_or(""))));
        };
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'"' => return false,
                b';' => {
                    cell(start, at);
                    start = at + 1;
                }
                b'\n' => {
                    cell(start, at);
                    self.rest = text.get(at + 1..).unwrap_or("");
                    return true;
                }
                _ => {}
            }
        }
        cell(start, text.len());
        self.rest = "";
        true
    }

    /// A row with a quote somewhere: a cell that begins with one ends at the next single one, whatever is between.
    fn quoted(&mut self, cells: &mut Vec<Cow<'a, str>>, begun: u32) -> Result<(), PbError> {
        loop {
            let trimmed = self.rest.trim_start_matches([' ', '\t']);
            if let Some(inner) = trimmed.strip_prefix('"') {
                self.rest = inner;
                cells.push(self.inside(begun)?);
            } else {
                let end = self.rest.find([';', '\n']).unwrap_or(self.rest.len());
                let (cell, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
                cells.push(Cow::Borrowed(cell.trim()));
                self.rest = rest;
            }
            match self.rest.strip_prefix(';') {
                Some(rest) => self.rest = rest,
                None => {
                    self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
                    return Ok(());
                }
            }
        }
    }

    /// From behind an opening quote to the end of the cell.
    fn inside(&mut self, begun: u32) -> Result<Cow<'a, str>, PbError> {
        let mut text = String::new();
        loop {
            let Some((before, after)) = self.rest.split_once('"') else {
                return Err(PbError::new(begun, PbProblem::OpenQuote));
            };
            let breaks = before.bytes().filter(|byte| *byte == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            if let Some(after) = after.strip_prefix('"') {
                text.push_str(before);
                text.push('"');
                self.rest = after;
                continue;
            }
            // Whatever stands between the closing quote and the separator belongs to the cell.
            let end = after.find([';', '\n']).unwrap_or(after.len());
            let (tail, rest) = after.split_at_checked(end).unwrap_or((after, ""));
            self.rest = rest;
            let tail = tail.trim();
            if text.is_empty() && tail.is_empty() {
                return Ok(Cow::Borrowed(before.trim()));
            }
            text.push_str(before);
            text.push_str(tail);
            return Ok(Cow::Owned(text.trim().to_owned()));
        }
    }
}
