//! Pabulib `.pb` files: text in three parts, META, PROJECTS and VOTES, each a table with `;` between cells and doubled
//! quotes (format: <https://pabulib.org/format>, fields as in pabulib-checker 1.0.8).
//!
//! [`read()`] keeps everything a file says, fields nobody knows included, so that reading, [`write()`] and reading again
//! gives the same. [`PbFile::election`] takes from it what is counted. Two fields were renamed by the format: `target(s)`
//! became `beneficiaries` and `categories` became `category`; both spellings are read, the new one is written.

mod build;
mod count;
mod error;
mod read;
mod scan;
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

/// One part of a file: named columns and rows of cells. A cell is a place in the text the file was read from: eight
/// bytes, because a city has hundreds of thousands of them.
#[derive(Clone, Debug, Default)]
pub struct Table<'a> {
    columns: Vec<Cow<'a, str>>,
    cells: Vec<Span>,
    lines: Vec<u32>,
    text: &'a str,
    /// Cells that do not stand in the text as they are: with doubled quotes, or of a file of our own.
    kept: Vec<Box<str>>,
}

/// Where a cell's text is.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    /// [`Span::KEPT`]: the text is the one of [`Table::kept`] at `start`.
    len: u32,
}

impl Span {
    const KEPT: u32 = u32::MAX;

    /// Bytes `start..end` of the text, which is shorter than [`Span::KEPT`].
    #[inline]
    fn of(start: usize, end: usize) -> Self {
        let narrow = |wide: usize| u32::try_from(wide).unwrap_or(0);
        Self { start: narrow(start), len: narrow(end.saturating_sub(start)) }
    }

    /// Keeps a text of our own.
    fn keep(kept: &mut Vec<Box<str>>, text: Box<str>) -> Self {
        match u32::try_from(kept.len()) {
            Ok(start) if !text.is_empty() => {
                kept.push(text);
                Self { start, len: Self::KEPT }
            }
            _ => Self::default(),
        }
    }

    fn is_empty(self) -> bool {
        self.len == 0
    }

    fn read<'t>(self, text: &'t str, kept: &'t [Box<str>]) -> &'t str {
        let start = self.start as usize;
        if self.len == Self::KEPT {
            kept.get(start).map_or("", |text| text)
        } else {
            text.get(start..start + self.len as usize).unwrap_or("")
        }
    }
}

impl<'a> Table<'a> {
    /// A table with these columns and no rows.
    pub fn new(columns: Vec<Cow<'a, str>>) -> Self {
        Self { columns, ..Self::default() }
    }

    /// A table whose cells stand in `text`, with room for so many rows.
    fn of(text: &'a str, columns: Vec<Cow<'a, str>>, rows: usize) -> Self {
        // The number is the file's own word; no text has more cells than bytes.
        let cells = rows.saturating_mul(columns.len()).min(text.len());
        let lines = Vec::with_capacity(rows.min(text.len() / 2));
        Self { columns, cells: Vec::with_capacity(cells), lines, text, kept: Vec::new() }
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
        let kept = &mut self.kept;
        let cells = cells.into_iter().take(width);
        self.cells.extend(cells.map(|cell| Span::keep(kept, cell.into_owned().into())));
        self.cells.resize(start + width, Span::default());
        self.lines.push(line);
    }

    /// Adds a row of not too many cells, whose own texts will be the table's.
    fn push_spans(&mut self, line: u32, cells: &[Span]) {
        let full = self.cells.len() + self.columns.len();
        self.cells.extend_from_slice(cells);
        self.cells.resize(full, Span::default());
        self.lines.push(line);
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        let width = self.columns.len();
        let cells = self.cells.get(row * width..(row + 1) * width).unwrap_or(&[]);
        cells.iter().map(|cell| cell.read(self.text, &self.kept))
    }

    /// The cell of a row in a column, if both are there.
    pub fn get(&self, row: usize, column: &str) -> Option<&str> {
        self.cell(row, self.column(column)?)
    }

    /// The cell of a row at a place, if both are there.
    fn cell(&self, row: usize, column: usize) -> Option<&str> {
        if column >= self.columns.len() {
            return None;
        }
        let cell = self.cells.get(row * self.columns.len() + column)?;
        Some(cell.read(self.text, &self.kept))
    }

    /// The line a row begins on, counted from 1; 0 when it is not known.
    pub fn line(&self, row: usize) -> u32 {
        self.lines.get(row).copied().unwrap_or(0)
    }

    fn same(&self, other: &Table<'_>) -> bool {
        self.columns == other.columns
            && self.len() == other.len()
            && (0..self.len()).all(|row| self.row(row).eq(other.row(row)))
    }
}

impl PartialEq for Table<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.same(other) && self.lines == other.lines
    }
}

impl Eq for Table<'_> {}

/// What a cell says; empty cells and `None` (in any case) say nothing.
pub fn present(cell: &str) -> Option<&str> {
    let cell = trimmed(cell);
    if cell.is_empty() || cell.eq_ignore_ascii_case("none") { None } else { Some(cell) }
}

/// Without white space at both ends; the usual cell has none, which its first and last byte tell.
#[inline]
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
