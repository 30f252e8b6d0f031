//! Sequential Phragmén.
//!
//! # Definition
//! Every voter carries a load, at first none. A project's load would be (its cost + the loads of its supporters) divided
//! by the number of its supporters: what each of them would carry if its cost were spread so that all carry the same.
//! The project with the smallest load is taken and its supporters carry that load from then on. The rule **stops** as
//! soon as any of the projects with the smallest load does not fit into what is left; it does not skip. Projects dearer
//! than the whole budget are left away at the beginning. Projects nobody chose have an infinite load: when only such are
//! left, they are tied with each other, so they are taken only while all of them fit.
//!
//! # Ties
//! Projects with exactly the same smallest load are tied; the chain decides.
//!
//! # Source
//! `sequential_phragmen` of pabutools 1.2.3; Los, Christoff, Grossi: Proportional Budget Allocations (IJCAI 2022).
//! Approval and choose-1 ballots only.
//!
//! # How it is computed
//! After each round a group of identical ballots carries the load of the last round it took part in. So a project's load
//! needs only, for each past round, how many of its supporters last paid in that round: a small table, updated for the
//! supporters of each project taken. Loads are kept as whole-number bounds, and exactly for those that are near.

#![expect(
    clippy::indexing_slicing,
    reason = "places come from the same election; the kernel is hot"
)]

use std::cmp::Ordering;

use dashu_int::IBig;

use super::limits::Gate;
use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::outcome::{Round, Stage, Unfunded, Why};
use crate::ties::TieOrder;

/// Loads after each round, as bounds and exactly.
struct Loads {
    /// floor(load × 2^shift), one for each round; the first is no load.
    low: Vec<u128>,
    /// Numerators over `common`.
    exact: Vec<IBig>,
    common: IBig,
    shift: usize,
    /// For every project and round, how many of its supporters last paid in that round.
    last: Vec<Vec<u64>>,
    votes: Vec<u64>,
    costs: Vec<u64>,
    unit: u64,
}

impl Loads {
    /// Lower bound of a project's new load × its votes, in 2^-shift units; the truth is less than `votes + 1` above.
    fn low(&self, project: ProjectIx) -> u128 {
        let at = project as usize;
        let carried =
            self.last[at].iter().zip(&self.low).map(|(count, load)| u128::from(*count) * load);
        (u128::from(self.costs[at]) << self.shift) + carried.sum::<u128>()
    }

    /// Its new load is this numerator over (`common` × votes).
    fn numerator(&self, project: ProjectIx) -> IBig {
        let at = project as usize;
        let mut sum = IBig::from(self.costs[at]) * &self.common;
        for (count, load) in self.last[at].iter().zip(&self.exact) {
            if *count > 0 {
                sum += load * *count;
            }
        }
        sum
    }

    /// Among `open`, all supported, those with the smallest load.
    fn lightest(&self, open: &[ProjectIx]) -> Vec<ProjectIx> {
        let votes = |project: ProjectIx| u128::from(self.votes[project as usize]);
        let lows: Vec<(ProjectIx, u128)> =
            open.iter().map(|&project| (project, self.low(project))).collect();
        // The smallest upper bound: (low + votes + 1) / votes.
        let best = lows.iter().copied().min_by(|&(a, low_a), &(b, low_b)| {
            ((low_a + votes(a) + 1) * votes(b)).cmp(&((low_b + votes(b) + 1) * votes(a)))
        });
        let Some((best, low)) = best else { return Vec::new() };
        let high = low + votes(best) + 1;
        let near =
            lows.iter().filter(|&&(project, low)| low * votes(best) <= high * votes(project));
        let mut tied = Vec::new();
        let mut smallest: Option<(IBig, u64)> = None;
        for &(project, _) in near {
            let (load, count) = (self.numerator(project), self.votes[project as usize]);
            let against = smallest
                .as_ref()
                .map_or(Ordering::Less, |(best, of)| (&load * *of).cmp(&(best * count)));
            match against {
                Ordering::Less => {
                    tied = vec![project];
                    smallest = Some((load, count));
                }
                Ordering::Equal => tied.push(project),
                Ordering::Greater => {}
            }
        }
        tied
    }

