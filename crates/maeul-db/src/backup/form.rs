//! The inside of a backup, the same for both engines: frames of a tag, a length and bytes, packed
//! with gzip. `H` opens (JSON), `T` begins a table (JSON), `R` is a row, `M` ends (JSON).

use std::io::{self, Read, Write};

use jiff::Timestamp;
use maeul_base::Fault;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Row, Value};

/// A longer frame is damage: no row of this house comes near.
const LONGEST: u32 = 512 * 1024 * 1024;

/// What a backup says of itself before its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The version of Maeul that made it.
    pub version: String,
    /// When.
    pub made_at: Timestamp,
    /// `sqlite` or `postgres`: where it comes from; it can be restored into either.
    pub engine: String,
    /// The steps its tables are made of, as `room/name`.
    pub migrations: Vec<String>,
    /// The mark of the key of sealed fields, without which personal fields stay closed.
    pub field_key: Option<String>,
}

/// What a backup says of itself after its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Every table, in order of name.
    pub tables: Vec<TableSum>,
}

impl Manifest {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// One table's rows, counted and summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// Its name.
    pub name: String,
    /// How many rows.
    pub rows: u64,
    /// The SHA-256 of every row, added up as numbers of 256 bits: the same in whatever order the
    /// rows come. Hexadecimal.
    pub sha256: String,
}

/// A table about to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// The types of columns, one set for both engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Bool,
    Int,
    Float,
    Text,
    Bytes,
    Uuid,
    At,
    Day,
    Json,
}

impl Kind {
    /// By the declared type.
    pub(super) fn parse(declared: &str) -> Option<Self> {
        Some(match declared.to_ascii_lowercase().as_str() {
            "boolean" => Self::Bool,
            "smallint" | "integer" | "bigint" => Self::Int,
            "double precision" => Self::Float,
            "text" => Self::Text,
            "bytea" => Self::Bytes,
            "uuid" => Self::Uuid,
            "timestamptz" | "timestamp with time zone" => Self::At,
            "date" => Self::Day,
            "jsonb" => Self::Json,
            _ => return None,
        })
    }

    /// The value of a column; what SQLite keeps in another shape comes out as declared.
    fn read(self, row: &Row<'_>, at: usize) -> Result<Value, Fault> {
        fn value<T>(found: Option<T>, make: impl FnOnce(T) -> Value) -> Value {
            found.map_or(Value::Null, make)
        }
        Ok(match self {
            Self::Bool => value(row.get(at)?, Value::Bool),
            Self::Int => value(row.get(at)?, Value::Int),
            Self::Float => value(row.get(at)?, Value::Float),
            Self::Text => value(row.get(at)?, Value::Text),
            Self::Bytes => value(row.get(at)?, Value::Bytes),
            Self::Uuid => value(row.get(at)?, Value::Uuid),
            Self::At => value(row.get(at)?, Value::At),
            Self::Day => value(row.get(at)?, Value::Day),
            Self::Json => value(row.get(at)?, |it| Value::Json(canonical(it).to_string())),
        })
    }
}

/// Writes a row as bytes: one tag and the value for each column.
pub(super) fn encode(row: &Row<'_>, columns: &[Column], into: &mut Vec<u8>) -> Result<(), Fault> {
    into.clear();
    for (at, column) in columns.iter().enumerate() {
        match column.kind.read(row, at)? {
            Value::Null => into.push(0),
            Value::Bool(it) => into.extend([1, u8::from(it)]),
            Value::Int(it) => fixed(into, 2, &it.to_be_bytes()),
            Value::Float(it) => fixed(into, 3, &it.to_bits().to_be_bytes()),
            Value::Text(it) => sized(into, 4, it.as_bytes())?,
            Value::Bytes(it) => sized(into, 5, &it)?,
            Value::Uuid(it) => fixed(into, 6, it.as_bytes()),
            Value::At(it) => fixed(into, 7, &it.as_microsecond().to_be_bytes()),
            Value::Day(it) => sized(into, 8, it.to_string().as_bytes())?,
            Value::Json(it) => sized(into, 9, it.as_bytes())?,
        }
    }
    Ok(())
}

fn fixed(into: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    into.push(tag);
    into.extend_from_slice(bytes);
}

fn sized(into: &mut Vec<u8>, tag: u8, bytes: &[u8]) -> Result<(), Fault> {
    let length = u32::try_from(bytes.len())
        .map_err(|_| Fault::other("a value of four gigabytes is not backed up"))?;
    into.push(tag);
    into.extend(length.to_be_bytes());
    into.extend_from_slice(bytes);
    Ok(())
}

/// PostgreSQL puts the keys of an object into an order of its own.
fn canonical(json: serde_json::Value) -> serde_json::Value {
    match json {
        serde_json::Value::Object(map) => {
            let mut pairs: Vec<_> = map.into_iter().collect();
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            pairs.into_iter().map(|(key, value)| (key, canonical(value))).collect()
        }
        serde_json::Value::Array(items) => items.into_iter().map(canonical).collect(),
        other => other,
    }
}

