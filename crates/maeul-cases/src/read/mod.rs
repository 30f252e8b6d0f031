//! The reads: SQL shaped for screens. Each takes `(tx, ctx, know, …)`.

mod access;
mod brief;
mod case_now;
mod case_page;
mod counts;
mod draft;
mod duplicates;
mod events;
mod groups;
mod hand_over;
mod history;
mod import;
pub mod open311;
mod queue;
mod resident;
mod routing;
mod search;
mod template;

pub use access::*;
pub use brief::*;
pub use case_now::{case_now, cases_now};
pub use case_page::*;
pub use counts::*;
pub use draft::*;
pub use duplicates::*;
pub use events::*;
pub use groups::*;
pub use hand_over::*;
pub use history::*;
pub use import::*;
pub use queue::*;
pub use resident::*;
pub use routing::*;
pub use search::search;
pub(crate) use search::{TABLE, tags};
pub use template::*;
