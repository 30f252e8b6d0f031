//! The room's core on both engines: one program, so that it is linked once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    missing_docs
)]

mod answer;
mod bad_input;
mod code;
mod due;
mod groups;
mod hand_over;
mod import;
mod intake;
mod model;
mod notice;
mod number;
mod privacy;
mod purge;
mod refusals;
mod resident;
mod routing;
mod search;
mod sequence;
mod suggestion;
mod support;
mod texts;
mod together;
