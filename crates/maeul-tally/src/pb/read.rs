//! From text to cells.

use std::borrow::Cow;

use foldhash::{HashSet, HashSetExt as _};

use super::{Part, PbError, PbFile, PbProblem, Span, Table, current_name, scan, trimmed};

/// Reads a file; a byte-order mark, CRLF and empty lines are allowed. Nothing is counted yet.
pub fn read(text: &str) -> Result<PbFile<'_>, PbError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if u32::try_from(text.len()).map_or(true, |len| len == Span::KEPT) {
        return Err(PbError::new(0, PbProblem::TooMany));
    }
    let mut rows = Rows::new(text);
    let mut file = PbFile::default();
    let mut part = None;
    let mut seen = Vec::new();
    let mut cells = Vec::new();
    while let Some(line) = rows.next(&mut cells)? {
        if let Some(begun) = rows.begins(&cells) {
            if seen.contains(&begun) {
                return Err(PbError::new(line, PbProblem::PartTwice(begun)));
            }
            rows.hand_over(part, &mut file);
            seen.push(begun);
            part = Some(begun);
            let header = match rows.next(&mut cells)? {
                Some(header) if rows.begins(&cells).is_none() => header,
                _ => return Err(PbError::new(line, PbProblem::NoHeader(begun))),
            };
            let room = |key| file.meta(key).and_then(|rows| rows.parse().ok()).unwrap_or(0);
            match begun {
                Part::Meta => {}
                Part::Projects => {
                    let columns = columns(begun, header, &rows, &mut cells)?;
                    file.projects = Table::of(text, columns, room("num_projects"));
                }
                Part::Votes => {
                    let columns = columns(begun, header, &rows, &mut cells)?;
                    file.votes = Table::of(text, columns, room("num_votes"));
                }
            }
            continue;
        }
        match part {
            None => return Err(PbError::new(line, PbProblem::NoPart)),
            Some(Part::Meta) => {
                within(line, &mut cells, 2)?;
                let mut cells = cells.drain(..).map(|cell| rows.text_of(cell));
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
                table.push_spans(line, &cells);
            }
        }
    }
    rows.hand_over(part, &mut file);
    for part in [Part::Meta, Part::Projects, Part::Votes] {
        if !seen.contains(&part) {
            return Err(PbError::new(0, PbProblem::PartMissing(part)));
        }
    }
    Ok(file)
}

/// Empty cells beyond the columns are some editors' doing; others are an error.
fn within(line: u32, cells: &mut Vec<Span>, columns: usize) -> Result<(), PbError> {
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
    rows: &Rows<'a>,
    cells: &mut Vec<Span>,
) -> Result<Vec<Cow<'a, str>>, PbError> {
    while cells.last().is_some_and(|cell| cell.is_empty()) {
        cells.pop();
    }
    let columns: Vec<_> =
        cells.drain(..).map(|name| current_name(part, rows.text_of(name))).collect();
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
    text: &'a str,
    /// Where the next row begins.
    at: usize,
    line: u32,
    /// The first quote at or behind `at` when a row was last begun; the end of the text if there is none.
    quote: usize,
    /// The texts of this part that do not stand in the file as they are.
    kept: Vec<Box<str>>,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str) -> Self {
        let quote = text.find('"').unwrap_or(text.len());
        Self { text, at: 0, line: 0, quote, kept: Vec::new() }
    }

    /// What a cell says.
    fn text_of(&self, cell: Span) -> Cow<'a, str> {
        if cell.len == Span::KEPT {
            Cow::Owned(cell.read("", &self.kept).to_owned())
        } else {
            Cow::Borrowed(cell.read(self.text, &[]))
        }
    }

    /// Does this line begin a part?
    fn begins(&self, cells: &[Span]) -> Option<Part> {
        let (first, rest) = cells.split_first()?;
        if rest.iter().all(|cell| cell.is_empty()) { Part::of(&self.text_of(*first)) } else { None }
    }

    /// Gives the texts kept so far to the part they belong to, which ends here.
    fn hand_over(&mut self, part: Option<Part>, file: &mut PbFile<'a>) {
        let kept = std::mem::take(&mut self.kept);
        match part {
            Some(Part::Projects) => file.projects.kept = kept,
            Some(Part::Votes) => file.votes.kept = kept,
            Some(Part::Meta) | None => {}
        }
    }

    /// The next row that is not empty, and its line.
    fn next(&mut self, cells: &mut Vec<Span>) -> Result<Option<u32>, PbError> {
        while self.at < self.text.len() {
            self.line = self.line.saturating_add(1);
            let begun = self.line;
            if self.quote < self.at {
                self.quote = self.rest().find('"').map_or(self.text.len(), |more| self.at + more);
            }
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

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    #[inline]
    /// Bytes `start..end` without white space at both ends.
    fn trimmed(&self, start: usize, end: usize) -> Span {
        let cell = self.text.get(start..end).unwrap_or("");
        let text = trimmed(cell);
        if text.len() == cell.len() {
            return Span::of(start, end);
        }
        let start = start + cell.len() - cell.trim_start().len();
        Span::of(start, start + text.len())
    }

    /// A row without quotes; tells if it has one after all, having taken nothing then.
    fn plain(&mut self, cells: &mut Vec<Span>) -> bool {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        loop {
            let end = scan::cell_end(bytes, start);
            if self.quote < end {
                return false;
            }
            cells.push(self.trimmed(start, end));
            start = end + 1;
            if bytes.get(end) != Some(&b';') {
                self.at = start.min(bytes.len());
                return true;
            }
        }
    }

    /// A row with a quote somewhere: a cell that begins with one ends at the next single one, whatever is between.
    fn quoted(&mut self, cells: &mut Vec<Span>, begun: u32) -> Result<(), PbError> {
        let bytes = self.text.as_bytes();
        loop {
            let rest = self.rest();
            let inner = rest.trim_start_matches([' ', '\t']);
            if inner.starts_with('"') {
                self.at += rest.len() - inner.len() + 1;
                cells.push(self.inside(begun)?);
            } else {
                let end = scan::cell_end(bytes, self.at);
                cells.push(self.trimmed(self.at, end));
                self.at = end;
            }
            match bytes.get(self.at) {
                Some(b';') => self.at += 1,
                Some(_) => {
                    self.at += 1;
                    return Ok(());
                }
                None => return Ok(()),
            }
        }
    }

    /// From behind an opening quote to the end of the cell.
    fn inside(&mut self, begun: u32) -> Result<Span, PbError> {
        let bytes = self.text.as_bytes();
        let mut text = String::new();
        loop {
            let start = self.at;
            let Some((before, _)) = self.rest().split_once('"') else {
                return Err(PbError::new(begun, PbProblem::OpenQuote));
            };
            let breaks = before.bytes().filter(|byte| *byte == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            let end = start + before.len();
            self.at = end + 1;
            if bytes.get(self.at) == Some(&b'"') {
                text.push_str(before);
                text.push('"');
                self.at += 1;
                continue;
            }
            // Whatever stands between the closing quote and the separator belongs to the cell.
            let behind = self.at;
            self.at = scan::cell_end(bytes, behind);
            let tail = self.text.get(behind..self.at).unwrap_or("").trim();
            if text.is_empty() && tail.is_empty() {
                return Ok(self.trimmed(start, end));
            }
            text.push_str(before);
            text.push_str(tail);
            return Ok(Span::keep(&mut self.kept, text.trim().into()));
        }
    }
}
