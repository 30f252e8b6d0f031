//! The vector engine: the same graph of steps as for one household, each step for all rows of a batch at once.
//!
//! A number is a slice of `i64`, yes and no is a bit a row, and beside either stand the bits of what is known. The
//! buffers of numbers are given back as soon as the last step that needs them has run.
#![expect(
    clippy::indexing_slicing,
    reason = "steps and rows are bounded by the plan; checked access would halve the speed"
)]

use super::batch::Batch;
use super::colfile::{FactColumn, FileHead};
use super::lane::{Known, Lane, Nums, Truth};
use super::step::Step;
use crate::compile::{Compiled, Level, N};
use crate::registry::FactId;

/// What is decided once for all batches: which steps are needed, where the facts stand, when a buffer is free again.
pub struct Plan<'a> {
    compiled: &'a Compiled,
    needed: Vec<bool>,
    /// For each fact of the registry its column in the file.
    columns: Vec<Option<usize>>,
    /// For each step the buffers that are free after it.
    free_after: Vec<Vec<N>>,
}

impl<'a> Plan<'a> {
    /// For a file of these facts. Facts the file does not have are not known of anybody.
    pub fn new(compiled: &'a Compiled, head: &FileHead) -> Self {
        let outputs = compiled
            .programmes
            .iter()
            .flat_map(|programme| {
                [Some(programme.eligible), programme.amount.as_ref().map(|amount| amount.node)]
            })
            .flatten();
        Self::of_outputs(compiled, &head.facts, outputs)
    }

    /// For these steps only.
    pub fn of_outputs(
        compiled: &'a Compiled,
        facts: &[FactColumn],
        outputs: impl Iterator<Item = N>,
    ) -> Self {
        let count = compiled.nodes.len();
        let mut needed = vec![false; count];
        let mut last = vec![0; count];
        for output in outputs {
            needed[output] = true;
            last[output] = usize::MAX;
        }
        for n in (0..count).rev().filter(|&n| n < count) {
            if needed[n] {
                for need in compiled.nodes[n].op.needs() {
                    needed[need] = true;
                    if last[need] != usize::MAX {
                        last[need] = last[need].max(n);
                    }
                }
            }
        }
        let mut free_after = vec![Vec::new(); count];
        for n in (0..count).filter(|&n| needed[n]) {
            if let Some(list) = free_after.get_mut(last[n]) {
                list.push(n);
            }
        }
        let columns = compiled
            .registry
            .facts
            .iter()
            .map(|fact| facts.iter().position(|column| column.name == fact.id))
            .collect();
        Self { compiled, needed, columns, free_after }
    }

    /// The rules.
    pub const fn compiled(&self) -> &'a Compiled {
        self.compiled
    }

    /// The column of the fact of that name.
    pub fn column(&self, fact: &str) -> Option<usize> {
        let (id, _) = self.compiled.registry.fact(fact)?;
        self.columns.get(id.0).copied().flatten()
    }

    /// The column of a fact.
    pub(super) fn column_of(&self, fact: FactId) -> Option<usize> {
        self.columns.get(fact.0).copied().flatten()
    }
}

/// Runs a plan over batches; keeps its buffers between them.
pub struct Machine<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) lanes: Vec<Lane>,
    pool: Vec<Vec<i64>>,
    /// For each person of the batch its household.
    pub(super) owners: Vec<usize>,
    /// The first member of each household of the batch, and the number of persons.
    pub(super) starts: Vec<usize>,
    /// For each column of the batch whether all its rows are known.
    complete: Vec<bool>,
}

impl<'a> Machine<'a> {
    /// For a plan.
    pub fn new(plan: &'a Plan<'a>) -> Self {
        Self {
            plan,
            lanes: vec![Lane::Empty; plan.compiled.nodes.len()],
            pool: Vec::new(),
            owners: Vec::new(),
            starts: Vec::new(),
            complete: Vec::new(),
        }
    }

    /// Computes every needed step for all rows of `batch`.
    pub fn run(&mut self, batch: &Batch) {
        for lane in &mut self.lanes {
            match std::mem::take(lane) {
                // One that was given back already is empty: it must not hide a real buffer.
                Lane::Num { values, .. } if values.capacity() > 0 => self.pool.push(values),
                _ => {}
            }
        }
        self.starts.clear();
        self.starts.extend(batch.starts.iter().map(|&start| usize::try_from(start).unwrap_or(0)));
        self.owners.clear();
        for (household, ends) in self.starts.windows(2).enumerate() {
            self.owners.resize(ends[1], household);
        }
        self.complete.clear();
        self.complete.extend(batch.columns.iter().map(|column| column.known.all()));
        let plan = self.plan;
        for (n, node) in plan.compiled.nodes.iter().enumerate() {
            if !plan.needed[n] {
                continue;
            }
            let out = self.pool.pop().unwrap_or_default();
            let (lane, unused) = Step { machine: self, batch, node }.run(out);
            self.lanes[n] = lane;
            self.pool.extend(unused.filter(|buffer| buffer.capacity() > 0));
            for &free in &plan.free_after[n] {
                match &mut self.lanes[free] {
                    Lane::Num { values, .. } if values.capacity() > 0 => {
                        self.pool.push(std::mem::take(values))
                    }
                    _ => {}
                }
            }
        }
    }