/// Reads a row back; `None` if it is not one.
pub(super) fn decode(mut bytes: &[u8], columns: usize) -> Option<Vec<Value>> {
    let mut values = Vec::with_capacity(columns);
    for _ in 0..columns {
        let (&tag, rest) = bytes.split_first()?;
        bytes = rest;
        values.push(match tag {
            0 => Value::Null,
            1 => match array::<1>(&mut bytes)? {
                [0] => Value::Bool(false),
                [1] => Value::Bool(true),
                _ => return None,
            },
            2 => Value::Int(i64::from_be_bytes(array(&mut bytes)?)),
            3 => Value::Float(f64::from_bits(u64::from_be_bytes(array(&mut bytes)?))),
            4 => Value::Text(text(&mut bytes)?.to_owned()),
            5 => Value::Bytes(slice(&mut bytes)?.to_vec()),
            6 => Value::Uuid(Uuid::from_bytes(array(&mut bytes)?)),
            7 => {
                let micros = i64::from_be_bytes(array(&mut bytes)?);
                Value::At(Timestamp::from_microsecond(micros).ok()?)
            }
            8 => Value::Day(text(&mut bytes)?.parse().ok()?),
            9 => {
                let json: serde_json::Value = serde_json::from_slice(slice(&mut bytes)?).ok()?;
                Value::Json(json.to_string())
            }
            _ => return None,
        });
    }
    bytes.is_empty().then_some(values)
}

fn array<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (found, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*found)
}

fn slice<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(u32::from_be_bytes(array(bytes)?)).ok()?;
    let (found, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(found)
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(slice(bytes)?).ok()
}

/// Counts and sums the rows of one table.
#[derive(Default)]
pub(super) struct Sum {
    rows: u64,
    words: [u64; 4],
}

impl Sum {
    pub(super) fn add(&mut self, row: &[u8]) {
        self.rows += 1;
        let digest = Sha256::digest(row);
        let mut carry = false;
        // The last eight bytes are the lowest.
        for (word, bytes) in self.words.iter_mut().zip(digest.rchunks_exact(8)) {
            let other = u64::from_be_bytes(bytes.try_into().unwrap_or_default());
            let (sum, over) = word.overflowing_add(other);
            let (sum, more) = sum.overflowing_add(u64::from(carry));
            (*word, carry) = (sum, over || more);
        }
    }

    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn of(&self, table: &str) -> TableSum {
        let sha256 = self.words.iter().rev().map(|word| format!("{word:016x}")).collect();
        TableSum { name: table.to_owned(), rows: self.rows, sha256 }
    }
}

/// Writes one frame.
pub(super) fn put(out: &mut impl Write, tag: u8, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= LONGEST);
    let length = length.ok_or_else(|| io::Error::other("a row is too long to be backed up"))?;
    out.write_all(&[tag])?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(bytes)
}

/// Reads the next frame into `into`; its tag.
pub(super) fn take(from: &mut impl Read, into: &mut Vec<u8>) -> io::Result<u8> {
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a frame is damaged");
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let [tag, length @ ..] = head;
    let length = u32::from_be_bytes(length);
    if length > LONGEST {
        return Err(damaged());
    }
    into.clear();
    let read = from.take(length.into()).read_to_end(into)?;
    if u32::try_from(read) == Ok(length) { Ok(tag) } else { Err(damaged()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_depend_on_the_order_but_on_every_row() {
        let sum = |rows: &[&[u8]]| {
            let mut sum = Sum::default();
            rows.iter().for_each(|row| sum.add(row));
            sum.of("t")
        };
        assert_eq!(sum(&[b"a", b"b", b"c"]), sum(&[b"c", b"a", b"b"]));
        assert_ne!(sum(&[b"a", b"b"]), sum(&[b"a", b"a"]));
        // SHA-256("abc"), FIPS 180-4's own example.
        let said = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sum(&[b"abc"]).sha256, said);
    }

    #[test]
    fn a_frame_cannot_ask_for_all_memory() {
        let mut into = vec![];
        let huge = [b'R', 0xff, 0xff, 0xff, 0xff, 1];
        assert!(take(&mut huge.as_slice(), &mut into).is_err());
        let short = [b'R', 0, 0, 0, 9, 1];
        assert!(take(&mut short.as_slice(), &mut into).is_err());
    }

    #[test]
    fn a_row_that_is_none_is_refused() {
        assert_eq!(decode(&[0, 1, 1], 2), Some(vec![Value::Null, Value::Bool(true)]));
        for bad in [&[0][..], &[0, 0, 0], &[9, 0, 0, 0, 1], &[77, 0], &[4, 0, 0, 0, 1, 0xff]] {
            assert_eq!(decode(bad, 2), None, "{bad:?}");
        }
    }

    #[test]
    fn objects_are_written_in_the_order_of_their_keys() {
        let json: serde_json::Value =
            serde_json::from_str(r#"{"b":[{"d":1,"c":2}],"a":0}"#).unwrap();
        assert_eq!(canonical(json).to_string(), r#"{"a":0,"b":[{"c":2,"d":1}]}"#);
    }
}
