//! Korean as a machine must handle it: particles, search grams, likeness of short texts, service
//! suggestions, and personal data that must not be shown. Pure: no I/O, no clock, no floats.

mod duplicate;
mod grams;
mod josa;
mod likeness;
mod mask;
mod normal;
mod stem;
mod suggest;

pub use duplicate::{DuplicatePart, DuplicateScore, duplicate_score};
pub use grams::{grams, query_grams, query_phrases};
pub use josa::{Josa, josa, with_josa};
pub use likeness::{Fingerprint, similarity};
pub use mask::{Masked, Personal, PersonalKind, find_personal, mask};
pub use normal::normalise;
pub use suggest::{ServiceWords, Suggester, Suggestion};
