//! Cases from another system: the Open311 bulk columns, or a mapping file that says which of its
//! columns are which. Every row is judged by itself: what cannot be taken is refused with its line,
//! what was taken before is known again by its own number.

mod batch;
mod column;
mod judge;
mod judged;
mod mapping;
mod refused;
mod settings;
mod survey;
mod table;
mod write;

pub(crate) use batch::bring_batch_and;
pub use batch::{Brought, bring_batch};
pub use column::Column;
pub use judge::{Closed, NOTES, OldCase, judge, unknown_services};
pub use judged::{BATCH, Judged, judge_some};
pub use mapping::{Mapping, Outside};
pub use refused::RefusedRows;
pub use settings::ImportSettings;
pub use survey::Survey;
pub use table::{Original, Row, Rows, Shape};
pub use write::{Writer, cells};
