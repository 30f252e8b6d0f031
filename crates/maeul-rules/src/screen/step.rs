//! One step of the graph for all rows of a batch.
#![expect(
    clippy::indexing_slicing,
    reason = "steps and rows are bounded by the plan; checked access would halve the speed"
)]

use super::batch::Batch;
use super::bits::Bits;
use super::lane::{Known, Lane, Nums, Truth, both, compare, map, mask, select, zip};
use super::vector::Machine;
use crate::compile::{Compare, Level, N, Node, Op, Rounding};
use crate::eval::{choose, days, divide, months, plus_years, years};
use crate::registry::FactId;
use crate::value::Type;

/// [`divide`], in 64 bits where the products fit: a division in 128 bits takes ten times as long. 0 where there is no
/// result, which is so only in rows that are not known.
fn rounded(a: i64, b: i64, up: i64, down: i64, step: i64, mode: Rounding) -> i64 {
    let (Some(top), Some(bottom)) = (a.checked_mul(up), b.checked_mul(down)) else {
        return divide(a, b, up, down, step, mode).unwrap_or(0);
    };
    // Half of the range is kept free for the rounding itself.
    if bottom <= 0 || bottom > i64::MAX / 4 || top.unsigned_abs() > i64::MAX.unsigned_abs() / 4 {
        return divide(a, b, up, down, step, mode).unwrap_or(0);
    }
    let whole = match mode {
        Rounding::Floor => top.div_euclid(bottom),
        Rounding::Ceil => -(-top).div_euclid(bottom),
        Rounding::Round if top < 0 => -((bottom - 2 * top) / (2 * bottom)),
        Rounding::Round => (2 * top + bottom) / (2 * bottom),
    };
    whole.wrapping_mul(step)
}

/// One step over one batch.
pub(super) struct Step<'m, 'p, 'b> {
    pub(super) machine: &'m Machine<'p>,
    pub(super) batch: &'b Batch,
    pub(super) node: &'b Node,
}

/// What a step made, and the buffer if it did not need it.
pub(super) type Made = (Lane, Option<Vec<i64>>);

