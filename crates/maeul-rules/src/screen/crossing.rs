//! Steps that cross between a household and its persons: sums over members, the head's value, the household's value for
//! each person.
#![expect(
    clippy::indexing_slicing,
    reason = "steps and rows are bounded by the plan; checked access would halve the speed"
)]

use super::bits::Bits;
use super::lane::{Known, Lane, Nums, bits_of, full};
use super::step::{Made, Step};
use crate::compile::{Agg, N};

impl Step<'_, '_, '_> {
    /// The members of each household, one after the other.
    fn homes(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.machine.starts.windows(2).map(|ends| ends[0]..ends[1])
    }

    /// A household's value from those of its members.
    pub(super) fn members(&self, agg: Agg, a: N, mut out: Vec<i64>) -> Made {
        match agg {
            Agg::Any | Agg::All => return (self.any_or_all(agg, a), Some(out)),
            Agg::Count => {
                let (truth, known) = self.machine.truth(a);
                out.clear();
                let yes = |home| bits_of(&home, |at| truth.word(at)).count_ones();
                out.extend(self.homes().map(|home| i64::from(yes(home))));
                return (Lane::Num { values: out, known: self.all_known(known) }, None);
            }
            Agg::Sum | Agg::Max | Agg::Min => {}
        }
        let (values, known) = self.nums(a);
        out.clear();
        match (agg, values) {
            (Agg::Sum, Nums::Many(values)) => {
                out.extend(self.homes().map(|home| {
                    values[home].iter().fold(0, |sum: i64, &value| sum.wrapping_add(value))
                }));
            }
            (Agg::Max, Nums::Many(values)) => {
                out.extend(
                    self.homes().map(|home| values[home].iter().copied().max().unwrap_or(0)),
                );
            }
            (_, Nums::Many(values)) => {
                out.extend(
                    self.homes().map(|home| values[home].iter().copied().min().unwrap_or(0)),
                );
            }
            (Agg::Sum, Nums::One(value)) => {
                out.extend(
                    self.homes()
                        .map(|home| value.wrapping_mul(i64::try_from(home.len()).unwrap_or(0))),
                );
            }
            (_, Nums::One(value)) => out.resize(self.batch.households(), value),
        }
        (Lane::Num { values: out, known: self.all_known(known) }, None)
    }

    fn any_or_all(&self, agg: Agg, a: N) -> Lane {
        let (truth, known) = self.machine.truth(a);
        let homes = self.batch.households();
        let (mut value, mut is_known) = (Bits::filled(homes, false), Bits::filled(homes, true));
        for (at, home) in self.homes().enumerate() {
            let everyone = full(home.len());
            let known = bits_of(&home, |at| known.word(at));
            let yes = bits_of(&home, |at| truth.word(at)) & known;
            let no = known & !yes;
            let (decided, answer) =
                if agg == Agg::Any { (yes != 0, true) } else { (no != 0, false) };
            let open = known != everyone;
            if if decided { answer } else { !answer && !open } {
                value.set(at, true);
            }
            if !decided && open {
                is_known.set(at, false);
            }
        }
        Lane::Bool { value, known: (!is_known.all()).then_some(is_known) }
    }

    /// The households all of whose members are known; `None` where all are.
    fn all_known(&self, known: Known<'_>) -> Option<Bits> {
        if matches!(known, Known::All) {
            return None;
        }
        let mut all = Bits::filled(self.batch.households(), true);
        for (at, home) in self.homes().enumerate() {
            if bits_of(&home, |at| known.word(at)) != full(home.len()) {
                all.set(at, false);
            }
        }
        (!all.all()).then_some(all)
    }

    pub(super) fn gather(&self, a: N, mut out: Vec<i64>, head: bool) -> Made {
        if let Some(value) = self.constant(a) {
            return (Lane::Const(value), Some(out));
        }
        let (values, known) = self.nums(a);
        out.clear();
        match values {
            Nums::One(value) => out.resize(self.rows(), value),
            Nums::Many(values) if head => out.extend(self.homes().map(|home| values[home.start])),
            Nums::Many(values) => {
                out.extend(self.machine.owners.iter().map(|&owner| values[owner]))
            }
        }
        let known = match known {
            Known::All => None,
            known => Some(self.gather_bits(|row| known.get(row), head)).filter(|bits| !bits.all()),
        };
        (Lane::Num { values: out, known }, None)
    }

    pub(super) fn gather_truth(&self, a: N, head: bool) -> Lane {
        if let Some(value) = self.constant(a) {
            return Lane::Const(value);
        }
        let (truth, known) = self.machine.truth(a);
        let value = self.gather_bits(|row| truth.get(row), head);
        let known = match known {
            Known::All => None,
            known => Some(self.gather_bits(|row| known.get(row), head)).filter(|bits| !bits.all()),
        };
        Lane::Bool { value, known }
    }

    /// The bits of the heads by household, or of the households by person.
    fn gather_bits(&self, of: impl Fn(usize) -> bool, head: bool) -> Bits {
        let mut bits = Bits::default();
        let pack = |rows: &mut dyn Iterator<Item = bool>| {
            rows.enumerate().fold(0_u64, |word, (at, yes)| word | u64::from(yes) << at)
        };
        if head {
            let starts = &self.machine.starts[..self.batch.households()];
            bits.assign(
                starts.len(),
                starts.chunks(64).map(|part| pack(&mut part.iter().map(|&start| of(start)))),
            );
        } else {
            let owners = &self.machine.owners;
            bits.assign(
                owners.len(),
                owners.chunks(64).map(|part| pack(&mut part.iter().map(|&owner| of(owner)))),
            );
        }
        bits
    }
}
