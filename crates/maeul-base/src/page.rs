//! Keyset paging: the next page begins after the last row seen, however deep.

use std::str::FromStr;

use jiff::Timestamp;
use uuid::Uuid;

/// The place after a row: its sort instant and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The instant the list is sorted by.
    pub at: Timestamp,
    /// The id that breaks ties.
    pub id: Uuid,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at.as_microsecond(), self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "not a page cursor";
        let (at, id) = text.rsplit_once('-').ok_or(wrong)?;
        Ok(Self {
            at: Timestamp::from_microsecond(at.parse().map_err(|_| wrong)?).map_err(|_| wrong)?,
            id: id.parse().map_err(|_| wrong)?,
        })
    }
}

/// One page of rows and the cursor of the next, if there is one.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// From `limit + 1` rows: the extra row only tells that there are more.
    pub fn from_rows(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { rows, next }
    }
}
