//! Chance that is the same every time: each made-up report has dice of its own, so that one more or
//! one less changes no other.

/// A die for one report (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The dice of the `index`-th report of an office.
    pub(crate) fn new(seed: u64, office: i32, index: usize) -> Self {
        let office = u64::from(office.unsigned_abs());
        let index = u64::try_from(index).unwrap_or(0);
        let mut dice = Self(seed ^ (office << 32) ^ index.wrapping_mul(0x2545_f491_4f6c_dd1d));
        dice.next();
        dice
    }

    /// The next 64 random bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of `0..n`; zero where there is nothing to choose.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(1).max(1);
        usize::try_from(self.next() % n).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.next() % span).unwrap_or(0)
    }

    /// True that often in a hundred.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// One of them.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// The place in `weights` that a throw falls on.
    pub(crate) fn weighted(&mut self, weights: &[i64]) -> usize {
        let mut throw = self.between(0, weights.iter().sum::<i64>() - 1);
        for (place, weight) in weights.iter().enumerate() {
            throw -= weight;
            if throw < 0 {
                return place;
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_throws_every_time() {
        let throws = |index| {
            let mut dice = Dice::new(7, 29140, index);
            [dice.below(100), dice.below(100), dice.below(100)]
        };
        assert_eq!(throws(3), throws(3));
        assert_ne!(throws(3), throws(4));
        let mut dice = Dice::new(7, 29140, 0);
        assert!((0..1_000).all(|_| (3..=5).contains(&dice.between(3, 5))));
        assert_eq!(dice.pick::<u8>(&[]), None);
        assert!((0..100).all(|_| dice.weighted(&[0, 1, 0]) == 1));
    }
}
