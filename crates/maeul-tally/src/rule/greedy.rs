//! Greedy: projects in order of their score, while the money lasts (사업별 득표순).
//!
//! # Definition
//! Order all projects by score, the largest first, ties by the chain. Go through them once: a project whose cost is not
//! above what is left is funded, equality included; one that does not fit is skipped (with `+no-skip`, everything stops
//! there). Projects nobody chose come last and are funded too if they fit.
//!
//! | name | score |
//! |---|---|
//! | `greedy-votes` | number of ballots naming the project |
//! | `greedy-cardinality` | that number divided by the cost |
//! | `greedy-points` | sum of points divided by the cost |
//! | `greedy-borda` | sum of Borda points (L−1 for the first of L, 0 for the last) divided by the cost |
//!
//! A project that costs nothing and has a positive sum comes before all others. A sum below zero counts as zero.
//!
//! # Source
//! `greedy_utilitarian_welfare` of pabutools 1.2.3 with `Cost_Sat`, `Cardinality_Sat`, `Additive_Cardinal_Sat` and
//! `Additive_Borda_Sat`: votes × cost divided by the cost is the number of votes.

use std::cmp::Ordering;

use super::limits::Gate;
use super::name::Worth;
use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::outcome::{Round, Stage, Unfunded, Why};
use crate::ties::TieOrder;

/// A project taken, and who else had the same score and could have been taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// Which one.
    pub project: ProjectIx,
    /// Everybody who was equal, the taken one included; empty when nobody else was.
    pub tied: Vec<ProjectIx>,
}

/// What a round of greedy leaves behind.
#[derive(Clone, Debug, Default)]
pub struct Greedy {
    /// Who was taken, in order.
    pub picked: Vec<Picked>,
    /// Who was looked at and not taken.
    pub passed: Vec<Unfunded>,
}

/// Takes projects by score, the highest first, into `gate`. Only `eligible` ones are looked at; with `skip` false the
/// first that does not fit the budget ends it.
pub fn by_score(
    election: &Election,
    scores: &[Exact],
    skip: bool,
    order: &TieOrder,
    gate: &mut Gate<'_>,
    eligible: &dyn Fn(ProjectIx) -> bool,
) -> Greedy {
    let mut queue: Vec<ProjectIx> =
        election.indices().filter(|&project| eligible(project)).collect();
    let score = |project: ProjectIx| scores.get(project as usize);
    queue.sort_by(|&a, &b| score(b).cmp(&score(a)).then(order.place(a).cmp(&order.place(b))));
    take(&queue, |a, b| score(a) == score(b), skip, gate)
}

/// Goes through `queue` once.
fn take(
    queue: &[ProjectIx],
    equal: impl Fn(ProjectIx, ProjectIx) -> bool,
    skip: bool,
    gate: &mut Gate<'_>,
) -> Greedy {
    let mut done = Greedy::default();
    let mut stopped: Option<(ProjectIx, Exact)> = None;
    for (at, &project) in queue.iter().enumerate() {
        let why = if let Some((at, left)) = &stopped {
            Some(Why::Stopped { at: *at, left: left.clone() })
        } else if let Some(why) = gate.barred(project) {
            Some(why)
        } else if gate.fits(project) {
            None
        } else {
            if !skip {
                stopped = Some((project, gate.left().clone()));
            }
            Some(Why::DoesNotFit { left: gate.left().clone() })
        };
        if let Some(why) = why {
            done.passed.push(Unfunded { project, why });
            continue;
        }
        let others = queue.iter().skip(at + 1).take_while(|&&other| equal(project, other));
        let mut tied: Vec<ProjectIx> = others
            .copied()
            .filter(|&other| gate.fits(other) && gate.barred(other).is_none())
            .collect();
        if !tied.is_empty() {
            tied.insert(0, project);
        }
        gate.fund(project);
        done.picked.push(Picked { project, tied });
    }
    done
}

/// The satisfaction of each project as `worth` sees it: votes, or points × [`Election::points_scale`].
pub(super) fn satisfaction(election: &Election, worth: Worth) -> Vec<i128> {
    match worth {
        Worth::Cost | Worth::Cardinality => election.votes().into_iter().map(i128::from).collect(),
        Worth::Points | Worth::Borda => election.scaled_points(),
    }
}

/// Runs greedy with this worth on what the gate leaves.
pub(super) fn run(
    election: &Election,
    worth: Worth,
    skip: bool,
    order: &TieOrder,
    gate: &mut Gate<'_>,
    eligible: &dyn Fn(ProjectIx) -> bool,
) -> (Vec<Round>, Vec<Unfunded>) {
    let sums = satisfaction(election, worth);
    // votes (or points) and cost decide; the points' scale is the same for all and is taken off for the reader.
    let scale = if matches!(worth, Worth::Points | Worth::Borda) {
        election.points_scale.max(1)
    } else {
        1
    };
    let sum = |project: ProjectIx| {
        Exact::ratio(sums.get(project as usize).copied().unwrap_or(0).max(0), scale)
            .unwrap_or_default()
    };
    let key = |project: ProjectIx| match worth {
        Worth::Cost => sum(project),
        _ => sum(project).over(&election.cost(project)).unwrap_or_default(),
    };
    let keys: Vec<(bool, Exact)> = election
        .indices()
        .map(|project| {
            let free =
                worth != Worth::Cost && election.cost(project).is_zero() && !sum(project).is_zero();
            (free, key(project))
        })
        .collect();
    let of = |project: ProjectIx| keys.get(project as usize);
    let mut queue: Vec<ProjectIx> =
        election.indices().filter(|&project| eligible(project)).collect();
    queue.sort_by(|&a, &b| match of(b).cmp(&of(a)) {
        Ordering::Equal => order.place(a).cmp(&order.place(b)),
        unequal => unequal,
    });
    let done = take(&queue, |a, b| of(a) == of(b), skip, gate);
    let rounds = done.picked.into_iter().map(|Picked { project, tied }| Round {
        project,
        stage: Stage::Greedy,
        price: election.cost(project).over(&sum(project)).unwrap_or_default(),
        key: of(project).map(|(_, key)| key.clone()).unwrap_or_default(),
        tied,
    });
    (rounds.collect(), done.passed)
}
