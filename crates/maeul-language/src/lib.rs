//! Korean as a machine must handle it: particles, search grams, likeness of short texts, service
//! suggestions, routing, and personal data that must not be shown. Pure: no I/O, no clock; floats only
//! in `routing`, where they order suggestions and decide nothing.

mod cluster;
mod duplicate;
mod grams;
mod josa;
mod likeness;
mod mask;
mod normal;
pub mod routing;
mod stem;
mod suggest;

pub use cluster::{Bounds, Cluster, Link, Report, cluster, cluster_apart};
pub use duplicate::{
    DuplicatePart, DuplicateScore, Matter, SameService, Sketch, duplicate_score, metres_between,
    say_distance,
};
pub use grams::{grams, query_grams, query_phrases};
pub use josa::{Josa, josa, with_josa};
pub use likeness::{Fingerprint, similarity};
pub use mask::{Labelled, Masked, Masking, Personal, PersonalKind, Piece, find_personal, mask};
pub use normal::normalise;
pub use suggest::{ServiceWords, Suggester, Suggestion};
