//! Following what becomes public: a case, a 동, the surroundings of a place, or everything; at once or
//! in a digest; by e-mail or text message. The room knows only the picture that everybody may see.
//!
//! Reading order: [`wish`] is what somebody follows, [`news`] what is worth telling, [`matching`] who
//! is told of it, [`texts`] in which words; [`act`] what can be done, [`jobs`] what happens by itself.

pub mod act;
pub mod jobs;
pub mod matching;
pub mod news;
pub mod personal;
pub mod read;
pub mod settings;
pub mod texts;
pub mod web;
pub mod wish;
pub mod words;

mod id;
mod secret;
mod shelf;
mod store;

pub use id::{PersonId, SubscriptionId};
pub use settings::Settings;
pub use shelf::Shelf;
pub use web::room;
pub use words::{Rhythm, State};

use maeul_db::{BytesColumn, Migration, migration};

/// What each column of bytes holds: the sealed ones are sealed again when a new key is taken into use.
pub const BYTES: &[BytesColumn] = &[
    BytesColumn::sealed("follow_person", "contact", "id"),
    BytesColumn::hash("follow_person", "contact_hash"),
    BytesColumn::hash("follow_person", "link_hash"),
    BytesColumn::hash("follow_subscription", "wish_hash"),
    BytesColumn::hash("follow_confirmation", "secret_hash"),
    BytesColumn::hash("follow_asked", "contact_hash"),
];

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[migration!("follow", "0001_follow")];
