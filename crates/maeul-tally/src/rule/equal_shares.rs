//! The method of equal shares (균등 몫 방식).
//!
//! # Definition
//! Every voter gets the same share: the budget divided by the number of ballots, empty ones included. First every project
//! that costs nothing and has a supporter is taken, in the order of the tie chain. Then, round by round: a project is
//! affordable if its supporters together hold at least its cost, equality included. Its price ρ is the smallest number
//! such that the supporters' payments min(own money, ρ × own satisfaction) add up to its cost. The affordable project
//! with the smallest ρ is taken and its supporters pay. When none is affordable, the rule ends.
//!
//! | name | satisfaction of a supporter | supporters |
//! |---|---|---|
//! | `mes-cost` | the project's cost | every ballot naming it |
//! | `mes-cardinality` | 1 | every ballot naming it |
//! | `mes-points` | the points given | ballots giving more than 0 |
//! | `mes-borda` | L−1 for the first of L ranked projects, 0 for the last | ballots giving more than 0 |
//!
//! For `mes-cost` and `mes-cardinality` everyone pays the same price for one vote, or all they still have if that is less.
//!
//! # Ties
//! Projects with exactly the same smallest ρ are tied; the chain decides.
//!
//! # Source
//! Peters, Pierczyński, Skowron: Proportional Participatory Budgeting with Additive Utilities (NeurIPS 2021);
//! `method_of_equal_shares` of pabutools 1.2.3, whose outcomes with exact fractions are these.
//!
//! # How it is computed
//! See `market`: whole-number bounds decide where they can, exact fractions where they cannot. A price only
//! rises while money shrinks, so a project whose last bound is above the best price of the round is not looked at.

use std::cmp::Ordering;

use super::limits::Gate;
use super::market::{Bound, Market, Price};
use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::outcome::{Round, Stage, Unfunded};
use crate::ties::TieOrder;

/// Who may take part in a run.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Supported, and costing nothing, in the order of the tie chain.
    pub(super) free: Vec<ProjectIx>,
    /// Supported, and costing something.
    pub(super) priced: Vec<ProjectIx>,
}

impl Field {
    pub(super) fn new(
        election: &Election,
        market: &Market<'_>,
        order: &TieOrder,
        eligible: &dyn Fn(ProjectIx) -> bool,
    ) -> Self {
        let supported =
            election.indices().filter(|&project| eligible(project) && market.supported(project));
        let (mut free, priced): (Vec<_>, Vec<_>) =
            supported.partition(|&project| election.cost(project).is_zero());
        free.sort_by_key(|&project| order.place(project));
        Self { free, priced }
    }
}

/// One run: what was bought, and why the barred were not.
pub(super) struct Run<'a> {
    pub(super) rounds: Vec<Round>,
    pub(super) barred: Vec<Unfunded>,
    /// Below zero left means that the run overspends.
    pub(super) gate: Gate<'a>,
}

/// Runs the rule once, everybody holding `share` at the beginning.
pub(super) fn run<'a>(
    market: &mut Market<'a>,
    field: &Field,
    order: &TieOrder,
    mut gate: Gate<'a>,
    share: &Exact,
) -> Run<'a> {
    market.begin(share);
    let (mut rounds, mut barred) = (Vec::new(), Vec::new());
    for &project in &field.free {
        if let Some(why) = gate.barred(project) {
            barred.push(Unfunded { project, why });
            continue;
        }
        gate.fund(project);
        rounds.push(Round {
            project,
            stage: Stage::Free,
            price: Exact::ZERO,
            key: Exact::ZERO,
            tied: Vec::new(),
        });
    }
    let mut open = field.priced.clone();
    loop {
        open.retain(|&project| match gate.barred(project) {
            Some(why) => {
                barred.push(Unfunded { project, why });
                false
            }
            None => true,
        });
        let near = nearest(market, &mut open);
        let mut tied = cheapest(market, &near, &mut open);
        tied.sort_by_key(|(project, _)| order.place(*project));
        let Some((project, price)) = tied.first() else {
            // Everybody who was near could not be paid after all; the others are still to be asked.
            if near.is_empty() {
                break;
            }
            continue;
        };
        let project = *project;
        let (price, key) = market.buy(project, price);
        gate.fund(project);
        open.retain(|&other| other != project);
        let tied = if tied.len() > 1 {
            tied.iter().map(|(project, _)| *project).collect()
        } else {
            Vec::new()
        };
        rounds.push(Round { project, stage: Stage::EqualShares, price, key, tied });
    }
    Run { rounds, barred, gate }
}

/// A project that may have the smallest price: proven lower and upper bounds.
struct Near {
    project: ProjectIx,
    least: u64,
    most: Option<u64>,
}

/// Everybody whose lower bound is not above the best upper bound. Those who certainly cannot be paid leave `open`.
fn nearest(market: &mut Market<'_>, open: &mut Vec<ProjectIx>) -> Vec<Near> {
    open.sort_by(|&a, &b| market.below((market.bound(a), a), (market.bound(b), b)));
    let mut best: Option<(u64, ProjectIx)> = None;
    let mut near: Vec<Near> = Vec::new();
    let mut short = Vec::new();
    for &project in open.iter() {
        let beaten = |market: &Market<'_>, bound: u64| {
            best.is_some_and(|best| market.below((bound, project), best) == Ordering::Greater)
        };
        if beaten(market, market.bound(project)) {
            // So are all after it: they are in order of their bounds.
            break;
        }
        match market.raise(project, beaten) {
            Bound::Short => short.push(project),
            Bound::Open => near.push(Near { project, least: market.bound(project), most: None }),
            Bound::AtLeast(least) if beaten(market, least) => {}
            Bound::AtLeast(least) => {
                let most = market.at_most(project, least);
                near.push(Near { project, least, most });
                if let Some(most) = most
                    && best.is_none_or(|best| market.below((most, project), best) == Ordering::Less)
                {
                    best = Some((most, project));
                }
            }
        }
    }
    open.retain(|project| !short.contains(project));
    near.retain(|near| {
        best.is_none_or(|best| market.below((near.least, near.project), best) != Ordering::Greater)
    });
    near
}

/// Those of them whose exact price is the smallest, with it. Who cannot be paid leaves `open`.
fn cheapest(
    market: &Market<'_>,
    near: &[Near],
    open: &mut Vec<ProjectIx>,
) -> Vec<(ProjectIx, Price)> {
    let mut tied: Vec<(ProjectIx, Price)> = Vec::new();
    for candidate in near {
        let project = candidate.project;
        let Some(price) = market.price(project, candidate.least, candidate.most) else {
            open.retain(|&other| other != project);
            continue;
        };
        let against = tied
            .first()
            .map_or(Ordering::Less, |(of, best)| market.compare((&price, project), (best, *of)));
        match against {
            Ordering::Less => tied = vec![(project, price)],
            Ordering::Equal => tied.push((project, price)),
            Ordering::Greater => {}
        }
    }
    tied
}
