//! One program of tests, so that it is linked once: the rules against worked examples and properties.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod answers;
mod common;
mod examples;
mod golden;
mod households;
mod language;
mod parameters;
mod programmes;
mod properties;
mod same_answers;
