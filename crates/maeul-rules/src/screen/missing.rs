//! Which facts are missing where an answer is not known: the same graph walked backwards, for all rows of a batch at
//! once. A step matters where a step that needs it matters and it is itself not known; a fact reached so is missing.
#![expect(clippy::indexing_slicing, reason = "steps are bounded by the graph, rows by the batch")]

use super::batch::Batch;
use super::bits::Bits;
use super::vector::Machine;
use crate::compile::{Compiled, Level, N, Op};
use crate::registry::FactId;

/// What is missing for the answers of one programme in one batch.
#[derive(Debug, Default)]
pub(super) struct Missing {
    /// Facts and for which rows of the programme's entity.
    pub facts: Vec<(FactId, Bits)>,
    /// Parameters that have no value for what is asked, by table, and for how many rows of the step.
    pub tables: Vec<(usize, usize)>,
}

/// The rows in which a step matters.
#[derive(Clone, Debug, Default)]
struct Matter {
    /// Reached from the row itself.
    own: Bits,
    /// For a person's step: reached from the household, so from every member.
    kin: Bits,
}

/// The steps an output needs, the last first.
pub(super) fn cone(compiled: &Compiled, output: N) -> Vec<N> {
    let mut needed = vec![false; output + 1];
    needed[output] = true;
    for n in (0..=output).rev() {
        if needed[n] {
            for need in compiled.nodes[n].op.needs() {
                needed[need] = true;
            }
        }
    }
    (0..=output).rev().filter(|&n| needed[n]).collect()
}

/// Walks backwards from `output`, whose unknown rows are `open` (rows of `entity`).
pub(super) fn walk(
    machine: &Machine<'_>,
    batch: &Batch,
    compiled: &Compiled,
    cone: &[N],
    entity: Level,
    open: &Bits,
) -> Missing {
    let mut walk = Walk {
        machine,
        batch,
        compiled,
        matter: vec![Matter::default(); cone.first().map_or(0, |&n| n + 1)],
        found: Missing::default(),
        entity,
        open,
    };
    if let Some(&output) = cone.first() {
        let level = compiled.nodes[output].level;
        if level == Level::Person || entity != Level::Person {
            walk.matter[output].own = open.clone();
        } else {
            let mut homes = Bits::filled(batch.households(), false);
            open.rows().for_each(|row| homes.set(machine.owner(row), true));
            walk.matter[output].own = homes;
        }
    }
    for &n in cone {
        walk.step(n);
    }
    walk.found
}

struct Walk<'a, 'p> {
    machine: &'a Machine<'p>,
    batch: &'a Batch,
    compiled: &'a Compiled,
    matter: Vec<Matter>,
    found: Missing,
    entity: Level,
    open: &'a Bits,
}

impl Walk<'_, '_> {
    fn step(&mut self, n: N) {
        let matter = std::mem::take(&mut self.matter[n]);
        if matter.own.count() + matter.kin.count() == 0 {
            return;
        }
        let node = self.compiled.nodes[n];
        match node.op {
            Op::Const(_) => {}
            Op::Fact(fact) => self.fact(fact, node.level, &matter),
            Op::If(c, a, b) => {
                self.pass(&matter, c);
                let chosen = |yes: bool| {
                    let keep = |bits: &Bits| {
                        let mut kept = bits.clone();
                        for row in bits.rows() {
                            let known = self.machine.is_known(self.batch, c, row);
                            if known && self.machine.is_yes(c, row) != yes {
                                kept.set(row, false);
                            }
                        }
                        kept
                    };
                    Matter { own: keep(&matter.own), kin: keep(&matter.kin) }
                };
                let (yes, no) = (chosen(true), chosen(false));
                self.pass(&yes, a);
                self.pass(&no, b);
            }
            Op::Look(table, at) => {
                for need in at.into_iter().flatten() {
                    self.pass(&matter, need);
                }
                let silent = |row: &usize| {
                    at.into_iter()
                        .flatten()
                        .all(|need| self.machine.is_known(self.batch, need, *row))
                };
                let silent = matter.own.rows().chain(matter.kin.rows()).filter(silent).count();
                if silent > 0 {
                    self.found.tables.push((table, silent));
                }
            }
            Op::Members(_, a) => {
                let rows = matter.own.rows().flat_map(|home| self.batch.members(home));
                let rows: Vec<usize> =
                    rows.filter(|&row| !self.machine.is_known(self.batch, a, row)).collect();
                let persons = self.batch.persons();
                let kin = &mut self.matter[a].kin;
                if kin.len() != persons {
                    *kin = Bits::filled(persons, false);
                }
                rows.into_iter().for_each(|row| kin.set(row, true));
            }
            Op::Head(a) => {
                let persons = self.batch.persons();
                let kin = &mut self.matter[a].kin;
                if kin.len() != persons {
                    *kin = Bits::filled(persons, false);
                }
                matter.own.rows().for_each(|home| kin.set(self.batch.members(home).start, true));
            }
            Op::Spread(a) => {
                let homes = self.batch.households();
                let own = &mut self.matter[a].own;
                if own.len() != homes {
                    *own = Bits::filled(homes, false);
                }
                matter
                    .own
                    .rows()
                    .chain(matter.kin.rows())
                    .for_each(|row| own.set(self.machine.owner(row), true));
            }
            op => {
                for need in op.needs() {
                    self.pass(&matter, need);
                }
            }
        }
    }

    /// Hands on to a needed step of the same rows, where that step is not known.
    fn pass(&mut self, matter: &Matter, need: N) {
        let keep = |bits: &Bits, into: &mut Bits| {
            if bits.is_empty() {
                return;
            }
            if into.len() != bits.len() {
                *into = Bits::filled(bits.len(), false);
            }
            let known = self.machine.known_words(self.batch, need, bits.len());
            let words: Vec<u64> = bits
                .words()
                .iter()
                .zip(into.words())
                .zip(known)
                .map(|((bits, into), known)| into | (bits & !known))
                .collect();
            into.assign(bits.len(), words.into_iter());
        };
        let target = &mut self.matter[need];
        keep(&matter.own, &mut target.own);
        keep(&matter.kin, &mut target.kin);
    }

    /// A fact is missing in these rows: says so for the rows of the programme's entity.
    fn fact(&mut self, fact: FactId, level: Level, matter: &Matter) {
        let mut rows = Bits::filled(self.open.len(), false);
        let home_of =
            |row: usize| if level == Level::Person { self.machine.owner(row) } else { row };
        if self.entity == Level::Person {
            if level == Level::Person {
                matter.own.rows().for_each(|row| rows.set(row, true));
            }
            let kin = if level == Level::Person { &matter.kin } else { &matter.own };
            for row in kin.rows() {
                for member in
                    self.batch.members(home_of(row)).filter(|&member| self.open.get(member))
                {
                    rows.set(member, true);
                }
            }
        } else {
            matter.own.rows().chain(matter.kin.rows()).for_each(|row| rows.set(home_of(row), true));
        }
        match self.found.facts.iter_mut().find(|(known, _)| *known == fact) {
            Some((_, bits)) => rows.rows().for_each(|row| bits.set(row, true)),
            None => self.found.facts.push((fact, rows)),
        }
    }
}
