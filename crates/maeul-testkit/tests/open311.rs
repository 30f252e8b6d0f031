//! Open311 GeoReport v2, sentence by sentence: what every call gives, and how it says no.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

#[path = "open311/get.rs"]
mod get;
#[path = "open311/post.rs"]
mod post;
#[path = "open311/privacy.rs"]
mod privacy;
#[path = "open311/staff.rs"]
mod staff;
#[path = "open311/support.rs"]
mod support;
#[path = "open311/updates.rs"]
mod updates;
