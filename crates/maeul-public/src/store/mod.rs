//! SQL that changes or fetches the picture of one case and the decisions about it.

mod decision;
mod picture;
mod text;

pub use decision::Decision;
pub(crate) use decision::{decisions, erase_texts, insert_decision, last_decision, last_decisions};
pub(crate) use picture::{
    COLUMNS as PICTURE_COLUMNS, Stored, built, pictures, put_built, put_picture, tighten,
};
pub(crate) use text::{NewPhoto, hide_text, photos, put_photo, put_text, remove_photos, texts};
pub use text::{Photo, Text};

/// The index of published words.
pub(crate) const SEARCH: &str = "public_search";
