//! One program of tests, so that it is linked once: the whole app, on either database.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    missing_docs
)]

mod access;
mod api;
mod bad_input;
mod clock_back;
mod follow;
mod kannel;
mod mail;
mod main_job;
mod open311;
mod open311_clients;
mod public;
mod ready;
mod staff_pages;
mod texts;
mod transfer;
