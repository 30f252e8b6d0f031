//! Whether a missing fact could matter: two ways to fill in everything missing are looked for that
//! differ in this fact alone and give different answers. A pair that is found is proof.

use crate::answer::{Lacking, Outcome};
use crate::compile::{Compiled, CompiledProgramme, N, Op};
use crate::eval::Values;
use crate::household::Household;
use crate::registry::{FactDef, FactId};
use crate::value::{Type, date};

/// Whether a missing fact could matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Two values of the fact that give different answers, all else being equal.
    Yes {
        /// One value, and what the answer then is.
        one: (i64, Outcome),
        /// Another value, and what the answer then is.
        other: (i64, Outcome),
    },
    /// Every way to fill in what is missing was tried: it does not matter by itself.
    No,
    /// None was found; not every way could be tried.
    NotFound,
}

/// How many ways are tried at most.
const MOST: usize = 2_000;
/// How many values of one fact are tried at most.
const VALUES: usize = 16;

struct Gap {
    fact: FactId,
    member: Option<usize>,
    values: Vec<i64>,
    /// The values are all there are.
    all: bool,
}

/// For each missing item whether it could matter to the outcome. A missing parameter is never
/// guessed: `NotFound`.
pub fn could_matter(
    compiled: &Compiled,
    programme: &CompiledProgramme,
    household: &Household,
    member: Option<usize>,
    missing: &[Lacking],
) -> Vec<Matter> {
    let mut search = Search {
        compiled,
        programme,
        household: household.clone(),
        member,
        values: Values::default(),
        tried: 0,
    };
    let gaps: Vec<Gap> = missing
        .iter()
        .filter_map(|lacking| match lacking {
            Lacking::Fact(fact, member) => search.gap(*fact, *member),
            Lacking::Parameter(_) => None,
        })
        .collect();
    let ways = gaps.iter().try_fold(1_usize, |ways, gap| ways.checked_mul(gap.values.len()));
    let every = ways.filter(|ways| ways.saturating_mul(gaps.len()) <= MOST);
    let whole = every.is_some() && gaps.iter().all(|gap| gap.all) && gaps.len() == missing.len();
    let mut found: Vec<Option<Matter>> = vec![None; gaps.len()];
    // Either every way, or ways spread evenly by a fixed step through their huge number.
    for way in 0..every.unwrap_or(MOST) {
        if search.tried >= MOST && every.is_none() || found.iter().all(Option::is_some) {
            break;
        }
        let mut rest = match every {
            Some(_) => way,
            None => way.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17),
        };
        for gap in &gaps {
            let pick = rest % gap.values.len().max(1);
            rest = if every.is_some() {
                rest / gap.values.len().max(1)
            } else {
                rest.rotate_right(7).wrapping_mul(31)
            };
            search.set(gap.fact, gap.member, gap.values.get(pick).copied());
        }
        for (gap, found) in gaps.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            *found = search.vary(gap);
        }
    }
    let mut found = found.into_iter();
    missing
        .iter()
        .map(|lacking| match lacking {
            Lacking::Fact(..) => {
                found.next().flatten().unwrap_or(if whole { Matter::No } else { Matter::NotFound })
            }
            Lacking::Parameter(_) => Matter::NotFound,
        })
        .collect()
}

struct Search<'a> {
    compiled: &'a Compiled,
    programme: &'a CompiledProgramme,
    household: Household,
    member: Option<usize>,
    values: Values,
    tried: usize,
}

