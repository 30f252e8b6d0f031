//! What must hold in every election: budgets, prices, shares, order; and a slow second count by the bare definition.

use maeul_tally::election::{Choice, Gatherer};
use maeul_tally::{
    Election, Exact, Limits, Outcome, Project, ProjectIx, Stage, VoteKind, Why, explain, tally,
};
use proptest::prelude::*;

/// Small numbers on purpose: they make ties and exact fits common.
fn any_election(kind: VoteKind) -> impl Strategy<Value = Election> {
    let projects = prop::collection::vec(prop_oneof![1 => Just(0_u32), 9 => 1..12_u32], 1..7);
    (1..40_u32, projects).prop_flat_map(move |(budget, costs)| {
        let count = costs.len();
        let ballot = prop::collection::vec(0..4_i64, count);
        prop::collection::vec(ballot, 0..12)
            .prop_map(move |ballots| build(kind, budget, &costs, &ballots))
    })
}

/// A ballot row holds 0 for what is not named; else the points, or for approval just a name.
fn build(kind: VoteKind, budget: u32, costs: &[u32], ballots: &[Vec<i64>]) -> Election {
    let projects = costs.iter().enumerate().map(|(at, cost)| Project {
        id: format!("p{}", (at * 7) % 10),
        name: String::new(),
        cost: Exact::from(*cost),
        categories: vec![if at % 2 == 0 { "even" } else { "odd" }.to_owned()],
        published: None,
    });
    let mut gatherer = Gatherer::new(Election::new(Exact::from(budget), kind, projects.collect()));
    for (voter, row) in ballots.iter().enumerate() {
        let named = row.iter().enumerate().filter(|(_, points)| **points > 0);
        let mut choices: Vec<Choice> = named
            .map(|(project, points)| Choice {
                project: u32::try_from(project).unwrap(),
                points: if kind == VoteKind::Approval { 1 } else { *points },
            })
            .collect();
        gatherer.cast(&format!("v{voter}"), &mut choices);
    }
    gatherer.finish()
}

fn count(election: &Election, rule: &str, ties: &str) -> Outcome {
    tally(election, &rule.parse().unwrap(), &ties.parse().unwrap(), &Limits::default(), &mut |_| {})
        .unwrap()
}

const APPROVAL_RULES: [&str; 11] = [
    "greedy-votes",
    "greedy-votes+no-skip",
    "greedy-cardinality",
    "mes-cost",
    "mes-cardinality",
    "mes-cost+add1",
    "mes-cardinality+add1-exhaustive",
    "mes-cost+1pct",
    "mes-cost+add1+greedy",
    "mes-cost+1pct+greedy+comparison",
    "phragmen",
];

/// Equal shares by its definition, with nothing but fractions: (project, ρ) in order.
fn by_definition(
    election: &Election,
    by_cost: bool,
    points: bool,
    share: &Exact,
) -> Vec<(ProjectIx, Exact)> {
    let satisfaction = |choice: &Choice| {
        let worth = if points { Exact::from(choice.points) } else { Exact::ONE };
        if by_cost { worth * election.cost(choice.project) } else { worth }
    };
    let mut money: Vec<(Exact, &[Choice])> = Vec::new();
    for ballot in &election.ballots {
        for _ in 0..ballot.weight {
            money.push((share.clone(), &ballot.choices));
        }
    }
    let supported = |project: ProjectIx| {
        money.iter().any(|(_, choices)| choices.iter().any(|choice| choice.project == project))
    };
    let mut open: Vec<ProjectIx> =
        election.indices().filter(|&project| supported(project)).collect();
    open.sort_by_key(|&project| election.id(project).to_owned());
    let mut taken = Vec::new();
    open.retain(|&project| {
        let free = election.cost(project).is_zero();
        if free {
            taken.push((project, Exact::ZERO));
        }
        !free
    });
    loop {
        let mut best: Option<(Exact, ProjectIx)> = None;
        for &project in &open {
            let backers: Vec<(Exact, Exact)> = money
                .iter()
                .filter_map(|(purse, choices)| {
                    let choice = choices.iter().find(|choice| choice.project == project)?;
                    Some((purse.clone(), satisfaction(choice)))
                })
                .collect();
            let cost = election.cost(project);
            if backers.iter().map(|(purse, _)| purse).sum::<Exact>() < cost {
                continue;
            }
            // ρ is one of the candidates (cost − money of the poor) / satisfaction of the rich.
            let mut ratios: Vec<(Exact, Exact, Exact)> = backers
                .into_iter()
                .map(|(purse, worth)| (purse.over(&worth).unwrap(), purse, worth))
                .collect();
            ratios.sort();
            let mut rich: Exact = ratios.iter().map(|(.., worth)| worth).sum();
            let mut missing = cost;
            let mut rho = None;
            for (ratio, purse, worth) in &ratios {
                let candidate = missing.over(&rich).unwrap();
                if candidate <= *ratio {
                    rho = Some(candidate);
                    break;
                }
                missing -= purse;
                rich -= worth;
            }
            let rho = rho.expect("its supporters can pay");
            if best.as_ref().is_none_or(|(least, _)| rho < *least) {
                best = Some((rho, project));
            }
        }
        let Some((rho, project)) = best else { return taken };
        open.retain(|&other| other != project);
        for (purse, choices) in &mut money {
            if let Some(choice) = choices.iter().find(|choice| choice.project == project) {
                let asked = &rho * &satisfaction(choice);
                let paid = if asked < *purse { asked } else { purse.clone() };
                *purse -= &paid;
            }
        }
        taken.push((project, rho));
    }
}

