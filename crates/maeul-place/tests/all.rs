//! One program of tests, so that it is linked once: boundaries, places and maps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod boundaries;
mod common;
mod imports;
mod locating;
mod maps;