    /// The household of a person of the batch.
    pub fn owner(&self, person: usize) -> usize {
        self.owners.get(person).copied().unwrap_or(0)
    }

    /// The value of an output step in one row of its own level.
    pub fn value(&self, batch: &Batch, n: N, row: usize) -> Option<i64> {
        if matches!(self.lanes[n], Lane::Bool { .. }) {
            let (truth, known) = self.truth(n);
            return known.get(row).then(|| i64::from(truth.get(row)));
        }
        let (values, known) = self.nums(batch, n);
        known.get(row).then(|| values.get(row))
    }

    /// The sum of the known values of an output step over all rows of its own level.
    pub fn sum(&self, batch: &Batch, n: N) -> i128 {
        let rows = match self.plan.compiled.nodes[n].level {
            Level::Person => batch.persons(),
            _ => batch.households(),
        };
        let (values, known) = self.nums(batch, n);
        match (values, known) {
            (Nums::Many(values), Known::All) => values.iter().map(|&value| i128::from(value)).sum(),
            _ => (0..rows).filter_map(|row| self.value(batch, n, row)).map(i128::from).sum(),
        }
    }

    /// Which rows of a step that says yes or no are yes, and which are known, in words of 64 rows.
    pub(super) fn words(&self, n: N, rows: usize) -> impl Iterator<Item = (u64, u64)> + '_ {
        let (truth, known) = self.truth(n);
        let last = rows / 64;
        (0..rows.div_ceil(64)).map(move |index| {
            let rest = if index == last { (1 << (rows % 64)) - 1 } else { u64::MAX };
            let known = known.word(index) & rest;
            (truth.word(index) & known, known)
        })
    }

    /// Which rows of a step are known, in words of 64 rows.
    pub(super) fn known_words<'b>(
        &'b self,
        batch: &'b Batch,
        n: N,
        rows: usize,
    ) -> impl Iterator<Item = u64> + 'b {
        let known = self.known(batch, n);
        (0..rows.div_ceil(64)).map(move |index| known.word(index))
    }

    /// Is a step known in one row? Also after its buffer was given back.
    pub(super) fn is_known(&self, batch: &Batch, n: N, row: usize) -> bool {
        self.known(batch, n).get(row)
    }

    /// Is a step that says yes or no known to be yes in one row?
    pub(super) fn is_yes(&self, n: N, row: usize) -> bool {
        let (truth, known) = self.truth(n);
        known.get(row) && truth.get(row)
    }

    fn known<'b>(&'b self, batch: &'b Batch, n: N) -> Known<'b> {
        match &self.lanes[n] {
            Lane::Empty | Lane::Const(None) => Known::Nothing,
            Lane::Const(Some(_)) => Known::All,
            Lane::Column(column) if self.complete[*column] => Known::All,
            Lane::Column(column) => Known::Rows(&batch.columns[*column].known),
            Lane::Num { known, .. } | Lane::Bool { known, .. } => {
                known.as_ref().map_or(Known::All, Known::Rows)
            }
        }
    }

    pub(super) fn nums<'b>(&'b self, batch: &'b Batch, n: N) -> (Nums<'b>, Known<'b>) {
        let values = match &self.lanes[n] {
            Lane::Const(value) => Nums::One(value.unwrap_or(0)),
            Lane::Column(column) => Nums::Many(&batch.columns[*column].values),
            Lane::Num { values, .. } => Nums::Many(values),
            Lane::Empty | Lane::Bool { .. } => Nums::One(0),
        };
        (values, self.known(batch, n))
    }

    pub(super) fn truth(&self, n: N) -> (Truth<'_>, Known<'_>) {
        match &self.lanes[n] {
            Lane::Const(Some(value)) => (Truth::One(*value != 0), Known::All),
            Lane::Bool { value, known } => {
                (Truth::Many(value), known.as_ref().map_or(Known::All, Known::Rows))
            }
            _ => (Truth::One(false), Known::Nothing),
        }
    }
}

#[cfg(test)]
impl Machine<'_> {
    /// How many buffers there are.
    pub(super) fn buffers(&self) -> usize {
        let used = |lane: &&Lane| matches!(lane, Lane::Num { values, .. } if values.capacity() > 0);
        self.pool.len() + self.lanes.iter().filter(used).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Library;
    use crate::synth::{Generator, SynthOptions};

    #[test]
    fn buffers_are_used_again_from_batch_to_batch() {
        let library = Library::shipped().unwrap();
        let counts = include_str!("../../../../data/offices/29140-gwangju-seogu/population.csv");
        let options = SynthOptions {
            office: "29140".into(),
            size: Some(900),
            seed: 1,
            on: 20_260_315,
            unknown_per_mille: 20,
        };
        let mut generator = Generator::new(&library.registry, counts, options).unwrap();
        let (head, batch) = (generator.head(), generator.next_batch(100));
        let compiled = library.compile(20_260_315).unwrap();
        let plan = Plan::new(&compiled, &head);
        let mut machine = Machine::new(&plan);
        machine.run(&batch);
        let first = machine.buffers();
        for _ in 0..5 {
            machine.run(&batch);
        }
        assert_eq!(machine.buffers(), first);
        assert!(
            first < compiled.nodes.len() / 3,
            "{first} buffers for {} steps",
            compiled.nodes.len()
        );
    }
}
