//! The column file: a population as packed columns, read a piece at a time. docs/screening.md describes the format.
//!
//! ```text
//! "MAEULCOL1\n" · u32 length · u64 check · head as JSON · pieces · u32 0 · u64 households · u64 persons
//! piece  = u32 length · u64 check · u32 households · u32 persons · members · names · names · 동 · facts
//! column = u8 known (0 none, 1 all, 2 by bits) · [bits] · i64 base · u8 width (0, 1, 2, 4, 8) · value - base …
//! ```
//! All numbers are little-endian.

use std::io::{self, Read, Write};

use serde_json::{Value, json};
use thiserror::Error;

use super::batch::{Batch, Column, Names};
use super::bits::Bits;

const MAGIC: &[u8; 10] = b"MAEULCOL1\n";
/// No piece is larger: a length that says so comes from a damaged file.
const LARGEST: usize = 1 << 30;

/// Which rows a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Of {
    /// One for each household.
    Household,
    /// One for each person.
    Person,
}

/// One fact of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactColumn {
    /// Its name in the registry of facts.
    pub name: String,
    /// Whose it is.
    pub of: Of,
    /// Its type as the registry writes it: `won/month`, `date`, an enum's name …
    pub unit: String,
}

/// What stands at the front of a column file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileHead {
    /// Were the persons made by a generator? Then nobody in it lives.
    pub synthetic: bool,
    /// Where the file comes from, for people.
    pub note: String,
    /// The facts, in the order of the columns.
    pub facts: Vec<FactColumn>,
}

/// Why a column file cannot be read.
#[derive(Debug, Error)]
pub enum ColumnFileError {
    /// It could not be read or written.
    #[error("파일을 읽거나 쓸 수 없습니다 / the file cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// It is not a column file of this version.
    #[error("마을 열 파일이 아닙니다 / this is not a Maeul column file")]
    NotOurs,
    /// It breaks off or was changed.
    #[error(
        "파일이 손상되었습니다({piece}번째 조각): 다시 만드십시오 / the file is damaged (piece {piece}): make it again"
    )]
    Damaged {
        /// The piece, from 1.
        piece: u64,
    },
}

impl FileHead {
    fn to_json(&self) -> Value {
        let facts: Vec<Value> = self
            .facts
            .iter()
            .map(|fact| {
                let of = if fact.of == Of::Person { "person" } else { "household" };
                json!({"name": fact.name, "of": of, "unit": fact.unit})
            })
            .collect();
        json!({"synthetic": self.synthetic, "note": self.note, "facts": facts})
    }

    fn of_json(value: &Value) -> Option<Self> {
        let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let facts = value.get("facts")?.as_array()?.iter().map(|fact| {
            let of = match text(fact, "of")?.as_str() {
                "person" => Of::Person,
                "household" => Of::Household,
                _ => return None,
            };
            Some(FactColumn { name: text(fact, "name")?, of, unit: text(fact, "unit")? })
        });
        Some(Self {
            synthetic: value.get("synthetic")?.as_bool()?,
            note: text(value, "note")?,
            facts: facts.collect::<Option<_>>()?,
        })
    }
}

/// Writes a column file.
pub struct ColumnWriter<W: Write> {
    out: W,
    packed: Vec<u8>,
    totals: (u64, u64),
}

impl<W: Write> ColumnWriter<W> {
    /// Begins a file.
    pub fn new(mut out: W, head: &FileHead) -> io::Result<Self> {
        let head = head.to_json().to_string();
        out.write_all(MAGIC)?;
        out.write_all(&u32::try_from(head.len()).unwrap_or(u32::MAX).to_le_bytes())?;
        out.write_all(&check(head.as_bytes()).to_le_bytes())?;
        out.write_all(head.as_bytes())?;
        Ok(Self { out, packed: Vec::new(), totals: (0, 0) })
    }

