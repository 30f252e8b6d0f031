//! Which facts keep a value unknown: the graph is walked down through unknown steps only.

use std::collections::HashSet;

use crate::compile::{Compiled, Level, N, Op};
use crate::eval::Values;
use crate::household::Household;
use crate::registry::{Entity, FactId};

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lacking {
    /// A fact of the household or of a member.
    Fact(FactId, Option<usize>),
    /// A parameter that has no value for this case on this day, by its index in
    /// [`Compiled::tables`].
    Parameter(usize),
}

impl Lacking {
    /// The fact's identifier, or `p.KEY`.
    pub fn name(&self, compiled: &Compiled) -> String {
        match self {
            Self::Fact(id, _) => {
                compiled.registry.def(*id).map_or_else(String::new, |def| def.id.clone())
            }
            Self::Parameter(table) => {
                format!("p.{}", compiled.table_keys.get(*table).map_or("", String::as_str))
            }
        }
    }
}

/// What keeps a step unknown, each once, in the order in which the rule asks.
pub fn missing(
    compiled: &Compiled,
    household: &Household,
    values: &Values,
    root: N,
    member: Option<usize>,
) -> Vec<Lacking> {
    let mut walk = Walk { compiled, household, values, seen: HashSet::new(), found: vec![] };
    walk.down(root, member);
    walk.found
}

struct Walk<'a> {
    compiled: &'a Compiled,
    household: &'a Household,
    values: &'a Values,
    seen: HashSet<(N, Option<usize>)>,
    found: Vec<Lacking>,
}

impl Walk<'_> {
    fn down(&mut self, n: N, member: Option<usize>) {
        let Some(node) = self.compiled.nodes.get(n) else { return };
        let member = member.filter(|_| node.level == Level::Person);
        if self.values.at(self.compiled, n, member).is_some() || !self.seen.insert((n, member)) {
            return;
        }
        match node.op {
            Op::Fact(id) => {
                let person =
                    self.compiled.registry.def(id).is_some_and(|def| def.entity == Entity::Person);
                self.add(Lacking::Fact(id, member.filter(|_| person)));
            }
            Op::Look(table, at) => {
                let asked = at.into_iter().flatten();
                if asked.clone().all(|n| self.values.at(self.compiled, n, member).is_some()) {
                    self.add(Lacking::Parameter(table));
                }
                for n in asked {
                    self.down(n, member);
                }
            }
            Op::Members(_, inner) => {
                for member in 0..self.household.members.len() {
                    self.down(inner, Some(member));
                }
            }
            Op::Head(inner) => self.down(inner, Some(self.household.head)),
            Op::If(condition, yes, no) => {
                self.down(condition, member);
                let chosen = self.values.at(self.compiled, condition, member);
                if chosen != Some(0) {
                    self.down(yes, member);
                }
                if chosen.is_none_or(|chosen| chosen == 0) {
                    self.down(no, member);
                }
            }
            op => {
                for n in op.needs() {
                    self.down(n, member);
                }
            }
        }
    }

    fn add(&mut self, lacking: Lacking) {
        if !self.found.contains(&lacking) {
            self.found.push(lacking);
        }
    }
}
