//! SQLite: connections, statements, cells and errors.

use std::path::Path;
use std::str;
use std::time::Duration;

use maeul_base::{Fault, FaultKind};
use rusqlite::types::{Null, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Error, OpenFlags, ToSql, ffi};

use crate::row::{Cell, FromRow, Row, Source};
use crate::tx::brief;
use crate::{DbOptions, Value};

/// Opens the file for the one writer, creating it if need be, or for a reader.
pub(crate) fn open(path: &Path, options: &DbOptions, reader: bool) -> Result<Connection, Fault> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !reader {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let failed = |error| fault(&error, "open").kind_of(FaultKind::Unavailable);
    let conn = Connection::open_with_flags(path, flags).map_err(failed)?;
    conn.busy_timeout(Duration::from_secs(10)).map_err(failed)?;
    conn.set_prepared_statement_cache_capacity(256);
    conn.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = {};
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -{};
         PRAGMA temp_store = MEMORY;
         PRAGMA query_only = {};",
        if options.durable { "FULL" } else { "OFF" },
        // KiB: 64 MB for the writer, 16 MB for each reader.
        if reader { 16 * 1024 } else { 64 * 1024 },
        if reader { "ON" } else { "OFF" },
    ))
    .map_err(failed)?;
    Ok(conn)
}

/// Runs a statement and counts the rows it touched.
pub(crate) fn exec(conn: &Connection, sql: &str, args: &[Value]) -> Result<u64, Fault> {
    let mut statement = bound(conn, sql, args)?;
    if statement.column_count() > 0 {
        // A SELECT or RETURNING: its rows are counted, as PostgreSQL does.
        let mut rows = statement.raw_query();
        let mut count = 0;
        while rows.next().map_err(|error| fault(&error, sql))?.is_some() {
            count += 1;
        }
        return Ok(count);
    }
    let touched = statement.raw_execute().map_err(|error| fault(&error, sql))?;
    Ok(u64::try_from(touched).unwrap_or(u64::MAX))
}

/// Reads rows; all are stepped through, so that RETURNING does its whole work, but at most
/// `limit` are kept.
pub(crate) fn rows<T: FromRow>(
    conn: &Connection,
    sql: &str,
    args: &[Value],
    limit: usize,
) -> Result<Vec<T>, Fault> {
    let mut statement = bound(conn, sql, args)?;
    let columns = statement.column_count();
    let mut found = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| fault(&error, sql))? {
        if found.len() < limit {
            found.push(T::checked(&Row(Source::Lite(row, columns)))?);
        }
    }
    Ok(found)
}

/// Hands every row to `take`.
pub(crate) fn each(
    conn: &Connection,
    sql: &str,
    args: &[Value],
    take: &mut dyn FnMut(&Row<'_>) -> Result<(), Fault>,
) -> Result<u64, Fault> {
    let mut statement = bound(conn, sql, args)?;
    let columns = statement.column_count();
    let mut count = 0;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| fault(&error, sql))? {
        take(&Row(Source::Lite(row, columns)))?;
        count += 1;
    }
    Ok(count)
}

/// Prepares and binds. `$2` is a *name* to SQLite, numbered by first appearance, so values are
/// bound by the name's own number.
fn bound<'a>(
    conn: &'a Connection,
    sql: &str,
    args: &[Value],
) -> Result<CachedStatement<'a>, Fault> {
    let mut statement = conn.prepare_cached(sql).map_err(|error| fault(&error, sql))?;
    let mut highest = 0;
    for index in 1..=statement.parameter_count() {
        let number: usize = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$')?.parse().ok())
            .ok_or_else(|| Fault::other(format!("a placeholder is not $n: {}", brief(sql))))?;
        let value = number
            .checked_sub(1)
            .and_then(|at| args.get(at))
            .ok_or_else(|| Fault::other(format!("no value for ${number}: {}", brief(sql))))?;
        statement.raw_bind_parameter(index, Bind(value)).map_err(|error| fault(&error, sql))?;
        highest = highest.max(number);
    }
    if highest != args.len() {
        let given = args.len();
        return Err(Fault::other(format!(
            "{given} values where the highest placeholder is ${highest}: {}",
            brief(sql)
        )));
    }
    Ok(statement)
}

struct Bind<'a>(&'a Value);

impl ToSql for Bind<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let borrowed = |value| Ok(ToSqlOutput::Borrowed(value));
        match self.0 {
            Value::Null => Ok(Null.into()),
            Value::Bool(it) => Ok(i64::from(*it).into()),
            Value::Int(it) => Ok((*it).into()),
            Value::Float(it) => Ok((*it).into()),
            Value::Text(it) | Value::Json(it) => borrowed(ValueRef::Text(it.as_bytes())),
            Value::Bytes(it) => borrowed(ValueRef::Blob(it)),
            Value::Uuid(it) => borrowed(ValueRef::Blob(it.as_bytes())),
            Value::At(it) => Ok(it.as_microsecond().into()),
            Value::Day(it) => Ok(it.to_string().into()),
        }
    }
}

/// The cell of a row being read.
pub(crate) fn cell<'a>(row: &'a rusqlite::Row<'_>, index: usize) -> Result<Cell<'a>, String> {
    match row.get_ref(index).map_err(|error| error.to_string())? {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(it) => Ok(Cell::Int(it)),
        ValueRef::Real(it) => Ok(Cell::Float(it)),
        ValueRef::Text(it) => {
            str::from_utf8(it).map(Cell::Text).map_err(|_| "text is not UTF-8".to_owned())
        }
        ValueRef::Blob(it) => Ok(Cell::Bytes(it)),
    }
}

/// A fault from SQLite's error. Its messages name columns and constraints but never show values.
pub(crate) fn fault(error: &Error, sql: &str) -> Fault {
    let extended = error.sqlite_error().map_or(0, |it| it.extended_code);
    let kind = match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => FaultKind::Unique,
        _ => match extended & 0xff {
            ffi::SQLITE_CONSTRAINT => FaultKind::Constraint,
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => FaultKind::Retry,
            ffi::SQLITE_FULL
            | ffi::SQLITE_READONLY
            | ffi::SQLITE_CANTOPEN
            | ffi::SQLITE_IOERR
            | ffi::SQLITE_CORRUPT
            | ffi::SQLITE_NOTADB
            | ffi::SQLITE_NOMEM => FaultKind::Unavailable,
            _ => FaultKind::Other,
        },
    };
    Fault::new(kind, format!("SQLite {extended}: {error}: {}", brief(sql)))
}
