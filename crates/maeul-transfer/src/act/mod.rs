//! The acts: what an officer decides about a transfer.

mod back;
mod keep;
mod retry;
mod send;

pub use back::*;
pub use keep::*;
pub use retry::*;
pub use send::*;
