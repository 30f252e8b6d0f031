//! The comparison step (`+comparison`): equal shares against greedy by votes.
//!
//! # Definition
//! Each voter compares the two outcomes by the satisfaction that the rule counts with (cost, number, points, Borda points
//! of the funded projects on the ballot). Greedy by votes replaces the outcome only if strictly more voters prefer it;
//! voters to whom both are worth the same count for neither.
//!
//! # Source
//! The "comparison step" of equalshares.net, `equalshares-comparison` in Pabulib.

use super::name::Worth;
use crate::election::{Ballot, Election};
use crate::outcome::{Preference, Round};

/// How many voters prefer which.
pub(super) fn preference(
    election: &Election,
    worth: Worth,
    shares: &[Round],
    greedy: &[Round],
) -> Preference {
    let mut preference = Preference { equal_shares: 0, greedy: 0 };
    let worths = worths(election, worth);
    let (with_shares, with_greedy) = (funded(election, shares), funded(election, greedy));
    for ballot in &election.ballots {
        let of = |funded: &[bool]| satisfaction(ballot, funded, worth, &worths);
        match of(&with_shares).cmp(&of(&with_greedy)) {
            std::cmp::Ordering::Greater => preference.equal_shares += ballot.weight,
            std::cmp::Ordering::Less => preference.greedy += ballot.weight,
            std::cmp::Ordering::Equal => {}
        }
    }
    preference
}

fn funded(election: &Election, rounds: &[Round]) -> Vec<bool> {
    let mut funded = vec![false; election.projects.len()];
    for round in rounds {
        if let Some(slot) = funded.get_mut(round.project as usize) {
            *slot = true;
        }
    }
    funded
}

/// Costs in smallest units, so that they can be added as whole numbers.
fn worths(election: &Election, worth: Worth) -> Vec<i128> {
    let unit = crate::exact::Exact::from(super::unit(election).unwrap_or(1));
    let cost = |cost: &crate::exact::Exact| (cost * &unit).to_i64().map_or(0, i128::from);
    match worth {
        Worth::Cost => election.projects.iter().map(|project| cost(&project.cost)).collect(),
        _ => vec![1; election.projects.len()],
    }
}

fn satisfaction(ballot: &Ballot, funded: &[bool], worth: Worth, worths: &[i128]) -> i128 {
    let chosen =
        ballot.choices.iter().filter(|choice| funded.get(choice.project as usize) == Some(&true));
    chosen
        .map(|choice| match worth {
            Worth::Cost | Worth::Cardinality => {
                worths.get(choice.project as usize).copied().unwrap_or(0)
            }
            Worth::Points | Worth::Borda => i128::from(choice.points),
        })
        .sum()
}
