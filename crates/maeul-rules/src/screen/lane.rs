//! The value of one step for all rows of a batch, and how whole lanes are combined.
#![expect(
    clippy::indexing_slicing,
    reason = "rows are bounded by the batch; checked access would halve the speed"
)]

use super::bits::Bits;

/// The value of a step for all rows.
#[derive(Clone, Debug, Default)]
pub(super) enum Lane {
    /// Not computed.
    #[default]
    Empty,
    /// The same for every row; `None` is not known.
    Const(Option<i64>),
    /// A number column of the batch, used where it stands.
    Column(usize),
    /// A number for each row.
    Num {
        /// The values; what stands where it is not known means nothing.
        values: Vec<i64>,
        /// Which rows are known; `None`: all.
        known: Option<Bits>,
    },
    /// Yes or no for each row.
    Bool {
        /// The rows that are yes; never one that is not known.
        value: Bits,
        /// Which rows are known; `None`: all.
        known: Option<Bits>,
    },
}

/// Which rows of a lane are known.
#[derive(Clone, Copy)]
pub(super) enum Known<'a> {
    All,
    Nothing,
    Rows(&'a Bits),
}

impl Known<'_> {
    pub(super) fn word(self, index: usize) -> u64 {
        match self {
            Self::All => u64::MAX,
            Self::Nothing => 0,
            Self::Rows(bits) => bits.words().get(index).copied().unwrap_or(0),
        }
    }

    pub(super) fn get(self, row: usize) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::Rows(bits) => bits.get(row),
        }
    }
}

/// The numbers of a lane.
#[derive(Clone, Copy)]
pub(super) enum Nums<'a> {
    One(i64),
    Many(&'a [i64]),
}

impl Nums<'_> {
    pub(super) fn get(self, row: usize) -> i64 {
        match self {
            Self::One(value) => value,
            Self::Many(values) => values[row],
        }
    }
}

/// The yes and no of a lane.
#[derive(Clone, Copy)]
pub(super) enum Truth<'a> {
    One(bool),
    Many(&'a Bits),
}

impl Truth<'_> {
    pub(super) fn word(self, index: usize) -> u64 {
        match self {
            Self::One(yes) => {
                if yes {
                    u64::MAX
                } else {
                    0
                }
            }
            Self::Many(bits) => bits.words()[index],
        }
    }

    pub(super) fn get(self, row: usize) -> bool {
        match self {
            Self::One(yes) => yes,
            Self::Many(bits) => bits.get(row),
        }
    }
}

/// Rows known in both; `None` means all rows are.
pub(super) fn both(rows: usize, a: Known<'_>, b: Known<'_>) -> Option<Bits> {
    match (a, b) {
        (Known::All, Known::All) => None,
        (Known::All, Known::Rows(bits)) | (Known::Rows(bits), Known::All) => Some(bits.clone()),
        _ => {
            let mut bits = Bits::default();
            bits.assign(rows, (0..rows.div_ceil(64)).map(|index| a.word(index) & b.word(index)));
            Some(bits)
        }
    }
}

/// `f` of one lane, row by row.
pub(super) fn map(rows: usize, out: &mut Vec<i64>, a: Nums<'_>, f: impl Fn(i64) -> i64) {
    out.clear();
    match a {
        Nums::One(a) => out.resize(rows, f(a)),
        Nums::Many(a) => out.extend(a.iter().map(|&a| f(a))),
    }
}

/// `f` of two lanes, row by row.
pub(super) fn zip(
    rows: usize,
    out: &mut Vec<i64>,
    a: Nums<'_>,
    b: Nums<'_>,
    f: impl Fn(i64, i64) -> i64,
) {
    out.clear();
    match (a, b) {
        (Nums::Many(a), Nums::Many(b)) => out.extend(a.iter().zip(b).map(|(&a, &b)| f(a, b))),
        (Nums::Many(a), Nums::One(b)) => out.extend(a.iter().map(|&a| f(a, b))),
        (Nums::One(a), Nums::Many(b)) => out.extend(b.iter().map(|&b| f(a, b))),
        (Nums::One(a), Nums::One(b)) => out.resize(rows, f(a, b)),
    }
}

