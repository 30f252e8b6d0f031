//! The list of candidates: a CSV file whose first line names the columns, `id` among them.

use std::collections::HashMap;

use super::error::{LotError, RowProblem, TooMany};

/// The column that tells people apart. Use numbers given at enrolment, not names.
pub const ID: &str = "id";

/// Everybody who may be drawn.
#[derive(Clone, Debug)]
pub struct Candidates {
    columns: Vec<String>,
    rows: Vec<Candidate>,
}

/// One line of the list.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The content of the column `id`.
    pub id: String,
    /// The line in the file, counted from 1.
    pub line: u64,
    cells: Vec<String>,
}

impl Candidates {
    /// Reads the list. A BOM and CRLF are accepted, spaces around values are not part of them.
    ///
    /// # Errors
    /// Not UTF-8, no `id`, a column twice, a line with another number of values, an id missing or twice.
    pub fn read(bytes: &[u8]) -> Result<Self, LotError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            LotError::NotUtf8 { line: 1 + before.split(|&byte| byte == b'\n').skip(1).count() }
        })?;
        // The reader counts a line ended by CRLF one too few.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut records = reader.records();
        let Some(Ok(header)) = records.next() else { return Err(LotError::NoCandidates) };
        let columns: Vec<String> = header.iter().map(str::to_owned).collect();
        for (at, name) in columns.iter().enumerate() {
            if columns.iter().take(at).any(|known| known == name) {
                return Err(LotError::ColumnTwice(name.clone()));
            }
        }
        let Some(id_at) = columns.iter().position(|name| name == ID) else {
            return Err(LotError::NoIdColumn(columns));
        };
        let mut rows = Vec::new();
        let mut seen: HashMap<String, u64> = HashMap::new();
        let mut problems = TooMany::default();
        for record in records {
            let record = record.map_err(|error| LotError::Unreadable(error.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != columns.len() {
                let wrong = RowProblem::Width { has: record.len(), needs: columns.len() };
                problems.push(line, wrong);
                continue;
            }
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            let id = cells.get(id_at).cloned().unwrap_or_default();
            if id.is_empty() || id.contains(['\n', '\r']) {
                problems.push(line, RowProblem::NoId);
                continue;
            }
            if let Some(&first) = seen.get(&id) {
                problems.push(line, RowProblem::IdTwice { id, first });
                continue;
            }
            seen.insert(id.clone(), line);
            rows.push(Candidate { id, line, cells });
        }
        problems.none()?;
        if rows.is_empty() {
            return Err(LotError::NoCandidates);
        }
        Ok(Self { columns, rows })
    }

    /// In the order of the file.
    pub fn rows(&self) -> &[Candidate] {
        &self.rows
    }

    /// Names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn column(&self, name: &str) -> Result<usize, LotError> {
        self.columns.iter().position(|known| known == name).ok_or_else(|| LotError::NoColumn {
            name: name.to_owned(),
            known: self.columns.clone(),
        })
    }
}

impl Candidate {
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}
