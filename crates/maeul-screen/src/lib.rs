//! Populations as files: CSV, Parquet and our own column files in, screenings and what-if comparisons out. The rules
//! and the vector engine are in `maeul-rules`; here are the files, the threads and what survives an interruption.

mod error;
mod input;
mod lists;
mod offices;
mod parquet_in;
mod parquet_out;
mod run;
mod whatif;
mod write;

pub use error::ScreenError;
pub use input::{Converted, Format, convert};
pub use lists::{ListCount, difference};
pub use offices::{dong_names, office_counts, shipped_offices};
pub use run::{Progress, RunOptions, RunResult, follow_up, screen};
pub use whatif::compare;
pub use write::PopulationWriter;
