//! One household: every step of a compiled graph, in three values.

use crate::compile::{Agg, Compare, Compiled, Level, N, Node, Op, Rounding};
use crate::household::Household;
use crate::registry::Entity;
use crate::table::Table;
use crate::value::{day_number, last_day};

/// A value, or unknown.
pub type Known = Option<i64>;

/// And of three values.
pub const fn and(a: Known, b: Known) -> Known {
    match (a, b) {
        (Some(0), _) | (_, Some(0)) => Some(0),
        (Some(_), Some(_)) => Some(1),
        _ => None,
    }
}

/// Or of three values.
pub const fn or(a: Known, b: Known) -> Known {
    match (a, b) {
        (Some(a), _) if a != 0 => Some(1),
        (_, Some(b)) if b != 0 => Some(1),
        (Some(_), Some(_)) => Some(0),
        _ => None,
    }
}

/// Not of three values.
pub const fn not(a: Known) -> Known {
    match a {
        Some(a) => Some((a == 0) as i64),
        None => None,
    }
}

/// A comparison of two known values.
pub const fn compare(compare: Compare, a: i64, b: i64) -> i64 {
    (match compare {
        Compare::Eq => a == b,
        Compare::Ne => a != b,
        Compare::Lt => a < b,
        Compare::Le => a <= b,
        Compare::Gt => a > b,
        Compare::Ge => a >= b,
    }) as i64
}

/// A choice of three values.
pub fn choose(condition: Known, yes: Known, no: Known) -> Known {
    match condition {
        Some(0) => no,
        Some(_) => yes,
        None if yes == no => yes,
        None => None,
    }
}

/// `round(a · up / (b · down)) · step`. A divisor of 0 cannot occur in a checked rule: unknown.
pub fn divide(a: i64, b: i64, up: i64, down: i64, step: i64, mode: Rounding) -> Known {
    let (mut top, mut bottom) = (i128::from(a) * i128::from(up), i128::from(b) * i128::from(down));
    if bottom < 0 {
        (top, bottom) = (-top, -bottom);
    }
    if bottom == 0 {
        return None;
    }
    let whole = match mode {
        Rounding::Floor => top.div_euclid(bottom),
        Rounding::Ceil => -(-top).div_euclid(bottom),
        Rounding::Round => {
            let size = (top.abs() * 2 + bottom) / (bottom * 2);
            if top < 0 { -size } else { size }
        }
    };
    i64::try_from(whole).ok()?.checked_mul(step)
}

/// Full years between two dates (yyyymmdd): 29 February is reached on 1 March of a common year.
pub const fn years(from: i64, to: i64) -> i64 {
    (to - from).div_euclid(10_000)
}

/// Full months between two dates, by the day of the month.
pub const fn months(from: i64, to: i64) -> i64 {
    let months = (to / 10_000 - from / 10_000) * 12 + to / 100 % 100 - from / 100 % 100;
    months - (to % 100 < from % 100) as i64
}

/// Days between two dates.
pub const fn days(from: i64, to: i64) -> i64 {
    day_number(to) - day_number(from)
}

/// The date that many years later; where it does not exist, the last day of the month.
pub const fn plus_years(from: i64, years: i64) -> i64 {
    let date = from + years * 10_000;
    if date % 10_000 == 229 && last_day(date / 10_000, 2) == 28 { date - 1 } else { date }
}

/// A table at one or two known places.
pub fn look(table: &Table, a: Known, b: Known) -> Known {
    match (a, b) {
        (Some(a), Some(b)) => table.look_up(&[a, b]),
        (Some(a), None) => table.look_up(&[a]),
        _ => table.look_up(&[]),
    }
}

/// All members' values as one.
pub fn aggregate(agg: Agg, values: impl Iterator<Item = Known>) -> Known {
    let mut values = values;
    match agg {
        Agg::Any => values.fold(Some(0), or),
        Agg::All => values.fold(Some(1), and),
        Agg::Count => values.try_fold(0, |sofar, value| Some(sofar + i64::from(value? != 0))),
        Agg::Sum => values.try_fold(0_i64, |sofar, value| sofar.checked_add(value?)),
        Agg::Max => values.try_fold(i64::MIN, |sofar, value| Some(sofar.max(value?))),
        Agg::Min => values.try_fold(i64::MAX, |sofar, value| Some(sofar.min(value?))),
    }
}