fn rounds(outcome: &Outcome) -> Vec<(ProjectIx, Exact)> {
    outcome.rounds.iter().map(|round| (round.project, round.key.clone())).collect()
}

/// Every supporter paid at most what they had, exactly the cost came together, and who is not funded could not be paid.
fn priceable(election: &Election, outcome: &Outcome) {
    let Some(share) = &outcome.endowment else { return };
    let shares = explain::shares(election, outcome);
    for round in outcome.rounds.iter().filter(|round| round.stage == Stage::EqualShares) {
        let paid = shares[round.project as usize].as_ref().unwrap();
        assert_eq!(paid.total, election.cost(round.project), "the payments are the cost");
    }
    let mut left = Vec::new();
    for ballot in &election.ballots {
        let account = explain::ballot(election, outcome, ballot);
        let paid: Exact = account.lines.iter().filter_map(|line| line.paid.clone()).sum();
        let rest = account.left.unwrap();
        assert!(!rest.is_negative(), "nobody pays more than they have");
        assert_eq!(&(paid + &rest), share, "a share is what was paid and what is left");
        left.push(rest);
    }
    for unfunded in &outcome.unfunded {
        let Why::SupportersShort { had } = &unfunded.why else { continue };
        let backers = election.ballots.iter().zip(&left).filter(|(ballot, _)| {
            ballot
                .choices
                .iter()
                .any(|choice| choice.project == unfunded.project && choice.points > 0)
        });
        let sum: Exact = backers.map(|(ballot, left)| left * &Exact::from(ballot.weight)).sum();
        assert_eq!(&sum, had);
        assert!(sum < election.cost(unfunded.project), "no unfunded project could still be bought");
    }
}

/// The same election with projects and ballots in another order.
fn shuffled(election: &Election, turn: usize) -> Election {
    let count = election.projects.len();
    let mut projects = election.projects.clone();
    projects.rotate_left(turn % count);
    let place = |project: ProjectIx| {
        u32::try_from((project as usize + count - turn % count) % count).unwrap()
    };
    let mut gatherer = Gatherer::new(Election {
        projects,
        ballots: Vec::new(),
        voters: Vec::new(),
        ..election.clone()
    });
    for voter in election.voters.iter().rev() {
        let ballot = &election.ballots[voter.ballot as usize];
        let mut choices: Vec<Choice> = ballot
            .choices
            .iter()
            .map(|choice| Choice { project: place(choice.project), points: choice.points })
            .collect();
        gatherer.cast(&voter.id, &mut choices);
    }
    gatherer.finish()
}

