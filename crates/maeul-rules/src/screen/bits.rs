//! Rows of yes and no, 64 to a word. Bits past the last row are always 0, so that whole words may be counted.

/// One bit for each row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

/// The words needed for `len` rows.
const fn words(len: usize) -> usize {
    len.div_ceil(64)
}

impl Bits {
    /// `len` rows, all of them `set`.
    pub fn filled(len: usize, set: bool) -> Self {
        let mut bits = Self::default();
        bits.fill(len, set);
        bits
    }

    /// Becomes `len` rows, all of them `set`, keeping its memory.
    pub fn fill(&mut self, len: usize, set: bool) {
        self.words.clear();
        self.words.resize(words(len), if set { u64::MAX } else { 0 });
        self.len = len;
        self.trim();
    }

    /// The rows.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Are there no rows?
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Row `row`; false past the end.
    pub fn get(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Sets row `row`; nothing past the end.
    pub fn set(&mut self, row: usize, to: bool) {
        if row >= self.len {
            return;
        }
        if let Some(word) = self.words.get_mut(row / 64) {
            let bit = 1 << (row % 64);
            if to { *word |= bit } else { *word &= !bit }
        }
    }

    /// One more row.
    pub fn push(&mut self, set: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        self.len += 1;
        self.set(self.len - 1, set);
    }

    /// How many rows are set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| usize::try_from(word.count_ones()).unwrap_or(0)).sum()
    }

    /// Are all rows set?
    pub fn all(&self) -> bool {
        self.count() == self.len
    }

    /// The rows that are set, ascending.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let row = index * 64 + usize::try_from(left.trailing_zeros()).unwrap_or(0);
                    left &= left - 1;
                    row
                })
            })
        })
    }

    /// The words, the first row in the lowest bit of the first.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Becomes `len` rows made of these words.
    pub fn assign(&mut self, len: usize, words_of: impl Iterator<Item = u64>) {
        self.words.clear();
        self.words.extend(words_of.take(words(len)));
        self.words.resize(words(len), 0);
        self.len = len;
        self.trim();
    }

    fn trim(&mut self) {
        let over = self.len % 64;
        if over > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << over) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_set_counted_and_listed() {
        let mut bits = Bits::filled(130, false);
        for row in [0, 63, 64, 129, 500] {
            bits.set(row, true);
        }
        assert_eq!(bits.rows().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!((bits.count(), bits.len(), bits.get(129), bits.get(500)), (4, 130, true, false));
        assert_eq!(Bits::filled(130, true).count(), 130);
        assert!(Bits::filled(130, true).all());
        bits.push(true);
        assert!(bits.get(130));
        bits.assign(3, std::iter::once(u64::MAX));
        assert_eq!(bits.count(), 3);
    }
}