    /// Adds a piece. An empty one adds nothing.
    pub fn write(&mut self, batch: &Batch) -> io::Result<()> {
        if batch.households() == 0 {
            return Ok(());
        }
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let packed = &mut self.packed;
        packed.clear();
        packed.extend(count(batch.households()).to_le_bytes());
        packed.extend(count(batch.persons()).to_le_bytes());
        let sizes = (0..batch.households())
            .map(|home| i64::try_from(batch.members(home).len()).unwrap_or(0));
        pack(packed, &sizes.collect::<Vec<_>>());
        pack_names(packed, &batch.household_ids);
        pack_names(packed, &batch.person_ids);
        pack(packed, &batch.dong);
        for column in &batch.columns {
            let known = column.known.count();
            if known == 0 {
                packed.push(0);
            } else if known == column.known.len() {
                packed.push(1);
            } else {
                packed.push(2);
                packed.extend(column.known.words().iter().flat_map(|word| word.to_le_bytes()));
            }
            if known > 0 {
                pack(packed, &column.values);
            }
        }
        self.totals.0 += u64::from(count(batch.households()));
        self.totals.1 += u64::from(count(batch.persons()));
        self.out.write_all(&count(self.packed.len()).to_le_bytes())?;
        self.out.write_all(&check(&self.packed).to_le_bytes())?;
        self.out.write_all(&self.packed)
    }