/// The values of all steps for one household; the memory is used again for the next.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// Per step: constant and household values first, then one row for each member.
    rows: Vec<Vec<Known>>,
}

impl Values {
    /// A household's or constant step.
    pub fn household(&self, n: N) -> Known {
        self.rows.first()?.get(n).copied()?
    }

    /// A step for a member; a household's or constant step is the same for each.
    pub fn person(&self, node: &Node, n: N, member: usize) -> Known {
        let row = if node.level == Level::Person { member + 1 } else { 0 };
        self.rows.get(row)?.get(n).copied()?
    }

    /// A step for a member, or for the household where no member is asked for.
    pub fn at(&self, compiled: &Compiled, n: N, member: Option<usize>) -> Known {
        let node = compiled.nodes.get(n)?;
        match member {
            Some(member) => self.person(node, n, member),
            None => self.household(n),
        }
    }

    /// Runs every step.
    pub fn run(&mut self, compiled: &Compiled, household: &Household) {
        self.steps(compiled, household, 0..compiled.nodes.len());
    }

    /// Runs these steps only, ascending, with all they need: [`crate::compile::CompiledProgramme::steps`].
    pub fn run_steps(&mut self, compiled: &Compiled, household: &Household, steps: &[N]) {
        self.steps(compiled, household, steps.iter().copied());
    }

    fn steps(
        &mut self,
        compiled: &Compiled,
        household: &Household,
        steps: impl Iterator<Item = N>,
    ) {
        self.rows.resize_with(household.members.len() + 1, Vec::new);
        for row in &mut self.rows {
            row.clear();
            row.resize(compiled.nodes.len(), None);
        }
        for n in steps {
            let Some(node) = compiled.nodes.get(n) else { continue };
            match node.level {
                Level::Person => {
                    for member in 0..household.members.len() {
                        let value = self.step(compiled, household, node.op, Some(member));
                        self.put(member + 1, n, value);
                    }
                }
                Level::Household | Level::Const => {
                    let value = self.step(compiled, household, node.op, None);
                    self.put(0, n, value);
                }
            }
        }
    }

    fn put(&mut self, row: usize, n: N, value: Known) {
        if let Some(cell) = self.rows.get_mut(row).and_then(|row| row.get_mut(n)) {
            *cell = value;
        }
    }

