//! Letter groups to rows: a hash table of eight bytes a slot, made for asking.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "the kernel of every lookup: places are masked to the table's size"
)]

/// No slot holds this: row numbers stay below it.
const EMPTY: u64 = u64::MAX;
const ROW_BITS: u32 = 24;
const ROW_MASK: u64 = (1 << ROW_BITS) - 1;

/// The most rows a table can name.
pub(super) const MOST_ROWS: usize = (1 << ROW_BITS) - 1;

/// Spreads a feature's key over 64 bits; a bijection, so distinct keys stay distinct.
pub(super) const fn mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Mixed keys and their rows. A slot keeps the upper 40 bits of the key and the row; the place in
/// the table stands for the lower bits, so one false meeting in about 10¹² lookups may happen and
/// costs one odd feature.
#[derive(Clone, Debug)]
pub(super) struct Table {
    slots: Vec<u64>,
    mask: usize,
}

impl Table {
    /// Room for `rows` at a load of at most one half.
    pub(super) fn with_room(rows: usize) -> Self {
        let size = (rows.max(8) * 2).next_power_of_two();
        Self { slots: vec![EMPTY; size], mask: size - 1 }
    }

    /// What stands where a mixed key would stand first. Asked for many keys one after another,
    /// the memory answers them side by side; then [`Self::row`] tells whose it is.
    #[inline]
    pub(super) fn peek(&self, mixed: u64) -> u64 {
        self.slots[mixed as usize & self.mask]
    }

    /// The row of a mixed key, from what [`Self::peek`] gave for it.
    #[inline]
    pub(super) fn row(&self, mixed: u64, first: u64) -> Option<u32> {
        let (mut slot, mut place) = (first, mixed as usize);
        loop {
            if slot == EMPTY {
                return None;
            }
            if (slot ^ mixed) >> ROW_BITS == 0 {
                return Some((slot & ROW_MASK) as u32);
            }
            place = place.wrapping_add(1);
            slot = self.slots[place & self.mask];
        }
    }

    /// The row of a mixed key.
    #[inline]
    pub(super) fn find(&self, mixed: u64) -> Option<u32> {
        self.row(mixed, self.peek(mixed))
    }

    /// Puts a mixed key that is not there yet; the caller keeps the table half empty.
    pub(super) fn put(&mut self, mixed: u64, row: u32) {
        let mut place = mixed as usize & self.mask;
        while self.slots[place] != EMPTY {
            place = (place + 1) & self.mask;
        }
        self.slots[place] = (mixed & !ROW_MASK) | (u64::from(row) & ROW_MASK);
    }

    /// Whether `rows` would fill more than half of it.
    pub(super) fn is_full_at(&self, rows: usize) -> bool {
        rows * 2 > self.slots.len()
    }
}

/// The first Hangul syllable, and how many there are.
const SYLLABLE: u64 = 0xac00;
const SYLLABLES: u64 = 11_172;
/// The row of what is not known.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// All letter groups of a model: a table, and beside it the rows of single syllables in their
/// order, for every second question is for one of these.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) table: Table,
    syllables: Vec<u32>,
}

impl Known {
    /// Of mixed keys, one a row.
    pub(super) fn new(keys: &[u64]) -> Self {
        let mut table = Table::with_room(keys.len());
        for (row, key) in (0_u32..).zip(keys) {
            table.put(*key, row);
        }
        let row_of = |place| table.find(mix(SYLLABLE + place)).unwrap_or(UNKNOWN);
        let syllables = (0..SYLLABLES).map(row_of).collect();
        Self { table, syllables }
    }

    /// The row of a Hangul syllable, [`UNKNOWN`] where the model has none; nothing for other letters.
    #[inline]
    pub(super) fn syllable(&self, letter: u64) -> Option<u32> {
        self.syllables.get(letter.wrapping_sub(SYLLABLE) as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_and_nothing_else() {
        let mut table = Table::with_room(1000);
        for row in 0..1000_u32 {
            table.put(mix(u64::from(row) * 7919), row);
        }
        for row in 0..1000_u32 {
            assert_eq!(table.find(mix(u64::from(row) * 7919)), Some(row));
            assert_eq!(table.find(mix(u64::from(row) * 7919 + 1)), None);
        }
        assert!(table.is_full_at(1025) && !table.is_full_at(1024));
    }

    #[test]
    fn knows_syllables_by_their_place() {
        let known = Known::new(&[mix(0xac00), mix(1), mix(0xd7a3)]);
        assert_eq!(known.syllable(0xac00), Some(0));
        assert_eq!(known.syllable(0xd7a3), Some(2));
        assert_eq!(known.syllable(0xac01), Some(UNKNOWN));
        assert_eq!((known.syllable(1), known.syllable(0xd7a4)), (None, None));
        assert_eq!(known.table.find(mix(1)), Some(1));
    }
}
