//! What every room declares in the same way: its own words, and its own ids.

/// Enums of words: each with its name in the database and in interfaces, in Korean and in English.
///
/// ```
/// maeul_db::words! {
///     /// Where a matter stands.
///     State {
///         /// Nobody has begun.
///         Open = "open", "접수", "Open";
///         /// It is over.
///         Closed = "closed", "끝", "Closed";
///     }
/// }
/// assert_eq!(State::parse("closed"), Some(State::Closed));
/// assert_eq!(State::Open.name(maeul_base::Lang::En), "Open");
/// assert_eq!(serde_json::to_string(State::ALL).unwrap(), r#"["open","closed"]"#);
/// ```
#[macro_export]
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $ko:literal, $en:literal;)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// All of them, in the order they are listed to people.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name kept in the database, in forms, in addresses and in interfaces.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The one of that name.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == code)
            }

            /// The name people read.
            pub const fn name(self, lang: $crate::hidden::Lang) -> &'static str {
                match self { $(Self::$variant => lang.t($ko, $en),)* }
            }
        }

        $crate::text_value!($name);

        impl $crate::hidden::Serialize for $name {
            fn serialize<S: $crate::hidden::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::hidden::Deserialize<'de> for $name {
            fn deserialize<D: $crate::hidden::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = <String as $crate::hidden::Deserialize>::deserialize(from)?;
                Self::parse(&word).ok_or_else(|| {
                    let known: Vec<&str> = Self::ALL.iter().map(|it| it.as_str()).collect();
                    let known = known.join(", ");
                    $crate::hidden::Error::custom(format!("{word:?} is none of {known}"))
                })
            }
        }
    )*};
}

/// Ids of one crate alone; those that cross rooms stand in `maeul_base`.
///
/// ```
/// maeul_db::ids! {
///     /// Names one thing.
///     ThingId;
/// }
/// let id: ThingId = "00000000000000000000000000000001".parse().unwrap();
/// assert_eq!(id.to_string(), "00000000000000000000000000000001");
/// ```
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub $crate::hidden::Uuid);

        impl $crate::hidden::TypedId for $name {}

        impl From<$crate::hidden::Uuid> for $name {
            fn from(id: $crate::hidden::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for $crate::hidden::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0.simple(), f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::hidden::UuidError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::hidden::Uuid::parse_str(text).map(Self)
            }
        }

        impl $crate::ToValue for $name {
            fn to_value(&self) -> $crate::Value {
                $crate::ToValue::to_value(&self.0)
            }
        }

        impl $crate::FromValue for $name {
            fn from_value(cell: $crate::Cell<'_>) -> Option<Self> {
                <$crate::hidden::Uuid as $crate::FromValue>::from_value(cell).map(Self)
            }
        }

        impl $crate::hidden::Serialize for $name {
            fn serialize<S: $crate::hidden::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                $crate::hidden::Serialize::serialize(&self.0, to)
            }
        }

        impl<'de> $crate::hidden::Deserialize<'de> for $name {
            fn deserialize<D: $crate::hidden::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <$crate::hidden::Uuid as $crate::hidden::Deserialize>::deserialize(from).map(Self)
            }
        }
    )*};
}

/// What the macros name, so that who uses them need not depend on it.
#[doc(hidden)]
pub mod hidden {
    pub use maeul_base::{Lang, TypedId};
    pub use serde::de::Error;
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use uuid::{Error as UuidError, Uuid};
}
