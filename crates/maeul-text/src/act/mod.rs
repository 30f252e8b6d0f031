//! The acts: a text arrives; an officer splits, joins, makes a case of praise, or sets the promise.

mod arrive;
mod file;
mod officer;
mod wait;

pub use arrive::{Arrival, NumberNeeded, Taken, arrive};
pub use officer::{
    Join, Split, join, look_at, may_work, reveal, set_promise, split, turn_into_case,
};
pub(crate) use wait::{TIMEOUT, give_up_waiting};
