//! Which ballots count, in which channel, and what each project has in each.

use std::collections::BTreeMap;

use super::error::SchemeError;
use super::file::{Ballots, Combine, Remedy, Scheme, ShareOf, Source};
use crate::election::{Choice, Election, Gatherer, ProjectIx, VoteKind};
use crate::exact::Exact;
use crate::pb::{PbFile, present};

/// Why a ballot does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Void {
    /// Too many votes.
    Over,
    /// Too few.
    Under,
}

/// The ballots of one channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelCount {
    /// Cast.
    pub cast: u64,
    /// Cast and valid.
    pub valid: u64,
    /// Void, by why.
    pub void: BTreeMap<Void, u64>,
    /// Valid ballots that lost their votes in a field.
    pub trimmed: u64,
    /// Valid votes of each project.
    pub votes: Vec<u64>,
}

/// Valid ballots, counted.
pub(super) struct Counted {
    pub(super) channels: Vec<ChannelCount>,
    /// The same election with valid votes only, by which ties are settled.
    pub(super) election: Election,
}

/// A rule, with the projects of each of its fields and its bounds there.
struct Asked<'a> {
    rule: &'a Ballots,
    fields: Vec<(Vec<ProjectIx>, Option<usize>, Option<usize>)>,
}

pub(super) fn count(
    scheme: &Scheme,
    file: &PbFile<'_>,
    election: &Election,
) -> Result<Counted, SchemeError> {
    if !matches!(election.kind, Some(VoteKind::Approval | VoteKind::ChooseOne)) {
        return Err(SchemeError::Kind);
    }
    let asked: Vec<Asked<'_>> =
        scheme.ballots.iter().map(|rule| ask(rule, file, election)).collect::<Result<_, _>>()?;
    let none = ChannelCount { votes: vec![0; election.projects.len()], ..ChannelCount::default() };
    let mut channels = vec![none; scheme.channels.len()];
    let mut valid =
        Gatherer::new(Election { ballots: Vec::new(), voters: Vec::new(), ..election.clone() });
    for (row, voter) in election.voters.iter().enumerate() {
        let choices = election.ballots.get(voter.ballot as usize).map(|ballot| &*ballot.choices);
        let mut chosen: Vec<ProjectIx> =
            choices.unwrap_or_default().iter().map(|choice| choice.project).collect();
        let channel = channel_of(scheme, file, row)?;
        let id = scheme.channels.get(channel).map_or("", |channel| channel.id.as_str());
        let Some(counts) = channels.get_mut(channel) else { continue };
        counts.cast += 1;
        let before = chosen.len();
        if let Some(void) = broken(&asked, id, &mut chosen) {
            *counts.void.entry(void).or_default() += 1;
            continue;
        }
        counts.valid += 1;
        counts.trimmed += u64::from(chosen.len() < before);
        for &project in &chosen {
            if let Some(votes) = counts.votes.get_mut(project as usize) {
                *votes += 1;
            }
        }
        let mut choices: Vec<Choice> =
            chosen.into_iter().map(|project| Choice { project, points: 1 }).collect();
        valid.cast(&voter.id, &mut choices);
    }
    Ok(Counted { channels, election: valid.finish() })
}

/// The channel a ballot belongs to.
fn channel_of(scheme: &Scheme, file: &PbFile<'_>, row: usize) -> Result<usize, SchemeError> {
    let method = file.votes.get(row, "voting_method").and_then(present).unwrap_or_default();
    let belongs = |source: &Source| match source {
        Source::Ballots { methods, .. } => {
            methods.is_empty() || methods.iter().any(|m| m == method)
        }
        Source::Score { .. } => false,
    };
    scheme.channels.iter().position(|channel| belongs(&channel.source)).ok_or_else(|| {
        let known = scheme.channels.iter().filter_map(|channel| match &channel.source {
            Source::Ballots { methods, .. } => Some(methods.clone()),
            Source::Score { .. } => None,
        });
        SchemeError::NoChannel {
            line: file.votes.line(row),
            method: method.to_owned(),
            known: known.flatten().collect(),
        }
    })
}

fn ask<'a>(
    rule: &'a Ballots,
    file: &PbFile<'_>,
    election: &Election,
) -> Result<Asked<'a>, SchemeError> {
    let mut fields: BTreeMap<String, Vec<ProjectIx>> = BTreeMap::new();
    if rule.each_field || rule.field.is_some() {
        for (row, project) in election.indices().enumerate() {
            let field = group_of(file, row, &rule.column)?;
            if rule.each_field || rule.field.as_ref() == Some(&field) {
                fields.entry(field).or_default().push(project);
            }
        }
    } else {
        fields.insert(String::new(), election.indices().collect());
    }
    let bounds = |projects: &[ProjectIx]| match rule.exactly_percent {
        Some(percent) => {
            let exactly = projects.len() * usize::try_from(percent).unwrap_or(0) / 100;
            (Some(exactly), Some(exactly))
        }
        None => {
            let number = |bound: Option<u32>| bound.and_then(|bound| usize::try_from(bound).ok());
            (number(rule.least), number(rule.most))
        }
    };
    let fields = fields.into_values().map(|projects| {
        let (least, most) = bounds(&projects);
        (projects, least, most)
    });
    Ok(Asked { rule, fields: fields.collect() })
}

