//! The accounts behind every explanation: what supporters paid, and what became of one ballot's share.
//!
//! Only equal shares has payments. They are recomputed here from the outcome alone (share, prices, order), by the rule's
//! own definition: in each round every supporter pays min(own money, price × points).

use crate::election::{Ballot, Choice, Election, ProjectIx};
use crate::exact::Exact;
use crate::outcome::{Outcome, Round, Stage, Why};
use crate::rule::name::{Base, Worth};

/// What the supporters of one project paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Voters who paid the whole price (times their points).
    pub full: u64,
    /// Voters who paid less: all they still had.
    pub all_they_had: u64,
    /// Voters who had nothing left and paid nothing.
    pub nothing: u64,
    /// The smallest payment that is not nothing.
    pub least: Exact,
    /// The largest payment.
    pub most: Exact,
    /// All payments together: the cost.
    pub total: Exact,
}

/// What became of one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectAccount {
    /// Which one.
    pub project: ProjectIx,
    /// Ballots naming it.
    pub votes: u64,
    /// Its points, where ballots state points or ranks.
    pub points: Option<Exact>,
    /// Its round, counted from 1, if it was funded.
    pub funded: Option<(usize, Round)>,
    /// What its supporters paid, if they did.
    pub shares: Option<Shares>,
    /// Why it was not funded.
    pub why: Option<Why>,
}

/// What became of one project on a ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotLine {
    /// Which one.
    pub project: ProjectIx,
    /// Its points on this ballot (1 for approval).
    pub points: Exact,
    /// Its round, counted from 1, if it was funded.
    pub round: Option<usize>,
    /// What this ballot paid for it, under equal shares.
    pub paid: Option<Exact>,
    /// Did it pay the whole price, or all it still had?
    pub whole: bool,
}

/// Where one ballot's share went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotAccount {
    /// What it began with, under equal shares.
    pub share: Option<Exact>,
    /// Its projects: the funded ones in order of selection, then the others.
    pub lines: Vec<BallotLine>,
    /// What it has left, under equal shares.
    pub left: Option<Exact>,
}

fn worth(outcome: &Outcome) -> Worth {
    match outcome.rule.base() {
        Base::Greedy(worth) | Base::EqualShares(worth) => worth,
        Base::Phragmen => Worth::Cost,
    }
}

/// What a choice pays for: 1 a vote, or its points; nothing if it does not support the project.
fn counted(election: &Election, worth: Worth, choice: &Choice) -> Exact {
    match worth {
        Worth::Cost | Worth::Cardinality => Exact::ONE,
        Worth::Points | Worth::Borda => stated(election, choice),
    }
}

fn stated(election: &Election, choice: &Choice) -> Exact {
    Exact::ratio(choice.points, election.points_scale.max(1)).unwrap_or_default()
}

/// The choice a ballot makes of a project.
fn choice_of(ballot: &Ballot, project: ProjectIx) -> Option<&Choice> {
    let at = ballot.choices.binary_search_by_key(&project, |choice| choice.project).ok()?;
    ballot.choices.get(at)
}

/// For every project the place of its round, so that a ballot is followed through its own projects only.
fn places(election: &Election, outcome: &Outcome) -> Vec<Option<usize>> {
    let mut places = vec![None; election.projects.len()];
    for (at, round) in outcome.rounds.iter().enumerate() {
        if let Some(place) = places.get_mut(round.project as usize) {
            *place = Some(at);
        }
    }
    places
}

/// Follows one ballot: for each of its funded projects (place of the round, payment, was it the whole price).
fn follow(
    election: &Election,
    outcome: &Outcome,
    places: &[Option<usize>],
    ballot: &Ballot,
) -> (Vec<(usize, Exact, bool)>, Exact) {
    let mut purse = outcome.endowment.clone().unwrap_or_default();
    let worth = worth(outcome);
    let mut rounds: Vec<usize> = ballot
        .choices
        .iter()
        .filter_map(|choice| places.get(choice.project as usize).copied().flatten())
        .collect();
    rounds.sort_unstable();
    let mut paid = Vec::with_capacity(rounds.len());
    for at in rounds {
        let Some(round) = outcome.rounds.get(at) else { continue };
        if round.stage != Stage::EqualShares {
            continue;
        }
        let Some(choice) = choice_of(ballot, round.project) else { continue };
        let points = counted(election, worth, choice);
        if points <= Exact::ZERO {
            continue;
        }
        let price = &round.price * &points;
        let whole = price <= purse;
        let payment = if whole { price } else { purse.clone() };
        purse -= &payment;
        paid.push((at, payment, whole));
    }
    (paid, purse)
}

