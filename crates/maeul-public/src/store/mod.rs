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

use maeul_base::Fault;
use maeul_db::{Cell, FromValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The index of published words.
pub(crate) const SEARCH: &str = "public_search";

/// A value kept as JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromValue for Json<T> {
    fn from_value(cell: Cell<'_>) -> Option<Self> {
        serde_json::from_value(serde_json::Value::from_value(cell)?).ok().map(Json)
    }
}

/// A value as JSON, for binding.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<serde_json::Value, Fault> {
    serde_json::to_value(value).map_err(|error| Fault::from_error("write JSON", error))
}
