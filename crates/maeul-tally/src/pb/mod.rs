//! Pabulib `.pb` files: text in three parts, META, PROJECTS and VOTES, each a table with `;` between cells and doubled
//! quotes (format: <https://pabulib.org/format>, fields as in pabulib-checker 1.0.8).
//!
//! [`mod@read`] keeps everything a file says, fields nobody knows included, so that reading, [`write()`] and reading again
//! gives the same. [`PbFile::election`] takes from it what is counted. Two fields were renamed by the format: `target(s)`
//! became `beneficiaries` and `categories` became `category`; both spellings are read, the new one is written.

mod build;
mod count;
mod error;
mod read;
mod write;

use std::borrow::Cow;

pub use build::{Described, file};
pub use count::{Note, NoteKind};
pub use error::{PbError, PbProblem};
pub use read::read;
pub use write::write;

/// A whole file, as text cells. It borrows from the text it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PbFile<'a> {
    /// Keys and values in the order of the file.
    pub meta: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// One row a project.
    pub projects: Table<'a>,
    /// One row a ballot.
    pub votes: Table<'a>,
    /// The line of each META entry; empty for a file not read from text.
    pub(crate) meta_lines: Vec<u32>,
}

impl<'a> PbFile<'a> {
    /// The value of a key, if it is there and says something.
    pub fn meta(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(name, _)| name == key).and_then(|(_, value)| present(value))
    }

    /// The line a key stands on, 0 when it is not known.
    pub(crate) fn meta_line(&self, key: &str) -> u32 {
        self.meta
            .iter()
            .zip(&self.meta_lines)
            .find(|((name, _), _)| name == key)
            .map_or(0, |(_, line)| *line)
    }

    /// Do both say the same, wherever their lines stand?
    pub fn same(&self, other: &PbFile<'_>) -> bool {
        self.meta == other.meta
            && self.projects.same(&other.projects)
            && self.votes.same(&other.votes)
    }
}

/// One part of a file: named columns and rows of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table<'a> {
    columns: Vec<Cow<'a, str>>,
    cells: Vec<Cow<'a, str>>,
    lines: Vec<u32>,
}

impl<'a> Table<'a> {
    /// A table with these columns and no rows.
    pub fn new(columns: Vec<Cow<'a, str>>) -> Self {
        Self { columns, cells: Vec::new(), lines: Vec::new() }
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[Cow<'a, str>] {
        &self.columns
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Has it no rows?
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Adds a row: cells beyond the columns are left away, missing ones are empty. `line` is 0 when it is not known.
    pub fn push(&mut self, line: u32, cells: impl IntoIterator<Item = Cow<'a, str>>) {
        let width = self.columns.len();
        let start = self.cells.len();
        self.cells.extend(cells.into_iter().take(width));
        self.cells.resize(start + width, Cow::Borrowed(""));
        self.lines.push(line);
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> &[Cow<'a, str>] {
        let width = self.columns.len();
        self.cells.get(row * width..(row + 1) * width).unwrap_or(&[])
    }

    /// The cell of a row in a column, if both are there.
    pub fn get(&self, row: usize, column: &str) -> Option<&str> {
        self.row(row).get(self.column(column)?).map(|cell| &**cell)
    }

    /// The line a row begins on, counted from 1; 0 when it is not known.
    pub fn line(&self, row: usize) -> u32 {
        self.lines.get(row).copied().unwrap_or(0)
    }

    fn same(&self, other: &Table<'_>) -> bool {
        self.columns == other.columns && self.cells == other.cells && self.len() == other.len()
    }
}

/// What a cell says; empty cells and `None` (in any case) say nothing.
pub fn present(cell: &str) -> Option<&str> {
    let cell = trimmed(cell);
    if cell.is_empty() || cell.eq_ignore_ascii_case("none") { None } else { Some(cell) }
}

/// Without white space at both ends; the usual cell has none, which its first and last byte tell.
fn trimmed(cell: &str) -> &str {
    let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = cell.as_bytes();
    if plain(bytes.first()) && plain(bytes.last()) { cell } else { cell.trim() }
}

/// The name a field has today.
fn current_name<'a>(part: Part, name: Cow<'a, str>) -> Cow<'a, str> {
    match (part, &*name) {
        (Part::Projects, "target" | "targets") => Cow::Borrowed("beneficiaries"),
        (Part::Projects, "categories") => Cow::Borrowed("category"),
        _ => name,
    }
}

/// The parts of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Keys and values.
    Meta,
    /// Projects.
    Projects,
    /// Ballots.
    Votes,
}

impl Part {
    /// As it stands on a line of its own.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "META",
            Self::Projects => "PROJECTS",
            Self::Votes => "VOTES",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Meta, Self::Projects, Self::Votes]
            .into_iter()
            .find(|part| part.name().eq_ignore_ascii_case(word))
    }
}
