//! The next rows of a file, judged: what the command and the page do with them is writing.

use std::io::{self, Read};

use jiff::Timestamp;
use maeul_base::import::LineRefusal;

use super::{Mapping, OldCase, RefusedRows, Rows, Survey, judge};
use crate::knowledge::Knowledge;

/// How many rows are judged at a time and written in one transaction.
pub const BATCH: usize = 200;

/// Some rows of a file.
#[derive(Debug, Default)]
pub struct Judged {
    /// How many there were; none at the end of the file.
    pub rows: usize,
    /// The cases they are.
    pub cases: Vec<OldCase>,
    /// Those that are none, as they stood, to be appended to the file of refused rows.
    pub refused: Vec<u8>,
    /// Why the file cannot be read on.
    pub broken: Option<LineRefusal>,
}

/// Judges up to [`BATCH`] rows and takes note of each.
pub fn judge_some<R: Read>(
    rows: &mut Rows<R>,
    mapping: &Mapping,
    know: &Knowledge,
    now: Timestamp,
    survey: &mut Survey,
    beside: &mut RefusedRows,
) -> io::Result<Judged> {
    let mut some = Judged::default();
    while some.rows < BATCH {
        let row = match rows.next() {
            None => break,
            Some(Ok(row)) => row,
            Some(Err(refusal)) => {
                some.broken = Some(refusal);
                break;
            }
        };
        some.rows += 1;
        let judged = judge(mapping, know, now, &row);
        survey.note(mapping, &row, &judged);
        match judged {
            Ok(old) => some.cases.push(old),
            Err(refusal) => some.refused.extend(beside.put(&row, &refusal)?),
        }
    }
    Ok(some)
}
