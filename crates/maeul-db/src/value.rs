//! What is bound to a `$n` placeholder: one set of types for both engines.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{DongCode, OfficeId, Role, Won};
use uuid::Uuid;

/// A value on its way into the database.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, of any type.
    Null,
    /// `boolean`; 0 or 1 on SQLite.
    Bool(bool),
    /// `integer` or `bigint`.
    Int(i64),
    /// `double precision`; geometry only, never money or a decision.
    Float(f64),
    /// `text`.
    Text(String),
    /// `bytea`; BLOB on SQLite.
    Bytes(Vec<u8>),
    /// `uuid`; BLOB of 16 bytes on SQLite.
    Uuid(Uuid),
    /// `timestamptz`; INTEGER microseconds UTC on SQLite.
    At(Timestamp),
    /// `date`; ISO text on SQLite.
    Day(Date),
    /// `jsonb`, as text that was written out; text on SQLite.
    Json(String),
}

impl Value {
    /// The name of its type, for messages that must not show the value itself.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) => "integer",
            Self::Float(_) => "float",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "uuid",
            Self::At(_) => "instant",
            Self::Day(_) => "day",
            Self::Json(_) => "json",
        }
    }
}

/// A Rust type that can be bound.
pub trait ToValue {
    /// The value to bind.
    fn to_value(&self) -> Value;
}

macro_rules! to_value {
    ($($ty:ty => |$it:ident| $make:expr;)*) => {$(
        impl ToValue for $ty {
            fn to_value(&self) -> Value { let $it = self; $make }
        }
    )*};
}

to_value! {
    bool => |it| Value::Bool(*it);
    i16 => |it| Value::Int(i64::from(*it));
    i32 => |it| Value::Int(i64::from(*it));
    i64 => |it| Value::Int(*it);
    u8 => |it| Value::Int(i64::from(*it));
    u16 => |it| Value::Int(i64::from(*it));
    u32 => |it| Value::Int(i64::from(*it));
    usize => |it| Value::Int(i64::try_from(*it).unwrap_or(i64::MAX));
    f64 => |it| Value::Float(*it);
    str => |it| Value::Text(it.to_owned());
    String => |it| Value::Text(it.clone());
    Box<str> => |it| Value::Text(it.to_string());
    Cow<'_, str> => |it| Value::Text(it.to_string());
    [u8] => |it| Value::Bytes(it.to_vec());
    Vec<u8> => |it| Value::Bytes(it.clone());
    Uuid => |it| Value::Uuid(*it);
    Timestamp => |it| Value::At(*it);
    Date => |it| Value::Day(*it);
    serde_json::Value => |it| Value::Json(it.to_string());
    OfficeId => |it| Value::Int(i64::from(it.0));
    Won => |it| Value::Int(it.0);
    DongCode => |it| Value::Text(it.as_str().to_owned());
    Role => |it| Value::Text(it.as_str().to_owned());
    Value => |it| it.clone();
}

/// Every id of `maeul-base`; a new id is added here too, or it cannot be bound.
macro_rules! each_id {
    ($callback:ident) => {
        $callback! {
            AnswerTemplateId, CaseId, DraftId, JobId, NoticeId, PartyId, PhotoId, SessionId,
            StaffId, UnitId
        }
    };
}
pub(crate) use each_id;

macro_rules! ids_to_value {
    ($($id:ident),*) => {$(
        impl ToValue for maeul_base::$id {
            fn to_value(&self) -> Value { Value::Uuid(self.0) }
        }
    )*};
}
each_id!(ids_to_value);

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

/// The values of `$1`, `$2` … in order: `args![office, id, &title]`.
#[macro_export]
macro_rules! args {
    () => { [] as [$crate::Value; 0] };
    ($($value:expr),+ $(,)?) => { [$($crate::ToValue::to_value(&$value)),+] };
}

/// Lets a room's own enum be bound and read as `text`: the type needs
/// `fn as_str(&self) -> &str` and `fn parse(&str) -> Option<Self>`.
#[macro_export]
macro_rules! text_value {
    ($($ty:ty),+ $(,)?) => {$(
        impl $crate::ToValue for $ty {
            fn to_value(&self) -> $crate::Value { $crate::Value::Text(self.as_str().to_owned()) }
        }
        impl $crate::FromValue for $ty {
            fn from_value(cell: $crate::Cell<'_>) -> Option<Self> {
                match cell {
                    $crate::Cell::Text(text) => <$ty>::parse(text),
                    _ => None,
                }
            }
        }
    )+};
}