/// What the supporters of every funded project paid; nothing for those not paid from shares. In the order of projects.
pub fn shares(election: &Election, outcome: &Outcome) -> Vec<Option<Shares>> {
    gather(election, outcome, |_| true)
}

fn gather(
    election: &Election,
    outcome: &Outcome,
    wanted: impl Fn(&Ballot) -> bool,
) -> Vec<Option<Shares>> {
    let mut all = vec![None; election.projects.len()];
    if outcome.endowment.is_none() {
        return all;
    }
    let places = places(election, outcome);
    for ballot in election.ballots.iter().filter(|ballot| wanted(ballot)) {
        for (at, payment, whole) in follow(election, outcome, &places, ballot).0 {
            let Some(slot) =
                outcome.rounds.get(at).and_then(|round| all.get_mut(round.project as usize))
            else {
                continue;
            };
            let shares = slot.get_or_insert(Shares {
                full: 0,
                all_they_had: 0,
                nothing: 0,
                least: Exact::ZERO,
                most: Exact::ZERO,
                total: Exact::ZERO,
            });
            let count = if payment.is_zero() {
                &mut shares.nothing
            } else if whole {
                &mut shares.full
            } else {
                &mut shares.all_they_had
            };
            *count += ballot.weight;
            if !payment.is_zero() && (shares.least.is_zero() || payment < shares.least) {
                shares.least = payment.clone();
            }
            shares.total += &(&payment * &Exact::from(ballot.weight));
            if payment > shares.most {
                shares.most = payment;
            }
        }
    }
    all
}

/// What became of one project; nothing for a place that is not there.
pub fn project(
    election: &Election,
    outcome: &Outcome,
    project: ProjectIx,
) -> Option<ProjectAccount> {
    let at = project as usize;
    election.project(project)?;
    let funded = outcome.round_of(project).map(|(number, round)| (number, round.clone()));
    let scored = election.kind.is_some_and(|kind| {
        !matches!(kind, crate::VoteKind::Approval | crate::VoteKind::ChooseOne)
    });
    let points = election
        .scaled_points()
        .get(at)
        .and_then(|sum| Exact::ratio(*sum, election.points_scale.max(1)));
    let shares = if funded.is_some() {
        gather(election, outcome, |ballot| choice_of(ballot, project).is_some())
            .into_iter()
            .nth(at)
            .flatten()
    } else {
        None
    };
    Some(ProjectAccount {
        project,
        votes: election.votes().get(at).copied().unwrap_or(0),
        points: points.filter(|_| scored),
        funded,
        shares,
        why: outcome
            .unfunded
            .iter()
            .find(|unfunded| unfunded.project == project)
            .map(|unfunded| unfunded.why.clone()),
    })
}

/// Where one ballot's share went.
pub fn ballot(election: &Election, outcome: &Outcome, ballot: &Ballot) -> BallotAccount {
    let places = places(election, outcome);
    let (paid, left) = follow(election, outcome, &places, ballot);
    let has_shares = outcome.endowment.is_some();
    let mut lines: Vec<BallotLine> = ballot
        .choices
        .iter()
        .map(|choice| {
            let place = places.get(choice.project as usize).copied().flatten();
            let payment = paid.iter().find(|(at, ..)| Some(*at) == place);
            BallotLine {
                project: choice.project,
                points: stated(election, choice),
                round: place.map(|at| at + 1),
                paid: payment.filter(|_| has_shares).map(|(_, paid, _)| paid.clone()),
                whole: payment.is_some_and(|(.., whole)| *whole),
            }
        })
        .collect();
    lines.sort_by_key(|line| (line.round.unwrap_or(usize::MAX), line.project));
    BallotAccount {
        share: outcome.endowment.clone(),
        lines,
        left: outcome.endowment.as_ref().map(|_| left),
    }
}
