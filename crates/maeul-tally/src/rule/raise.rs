//! Completions of equal shares that raise everybody's share and run the rule again.
//!
//! | suffix | step | stops |
//! |---|---|---|
//! | `+add1` | one currency unit a voter | at the last outcome before the first that overspends, or when every supported project is funded |
//! | `+add1-exhaustive` | the same | as `+add1`, and already when no supported project fits into what is left |
//! | `+1pct` | one per cent of the budget, shared by all | as `+add1`, and already when no project at all fits into what is left, or when the shares together exceed (voters + 1) budgets |
//!
//! `+addN`, `+addN-exhaustive` and `+Npct` step by N. In won, `+add1` takes very many runs: choose N so that it is a small
//! part of the share, and print the name in the notice, since it belongs to the rule.
//!
//! # Sources
//! `+add1`: equalshares.net's add1 and the binding count of Wieliczka 2023. `+add1-exhaustive`: `voter_budget_increment=1`
//! of pabutools 1.2.3. `+1pct`: `exhaustion_by_budget_increase` of pabutools 1.2.3 with its default step. The first two
//! differ on real elections: they are two rules.

use super::equal_shares::{self, Field, Run};
use super::limits::{Gate, Limits};
use super::market::Market;
use super::name::{Step, Stop};
use super::{Progress, percent};
use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::ties::TieOrder;

/// What the raising needs to know.
pub(super) struct Raising<'r, 'a> {
    pub(super) election: &'a Election,
    pub(super) limits: &'a Limits,
    pub(super) field: &'r Field,
    pub(super) order: &'r TieOrder,
    pub(super) eligible: &'r dyn Fn(ProjectIx) -> bool,
}

/// The share of the run that counts, and how often it was raised. The run itself is to be made again.
pub(super) fn share<'a>(
    raising: &Raising<'_, 'a>,
    market: &mut Market<'a>,
    first: Exact,
    step: Step,
    stop: Stop,
    progress: &mut dyn FnMut(Progress),
) -> (Exact, u64) {
    let voters = Exact::from(market.voters());
    let (more, most) = match step {
        Step::Units(units) => (Exact::from(units), None),
        Step::Percent(by) => {
            let more = percent(&first, by);
            // All shares together may be up to (voters + 1) budgets.
            (more, Some(first.clone() * (voters + Exact::ONE)))
        }
    };
    let (mut share, mut good) = (first, (Exact::ZERO, 0));
    if more.is_zero() {
        return (share, 0);
    }
    for raises in 0_u64.. {
        if most.as_ref().is_some_and(|most| share > *most) {
            break;
        }
        let gate = Gate::new(raising.election, raising.limits);
        let run = equal_shares::run(market, raising.field, raising.order, gate, &share);
        if run.gate.left().is_negative() {
            break;
        }
        good = (share.clone(), raises);
        progress(Progress {
            runs: raises + 1,
            funded: run.rounds.len(),
            left: run.gate.left().clone(),
        });
        if enough(raising, &run, stop) {
            break;
        }
        share += &more;
    }
    good
}

/// Does raising stop with this outcome?
fn enough(raising: &Raising<'_, '_>, run: &Run<'_>, stop: Stop) -> bool {
    let funded = |project: ProjectIx| run.rounds.iter().any(|round| round.project == project);
    let could = |project: ProjectIx| !funded(project) && run.gate.barred(project).is_none();
    let mut supported = raising.field.priced.iter().copied();
    match stop {
        Stop::Overspend => !supported.any(could),
        Stop::Exhaustive => !supported.any(|project| could(project) && run.gate.fits(project)),
        Stop::ExhaustiveAll => !raising
            .election
            .indices()
            .any(|project| (raising.eligible)(project) && could(project) && run.gate.fits(project)),
    }
}
