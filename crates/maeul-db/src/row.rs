//! What comes out of the database: cells, rows, and the types made from them by column position.

use std::any::type_name;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{DongCode, Fault, FaultKind, OfficeId, Role, Won};
use uuid::Uuid;

use crate::value::each_id;
use crate::{lite, pg_value};

/// One column of one row. SQLite gives only its storage classes (integer, float, text, bytes);
/// [`FromValue`] accepts those beside PostgreSQL's native types.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// SQL NULL.
    Null,
    /// `boolean`, PostgreSQL only.
    Bool(bool),
    /// Any integer.
    Int(i64),
    /// Any float.
    Float(f64),
    /// Any text.
    Text(&'a str),
    /// Any bytes.
    Bytes(&'a [u8]),
    /// `uuid`, PostgreSQL only.
    Uuid(Uuid),
    /// `timestamptz`, PostgreSQL only.
    At(Timestamp),
    /// `date`, PostgreSQL only.
    Day(Date),
    /// `jsonb`, PostgreSQL only.
    Json(&'a str),
}

/// A Rust type that can be read from one column; `None` becomes a Decode fault that names the
/// column.
pub trait FromValue: Sized {
    /// The value, if the cell holds one of this type.
    fn from_value(cell: Cell<'_>) -> Option<Self>;
}

macro_rules! from_value {
    ($($ty:ty { $($cell:pat => $make:expr,)+ })*) => {$(
        impl FromValue for $ty {
            fn from_value(cell: Cell<'_>) -> Option<Self> {
                match cell { $($cell => $make,)+ _ => None }
            }
        }
    )*};
}

from_value! {
    bool { Cell::Bool(it) => Some(it), Cell::Int(0) => Some(false), Cell::Int(1) => Some(true), }
    i16 { Cell::Int(it) => it.try_into().ok(), }
    i32 { Cell::Int(it) => it.try_into().ok(), }
    i64 { Cell::Int(it) => Some(it), }
    u8 { Cell::Int(it) => it.try_into().ok(), }
    u16 { Cell::Int(it) => it.try_into().ok(), }
    u32 { Cell::Int(it) => it.try_into().ok(), }
    usize { Cell::Int(it) => it.try_into().ok(), }
    f64 { Cell::Float(it) => Some(it), }
    String { Cell::Text(it) => Some(it.to_owned()), }
    Vec<u8> { Cell::Bytes(it) => Some(it.to_vec()), }
    Uuid { Cell::Uuid(it) => Some(it), Cell::Bytes(it) => Self::from_slice(it).ok(), }
    Timestamp { Cell::At(it) => Some(it), Cell::Int(it) => Self::from_microsecond(it).ok(), }
    Date { Cell::Day(it) => Some(it), Cell::Text(it) => it.parse().ok(), }
    // SQLite turns a bare JSON number into a number, because `jsonb` has numeric affinity there.
    serde_json::Value {
        Cell::Json(it) => serde_json::from_str(it).ok(),
        Cell::Text(it) => serde_json::from_str(it).ok(),
        Cell::Int(it) => Some(it.into()),
        Cell::Float(it) => serde_json::Number::from_f64(it).map(Self::Number),
    }
    OfficeId { Cell::Int(it) => it.try_into().ok().map(Self), }
    Won { Cell::Int(it) => Some(Self(it)), }
    DongCode { Cell::Text(it) => it.parse().ok(), }
    Role { Cell::Text(it) => Self::parse(it), }
}

macro_rules! ids_from_value {
    ($($id:ident),*) => {$(
        impl FromValue for maeul_base::$id {
            fn from_value(cell: Cell<'_>) -> Option<Self> { Uuid::from_value(cell).map(Self) }
        }
    )*};
}
each_id!(ids_from_value);

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_value(cell).map(Some),
        }
    }
}

/// One row of a result, while it is being read.
#[derive(Debug)]
pub struct Row<'a>(pub(crate) Source<'a>);