    fn step(
        &self,
        compiled: &Compiled,
        household: &Household,
        op: Op,
        member: Option<usize>,
    ) -> Known {
        let of = |n: N| self.at(compiled, n, member);
        match op {
            Op::Const(value) => Some(value),
            Op::Fact(id) => {
                let def = compiled.registry.def(id)?;
                match (def.entity, member) {
                    (Entity::Household, _) => household.facts.get(def.slot).copied()?,
                    (Entity::Person, Some(member)) => {
                        household.members.get(member)?.facts.get(def.slot).copied()?
                    }
                    (Entity::Person, None) => None,
                }
            }
            Op::Given(id, n) => {
                self.step(compiled, household, Op::Fact(id), member).or_else(|| of(n))
            }
            Op::Not(a) => not(of(a)),
            Op::And(a, b) => and(of(a), of(b)),
            Op::Or(a, b) => or(of(a), of(b)),
            Op::Compare(sign, a, b) => Some(compare(sign, of(a)?, of(b)?)),
            Op::Add(a, b) => of(a)?.checked_add(of(b)?),
            Op::Sub(a, b) => of(a)?.checked_sub(of(b)?),
            Op::Mul(a, b) => of(a)?.checked_mul(of(b)?),
            Op::Neg(a) => of(a)?.checked_neg(),
            Op::Times(a, factor) => of(a)?.checked_mul(factor),
            Op::Divide { a, b, up, down, step, mode } => {
                divide(of(a)?, b.map_or(Some(1), of)?, up, down, step, mode)
            }
            Op::Min(a, b) => Some(of(a)?.min(of(b)?)),
            Op::Max(a, b) => Some(of(a)?.max(of(b)?)),
            Op::If(condition, yes, no) => choose(of(condition), of(yes), of(no)),
            Op::Look(table, [a, b]) => {
                let table = compiled.tables.get(table)?;
                match (a, b) {
                    (Some(a), Some(b)) => look(table, Some(of(a)?), Some(of(b)?)),
                    (Some(a), None) => look(table, Some(of(a)?), None),
                    _ => look(table, None, None),
                }
            }
            Op::Years(a, b) => Some(years(of(a)?, of(b)?)),
            Op::Months(a, b) => Some(months(of(a)?, of(b)?)),
            Op::Days(a, b) => Some(days(of(a)?, of(b)?)),
            Op::PlusYears(a, b) => Some(plus_years(of(a)?, of(b)?)),
            Op::Members(agg, n) => aggregate(
                agg,
                (0..household.members.len()).map(|member| self.at(compiled, n, Some(member))),
            ),
            Op::Head(n) => self.at(compiled, n, Some(household.head)),
            Op::Spread(n) => self.household(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Known; 3] = [Some(0), Some(1), None];

    /// What is left open when a value is unknown: both worlds.
    fn worlds(a: Known) -> Vec<i64> {
        a.map_or_else(|| vec![0, 1], |a| vec![a])
    }

    fn of_worlds(values: &[i64]) -> Known {
        values.iter().all(|value| *value == values[0]).then_some(values[0])
    }

    #[test]
    fn and_or_not_say_what_all_completions_agree_on() {
        for a in ALL {
            assert_eq!(not(not(a)), a);
            for b in ALL {
                let mut both = vec![];
                let mut either = vec![];
                for x in worlds(a) {
                    for y in worlds(b) {
                        both.push(x & y);
                        either.push(x | y);
                    }
                }
                assert_eq!(and(a, b), of_worlds(&both), "{a:?} and {b:?}");
                assert_eq!(or(a, b), of_worlds(&either), "{a:?} or {b:?}");
                assert_eq!(and(a, b), and(b, a));
                assert_eq!(not(and(a, b)), or(not(a), not(b)));
                for c in ALL {
                    assert_eq!(and(a, and(b, c)), and(and(a, b), c));
                    assert_eq!(and(a, or(b, c)), or(and(a, b), and(a, c)));
                    assert_eq!(choose(c, a, a), a);
                }
            }
        }
    }

    #[test]
    fn rounding_is_exact_on_both_sides_of_zero() {
        let all = |top, bottom| {
            [Rounding::Floor, Rounding::Ceil, Rounding::Round]
                .map(|mode| divide(top, bottom, 1, 1, 10, mode).unwrap())
        };
        assert_eq!(all(25, 10), [20, 30, 30]);
        assert_eq!(all(-25, 10), [-30, -20, -30]);
        assert_eq!(all(25, -10), [-30, -20, -30]);
        assert_eq!(all(24, 10), [20, 30, 20]);
        assert_eq!(all(20, 10), [20, 20, 20]);
        assert_eq!(divide(1, 0, 1, 1, 1, Rounding::Floor), None);
    }

    #[test]
    fn birthdays_count_on_the_day() {
        assert_eq!(years(19_610_302, 20_260_301), 64);
        assert_eq!(years(19_610_302, 20_260_302), 65);
        assert_eq!(years(20_000_229, 20_230_228), 22);
        assert_eq!(years(20_000_229, 20_230_301), 23);
        assert_eq!(years(20_260_302, 20_260_301), -1);
        assert_eq!(months(20_260_131, 20_260_228), 0);
        assert_eq!(months(20_250_615, 20_260_614), 11);
        assert_eq!(days(20_240_228, 20_240_301), 2);
        assert_eq!(plus_years(20_240_229, 1), 20_250_228);
        assert_eq!(plus_years(20_240_229, 4), 20_280_229);
    }
}
