//! Lists of words, asked very often whether one of them begins or ends at a place: a bitmap over
//! their first and last signs answers most of it.

use std::sync::OnceLock;

/// A list that knows which signs its words begin and end with.
pub(super) struct Words {
    /// The words, bars between.
    text: &'static str,
    table: OnceLock<Table>,
}

struct Table {
    words: Vec<&'static str>,
    first: Bitmap,
    last: Bitmap,
}

/// One bit for each value of a sign's lowest ten bits.
#[derive(Clone, Copy, Default)]
struct Bitmap([u64; 16]);

impl Bitmap {
    fn set(&mut self, sign: char) {
        let (word, bit) = Self::place(sign);
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    fn has(&self, sign: char) -> bool {
        let (word, bit) = Self::place(sign);
        self.0.get(word).is_some_and(|word| word >> bit & 1 == 1)
    }

    fn place(sign: char) -> (usize, u32) {
        let low = u32::from(sign.to_ascii_lowercase()) & 1023;
        (usize::try_from(low >> 6).unwrap_or(0), low & 63)
    }
}

impl Words {
    /// A list from words with bars between, in the order in which they are asked.
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, table: OnceLock::new() }
    }

    fn table(&self) -> &Table {
        self.table.get_or_init(|| {
            let words: Vec<&str> = self.text.split('|').collect();
            let (mut first, mut last) = (Bitmap::default(), Bitmap::default());
            for word in &words {
                word.chars().next().into_iter().for_each(|sign| first.set(sign));
                word.chars().next_back().into_iter().for_each(|sign| last.set(sign));
            }
            Table { words, first, last }
        })
    }
}

/// A list of words.
pub(super) trait WordList {
    /// The words.
    fn words(&self) -> &[&'static str];
    /// Whether a word may begin with a sign.
    fn may_begin(&self, sign: char) -> bool;
    /// Whether a word may end with a sign.
    fn may_end(&self, sign: char) -> bool;
}

impl WordList for Words {
    fn words(&self) -> &[&'static str] {
        &self.table().words
    }

    fn may_begin(&self, sign: char) -> bool {
        self.table().first.has(sign)
    }

    fn may_end(&self, sign: char) -> bool {
        self.table().last.has(sign)
    }
}

impl<const N: usize> WordList for [&'static str; N] {
    fn words(&self) -> &[&'static str] {
        self
    }

    fn may_begin(&self, _: char) -> bool {
        true
    }

    fn may_end(&self, _: char) -> bool {
        true
    }
}