#[derive(Debug)]
pub(crate) enum Source<'a> {
    Lite(&'a rusqlite::Row<'a>, usize),
    Pg(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// How many columns it has.
    pub fn len(&self) -> usize {
        match &self.0 {
            Source::Lite(_, columns) => *columns,
            Source::Pg(row) => row.len(),
        }
    }

    /// Whether it has no column at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of the column at `index`, counted from 0.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, Fault> {
        let cell = match &self.0 {
            Source::Lite(row, _) => lite::cell(row, index),
            Source::Pg(row) => pg_value::cell(row, index),
        }
        .map_err(|why| self.undecodable::<T>(index, why))?;
        T::from_value(cell)
            .ok_or_else(|| self.undecodable::<T>(index, "holds another type or an unknown value"))
    }

    /// The columns one after another, for [`row!`](macro@crate::row).
    pub const fn columns(&self) -> Columns<'_> {
        Columns { row: self, next: 0 }
    }

    fn name(&self, index: usize) -> &str {
        match &self.0 {
            Source::Lite(row, _) => row.as_ref().column_name(index).unwrap_or("?"),
            Source::Pg(row) => row.columns().get(index).map_or("?", |column| column.name()),
        }
    }

    fn undecodable<T>(&self, index: usize, why: impl std::fmt::Display) -> Fault {
        let (name, wanted) = (self.name(index), type_name::<T>());
        Fault::new(FaultKind::Decode, format!("column {index} ({name}) as {wanted}: {why}"))
    }
}

/// Reads a row's columns from left to right.
#[derive(Debug)]
pub struct Columns<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl Columns<'_> {
    /// The next column's value.
    pub fn read<T: FromValue>(&mut self) -> Result<T, Fault> {
        let index = self.next;
        self.next += 1;
        self.row.get(index)
    }
}

/// A type made from a whole row, by column position.
pub trait FromRow: Sized {
    /// How many columns the row must have.
    const COLUMNS: usize;
    /// Reads the columns in order.
    fn from_row(row: &Row<'_>) -> Result<Self, Fault>;

    /// As [`FromRow::from_row`], after comparing the number of columns.
    fn checked(row: &Row<'_>) -> Result<Self, Fault> {
        if row.len() == Self::COLUMNS {
            return Self::from_row(row);
        }
        let (is, wanted, name) = (row.len(), Self::COLUMNS, type_name::<Self>());
        Err(Fault::new(FaultKind::Decode, format!("{is} columns where {name} has {wanted}")))
    }
}

macro_rules! tuples {
    ($($count:literal: $($name:ident)+;)+) => {$(
        impl<$($name: FromValue),+> FromRow for ($($name,)+) {
            const COLUMNS: usize = $count;
            fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
                let mut columns = row.columns();
                Ok(($(columns.read::<$name>()?,)+))
            }
        }
    )+};
}

tuples! {
    1: A; 2: A B; 3: A B C; 4: A B C D; 5: A B C D E; 6: A B C D E F; 7: A B C D E F G;
    8: A B C D E F G H; 9: A B C D E F G H I; 10: A B C D E F G H I J;
    11: A B C D E F G H I J K; 12: A B C D E F G H I J K L;
}

/// Makes a struct that is read from a row by column position:
/// `row! { /// A case in a list. #[derive(Clone, Debug)] pub struct Line { /// Its id. pub id: CaseId } }`.
#[macro_export]
macro_rules! row {
    ($(
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $ty:ty),+ $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $ty,)+
        }
        impl $crate::FromRow for $name {
            const COLUMNS: usize = [$(stringify!($field)),+].len();
            fn from_row(row: &$crate::Row<'_>) -> Result<Self, $crate::Fault> {
                let mut columns = row.columns();
                Ok(Self { $($field: columns.read::<$ty>()?,)+ })
            }
        }
    )+};
}
