//! What everybody may see: the picture follows the cases, and nothing private gets out of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

#[path = "public/support.rs"]
mod support;

#[path = "public/picture.rs"]
mod picture;

#[path = "public/files.rs"]
mod files;

#[path = "public/leak.rs"]
mod leak;

#[path = "public/pages.rs"]
mod pages;
