//! A parameter's value: one number, or a table by household size, by the words of an enumeration
//! or by brackets. What a table does not hold is unknown, never zero.

use crate::value::Quantity;

/// What a table is looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Axis {
    /// A count from 1 (household size). Rows 1 to n; further rows by [`Table::each_more`].
    Size,
    /// A value of this enumeration of the registry.
    Enum(usize),
    /// The largest threshold that is not above the number asked for.
    Bracket(Quantity),
}

/// One number, or numbers by one or two axes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is looked up by; none for a single number.
    pub axes: Vec<Axis>,
    /// Per axis: the ascending thresholds of a bracket, stored at its scale; empty for others.
    pub rows: Vec<Vec<i64>>,
    /// Per axis: how many rows.
    pub lens: Vec<usize>,
    /// The values, last axis fastest.
    pub cells: Vec<Option<i64>>,
    /// Where the last axis is a size: what each row beyond the last adds, one for each row of the
    /// first axis (or one). Empty: nothing is known beyond.
    pub each_more: Vec<Option<i64>>,
}

impl Table {
    /// A single value.
    pub fn leaf(value: Option<i64>) -> Self {
        Self { cells: vec![value], ..Self::default() }
    }

    /// The value at these places, one per axis; `None` where the table is silent.
    pub fn look_up(&self, at: &[i64]) -> Option<i64> {
        let mut cell = 0_usize;
        let mut beyond = 0_i64;
        let mut line = 0_usize;
        for (index, axis) in self.axes.iter().enumerate() {
            let asked = *at.get(index)?;
            let rows = *self.lens.get(index)?;
            let row = match axis {
                Axis::Enum(_) => usize::try_from(asked).ok().filter(|row| *row < rows)?,
                Axis::Size => {
                    let row = usize::try_from(asked.checked_sub(1)?).ok()?;
                    let last = rows.checked_sub(1)?;
                    if row > last {
                        if index + 1 < self.axes.len() || self.each_more.is_empty() {
                            return None;
                        }
                        beyond = i64::try_from(row - last).ok()?;
                    }
                    row.min(last)
                }
                Axis::Bracket(_) => self
                    .rows
                    .get(index)?
                    .partition_point(|threshold| *threshold <= asked)
                    .checked_sub(1)?,
            };
            if index + 1 < self.axes.len() {
                line = row;
            }
            cell = cell * rows + row;
        }
        let value = (*self.cells.get(cell)?)?;
        if beyond == 0 {
            return Some(value);
        }
        let more = (*self.each_more.get(line)?)?;
        value.checked_add(more.checked_mul(beyond)?)
    }

    /// All known numbers: the values and the steps beyond.
    pub fn known(&self) -> impl Iterator<Item = i64> + '_ {
        self.cells.iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_last_size_each_person_adds_and_below_the_first_is_unknown() {
        let table = Table {
            axes: vec![Axis::Enum(0), Axis::Size],
            rows: vec![vec![], vec![]],
            lens: vec![2, 3],
            cells: vec![Some(1), Some(2), Some(3), Some(10), None, Some(30)],
            each_more: vec![None, Some(7)],
        };
        assert_eq!(table.look_up(&[0, 3]), Some(3));
        assert_eq!(table.look_up(&[0, 4]), None);
        assert_eq!(table.look_up(&[1, 2]), None);
        assert_eq!(table.look_up(&[1, 5]), Some(44));
        assert_eq!(table.look_up(&[1, 0]), None);
        assert_eq!(table.look_up(&[2, 1]), None);
        assert_eq!(Table::leaf(Some(9)).look_up(&[]), Some(9));
    }

    #[test]
    fn a_bracket_holds_from_its_threshold() {
        let table = Table {
            axes: vec![Axis::Bracket(Quantity::WON)],
            rows: vec![vec![0, 100, 200]],
            lens: vec![3],
            cells: vec![Some(1), Some(2), None],
            each_more: vec![],
        };
        assert_eq!(
            [-1, 0, 99, 100, 250].map(|x| table.look_up(&[x])),
            [None, Some(1), Some(1), Some(2), None]
        );
    }
}
