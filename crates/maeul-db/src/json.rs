//! What is kept as JSON (`jsonb`; text on SQLite), written and read without a tree of values between.

use maeul_base::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::row::{Cell, FromValue};
use crate::value::{ToValue, Value};

/// A value read from a column of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromValue for Json<T> {
    fn from_value(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Json(text) | Cell::Text(text) => serde_json::from_str(text).ok(),
            other => serde_json::from_value(serde_json::Value::from_value(other)?).ok(),
        }
        .map(Json)
    }
}

/// A value written out, to be bound to a column of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText(String);

impl ToValue for JsonText {
    fn to_value(&self) -> Value {
        Value::Json(self.0.clone())
    }
}

/// Writes a value out for a column of JSON.
///
/// # Errors
/// A fault when the value has no form in JSON.
pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<JsonText, Fault> {
    serde_json::to_string(value)
        .map(JsonText)
        .map_err(|error| Fault::from_error("write JSON", error))
}
