//! One program of tests, so that it is linked once: duplicates, masking and routing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    missing_docs
)]

mod duplicates;
mod masking;
mod routing;
mod routing_words;