    /// Ends the file and gives back what was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&0_u32.to_le_bytes())?;
        self.out.write_all(&self.totals.0.to_le_bytes())?;
        self.out.write_all(&self.totals.1.to_le_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Reads a column file.
pub struct ColumnReader<R: Read> {
    input: R,
    head: FileHead,
    piece: u64,
    totals: (u64, u64),
    done: bool,
}

impl<R: Read> ColumnReader<R> {
    /// Begins to read.
    pub fn new(mut input: R) -> Result<Self, ColumnFileError> {
        let mut magic = [0; 10];
        input.read_exact(&mut magic).map_err(|_| ColumnFileError::NotOurs)?;
        if &magic != MAGIC {
            return Err(ColumnFileError::NotOurs);
        }
        let damaged = |_| ColumnFileError::Damaged { piece: 0 };
        let length = read_u32(&mut input).map_err(damaged)?;
        let expected = read_u64(&mut input).map_err(damaged)?;
        let bytes = read_bytes(&mut input, length).map_err(damaged)?;
        if check(&bytes) != expected {
            return Err(ColumnFileError::Damaged { piece: 0 });
        }
        let head = serde_json::from_slice(&bytes).ok().as_ref().and_then(FileHead::of_json);
        let head = head.ok_or(ColumnFileError::Damaged { piece: 0 })?;
        Ok(Self { input, head, piece: 0, totals: (0, 0), done: false })
    }

    /// What stands at the front.
    pub const fn head(&self) -> &FileHead {
        &self.head
    }

    /// The packed bytes of the next piece, `None` at the end. Unpacking is left to `ColumnReader::unpack`, which may
    /// run on another thread.
    pub fn next_packed(&mut self) -> Result<Option<Packed>, ColumnFileError> {
        if self.done {
            return Ok(None);
        }
        self.piece += 1;
        let piece = self.piece;
        let damaged = |_| ColumnFileError::Damaged { piece };
        let length = read_u32(&mut self.input).map_err(damaged)?;
        if length == 0 {
            let totals = (
                read_u64(&mut self.input).map_err(damaged)?,
                read_u64(&mut self.input).map_err(damaged)?,
            );
            self.done = true;
            return if totals == self.totals {
                Ok(None)
            } else {
                Err(ColumnFileError::Damaged { piece })
            };
        }
        let expected = read_u64(&mut self.input).map_err(damaged)?;
        let bytes = read_bytes(&mut self.input, length).map_err(damaged)?;
        if check(&bytes) != expected {
            return Err(ColumnFileError::Damaged { piece });
        }
        let mut cursor = Cursor(&bytes);
        let counts = (cursor.u32(), cursor.u32());
        if let (Some(households), Some(persons)) = counts {
            self.totals.0 += u64::from(households);
            self.totals.1 += u64::from(persons);
        }
        Ok(Some(Packed { piece, bytes }))
    }

    /// The next piece unpacked, `None` at the end.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, ColumnFileError> {
        self.next_packed()?.map(|packed| packed.unpack(&self.head)).transpose()
    }
}

/// One piece as it stands in the file.
pub struct Packed {
    piece: u64,
    bytes: Vec<u8>,
}

impl Packed {
    /// The columns of this piece of a file with that head.
    pub fn unpack(&self, head: &FileHead) -> Result<Batch, ColumnFileError> {
        unpack(&self.bytes, head).ok_or(ColumnFileError::Damaged { piece: self.piece })
    }
}

fn unpack(bytes: &[u8], head: &FileHead) -> Option<Batch> {
    let mut cursor = Cursor(bytes);
    let households = usize::try_from(cursor.u32()?).ok()?;
    let persons = usize::try_from(cursor.u32()?).ok()?;
    // Every household has a member, and no more rows than bytes could describe.
    if households > persons || persons > LARGEST {
        return None;
    }
    let mut starts = Vec::with_capacity(households + 1);
    let mut start = 0_u32;
    starts.push(0);
    for size in cursor.column(households)? {
        start = start.checked_add(u32::try_from(size).ok().filter(|&size| size > 0)?)?;
        starts.push(start);
    }
    if usize::try_from(start).ok()? != persons {
        return None;
    }
    let household_ids = cursor.names(households)?;
    let person_ids = cursor.names(persons)?;
    let dong = cursor.column(households)?;
    let mut columns = Vec::with_capacity(head.facts.len());
    for fact in &head.facts {
        let rows = if fact.of == Of::Person { persons } else { households };
        columns.push(match cursor.take(1)?.first()? {
            0 => Column::unknown(rows),
            1 => Column { values: cursor.column(rows)?, known: Bits::filled(rows, true) },
            2 => {
                let words = cursor.take(rows.div_ceil(64) * 8)?.chunks_exact(8).map(le);
                let mut known = Bits::default();
                known.assign(rows, words);
                Column { values: cursor.column(rows)?, known }
            }
            _ => return None,
        });
    }
    cursor.0.is_empty().then_some(Batch { starts, household_ids, person_ids, dong, columns })
}

/// A little-endian number of at most eight bytes.
fn le(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
}

fn pack(out: &mut Vec<u8>, values: &[i64]) {
    let base = values.iter().copied().min().unwrap_or(0);
    let spread =
        values.iter().map(|value| value.wrapping_sub(base).cast_unsigned()).max().unwrap_or(0);
    let width: u8 = match spread {
        0 => 0,
        1..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    };
    out.extend(base.to_le_bytes());
    out.push(width);
    for value in values {
        let bytes = value.wrapping_sub(base).to_le_bytes();
        out.extend(bytes.iter().take(usize::from(width)));
    }
}

fn pack_names(out: &mut Vec<u8>, names: &Names) {
    let lengths = (0..names.len()).map(|row| i64::try_from(names.get(row).len()).unwrap_or(0));
    pack(out, &lengths.collect::<Vec<_>>());
    out.extend(names.text.as_bytes());
}

/// FNV-1a over eight bytes at a time: it notices a damaged disk, not an adversary.
fn check(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(0xcbf2_9ce4_8422_2325, |sum: u64, chunk| {
        let word = <[u8; 8]>::try_from(chunk).map_or_else(|_| le(chunk), u64::from_le_bytes);
        (sum ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
    })
}

fn read_u32(input: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn read_u64(input: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn read_bytes(input: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let wanted = usize::try_from(length).unwrap_or(usize::MAX);
    if wanted > LARGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // A false length does not reserve its memory: what arrives decides.
    let mut bytes = Vec::with_capacity(wanted.min(1 << 22));
    input.take(u64::from(length)).read_to_end(&mut bytes)?;
    if bytes.len() == wanted { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// What is left of a piece.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn column(&mut self, rows: usize) -> Option<Vec<i64>> {
        let base = self.take(8)?.try_into().ok().map(i64::from_le_bytes)?;
        let width = usize::from(*self.take(1)?.first()?);
        if width == 0 {
            return Some(vec![base; rows]);
        }
        let bytes = self.take(rows.checked_mul(width)?)?;
        // One loop for each width, so that each becomes straight machine code.
        fn spread<const N: usize>(
            bytes: &[u8],
            base: i64,
            of: impl Fn([u8; N]) -> i64,
        ) -> Vec<i64> {
            bytes.as_chunks::<N>().0.iter().map(|&chunk| base.wrapping_add(of(chunk))).collect()
        }
        match width {
            1 => Some(spread(bytes, base, |[byte]: [u8; 1]| i64::from(byte))),
            2 => Some(spread(bytes, base, |chunk| i64::from(u16::from_le_bytes(chunk)))),
            4 => Some(spread(bytes, base, |chunk| i64::from(u32::from_le_bytes(chunk)))),
            8 => Some(spread(bytes, base, i64::from_le_bytes)),
            _ => None,
        }
    }

    fn names(&mut self, rows: usize) -> Option<Names> {
        let mut end = 0_u32;
        let mut ends = Vec::with_capacity(rows);
        for length in self.column(rows)? {
            end = end.checked_add(u32::try_from(length).ok()?)?;
            ends.push(end);
        }
        let text = self.take(usize::try_from(end).ok()?)?;
        let text = String::from_utf8(text.to_vec()).ok()?;
        Some(Names { text, ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head() -> FileHead {
        let fact =
            |name: &str, of, unit: &str| FactColumn { name: name.into(), of, unit: unit.into() };
        FileHead {
            synthetic: true,
            note: "시험".into(),
            facts: vec![
                fact("assets", Of::Household, "won"),
                fact("birth_date", Of::Person, "date"),
            ],
        }
    }

    /// 동, assets, and the members' dates of birth.
    type Home = (i64, Option<i64>, Vec<Option<i64>>);

    fn batch(homes: &[Home]) -> Batch {
        let mut batch = Batch::new(2);
        for (index, (dong, assets, births)) in homes.iter().enumerate() {
            batch.columns[0].push(*assets);
            for (person, birth) in births.iter().enumerate() {
                batch.person_ids.push(&format!("가{index}-{person}"));
                batch.columns[1].push(*birth);
            }
            batch.close_household(&format!("H{index}"), *dong);
        }
        batch
    }

    fn written(batches: &[Batch]) -> Vec<u8> {
        let mut writer = ColumnWriter::new(Vec::new(), &head()).unwrap();
        for batch in batches {
            writer.write(batch).unwrap();
        }
        writer.finish().unwrap()
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            homes in prop::collection::vec(
                (any::<i64>(), any::<Option<i64>>(), prop::collection::vec(prop::option::of(19_000_101_i64..20_300_101), 1..4)),
                1..200,
            )
        ) {
            let batch = batch(&homes);
            let bytes = written(&[batch.clone(), batch.clone()]);
            let mut reader = ColumnReader::new(bytes.as_slice()).unwrap();
            prop_assert_eq!(reader.head(), &head());
            prop_assert_eq!(reader.next_batch().unwrap(), Some(batch.clone()));
            prop_assert_eq!(reader.next_batch().unwrap(), Some(batch));
            prop_assert_eq!(reader.next_batch().unwrap(), None);
        }

        #[test]
        fn a_damaged_file_is_refused(at in 0_usize..400, bit in 0_u8..8) {
            let batch = batch(&[(1, Some(5), vec![Some(20_000_101), None]), (2, None, vec![Some(19_500_505)])]);
            let mut bytes = written(std::slice::from_ref(&batch));
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            let read = ColumnReader::new(bytes.as_slice()).and_then(|mut reader| {
                let first = reader.next_batch()?;
                let end = reader.next_batch()?;
                Ok((first, end))
            });
            prop_assert!(read.is_err());
        }

        #[test]
        fn a_file_that_breaks_off_is_refused(keep in 0_usize..1000) {
            let bytes = written(&[batch(&[(1, Some(5), vec![Some(20_000_101)])])]);
            let keep = keep % bytes.len();
            let read = ColumnReader::new(&bytes[..keep]).and_then(|mut reader| {
                while reader.next_batch()?.is_some() {}
                Ok(())
            });
            prop_assert!(read.is_err());
        }
    }
}
