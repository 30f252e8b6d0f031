//! Following what becomes public: nothing before it is confirmed, everything once, nothing private,
//! and one click stops it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

#[path = "public/support.rs"]
#[allow(dead_code)]
mod public;

#[path = "follow/support.rs"]
mod support;

#[path = "follow/asking.rs"]
mod asking;

#[path = "follow/telling.rs"]
mod telling;
