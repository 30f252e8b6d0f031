//! What everybody may see of cases. The room keeps a picture of its own, made from facts, and its
//! pages, figures and files read nothing else: a slip in a page cannot publish what was never put
//! there.
//!
//! Reading order: [`picture`] decides what of a case goes in, [`act`] keeps the picture and what
//! officers decide about summaries, [`read`] is what pages and other rooms read.

pub mod figures;
pub mod permissions;
pub mod picture;
pub mod settings;
pub mod words;

mod store;
mod summary;

pub mod act;
pub mod jobs;
pub mod read;
pub mod web;

pub use settings::Settings;
pub use web::room;
pub use words::{Look, PublicState, Verb};

use maeul_db::{BytesColumn, Migration, migration};

/// What each column of bytes holds: the sealed ones are sealed again when a new key is taken into use.
pub const BYTES: &[BytesColumn] = &[
    BytesColumn::open("public_photo", "thumb", "a photo an officer has cleared for everybody"),
    BytesColumn::open("public_photo", "bytes", "a photo an officer has cleared for everybody"),
];

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    migration!("public", "0001_public"),
    migration!("public", "0002_search", pair),
    migration!("public", "0003_search_order", pair),
    migration!("public", "0004_counted"),
    migration!("public", "0005_look_of_unit"),
    migration!("public", "0006_search_quarters", pair),
];