impl Step<'_, '_, '_> {
    pub(super) fn rows(&self) -> usize {
        match self.node.level {
            Level::Person => self.batch.persons(),
            _ => self.batch.households(),
        }
    }

    pub(super) fn constant(&self, n: N) -> Option<Option<i64>> {
        match self.machine.lanes[n] {
            Lane::Const(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn nums(&self, n: N) -> (Nums<'_>, Known<'_>) {
        self.machine.nums(self.batch, n)
    }

    pub(super) fn run(&self, out: Vec<i64>) -> Made {
        let truth = self.node.ty == Type::Bool;
        if let Op::If(c, a, b) = self.node.op
            && let (Some(c), Some(a), Some(b)) =
                (self.constant(c), self.constant(a), self.constant(b))
        {
            return (Lane::Const(choose(c, a, b)), Some(out));
        }
        match self.node.op {
            Op::Const(value) => (Lane::Const(Some(value)), Some(out)),
            Op::Fact(fact) => (self.fact(fact), Some(out)),
            Op::Given(fact, other) => match self.machine.plan.column_of(fact) {
                None => self.copy(other, out),
                Some(column) if truth => (self.given_truth(column, other), Some(out)),
                Some(column) => self.given(column, other, out),
            },
            Op::Not(a) => (self.not(a), Some(out)),
            Op::And(a, b) => (self.join(a, b, true), Some(out)),
            Op::Or(a, b) => (self.join(a, b, false), Some(out)),
            Op::Compare(how, a, b) => (self.compare(how, a, b), Some(out)),
            Op::Add(a, b) => self.two(a, b, out, i64::wrapping_add),
            Op::Sub(a, b) => self.two(a, b, out, i64::wrapping_sub),
            Op::Mul(a, b) => self.two(a, b, out, i64::wrapping_mul),
            Op::Neg(a) => self.one(a, out, i64::wrapping_neg),
            Op::Times(a, factor) => self.one(a, out, |a| a.wrapping_mul(factor)),
            Op::Divide { a, b: None, up, down, step, mode } => {
                self.one(a, out, |a| rounded(a, 1, up, down, step, mode))
            }
            Op::Divide { a, b: Some(b), up, down, step, mode } => {
                // Only where a divisor is not known can it be 0 here.
                self.two(a, b, out, |a, b| rounded(a, b, up, down, step, mode))
            }
            Op::Min(a, b) => self.two(a, b, out, i64::min),
            Op::Max(a, b) => self.two(a, b, out, i64::max),
            Op::If(c, a, b) if truth => (self.if_truth(c, a, b), Some(out)),
            Op::If(c, a, b) => self.if_num(c, a, b, out),
            Op::Look(table, at) => self.look(table, at, out),
            Op::Years(a, b) => self.two(a, b, out, years),
            Op::Months(a, b) => self.two(a, b, out, months),
            Op::Days(a, b) => self.two(a, b, out, days),
            Op::PlusYears(a, b) => self.two(a, b, out, plus_years),
            Op::Members(agg, a) => self.members(agg, a, out),
            Op::Head(a) if truth => (self.gather_truth(a, true), Some(out)),
            Op::Spread(a) if truth => (self.gather_truth(a, false), Some(out)),
            Op::Head(a) => self.gather(a, out, true),
            Op::Spread(a) => self.gather(a, out, false),
        }
    }

    fn fact(&self, fact: FactId) -> Lane {
        let Some(column) = self.machine.plan.column_of(fact) else { return Lane::Const(None) };
        if self.node.ty == Type::Bool { self.truth_of_column(column) } else { Lane::Column(column) }
    }

    fn truth_of_column(&self, column: usize) -> Lane {
        let column = &self.batch.columns[column];
        let mut value =
            compare(column.len(), Nums::Many(&column.values), Nums::One(0), |a, b| a != b);
        let known = (!column.known.all()).then(|| column.known.clone());
        mask(&mut value, known.as_ref());
        Lane::Bool { value, known }
    }

    fn given_truth(&self, column: usize, other: N) -> Lane {
        let rows = self.rows();
        let lane = self.truth_of_column(column);
        let Lane::Bool { value, known: Some(known) } = &lane else { return lane };
        let (truth, is_known) = self.machine.truth(other);
        let mut out = (Bits::default(), Bits::default());
        let words = 0..rows.div_ceil(64);
        out.0.assign(
            rows,
            words.clone().map(|at| {
                value.words()[at] | (truth.word(at) & is_known.word(at) & !known.words()[at])
            }),
        );
        out.1.assign(rows, words.map(|at| known.words()[at] | is_known.word(at)));
        Lane::Bool { value: out.0, known: Some(out.1) }
    }

    fn given(&self, column: usize, other: N, mut out: Vec<i64>) -> Made {
        let column_at = column;
        let column = &self.batch.columns[column];
        if column.known.all() {
            return (Lane::Column(column_at), Some(out));
        }
        let rows = self.rows();
        let (values, is_known) = self.nums(other);
        select(rows, &mut out, Truth::Many(&column.known), Nums::Many(&column.values), values);
        let mut known = Bits::default();
        known.assign(
            rows,
            (0..rows.div_ceil(64)).map(|at| column.known.words()[at] | is_known.word(at)),
        );
        (Lane::Num { values: out, known: Some(known) }, None)
    }

    /// The same as another step of this level.
    fn copy(&self, other: N, mut out: Vec<i64>) -> Made {
        match &self.machine.lanes[other] {
            Lane::Num { values, known } => {
                out.clear();
                out.extend_from_slice(values);
                (Lane::Num { values: out, known: known.clone() }, None)
            }
            other => (other.clone(), Some(out)),
        }
    }

    fn one(&self, a: N, mut out: Vec<i64>, f: impl Fn(i64) -> i64) -> Made {
        if let Some(a) = self.constant(a) {
            return (Lane::Const(a.map(f)), Some(out));
        }
        let rows = self.rows();
        let (values, known) = self.nums(a);
        map(rows, &mut out, values, f);
        (Lane::Num { values: out, known: both(rows, known, Known::All) }, None)
    }

    fn two(&self, a: N, b: N, mut out: Vec<i64>, f: impl Fn(i64, i64) -> i64) -> Made {
        match (self.constant(a), self.constant(b)) {
            (Some(None), _) | (_, Some(None)) => return (Lane::Const(None), Some(out)),
            (Some(Some(a)), Some(Some(b))) => return (Lane::Const(Some(f(a, b))), Some(out)),
            _ => {}
        }
        let rows = self.rows();
        let ((a, known_a), (b, known_b)) = (self.nums(a), self.nums(b));
        zip(rows, &mut out, a, b, f);
        (Lane::Num { values: out, known: both(rows, known_a, known_b) }, None)
    }

    fn not(&self, a: N) -> Lane {
        if let Some(a) = self.constant(a) {
            return Lane::Const(a.map(|a| i64::from(a == 0)));
        }
        let rows = self.rows();
        let (truth, known) = self.machine.truth(a);
        let mut value = Bits::default();
        value.assign(rows, (0..rows.div_ceil(64)).map(|at| !truth.word(at) & known.word(at)));
        Lane::Bool { value, known: both(rows, known, Known::All) }
    }

    /// And, or or: one that is decisive (false, or true) decides even beside one that is not known.
    fn join(&self, a: N, b: N, and: bool) -> Lane {
        match (self.constant(a), self.constant(b)) {
            (Some(a), Some(b)) => {
                let decisive = Some(i64::from(!and));
                return Lane::Const(match (a, b) {
                    _ if a == decisive || b == decisive => decisive,
                    (Some(_), Some(_)) => Some(i64::from(and)),
                    _ => None,
                });
            }
            (Some(Some(one)), None) if (one == 0) == and => {
                return Lane::Const(Some(i64::from(!and)));
            }
            (None, Some(Some(one))) if (one == 0) == and => {
                return Lane::Const(Some(i64::from(!and)));
            }
            _ => {}
        }
        let rows = self.rows();
        let ((a, known_a), (b, known_b)) = (self.machine.truth(a), self.machine.truth(b));
        let words = 0..rows.div_ceil(64);
        let mut value = Bits::default();
        value.assign(
            rows,
            words.clone().map(|at| {
                let (a, b) = (a.word(at) & known_a.word(at), b.word(at) & known_b.word(at));
                if and { a & b } else { a | b }
            }),
        );
        if matches!((known_a, known_b), (Known::All, Known::All)) {
            return Lane::Bool { value, known: None };
        }
        let mut known = Bits::default();
        known.assign(
            rows,
            words.map(|at| {
                let (ka, kb) = (known_a.word(at), known_b.word(at));
                let (a, b) =
                    if and { (!a.word(at), !b.word(at)) } else { (a.word(at), b.word(at)) };
                (ka & kb) | (ka & a) | (kb & b)
            }),
        );
        Lane::Bool { value, known: Some(known) }
    }

    fn compare(&self, how: Compare, a: N, b: N) -> Lane {
        if self.machine.plan.compiled().nodes[a].ty == Type::Bool {
            return self.same_truth(a, b, how == Compare::Eq);
        }
        let holds = |a: i64, b: i64| match how {
            Compare::Eq => a == b,
            Compare::Ne => a != b,
            Compare::Lt => a < b,
            Compare::Le => a <= b,
            Compare::Gt => a > b,
            Compare::Ge => a >= b,
        };
        match (self.constant(a), self.constant(b)) {
            (Some(None), _) | (_, Some(None)) => return Lane::Const(None),
            (Some(Some(a)), Some(Some(b))) => return Lane::Const(Some(i64::from(holds(a, b)))),
            _ => {}
        }
        let rows = self.rows();
        let ((a, known_a), (b, known_b)) = (self.nums(a), self.nums(b));
        // One loop for each comparison, chosen outside of it.
        let mut value = match how {
            Compare::Eq => compare(rows, a, b, |a, b| a == b),
            Compare::Ne => compare(rows, a, b, |a, b| a != b),
            Compare::Lt => compare(rows, a, b, |a, b| a < b),
            Compare::Le => compare(rows, a, b, |a, b| a <= b),
            Compare::Gt => compare(rows, a, b, |a, b| a > b),
            Compare::Ge => compare(rows, a, b, |a, b| a >= b),
        };
        let known = both(rows, known_a, known_b);
        mask(&mut value, known.as_ref());
        Lane::Bool { value, known }
    }

    fn same_truth(&self, a: N, b: N, equal: bool) -> Lane {
        match (self.constant(a), self.constant(b)) {
            (Some(None), _) | (_, Some(None)) => return Lane::Const(None),
            (Some(Some(a)), Some(Some(b))) => {
                return Lane::Const(Some(i64::from((a == b) == equal)));
            }
            _ => {}
        }
        let rows = self.rows();
        let ((a, known_a), (b, known_b)) = (self.machine.truth(a), self.machine.truth(b));
        let mut value = Bits::default();
        value.assign(
            rows,
            (0..rows.div_ceil(64)).map(|at| {
                let differ = a.word(at) ^ b.word(at);
                (if equal { !differ } else { differ }) & known_a.word(at) & known_b.word(at)
            }),
        );
        Lane::Bool { value, known: both(rows, known_a, known_b) }
    }

    fn if_num(&self, c: N, a: N, b: N, mut out: Vec<i64>) -> Made {
        match self.constant(c) {
            Some(Some(c)) if self.is_level(if c != 0 { a } else { b }) => {
                return self.copy(if c != 0 { a } else { b }, out);
            }
            _ => {}
        }
        let rows = self.rows();
        let (truth, known_c) = self.machine.truth(c);
        let ((a, known_a), (b, known_b)) = (self.nums(a), self.nums(b));
        select(rows, &mut out, truth, a, b);
        if let (Known::All, Known::All, Known::All) = (known_c, known_a, known_b) {
            return (Lane::Num { values: out, known: None }, None);
        }
        // Where the condition is not known both must be known and equal.
        let open = !matches!(known_c, Known::All);
        let same = if open { compare(rows, a, b, |a, b| a == b) } else { Bits::default() };
        let mut known = Bits::default();
        known.assign(
            rows,
            (0..rows.div_ceil(64)).map(|at| {
                let (c, kc, ka, kb) =
                    (truth.word(at), known_c.word(at), known_a.word(at), known_b.word(at));
                let equal = if open { same.words()[at.min(same.words().len() - 1)] } else { 0 };
                (kc & c & ka) | (kc & !c & kb) | (!kc & ka & kb & equal)
            }),
        );
        (Lane::Num { values: out, known: Some(known) }, None)
    }

    /// Has a step a row for each row of this one (or one for all)?
    fn is_level(&self, n: N) -> bool {
        let level = self.machine.plan.compiled().nodes[n].level;
        level == self.node.level || level == Level::Const
    }

    fn if_truth(&self, c: N, a: N, b: N) -> Lane {
        let rows = self.rows();
        let (c, known_c) = self.machine.truth(c);
        let ((a, known_a), (b, known_b)) = (self.machine.truth(a), self.machine.truth(b));
        let word = |at: usize| {
            let (c, kc) = (c.word(at), known_c.word(at));
            let (a, ka, b, kb) = (a.word(at), known_a.word(at), b.word(at), known_b.word(at));
            let known = (kc & c & ka) | (kc & !c & kb) | (!kc & ka & kb & !(a ^ b));
            let value = (kc & c & a) | (kc & !c & b) | (!kc & a & b);
            (value & known, known)
        };
        let words = 0..rows.div_ceil(64);
        let (mut value, mut known) = (Bits::default(), Bits::default());
        value.assign(rows, words.clone().map(|at| word(at).0));
        known.assign(rows, words.map(|at| word(at).1));
        Lane::Bool { value, known: Some(known) }
    }

    fn look(&self, table: usize, at: [Option<N>; 2], mut out: Vec<i64>) -> Made {
        let table = &self.machine.plan.compiled().tables[table];
        let at: Vec<N> = at.into_iter().flatten().collect();
        let constants: Option<Vec<Option<i64>>> = at.iter().map(|&n| self.constant(n)).collect();
        if let Some(constants) = constants {
            let places: Option<Vec<i64>> = constants.into_iter().collect();
            return (Lane::Const(places.and_then(|places| table.look_up(&places))), Some(out));
        }
        let rows = self.rows();
        let lanes: Vec<(Nums<'_>, Known<'_>)> = at.iter().map(|&n| self.nums(n)).collect();
        let mut known = Bits::filled(rows, true);
        out.clear();
        // Most tables are asked by one whole number that is known: small ones are answered from a list.
        if let [(Nums::Many(values), Known::All)] = lanes.as_slice() {
            let answers: Vec<Option<i64>> = (0..32).map(|place| table.look_up(&[place])).collect();
            for (row, &value) in values.iter().enumerate() {
                let kept = usize::try_from(value).ok().and_then(|place| answers.get(place));
                let found = kept.copied().unwrap_or_else(|| table.look_up(&[value]));
                out.push(found.unwrap_or(0));
                if found.is_none() {
                    known.set(row, false);
                }
            }
            let known = (!known.all()).then_some(known);
            return (Lane::Num { values: out, known }, None);
        }
        let mut places = [0; 2];
        // Neighbouring rows often ask for the same place: the last answer is kept.
        let mut last: Option<([i64; 2], Option<i64>)> = None;
        for row in 0..rows {
            let mut is_known = true;
            for (place, (values, lane_known)) in places.iter_mut().zip(&lanes) {
                *place = values.get(row);
                is_known &= lane_known.get(row);
            }
            let found = match last {
                _ if !is_known => None,
                Some((before, answer)) if before == places => answer,
                _ => {
                    let answer = table.look_up(&places[..lanes.len()]);
                    last = Some((places, answer));
                    answer
                }
            };
            out.push(found.unwrap_or(0));
            if found.is_none() {
                known.set(row, false);
            }
        }
        let known = (!known.all()).then_some(known);
        (Lane::Num { values: out, known }, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounding_in_64_bits_is_rounding_in_128(
            a in -1_000_000_000_000_i64..1_000_000_000_000,
            b in prop_oneof![1_i64..100, Just(0), -50_i64..0, 1_i64 << 60..i64::MAX],
            up in prop_oneof![Just(1_i64), Just(100), Just(10_000)],
            down in prop_oneof![Just(1_i64), Just(10), Just(10_000)],
            step in prop_oneof![Just(1_i64), Just(10)],
            mode in prop_oneof![Just(Rounding::Floor), Just(Rounding::Ceil), Just(Rounding::Round)],
        ) {
            prop_assert_eq!(rounded(a, b, up, down, step, mode), divide(a, b, up, down, step, mode).unwrap_or(0));
        }
    }
}
