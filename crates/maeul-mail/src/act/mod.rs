//! The acts: keep a letter, sort it, and correct what was made of it.

mod correct;
mod keep;
mod look;
mod sort;

pub use correct::*;
pub use keep::*;
pub use look::*;
pub use sort::*;
