//! From what is counted to cells: a file of our own elections, for others' tools.

use std::borrow::Cow;

use super::{PbFile, Table};
use crate::election::{Election, VoteKind};
use crate::exact::Exact;
use crate::outcome::Outcome;

/// What a file says about an election beyond what is counted; all obligatory in the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// What was voted on.
    pub description: String,
    /// The country's English name.
    pub country: String,
    /// The city or district.
    pub unit: String,
    /// Usually the year.
    pub instance: String,
    /// The rule, in the format's words: `greedy`, `equalshares`, `equalshares/add1`, `unknown` …
    pub rule: String,
    /// First day of the vote, `22.11.2026`.
    pub date_begin: String,
    /// Last day of the vote.
    pub date_end: String,
    /// Further keys of META in the format's order: `min_length`, `max_sum_points`, `language`, `currency` …
    pub more: Vec<(String, String)>,
}

/// A file of this election: votes (and points) of every project counted, `selected` from the outcome if there is one.
pub fn file(
    election: &Election,
    described: &Described,
    outcome: Option<&Outcome>,
) -> PbFile<'static> {
    let kind = election.kind.unwrap_or(VoteKind::Approval);
    let mut meta: Vec<(Cow<'static, str>, Cow<'static, str>)> = Vec::new();
    let mut say =
        |key: &str, value: String| meta.push((Cow::Owned(key.to_owned()), Cow::Owned(value)));
    say("description", described.description.clone());
    say("country", described.country.clone());
    say("unit", described.unit.clone());
    say("instance", described.instance.clone());
    say("num_projects", election.projects.len().to_string());
    say("num_votes", election.voters.len().to_string());
    say("budget", money(&election.budget));
    say("vote_type", kind.name().to_owned());
    say("rule", described.rule.clone());
    say("date_begin", described.date_begin.clone());
    say("date_end", described.date_end.clone());
    for (key, value) in &described.more {
        say(key, value.clone());
    }
    PbFile {
        meta,
        projects: projects(election, kind, outcome),
        votes: votes(election, kind),
        meta_lines: Vec::new(),
    }
}

/// As a decimal; every amount in an election read from a file is one.
fn money(sum: &Exact) -> String {
    sum.decimal(9)
}

fn projects(election: &Election, kind: VoteKind, outcome: Option<&Outcome>) -> Table<'static> {
    let scored = !matches!(kind, VoteKind::Approval | VoteKind::ChooseOne);
    let fields = election.projects.iter().any(|project| !project.categories.is_empty());
    let mut columns = vec!["project_id", "cost", "votes"];
    if scored {
        columns.push("score");
    }
    columns.push("name");
    if fields {
        columns.push("category");
    }
    if outcome.is_some() {
        columns.push("selected");
    }
    let mut table = Table::new(columns.into_iter().map(Cow::Borrowed).collect());
    let (votes, points) = (election.votes(), election.scaled_points());
    for ((ix, project), (votes, points)) in
        election.indices().zip(&election.projects).zip(votes.iter().zip(&points))
    {
        let mut cells = vec![project.id.clone(), money(&project.cost), votes.to_string()];
        if scored {
            // The format gives the last of a ranking one point, Borda none.
            let last = if kind == VoteKind::Ordinal { i128::from(*votes) } else { 0 };
            let score =
                Exact::ratio(*points + last, election.points_scale.max(1)).unwrap_or_default();
            cells.push(money(&score));
        }
        cells.push(project.name.clone());
        if fields {
            cells.push(project.categories.join(","));
        }
        if let Some(outcome) = outcome {
            cells.push(u8::from(outcome.round_of(ix).is_some()).to_string());
        }
        table.push(0, cells.into_iter().map(Cow::Owned));
    }
    table
}

fn votes(election: &Election, kind: VoteKind) -> Table<'static> {
    let mut columns = vec!["voter_id", "vote"];
    if kind.has_points() {
        columns.push("points");
    }
    let mut table = Table::new(columns.into_iter().map(Cow::Borrowed).collect());
    for voter in &election.voters {
        let Some(ballot) = election.ballots.get(voter.ballot as usize) else { continue };
        let mut choices = ballot.choices.to_vec();
        if kind != VoteKind::Approval {
            // The best first: in a ranking that is the vote itself.
            choices.sort_by_key(|choice| (std::cmp::Reverse(choice.points), choice.project));
        }
        let ids: Vec<&str> = choices.iter().map(|choice| election.id(choice.project)).collect();
        let mut cells = vec![voter.id.to_string(), ids.join(",")];
        if kind.has_points() {
            let points = choices.iter().map(|choice| {
                money(
                    &Exact::ratio(choice.points, election.points_scale.max(1)).unwrap_or_default(),
                )
            });
            cells.push(points.collect::<Vec<_>>().join(","));
        }
        table.push(0, cells.into_iter().map(Cow::Owned));
    }
    table
}
