//! A model as a file: a header with a version, the numbers as they are, a checksum at the end.
//!
//! All numbers little-endian. `MAEULRT1`, version u32, labels u32, rows u32, facts and calibration,
//! the labels (length u16, UTF-8), the worth of counts, the biases, then row by row all keys (u64),
//! all rarities and steps (f32), all weights (i8, one a label); last a checksum (u64) of everything
//! before it.

use super::error::RoutingError;
use super::model::{Calibration, MOST_TIMES, Model, ModelFacts, Row, stride_of};
use super::record::Records;
use super::table::Known;

const MAGIC: &[u8; 8] = b"MAEULRT1";
const VERSION: u32 = 1;

impl Model {
    /// The model as the bytes of a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let rows = self.records.len();
        let mut out = Vec::with_capacity(256 + rows * (16 + self.labels.len()));
        out.extend_from_slice(MAGIC);
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let facts = &self.facts;
        for number in [VERSION, count(self.labels.len()), count(rows), facts.texts] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&facts.seed.to_le_bytes());
        for number in [facts.measured_on, self.lead_letters] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        let calibration = &self.calibration;
        let numbers = [
            facts.ridge,
            facts.accuracy,
            facts.top3,
            facts.macro_f1,
            calibration.sharpness,
            calibration.slope,
            calibration.shift,
            self.unsure_below,
            self.lead_bonus,
        ];
        let biases = self.bias.iter().take(self.labels.len());
        for number in numbers.iter().chain(&self.times).chain(biases) {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for label in &self.labels {
            let length = u16::try_from(label.len()).unwrap_or(u16::MAX);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend(label.bytes().take(usize::from(length)));
        }
        for key in &self.keys {
            out.extend_from_slice(&key.to_le_bytes());
        }
        for row in (0..rows).map(|row| self.records.numbers(row)) {
            out.extend_from_slice(&row.rarity.to_le_bytes());
            out.extend_from_slice(&row.step.to_le_bytes());
        }
        for row in 0..rows {
            out.extend(self.records.weights(row).map(|weight| weight.to_le_bytes()[0]));
        }
        out.extend_from_slice(&checksum(&out).to_le_bytes());
        out
    }

    /// The model of a file's bytes; refuses what is not whole.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RoutingError> {
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(RoutingError::NotAModel)?;
        let mut reader = Reader { rest };
        let version = reader.u32()?;
        if version != VERSION {
            return Err(RoutingError::Version { found: version, known: VERSION });
        }
        let (body, sum) = bytes.split_last_chunk::<8>().ok_or(RoutingError::Damaged)?;
        if checksum(body) != u64::from_le_bytes(*sum) {
            return Err(RoutingError::Damaged);
        }
        let whole = reader.rest.len().checked_sub(8).ok_or(RoutingError::Damaged)?;
        reader.rest = reader.rest.get(..whole).ok_or(RoutingError::Damaged)?;
        let model = reader.model()?;
        if reader.rest.is_empty() { Ok(model) } else { Err(RoutingError::Damaged) }
    }
}

/// Sees any change within one eight-byte word, and others but for one in 2⁶⁴.
fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut tail = [0; 8];
    tail.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let mut sum = 0x6d61_6575_6c00_0001_u64 ^ u64::try_from(bytes.len()).unwrap_or(0);
    for word in words.iter().chain([&tail]) {
        sum = (sum ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        sum ^= sum >> 29;
    }
    sum
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], RoutingError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(RoutingError::Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], RoutingError> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(RoutingError::Damaged)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn u32(&mut self) -> Result<u32, RoutingError> {
        self.array().map(u32::from_le_bytes)
    }

    fn f32(&mut self) -> Result<f32, RoutingError> {
        self.array().map(f32::from_le_bytes)
    }

    /// As many items of `N` bytes.
    fn items<const N: usize>(&mut self, count: usize) -> Result<&'a [[u8; N]], RoutingError> {
        let length = count.checked_mul(N).ok_or(RoutingError::Damaged)?;
        Ok(self.take(length)?.as_chunks::<N>().0)
    }

    fn size(&mut self) -> Result<usize, RoutingError> {
        self.u32().and_then(|size| usize::try_from(size).map_err(|_| RoutingError::Damaged))
    }

    fn model(&mut self) -> Result<Model, RoutingError> {
        let (kinds, count) = (self.size()?, self.size()?);
        let texts = self.u32()?;
        let seed = self.array().map(u64::from_le_bytes)?;
        let (measured_on, lead_letters) = (self.u32()?, self.u32()?);
        let facts = ModelFacts {
            texts,
            features: u32::try_from(count).unwrap_or(u32::MAX),
            seed,
            measured_on,
            ridge: self.f32()?,
            accuracy: self.f32()?,
            top3: self.f32()?,
            macro_f1: self.f32()?,
        };
        let calibration =
            Calibration { sharpness: self.f32()?, slope: self.f32()?, shift: self.f32()? };
        let (unsure_below, lead_bonus) = (self.f32()?, self.f32()?);
        let times = floats(self.items(MOST_TIMES + 1)?);
        let mut bias = floats(self.items(kinds)?);
        bias.resize(stride_of(kinds), 0.0);
        let labels = (0..kinds)
            .map(|_| {
                let length = self.array().map(u16::from_le_bytes)?;
                let label = self.take(usize::from(length))?;
                String::from_utf8(label.to_vec()).map_err(|_| RoutingError::Damaged)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let keys: Vec<u64> =
            self.items(count)?.iter().map(|item| u64::from_le_bytes(*item)).collect();
        let rows: Vec<Row> = self
            .items::<8>(count)?
            .iter()
            .map(|item| {
                let [a, b, c, d, e, f, g, h] = *item;
                Row {
                    rarity: f32::from_le_bytes([a, b, c, d]),
                    step: f32::from_le_bytes([e, f, g, h]),
                }
            })
            .collect();
        let packed = self.take(count.checked_mul(kinds).ok_or(RoutingError::Damaged)?)?;
        let weights: Vec<i8> = packed.iter().map(|byte| i8::from_le_bytes([*byte])).collect();
        Ok(Model {
            labels,
            facts,
            calibration,
            unsure_below,
            lead_letters,
            lead_bonus,
            times,
            bias,
            known: Known::new(&keys),
            keys,
            records: Records::new(&rows, &weights, kinds, kinds),
            beside: None,
        })
    }
}

fn floats(items: &[[u8; 4]]) -> Vec<f32> {
    items.iter().map(|item| f32::from_le_bytes(*item)).collect()
}
