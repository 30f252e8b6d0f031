//! Open311 GeoReport v2, sentence by sentence: what every call gives, and how it says no.

mod get;
mod post;
mod privacy;
mod staff;
pub mod support;
mod updates;
