//! The reads: what pages, files and other rooms may know. Nothing but `look`, which is for officers, looks at a case itself.

mod change;
mod counted;
mod filter;
mod list;
mod look;
mod one;

pub use change::{Change, Mark, latest, since};
pub use counted::{counted, earliest};
pub use filter::{Filter, Which};
pub use list::{PublicCase, page, page_and_count, shown};
pub use look::{LookLine, LookPage, look_counts, look_page, looks, next_waiting};
pub use one::{PublicPage, photo, public_page};

pub use crate::store::{Decision, Photo, Text};
