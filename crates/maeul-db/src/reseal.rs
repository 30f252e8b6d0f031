//! Every column of bytes says what it holds; those that are sealed are sealed again with a new key, some
//! rows at a time, while others read and write.

use std::collections::BTreeMap;

use maeul_base::{Fault, Ids, OfficeId};
use uuid::Uuid;

use crate::{Engine, Seal, SealAt, SealedText, Tx, args};

/// What the bytes of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bytes {
    /// A sealed text, bound to the UUID in the column named here.
    Sealed(&'static str),
    /// A hash, with a key or of a secret: made once, found again, never opened.
    Hash,
    /// Neither, and why that may be.
    Open(&'static str),
}

/// A column of bytes, as its room declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BytesColumn {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// What is in it.
    pub holds: Bytes,
}

impl BytesColumn {
    /// A sealed column, each value bound to the UUID in column `id` of its row.
    pub const fn sealed(table: &'static str, column: &'static str, id: &'static str) -> Self {
        Self { table, column, holds: Bytes::Sealed(id) }
    }

    /// A column of hashes.
    pub const fn hash(table: &'static str, column: &'static str) -> Self {
        Self { table, column, holds: Bytes::Hash }
    }

    /// A column that is neither sealed nor a hash, and why that may be.
    pub const fn open(table: &'static str, column: &'static str, why: &'static str) -> Self {
        Self { table, column, holds: Bytes::Open(why) }
    }

    /// The column of the row's UUID, where this one is sealed.
    pub const fn seal_id(&self) -> Option<&'static str> {
        match self.holds {
            Bytes::Sealed(id) => Some(id),
            Bytes::Hash | Bytes::Open(_) => None,
        }
    }
}

/// What one step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// The last row looked at; none when there is nothing more.
    pub last: Option<Uuid>,
    /// Rows sealed again.
    pub done: u64,
    /// Rows that no key here opens: they stay as they are.
    pub unreadable: u64,
}

/// Seals again at most `most` rows of a column after the row `after` that another key sealed. A row that
/// somebody writes meanwhile is left to them: what they write is sealed with the new key.
pub fn reseal_some(
    tx: &mut Tx,
    seal: &Seal,
    ids: &Ids,
    office: OfficeId,
    of: &BytesColumn,
    after: Option<Uuid>,
    most: i64,
) -> Result<Resealed, Fault> {
    let Some(id) = of.seal_id() else { return Ok(Resealed::default()) };
    let (table, column) = (of.table, of.column);
    let rows: Vec<(Uuid, SealedText)> = tx.all(
        &format!(
            "SELECT {id}, {column} FROM {table}
              WHERE office_id = $1 AND {id} > $2 AND {column} IS NOT NULL
                AND substr({column}, 1, 1) <> $3
              ORDER BY {id} LIMIT $4"
        ),
        args![office, after.unwrap_or_default(), vec![seal.sealing()], most],
    )?;
    let mut done = Resealed { last: rows.last().map(|(id, _)| *id), ..Resealed::default() };
    for (row, sealed) in rows {
        let at = SealAt::new(table, column, row);
        let Ok(plain) = seal.open_bytes(at, &sealed) else {
            done.unreadable += 1;
            continue;
        };
        let again = seal.seal_bytes(ids, at, &plain)?;
        done.done += tx.exec(
            &format!(
                "UPDATE {table} SET {column} = $4 WHERE office_id = $1 AND {id} = $2 AND {column} = $3"
            ),
            args![office, row, sealed, again],
        )?;
    }
    Ok(done)
}

/// How many values each key sealed, by the key's number and `table.column`; all offices together.
pub fn keys_in_use(
    tx: &mut Tx,
    columns: &[BytesColumn],
) -> Result<BTreeMap<u8, BTreeMap<String, i64>>, Fault> {
    let mut found: BTreeMap<u8, BTreeMap<String, i64>> = BTreeMap::new();
    for it in columns.iter().filter(|it| it.seal_id().is_some()) {
        let (table, column) = (it.table, it.column);
        let rows: Vec<(Vec<u8>, i64)> = tx.all(
            &format!(
                "SELECT substr({column}, 1, 1), count(*) FROM {table}
                  WHERE {column} IS NOT NULL GROUP BY substr({column}, 1, 1)"
            ),
            args![],
        )?;
        for (number, count) in rows {
            let number = number.first().copied().unwrap_or_default();
            found.entry(number).or_default().insert(format!("{table}.{column}"), count);
        }
    }
    Ok(found)
}

/// The numbers of keys that sealed something here and are not among these, with how many values each.
/// Columns that an older database does not have yet are passed over.
pub fn keys_missing(
    tx: &mut Tx,
    columns: &[BytesColumn],
    seal: Option<&Seal>,
) -> Result<BTreeMap<u8, i64>, Fault> {
    let there = bytes_columns(tx)?;
    let here: Vec<BytesColumn> = columns
        .iter()
        .filter(|it| there.iter().any(|(table, column)| table == it.table && column == it.column))
        .copied()
        .collect();
    let used = keys_in_use(tx, &here)?.into_iter();
    let missing = used.filter(|(number, _)| seal.is_none_or(|seal| !seal.knows(*number)));
    Ok(missing.map(|(number, by)| (number, by.values().sum())).collect())
}

/// Every column of bytes the database has, by table and name: what the rooms declare must be all of it.
pub fn bytes_columns(tx: &mut Tx) -> Result<Vec<(String, String)>, Fault> {
    let sql = match tx.engine() {
        Engine::Postgres => {
            "SELECT CAST(table_name AS text), CAST(column_name AS text)
               FROM information_schema.columns
              WHERE table_schema = current_schema() AND data_type = 'bytea' ORDER BY 1, 2"
        }
        Engine::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
              WHERE m.type = 'table' AND lower(c.type) = 'bytea' ORDER BY 1, 2"
        }
    };
    tx.all(sql, args![])
}
