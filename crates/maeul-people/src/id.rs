//! Ids of this crate alone: a program of others, and a line in a log, at which nobody points.

use std::fmt;
use std::str::FromStr;

use maeul_base::TypedId;
use maeul_db::{Cell, FromValue, ToValue, Value};
use uuid::Uuid;

/// Names one line of one log.
#[derive(Clone, Copy, Debug)]
pub struct LogId(Uuid);

impl TypedId for LogId {}

impl From<Uuid> for LogId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<LogId> for Uuid {
    fn from(id: LogId) -> Self {
        id.0
    }
}

/// Names a program of others that may call our interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiClientId(Uuid);

impl TypedId for ApiClientId {}

impl From<Uuid> for ApiClientId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<ApiClientId> for Uuid {
    fn from(id: ApiClientId) -> Self {
        id.0
    }
}

impl fmt::Display for ApiClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl FromStr for ApiClientId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::from_str(text).map(Self)
    }
}

impl ToValue for ApiClientId {
    fn to_value(&self) -> Value {
        self.0.to_value()
    }
}

impl FromValue for ApiClientId {
    fn from_value(cell: Cell<'_>) -> Option<Self> {
        Uuid::from_value(cell).map(Self)
    }
}
