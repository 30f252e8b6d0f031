//! Screening a whole population: columns in memory, rules compiled once, evaluated in vectors.

mod assemble;
mod batch;
mod bits;
mod colfile;
mod crossing;
mod csvfile;
mod judge;
mod lane;
mod missing;
mod report;
mod step;
mod tally;
mod vector;

pub use assemble::{
    Assembler, KEYS, LARGEST_HOUSEHOLD, RefusedRow, Row, check_range, fact_columns, read_cell,
};
pub use batch::{Batch, Column, Names};
pub use bits::Bits;
pub use colfile::{ColumnFileError, ColumnReader, ColumnWriter, FactColumn, FileHead, Of, Packed};
pub use csvfile::{CsvError, CsvPopulation, quote};
pub use judge::{ELIGIBLE_HEADER, Judge, Piece, UNKNOWN_HEADER};
pub use report::{Aside, note, summary_json, summary_text};
pub use tally::{BANDS, Count, Tally, band, band_name};
pub use vector::{Machine, Plan};
