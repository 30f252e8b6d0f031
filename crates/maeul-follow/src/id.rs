//! Ids of this room alone.

use std::fmt;
use std::str::FromStr;

use maeul_base::TypedId;
use maeul_db::{Cell, FromValue, ToValue, Value};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl TypedId for $name {}
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.simple().fmt(f) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { Uuid::from_str(text).map(Self) }
        }
        impl ToValue for $name {
            fn to_value(&self) -> Value { self.0.to_value() }
        }
        impl FromValue for $name {
            fn from_value(cell: Cell<'_>) -> Option<Self> { Uuid::from_value(cell).map(Self) }
        }
    )*};
}

ids! {
    /// An address that follows something.
    PersonId;
    /// One thing somebody follows.
    SubscriptionId;
}
