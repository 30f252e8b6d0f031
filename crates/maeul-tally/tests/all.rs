//! One program of tests, so that it is linked once: counting, against paper, recorded outcomes and the format's own checker.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod checker;
mod explained;
mod files;
mod hand;
mod lot;
mod opinion;
mod opinion_recorded;
mod oracle;
mod properties;
mod report;
mod scheme;
mod verify;
