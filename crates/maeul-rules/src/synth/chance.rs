//! Chance that is the same on every machine and in every version: a small generator of our own, and draws from tables
//! in whole numbers.

/// A seeded source of draws (SplitMix64). Its sequence is fixed here and does not change with a dependency's version.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The sequence of `seed` for one `part` of the work (a 동): parts do not depend on each other's order.
    pub const fn new(seed: u64, part: u64) -> Self {
        let mut chance = Self(seed ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        chance.draw();
        chance
    }

    /// 64 random bits.
    pub const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; 0 for a bound of 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        // The high half of the product: no division, and even to within 2^-32 for the bounds used here.
        ((self.draw() >> 32).wrapping_mul(bound)) >> 32
    }

    /// True `per_mille` times in a thousand.
    pub const fn per_mille(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// An index drawn by `weights`; 0 when they are all zero.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// An amount drawn from a quantile table: pairs of (per mille of the people, amount), straight between two rows.
    /// Rounded down to a multiple of `step`.
    pub fn quantile(&mut self, table: &[(i64, i64)], step: i64) -> i64 {
        let at = i64::try_from(self.below(1000)).unwrap_or(0);
        let fine = i64::try_from(self.below(1000)).unwrap_or(0);
        let mut before = table.first().copied().unwrap_or((0, 0));
        for &(rank, amount) in table {
            if rank > at {
                let width = (rank - before.0).max(1) * 1000;
                let way = (at - before.0) * 1000 + fine;
                let value = before.1 + (amount - before.1) * way / width;
                return value - value.rem_euclid(step.max(1));
            }
            before = (rank, amount);
        }
        before.1 - before.1.rem_euclid(step.max(1))
    }

    /// The items in random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let bound = u64::try_from(last).unwrap_or(0) + 1;
            items.swap(last, usize::try_from(self.below(bound)).unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_fixed_for_all_time() {
        let mut chance = Chance::new(1, 2_914_057_500);
        let drawn: Vec<u64> = (0..4).map(|_| chance.below(1_000_000)).collect();
        assert_eq!(drawn, [65_084, 437_127, 282_002, 440_963]);
    }

    #[test]
    fn a_quantile_table_is_met() {
        let table = [(0, 0), (500, 1_000_000), (1000, 5_000_000)];
        let mut chance = Chance::new(7, 0);
        let mut drawn: Vec<i64> = (0..20_000).map(|_| chance.quantile(&table, 10_000)).collect();
        drawn.sort_unstable();
        assert!((900_000..1_100_000).contains(&drawn[10_000]), "{}", drawn[10_000]);
        assert!(drawn.iter().all(|value| (0..=5_000_000).contains(value) && value % 10_000 == 0));
    }

    #[test]
    fn weights_and_shuffles_keep_their_proportions() {
        let mut chance = Chance::new(3, 3);
        let hits = (0..10_000).filter(|_| chance.weighted(&[1, 3, 0]) == 1).count();
        assert!((7_300..7_700).contains(&hits), "{hits}");
        let mut items: Vec<u32> = (0..100).collect();
        chance.shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
