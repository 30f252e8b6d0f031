//! The acts: one verb a file. Each takes `(tx, ctx, know, input)` and either does all of it or
//! refuses with a reason the person can act on.

mod add_photo;
mod answer;
mod approval;
mod ask;
mod assign;
mod bulk;
mod code;
mod draft;
mod draft_answer;
mod follow;
mod note;
mod reassign;
mod receive;
mod reclassify;
mod recompute_due;
mod relocate;
mod reopen;
mod resident;
mod reveal;
mod review;
mod take;
mod work;

pub(crate) use work::clean;
pub use add_photo::*;
pub use answer::*;
pub use approval::*;
pub use ask::*;
pub use assign::*;
pub use bulk::*;
pub use code::*;
pub use draft::*;
pub use draft_answer::*;
pub use follow::*;
pub use note::*;
pub use reassign::*;
pub use receive::*;
pub use reclassify::*;
pub use recompute_due::*;
pub use relocate::*;
pub use reopen::*;
pub use resident::*;
pub use reveal::*;
pub use review::*;
pub use take::*;