impl Search<'_> {
    fn def(&self, fact: FactId) -> Option<&FactDef> {
        self.compiled.registry.def(fact)
    }

    fn set(&mut self, fact: FactId, member: Option<usize>, value: Option<i64>) {
        let Some(slot) = self.def(fact).map(|def| def.slot) else { return };
        let facts = match member {
            Some(member) => self.household.members.get_mut(member).map(|member| &mut member.facts),
            None => Some(&mut self.household.facts),
        };
        if let Some(cell) = facts.and_then(|facts| facts.get_mut(slot)) {
            *cell = value;
        }
    }

    fn get(&self, fact: FactId, member: Option<usize>) -> Option<i64> {
        let slot = self.def(fact)?.slot;
        match member {
            Some(member) => self.household.members.get(member)?.facts.get(slot).copied()?,
            None => self.household.facts.get(slot).copied()?,
        }
    }

    fn outcome(&mut self) -> Outcome {
        self.tried += 1;
        self.values.run_steps(self.compiled, &self.household, &self.programme.steps);
        Outcome::of(self.values.at(self.compiled, self.programme.eligible, self.member))
    }

    /// Tries every value of one fact while all others stand.
    fn vary(&mut self, gap: &Gap) -> Option<Matter> {
        let before = self.get(gap.fact, gap.member);
        let mut first: Option<(i64, Outcome)> = None;
        let mut found = None;
        for value in &gap.values {
            let now = (*value, self.outcome_of(gap, *value));
            match first {
                None => first = Some(now),
                Some(first) if first.1 != now.1 => {
                    found = Some((first, now));
                    break;
                }
                Some(_) => {}
            }
        }
        let number = self.def(gap.fact).is_some_and(|def| matches!(def.ty, Type::Number(_)));
        if let Some((one, other)) = found.as_mut().filter(|_| number) {
            self.close_in(gap, one, other);
        }
        self.set(gap.fact, gap.member, before);
        found.map(|(one, other)| Matter::Yes { one, other })
    }

    fn outcome_of(&mut self, gap: &Gap, value: i64) -> Outcome {
        self.set(gap.fact, gap.member, Some(value));
        self.outcome()
    }

    /// Halves the way between two numbers with different answers until they are neighbours: where
    /// the answer turns, to the won.
    fn close_in(&mut self, gap: &Gap, one: &mut (i64, Outcome), other: &mut (i64, Outcome)) {
        while one.0.abs_diff(other.0) > 1 {
            let middle = one.0.midpoint(other.0);
            let outcome = self.outcome_of(gap, middle);
            if outcome == one.1 {
                one.0 = middle;
            } else {
                *other = (middle, outcome);
            }
        }
    }

    /// The values worth trying: all of a small domain, else the ends and what the rule compares
    /// with.
    fn gap(&self, fact: FactId, member: Option<usize>) -> Option<Gap> {
        let def = self.def(fact)?;
        let span = def.max.checked_sub(def.min)?;
        if matches!(def.ty, Type::Bool | Type::Enum(_)) || span < 12 {
            return Some(Gap { fact, member, values: (def.min..=def.max).collect(), all: true });
        }
        let mut values = vec![def.min, def.max];
        let constants = self.programme.steps.iter().filter_map(|n| self.constant(*n));
        match def.ty {
            Type::Date => {
                // Today, and the birthdays and anniversaries the rule asks for.
                values = vec![self.compiled.on];
                let same_day = |years: i64| crate::eval::plus_years(self.compiled.on, -years);
                let years = constants.filter(|(ty, _)| matches!(ty, Type::Number(quantity) if quantity.unit == crate::value::Unit::YEARS));
                values.extend(years.flat_map(|(_, years)| [same_day(years), same_day(years + 1)]));
                values.extend([1, 10, 30, 50, 70, 90].map(same_day));
                values.extend(self.programme.steps.iter().filter_map(
                    |n| match self.constant(*n)? {
                        (Type::Date, day) if day != self.compiled.on => Some(day),
                        _ => None,
                    },
                ));
                values.retain(|day| date(&crate::value::date_text(*day)).is_some());
            }
            Type::Number(mine) => {
                let same = constants.filter_map(|(ty, value)| match ty {
                    Type::Number(other) if other.unit == mine.unit && other.scale <= mine.scale => {
                        value.checked_mul(crate::value::power(mine.scale - other.scale))
                    }
                    _ => None,
                });
                values.extend(same.flat_map(|value| [value, value + 1, value - 1]));
            }
            Type::Bool | Type::Enum(_) => {}
        }
        values.retain(|value| (def.min..=def.max).contains(value));
        let mut seen = std::collections::HashSet::new();
        values.retain(|value| seen.insert(*value));
        values.truncate(VALUES);
        Some(Gap { fact, member, values, all: false })
    }

    /// A constant, or a parameter of one value.
    fn constant(&self, n: N) -> Option<(Type, i64)> {
        let node = self.compiled.nodes.get(n)?;
        match node.op {
            Op::Const(value) => Some((node.ty, value)),
            Op::Look(table, [None, None]) => {
                Some((node.ty, self.compiled.tables.get(table)?.look_up(&[])?))
            }
            _ => None,
        }
    }
}