/// The rows where `f` holds of two lanes.
pub(super) fn compare(rows: usize, a: Nums<'_>, b: Nums<'_>, f: impl Fn(i64, i64) -> bool) -> Bits {
    /// Up to sixty-four answers as a word: first a byte each, which the compiler does with wide instructions, then
    /// eight bytes become eight bits by one multiplication.
    fn pack(len: usize, answer: impl Fn(usize) -> bool) -> u64 {
        let mut bytes = [0_u8; 64];
        for (at, byte) in bytes.iter_mut().enumerate().take(len) {
            *byte = u8::from(answer(at));
        }
        let (eights, _) = bytes.as_chunks::<8>();
        eights.iter().rev().fold(0, |word, eight| {
            word << 8 | (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56)
        })
    }
    let mut bits = Bits::default();
    match (a, b) {
        (Nums::Many(a), Nums::Many(b)) => bits.assign(
            rows,
            a.chunks(64).zip(b.chunks(64)).map(|(a, b)| {
                let len = a.len().min(b.len());
                let (a, b) = (&a[..len], &b[..len]);
                pack(len, |at| f(a[at], b[at]))
            }),
        ),
        (Nums::Many(a), Nums::One(b)) => {
            bits.assign(rows, a.chunks(64).map(|a| pack(a.len(), |at| f(a[at], b))));
        }
        (Nums::One(a), Nums::Many(b)) => {
            bits.assign(rows, b.chunks(64).map(|b| pack(b.len(), |at| f(a, b[at]))));
        }
        (Nums::One(a), Nums::One(b)) => bits.fill(rows, f(a, b)),
    }
    bits
}

/// Row by row one lane where `truth` is yes, else the other.
pub(super) fn select(rows: usize, out: &mut Vec<i64>, truth: Truth<'_>, a: Nums<'_>, b: Nums<'_>) {
    fn rows_of(
        rows: usize,
        out: &mut Vec<i64>,
        truth: Truth<'_>,
        a: impl Fn(usize) -> i64,
        b: impl Fn(usize) -> i64,
    ) {
        for start in (0..rows).step_by(64) {
            let word = truth.word(start / 64);
            let end = (start + 64).min(rows);
            out.extend(
                (start..end).map(|row| if word >> (row % 64) & 1 == 1 { a(row) } else { b(row) }),
            );
        }
    }
    out.clear();
    match (a, b) {
        (Nums::Many(a), Nums::Many(b)) => rows_of(rows, out, truth, |row| a[row], |row| b[row]),
        (Nums::Many(a), Nums::One(b)) => rows_of(rows, out, truth, |row| a[row], |_| b),
        (Nums::One(a), Nums::Many(b)) => rows_of(rows, out, truth, |_| a, |row| b[row]),
        (Nums::One(a), Nums::One(b)) => rows_of(rows, out, truth, |_| a, |_| b),
    }
}

/// The bits of `range`, the first in the lowest place; a household has at most 64 members here.
pub(super) fn bits_of(range: &std::ops::Range<usize>, word: impl Fn(usize) -> u64) -> u64 {
    let (at, shift, len) = (range.start / 64, range.start % 64, range.len().min(64));
    let mut bits = word(at) >> shift;
    if shift + len > 64 {
        bits |= word(at + 1) << (64 - shift);
    }
    bits & full(len)
}

/// As many ones.
pub(super) const fn full(len: usize) -> u64 {
    if len >= 64 { u64::MAX } else { (1 << len) - 1 }
}

/// Keeps only rows that are known.
pub(super) fn mask(value: &mut Bits, known: Option<&Bits>) {
    if let Some(known) = known {
        let len = value.len();
        let words: Vec<u64> =
            value.words().iter().zip(known.words()).map(|(value, known)| value & known).collect();
        value.assign(len, words.into_iter());
    }
}