/// Asks the rules in order; takes away votes of a field that is void. The void ballot's reason.
fn broken(asked: &[Asked<'_>], channel: &str, chosen: &mut Vec<ProjectIx>) -> Option<Void> {
    for Asked { rule, fields } in asked {
        if rule.channel.as_ref().is_some_and(|only| only != channel) {
            continue;
        }
        for (projects, least, most) in fields {
            let votes = chosen.iter().filter(|project| projects.contains(project)).count();
            let (remedy, void) = if most.is_some_and(|most| votes > most) {
                (rule.over, Void::Over)
            } else if least.is_some_and(|least| votes < least) {
                (rule.under, Void::Under)
            } else {
                continue;
            };
            match remedy {
                Remedy::Void => return Some(void),
                Remedy::VoidField => chosen.retain(|project| !projects.contains(project)),
                Remedy::Accept => {}
            }
        }
    }
    None
}

/// The group a project belongs to; the empty name where it says nothing.
pub(super) fn group_of(file: &PbFile<'_>, row: usize, column: &str) -> Result<String, SchemeError> {
    let cell =
        file.projects.get(row, column).ok_or_else(|| SchemeError::NoColumn(column.to_owned()))?;
    Ok(present(cell).unwrap_or_default().to_owned())
}

/// What every project has in one channel: votes or points, and the share of it.
pub(super) struct Points {
    pub(super) counts: Vec<Exact>,
    pub(super) shares: Vec<Exact>,
}

/// Votes, points and shares by channel.
pub(super) fn points(
    scheme: &Scheme,
    file: &PbFile<'_>,
    election: &Election,
    channels: &[ChannelCount],
) -> Result<Vec<Points>, SchemeError> {
    let mut all = Vec::with_capacity(channels.len());
    for (channel, counted) in scheme.channels.iter().zip(channels) {
        let (counts, whole): (Vec<Exact>, Exact) = match &channel.source {
            Source::Ballots { share_of, .. } => {
                let whole = match share_of {
                    ShareOf::Ballots => counted.valid,
                    ShareOf::Votes => counted.votes.iter().sum(),
                    ShareOf::Most => counted.votes.iter().copied().max().unwrap_or(0),
                };
                (
                    counted.votes.iter().map(|&votes| Exact::from(votes)).collect(),
                    Exact::from(whole),
                )
            }
            Source::Score { column, max } => {
                let rows = election.indices().enumerate();
                let scores = rows.map(|(row, project)| {
                    let cell = group_of(file, row, column)?;
                    cell.parse().ok().filter(|s: &Exact| !s.is_negative() && s <= max).ok_or_else(
                        || SchemeError::Cell {
                            line: file.projects.line(row),
                            project: election.id(project).to_owned(),
                            column: column.clone(),
                            value: cell,
                        },
                    )
                });
                (scores.collect::<Result<_, _>>()?, max.clone())
            }
        };
        // Nobody voted here: everybody has nothing of it.
        let shares = counts.iter().map(|count| count.over(&whole).unwrap_or_default()).collect();
        all.push(Points { counts, shares });
    }
    Ok(all)
}

/// What projects are ordered by, and what the floor asks.
pub(super) fn scores(
    scheme: &Scheme,
    points: &[Points],
    channels: &[ChannelCount],
    project: usize,
) -> (Exact, Exact) {
    let of = |values: &[Exact]| values.get(project).cloned().unwrap_or_default();
    let score = match scheme.combine {
        Combine::Sum => points.iter().map(|points| of(&points.counts)).sum(),
        Combine::Weighted => {
            let weights: Exact = scheme.channels.iter().map(|channel| &channel.weight).sum();
            let parts = scheme.channels.iter().zip(points);
            let sum: Exact =
                parts.map(|(channel, points)| &channel.weight * &of(&points.shares)).sum();
            sum.over(&weights).unwrap_or_default()
        }
    };
    let asked = match (scheme.floor.as_ref().and_then(|floor| floor.of.as_ref()), scheme.combine) {
        (Some(id), _) => {
            let at = scheme.channels.iter().position(|channel| channel.id == *id);
            at.and_then(|at| points.get(at)).map(|points| of(&points.shares)).unwrap_or_default()
        }
        (None, Combine::Weighted) => score.clone(),
        (None, Combine::Sum) => {
            let ballots: u64 = channels.iter().map(|channel| channel.valid).sum();
            score.over(&Exact::from(ballots)).unwrap_or_default()
        }
    };
    (score, asked)
}
