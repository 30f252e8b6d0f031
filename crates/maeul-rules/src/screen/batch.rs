//! A piece of a population in memory: whole households, one column for each fact, each value with the knowledge
//! whether it is known.

use super::bits::Bits;

/// The values of one fact, by row. The value of a row that is not known is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The values, as the registry of facts counts them.
    pub values: Vec<i64>,
    /// Which rows are known.
    pub known: Bits,
}

impl Column {
    /// `rows` rows of which nothing is known.
    pub fn unknown(rows: usize) -> Self {
        Self { values: vec![0; rows], known: Bits::filled(rows, false) }
    }

    /// One more row.
    pub fn push(&mut self, value: Option<i64>) {
        self.values.push(value.unwrap_or(0));
        self.known.push(value.is_some());
    }

    /// Row `row`, `None` when it is not known.
    pub fn get(&self, row: usize) -> Option<i64> {
        self.known.get(row).then(|| self.values.get(row).copied()).flatten()
    }

    /// The rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Are there no rows?
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// Names by row, one after the other in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub(super) text: String,
    /// Where each name ends.
    pub(super) ends: Vec<u32>,
}

impl Names {
    /// One more row. Names past 4 GB of text in one batch would be cut; a batch holds some thousands.
    pub fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// The name of `row`; empty past the end.
    pub fn get(&self, row: usize) -> &str {
        let at = |index: usize| self.ends.get(index).and_then(|&end| usize::try_from(end).ok());
        let start = row.checked_sub(1).map_or(Some(0), at);
        match (start, at(row)) {
            (Some(start), Some(end)) => self.text.get(start..end).unwrap_or_default(),
            _ => "",
        }
    }

    /// The rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there no rows?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Whole households and their members. The members of a household follow each other and the head is the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The first member of each household, and after the last household the number of persons.
    pub starts: Vec<u32>,
    /// The households' identifiers.
    pub household_ids: Names,
    /// The persons' identifiers.
    pub person_ids: Names,
    /// The ten-digit code of the 행정동 of each household.
    pub dong: Vec<i64>,
    /// For each fact of the file's list: the column, as many rows as households or persons.
    pub columns: Vec<Column>,
}

impl Batch {
    /// A batch of no households with room for `facts` columns.
    pub fn new(facts: usize) -> Self {
        Self {
            starts: vec![0],
            household_ids: Names::default(),
            person_ids: Names::default(),
            dong: Vec::new(),
            columns: vec![Column::default(); facts],
        }
    }

    /// The households.
    pub fn households(&self) -> usize {
        self.dong.len()
    }

    /// The persons.
    pub fn persons(&self) -> usize {
        self.person_ids.len()
    }

    /// The rows of the members of `household`.
    pub fn members(&self, household: usize) -> std::ops::Range<usize> {
        let at = |index: usize| {
            self.starts.get(index).and_then(|&start| usize::try_from(start).ok()).unwrap_or(0)
        };
        at(household)..at(household + 1)
    }

    /// Ends the household whose members have been pushed.
    pub fn close_household(&mut self, id: &str, dong: i64) {
        self.household_ids.push(id);
        self.dong.push(dong);
        self.starts.push(u32::try_from(self.person_ids.len()).unwrap_or(u32::MAX));
    }
}
