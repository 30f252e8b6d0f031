//! Personal data in the office's own hands: the log of looks as a chain whose end is published, the
//! monthly review, retention and destruction, and what a person may see, take along and ask.

pub mod about;
pub mod act;
pub mod erasure;
pub mod jobs;
mod permissions;
pub mod retention;
pub mod review;

mod shelf;
mod store;
mod web;

pub use permissions::{DECIDE, REVIEW};
pub use shelf::Shelf;
pub use store::{Destroyed, Erasure, ErasureState, Hold, Review};
pub use web::room;

use maeul_db::{BytesColumn, Migration, migration};

/// What each column of bytes holds: the sealed ones are sealed again when a new key is taken into use.
pub const BYTES: &[BytesColumn] = &[BytesColumn::sealed("privacy_erasure", "words", "id")];

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[migration!("privacy", "0001_privacy")];

maeul_db::ids! {
    /// Names a row of this room.
    PrivacyId;
}
