//! One program of tests, so that it is linked once: the demonstration, imports, upgrades and spreading.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;
mod demo;
mod import;
mod spread;
mod upgrade;