/// p0 (one supporter) and p5 (two) are tied at 6.5 in the third round; p0 goes first and its supporter carries 6.5,
/// so that p5, at 9.5, comes before p4, at 11.5.
#[test]
fn a_tie_of_one_supporter_with_two_leaves_each_its_own_load() {
    let ballots = [vec![0, 0, 1, 1, 1, 1], vec![1, 0, 0, 0, 1, 1]];
    let election = build(VoteKind::Approval, 22, &[6, 0, 9, 2, 1, 10], &ballots);
    for turn in 0..6 {
        let turned = shuffled(&election, turn);
        let outcome = count(&turned, "phragmen", "id");
        let funded: Vec<_> = outcome.winner_ids(&turned).collect();
        assert_eq!(funded, ["p8", "p1", "p0", "p5"], "turned by {turn}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn approval_rules_keep_their_promises(election in any_election(VoteKind::Approval), turn in 0..7_usize) {
        for rule in APPROVAL_RULES {
            let outcome = count(&election, rule, "id");
            prop_assert!(outcome.cost <= election.budget, "{rule} overspends");
            prop_assert_eq!(outcome.rounds.len() + outcome.unfunded.len(), election.projects.len(), "everybody is told");
            let mut funded: Vec<_> = outcome.winners().collect();
            funded.sort_unstable();
            funded.dedup();
            prop_assert_eq!(funded.len(), outcome.rounds.len(), "nobody is funded twice");
            if rule == "mes-cost" || rule == "mes-cardinality" {
                priceable(&election, &outcome);
            }
            // Neither the order of projects nor that of ballots matters, up to the declared ties.
            let other = shuffled(&election, turn);
            let again = count(&other, rule, "id");
            let ids = |election: &Election, outcome: &Outcome| {
                outcome.winner_ids(election).map(str::to_owned).collect::<Vec<_>>()
            };
            prop_assert_eq!(ids(&election, &outcome), ids(&other, &again), "{} depends on the order", rule);
        }
    }

    #[test]
    fn equal_shares_is_its_definition(election in any_election(VoteKind::Approval)) {
        let Some(share) = election.budget.over(&Exact::from(election.voter_count())) else { return Ok(()) };
        for (rule, by_cost) in [("mes-cost", true), ("mes-cardinality", false)] {
            prop_assert_eq!(rounds(&count(&election, rule, "id")), by_definition(&election, by_cost, false, &share));
        }
    }

    #[test]
    fn equal_shares_on_points_is_its_definition(election in any_election(VoteKind::Cumulative)) {
        let Some(share) = election.budget.over(&Exact::from(election.voter_count())) else { return Ok(()) };
        let outcome = count(&election, "mes-points", "id");
        prop_assert_eq!(rounds(&outcome), by_definition(&election, false, true, &share));
        priceable(&election, &outcome);
    }

    /// A project that gets one more vote and nothing else changes stays funded under greedy by votes.
    #[test]
    fn greedy_is_monotone_in_votes(election in any_election(VoteKind::Approval), at in 0..7_usize) {
        let before = count(&election, "greedy-votes", "id");
        let Some(project) = before.winners().nth(at) else { return Ok(()) };
        let mut gatherer = Gatherer::new(election.clone());
        gatherer.cast("one more", &mut [Choice { project, points: 1 }]);
        let after = count(&gatherer.finish(), "greedy-votes", "id");
        prop_assert!(after.winners().any(|funded| funded == project));
    }

    /// A cheaper project stays funded under equal shares by number: it is bought no later, from no less money.
    #[test]
    fn equal_shares_is_monotone_in_cost(election in any_election(VoteKind::Approval), at in 0..7_usize) {
        for rule in ["mes-cardinality", "greedy-cardinality"] {
            let before = count(&election, rule, "id");
            let Some(project) = before.winners().nth(at) else { continue };
            if election.cost(project).is_zero() {
                continue;
            }
            let mut cheaper = election.clone();
            cheaper.projects[project as usize].cost = election.cost(project) - Exact::ONE;
            let after = count(&cheaper, rule, "id");
            prop_assert!(after.winners().any(|funded| funded == project), "{}", rule);
        }
    }

    /// Raising never stops at an outcome that overspends, and add1 goes at least as far as add1-exhaustive.
    #[test]
    fn add1_goes_on_where_the_exhaustive_one_stops(election in any_election(VoteKind::Approval)) {
        let early = count(&election, "mes-cost+add1-exhaustive", "id");
        let late = count(&election, "mes-cost+add1", "id");
        prop_assert!(late.raises >= early.raises);
    }

    /// Large costs and decimals: bounds get tight, the fractions decide.
    #[test]
    fn size_and_decimals_do_not_matter(election in any_election(VoteKind::Approval)) {
        let scale: Exact = "1234567890.01".parse().unwrap();
        let mut large = election.clone();
        large.budget = &election.budget * &scale;
        for project in &mut large.projects {
            project.cost = &project.cost * &scale;
        }
        for rule in ["greedy-votes", "greedy-cardinality", "mes-cost", "mes-cardinality", "phragmen"] {
            prop_assert_eq!(
                count(&election, rule, "id").winners().collect::<Vec<_>>(),
                count(&large, rule, "id").winners().collect::<Vec<_>>(),
                "{}", rule
            );
        }
    }
}
