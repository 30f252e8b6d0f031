//! What changes in this room: the picture follows the cases, officers decide about summaries.

mod decide;
mod refresh;

pub(crate) use decide::may_look;
pub use decide::{Erase, LookRefusal, Publish, Unpublish, Withhold, publish, unpublish, withhold};
pub use refresh::{PROJECTION, refresh, refresh_page, refresh_some, tighten};
