//! What if a value were another: who is touched, by how much, where. The same population is judged twice, by the
//! rules as they are and as they would be, and each household or person is compared with itself.

mod reform;
mod text;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub use reform::{Reform, read_reform};
pub(crate) use text::grouped;
pub use text::{change_json, change_text};

use crate::answer::Outcome;
use crate::compile::{Compiled, CompiledProgramme, Level, N};
use crate::screen::{Batch, FileHead, Machine, Plan, quote};

/// The header of the list of those whom a change touches.
pub const CHANGED_HEADER: &str =
    "programme,household_id,person_id,dong_code,before,after,won_before,won_after,difference_won\n";

/// What a change does to the households or persons of one 동.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Eligible as the rules are.
    pub before: u64,
    /// Eligible as they would be.
    pub after: u64,
    /// Eligible only as they would be.
    pub gained: u64,
    /// No longer eligible, or no longer known to be.
    pub lost: u64,
    /// Eligible both times and gets more.
    pub more: u64,
    /// Eligible both times and gets less.
    pub less: u64,
    /// The answer becomes known or becomes unknown.
    pub known: u64,
    /// Won as the rules are.
    pub won_before: i128,
    /// Won as they would be.
    pub won_after: i128,
}

impl Change {
    /// Adds another.
    pub const fn add(&mut self, other: &Self) {
        self.before += other.before;
        self.after += other.after;
        self.gained += other.gained;
        self.lost += other.lost;
        self.more += other.more;
        self.less += other.less;
        self.known += other.known;
        self.won_before += other.won_before;
        self.won_after += other.won_after;
    }

    /// Does anything change?
    pub const fn is_nothing(&self) -> bool {
        self.gained + self.lost + self.more + self.less + self.known == 0
    }

    fn json(&self) -> Value {
        json!({
            "before": self.before,
            "after": self.after,
            "gained": self.gained,
            "lost": self.lost,
            "more": self.more,
            "less": self.less,
            "known_changed": self.known,
            "won_before": won_json(self.won_before),
            "won_after": won_json(self.won_after),
            "difference_won": won_json(self.won_after - self.won_before),
        })
    }
}

/// A sum as JSON: a number where it fits, else a text.
fn won_json(won: i128) -> Value {
    i64::try_from(won).map_or_else(|_| won.to_string().into(), Value::from)
}

/// What a change does, by programme and 동.
pub type Changes = BTreeMap<(String, i64), Change>;

/// The two ways to judge, and which programmes they differ in.
pub struct Comparison<'a> {
    before: Plan<'a>,
    after: Plan<'a>,
    pairs: Vec<(&'a CompiledProgramme, &'a CompiledProgramme)>,
}

impl<'a> Comparison<'a> {
    /// For a population with that head. A programme whose rule and values are the same both times is not run.
    pub fn new(before: &'a Compiled, after: &'a Compiled, head: &FileHead) -> Self {
        let pairs: Vec<_> = before
            .programmes
            .iter()
            .filter_map(|one| after.programme(&one.id).map(|other| (one, other)))
            .filter(|(one, other)| one.fingerprint != other.fingerprint)
            .collect();
        let outputs = |programme: &CompiledProgramme| {
            [Some(programme.eligible), programme.amount.as_ref().map(|amount| amount.node)]
                .into_iter()
                .flatten()
        };
        Self {
            before: Plan::of_outputs(
                before,
                &head.facts,
                pairs.iter().flat_map(|(one, _)| outputs(one)),
            ),
            after: Plan::of_outputs(
                after,
                &head.facts,
                pairs.iter().flat_map(|(_, other)| outputs(other)),
            ),
            pairs,
        }
    }

    /// The programmes that a change touches.
    pub fn programmes(&self) -> impl Iterator<Item = &'a CompiledProgramme> + '_ {
        self.pairs.iter().map(|(before, _)| *before)
    }

    /// Compares one batch; lines as [`CHANGED_HEADER`] are added to `lines`.
    pub fn batch(&self, batch: &Batch, lines: &mut Vec<u8>) -> Changes {
        let (mut before, mut after) = (Machine::new(&self.before), Machine::new(&self.after));
        before.run(batch);
        after.run(batch);
        let mut changes = Changes::new();
        for (one, other) in &self.pairs {
            let person = one.entity == Level::Person;
            let rows = if person { batch.persons() } else { batch.households() };
            for row in 0..rows {
                let home = if person { before.owner(row) } else { row };
                let dong = batch.dong.get(home).copied().unwrap_or(0);
                let old = outcome(&before, self.before.compiled(), one, batch, row, home);
                let new = outcome(&after, self.after.compiled(), other, batch, row, home);
                let change = changes.entry((one.id.clone(), dong)).or_default();
                note(change, old, new);
                if old != new {
                    let person = if person { batch.person_ids.get(row) } else { "" };
                    let names =
                        [&*one.id, batch.household_ids.get(home), person].map(quote).join(",");
                    let won = |won: Option<i64>| won.map(|won| won.to_string()).unwrap_or_default();
                    let difference = (new.1.unwrap_or(0)) - (old.1.unwrap_or(0));
                    let line = format!(
                        "{names},{dong},{},{},{},{},{difference}\n",
                        old.0.id(),
                        new.0.id(),
                        won(old.1),
                        won(new.1)
                    );
                    lines.extend_from_slice(line.as_bytes());
                }
            }
        }
        changes
    }
}

/// An outcome, and the amount of the eligible.
type Judged = (Outcome, Option<i64>);

fn outcome(
    machine: &Machine<'_>,
    compiled: &Compiled,
    programme: &CompiledProgramme,
    batch: &Batch,
    row: usize,
    home: usize,
) -> Judged {
    let at = |n: N| {
        let is_person = compiled.nodes.get(n).is_some_and(|node| node.level == Level::Person);
        machine.value(batch, n, if is_person { row } else { home })
    };
    let outcome = Outcome::of(at(programme.eligible));
    let amount = programme.amount.as_ref().filter(|_| outcome == Outcome::Eligible);
    (outcome, amount.and_then(|amount| at(amount.node)))
}

fn note(change: &mut Change, old: Judged, new: Judged) {
    let eligible = |judged: Judged| judged.0 == Outcome::Eligible;
    change.before += u64::from(eligible(old));
    change.after += u64::from(eligible(new));
    change.won_before += i128::from(old.1.unwrap_or(0));
    change.won_after += i128::from(new.1.unwrap_or(0));
    match (eligible(old), eligible(new)) {
        (false, true) => change.gained += 1,
        (true, false) => change.lost += 1,
        (true, true) => {
            let (old, new) = (old.1.unwrap_or(0), new.1.unwrap_or(0));
            change.more += u64::from(new > old);
            change.less += u64::from(new < old);
        }
        (false, false) => change.known += u64::from(old.0 != new.0),
    }
}
