//! One program of tests, so that it is linked once: the commands and the server as processes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod commands;
mod doctor;
mod eligible;
mod never_lost;
mod operation;
mod parameters;
mod rehearsal;
mod routing;
mod screen;
mod support;