    /// Writes down the load of a round; returns it in currency units.
    fn carry(&mut self, numerator: &IBig, votes: u64) -> Exact {
        let load = Exact::ratio(numerator.clone(), votes).unwrap_or_default();
        let factor = IBig::from(load.denominator().clone());
        if factor != IBig::ONE {
            self.common *= &factor;
            for past in &mut self.exact {
                *past *= &factor;
            }
        }
        self.exact.push(load.numerator().clone());
        let low = (load.numerator() << self.shift) / &self.common;
        self.low.push(u128::try_from(low).unwrap_or(u128::MAX));
        for counts in &mut self.last {
            counts.push(0);
        }
        Exact::ratio(load.numerator().clone(), &self.common * self.unit).unwrap_or_default()
    }
}

/// Runs the rule on what the gate leaves; nothing when an amount is too large.
pub(super) fn run(
    election: &Election,
    order: &TieOrder,
    gate: &mut Gate<'_>,
    eligible: &dyn Fn(ProjectIx) -> bool,
) -> Option<(Vec<Round>, Vec<Unfunded>)> {
    let unit = super::unit(election)?;
    let whole =
        |sum: &Exact| (sum * &Exact::from(unit)).to_i64().and_then(|n| u64::try_from(n).ok());
    let votes = election.votes();
    let mut loads = Loads {
        low: vec![0],
        exact: vec![IBig::ZERO],
        common: IBig::ONE,
        shift: 0,
        last: votes.iter().map(|&count| vec![count]).collect(),
        costs: election
            .projects
            .iter()
            .map(|project| whole(&project.cost))
            .collect::<Option<_>>()?,
        votes,
        unit,
    };
    // No load exceeds the cost of everything: with 88 bits for that, times four thousand million voters fits into 128.
    let total: u128 = loads.costs.iter().map(|&cost| u128::from(cost)).sum();
    loads.shift = usize::try_from(total.leading_zeros().saturating_sub(40)).unwrap_or(0);
    let (mut rounds, mut passed) = (Vec::new(), Vec::new());
    let mut open: Vec<ProjectIx> =
        election.indices().filter(|&project| eligible(project)).collect();
    open.retain(|&project| {
        let fits = gate.fits(project);
        if !fits {
            passed.push(Unfunded { project, why: Why::DearerThanBudget });
        }
        fits
    });
    let mut paid_in: Vec<u32> = vec![0; election.ballots.len()];
    let backers = backers(election);
    let mut stopped = None;
    while !open.is_empty() {
        open.retain(|&project| match gate.barred(project) {
            Some(why) => {
                passed.push(Unfunded { project, why });
                false
            }
            None => true,
        });
        let supported: Vec<ProjectIx> =
            open.iter().copied().filter(|&project| loads.votes[project as usize] > 0).collect();
        let mut tied = if supported.is_empty() { open.clone() } else { loads.lightest(&supported) };
        tied.sort_by_key(|&project| order.place(project));
        if let Some(&over) = tied.iter().find(|&&project| !gate.fits(project)) {
            stopped = Some(over);
            break;
        }
        let Some(&project) = tied.first() else { break };
        // Its own: what is tied with it may have another number of supporters.
        let load = if supported.is_empty() { IBig::ZERO } else { loads.numerator(project) };
        let price = loads.carry(&load, loads.votes[project as usize].max(1));
        let now = u32::try_from(rounds.len() + 1).unwrap_or(u32::MAX);
        for &group in &backers[project as usize] {
            let before = std::mem::replace(&mut paid_in[group as usize], now);
            let ballot = &election.ballots[group as usize];
            for choice in &ballot.choices {
                let counts = &mut loads.last[choice.project as usize];
                counts[before as usize] -= ballot.weight;
                counts[now as usize] += ballot.weight;
            }
        }
        gate.fund(project);
        open.retain(|&other| other != project);
        if tied.len() == 1 {
            tied.clear();
        }
        rounds.push(Round { project, stage: Stage::Phragmen, key: price.clone(), price, tied });
    }
    for project in open {
        let why = match stopped {
            _ if loads.votes[project as usize] == 0 => Why::NoSupport,
            Some(at) if at != project => Why::Stopped { at, left: gate.left().clone() },
            _ => Why::DoesNotFit { left: gate.left().clone() },
        };
        passed.push(Unfunded { project, why });
    }
    Some((rounds, passed))
}

/// For every project the groups naming it.
fn backers(election: &Election) -> Vec<Vec<u32>> {
    let mut backers = vec![Vec::new(); election.projects.len()];
    for (group, ballot) in (0_u32..).zip(&election.ballots) {
        for choice in &ballot.choices {
            backers[choice.project as usize].push(group);
        }
    }
    backers
}
