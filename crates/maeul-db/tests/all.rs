//! One program of tests, so that it is linked once: the storage against both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod about;
mod acts;
mod backup;
mod commit;
mod connections;
mod distribute;
mod log;
mod migrations;
mod seal;
mod search;
