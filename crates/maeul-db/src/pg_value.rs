//! PostgreSQL's binary format for the types of [`Value`] and [`Cell`].

use std::error::Error;

use bytes::{BufMut, BytesMut};
use jiff::civil::{Date, date};
use jiff::{Span, Timestamp, Unit};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};
use uuid::Uuid;

use crate::{Cell, Value};

type Wrong = Box<dyn Error + Sync + Send>;

/// PostgreSQL counts instants from 2000-01-01T00:00:00Z: this many microseconds after 1970.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
/// PostgreSQL counts days from here.
const EPOCH_DAY: Date = date(2000, 1, 1);

const fn is_text(ty: &Type) -> bool {
    matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
}

impl ToSql for Value {
    /// The server infers the parameter's type; a value of another kind is refused, never cast.
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Wrong> {
        match (self, ty) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Bool(it), &Type::BOOL) => out.put_u8(u8::from(*it)),
            (Self::Int(it), &Type::INT2) => out.put_i16((*it).try_into()?),
            (Self::Int(it), &Type::INT4) => out.put_i32((*it).try_into()?),
            (Self::Int(it), &Type::INT8) => out.put_i64(*it),
            (Self::Float(it), &Type::FLOAT8) => out.put_f64(*it),
            (Self::Text(it), ty) if is_text(ty) => out.put_slice(it.as_bytes()),
            (Self::Bytes(it), &Type::BYTEA) => out.put_slice(it),
            (Self::Uuid(it), &Type::UUID) => out.put_slice(it.as_bytes()),
            (Self::At(it), &Type::TIMESTAMPTZ) => out.put_i64(it.as_microsecond() - EPOCH_MICROS),
            (Self::Day(it), &Type::DATE) => {
                out.put_i32(EPOCH_DAY.until((Unit::Day, *it))?.get_days())
            }
            (Self::Json(it), &Type::JSONB) => {
                out.put_u8(1);
                out.put_slice(it.as_bytes());
            }
            (Self::Json(it), &Type::JSON) => out.put_slice(it.as_bytes()),
            _ => return Err(format!("{} bound where {ty} is expected", self.type_name()).into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Wrong> {
        self.to_sql(ty, out)
    }
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Wrong> {
        Ok(match *ty {
            Type::BOOL => Cell::Bool(array::<1>(raw)? != [0]),
            Type::INT2 => Cell::Int(i16::from_be_bytes(array(raw)?).into()),
            Type::INT4 => Cell::Int(i32::from_be_bytes(array(raw)?).into()),
            Type::INT8 => Cell::Int(i64::from_be_bytes(array(raw)?)),
            Type::FLOAT8 => Cell::Float(f64::from_be_bytes(array(raw)?)),
            Type::BYTEA => Cell::Bytes(raw),
            Type::UUID => Cell::Uuid(Uuid::from_bytes(array(raw)?)),
            Type::TIMESTAMPTZ => {
                let micros = i64::from_be_bytes(array(raw)?).checked_add(EPOCH_MICROS);
                let micros = micros.ok_or("an infinite instant")?;
                Cell::At(Timestamp::from_microsecond(micros)?)
            }
            Type::DATE => {
                let days = Span::new().try_days(i32::from_be_bytes(array(raw)?))?;
                Cell::Day(EPOCH_DAY.checked_add(days)?)
            }
            Type::JSONB => match raw.split_first() {
                Some((1, text)) => Cell::Json(std::str::from_utf8(text)?),
                _ => return Err("an unknown version of jsonb".into()),
            },
            Type::JSON => Cell::Json(std::str::from_utf8(raw)?),
            _ if is_text(ty) => Cell::Text(std::str::from_utf8(raw)?),
            _ => return Err(format!("type {ty} is not read; cast it in the statement").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Wrong> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn array<const N: usize>(raw: &[u8]) -> Result<[u8; N], Wrong> {
    raw.try_into().map_err(|_| format!("{} bytes where {N} are expected", raw.len()).into())
}

/// The cell of a row being read.
pub(crate) fn cell<'a>(row: &'a tokio_postgres::Row, index: usize) -> Result<Cell<'a>, String> {
    row.try_get(index).map_err(|error| {
        error.source().map_or_else(|| error.to_string(), |source| source.to_string())
    })
}
