//! Order and selection: kept places, floors, ceilings, the budget.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::ballots::{Counted, Points, group_of, scores};
use super::error::SchemeError;
use super::file::{Fit, Scheme};
use super::{Count, Standing, Verdict};
use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::pb::PbFile;
use crate::ties::TieOrder;

/// One group at work.
struct Open {
    name: String,
    left: Option<Exact>,
    kept: u32,
    places: Option<u32>,
    taken: u32,
}

/// All limits at work.
struct Purse {
    left: Exact,
    places: Option<u32>,
    groups: Vec<Open>,
    /// The groups of each project.
    of: Vec<Vec<usize>>,
}

impl Purse {
    fn new(scheme: &Scheme, file: &PbFile<'_>, election: &Election) -> Result<Self, SchemeError> {
        let mut groups: Vec<Open> = Vec::new();
        let mut of = vec![Vec::new(); election.projects.len()];
        for group in &scheme.groups {
            let mut known: BTreeMap<String, usize> = BTreeMap::new();
            for (row, own) in of.iter_mut().enumerate() {
                let name = group_of(file, row, &group.column)?;
                if name.is_empty() || group.value.as_ref().is_some_and(|value| *value != name) {
                    continue;
                }
                let at = *known.entry(name.clone()).or_insert_with(|| {
                    groups.push(Open {
                        name,
                        left: group.ceiling.clone(),
                        kept: group.at_least,
                        places: group.at_most,
                        taken: 0,
                    });
                    groups.len() - 1
                });
                own.push(at);
            }
        }
        let left = scheme.budget.clone().unwrap_or_else(|| election.budget.clone());
        Ok(Self { left, places: scheme.places, groups, of })
    }

    fn groups_of(&self, project: ProjectIx) -> impl Iterator<Item = &Open> {
        let own = self.of.get(project as usize);
        own.into_iter().flatten().filter_map(|&at| self.groups.get(at))
    }

    /// The first group that still has kept places.
    fn kept(&self, project: ProjectIx) -> Option<&str> {
        self.groups_of(project).find(|group| group.taken < group.kept).map(|group| &*group.name)
    }

    /// What stands in the way.
    fn obstacle(&self, project: ProjectIx, cost: &Exact) -> Option<Verdict> {
        for group in self.groups_of(project) {
            if let Some(places) = group.places.filter(|&places| group.taken >= places) {
                return Some(Verdict::NoPlace { group: group.name.clone(), places });
            }
        }
        if self.places == Some(0) {
            return Some(Verdict::NoPlace { group: String::new(), places: 0 });
        }
        for group in self.groups_of(project) {
            if let Some(left) = group.left.as_ref().filter(|left| cost > *left) {
                return Some(Verdict::Ceiling { group: group.name.clone(), left: left.clone() });
            }
        }
        (*cost > self.left).then(|| Verdict::DoesNotFit { left: self.left.clone() })
    }

    fn take(&mut self, project: ProjectIx, cost: &Exact) {
        self.left -= cost;
        self.places = self.places.map(|places| places.saturating_sub(1));
        for &at in self.of.get(project as usize).into_iter().flatten() {
            if let Some(group) = self.groups.get_mut(at) {
                group.taken += 1;
                if let Some(left) = &mut group.left {
                    *left -= cost;
                }
            }
        }
    }
}

pub(super) fn select(
    scheme: &Scheme,
    file: &PbFile<'_>,
    election: &Election,
    counted: Counted,
    points: Vec<Points>,
) -> Result<Count, SchemeError> {
    let ties = TieOrder::new(&counted.election, &scheme.ties);
    let mut purse = Purse::new(scheme, file, election)?;
    let budget = purse.left.clone();
    let mut rows: Vec<(Exact, ProjectIx, Verdict)> = Vec::new();
    for project in election.indices() {
        let (score, asked) = scores(scheme, &points, &counted.channels, project as usize);
        let floor = scheme.floor.as_ref().filter(|floor| asked < floor.share);
        let verdict = match floor {
            _ if score.is_zero() => Verdict::NoSupport,
            Some(floor) => Verdict::BelowFloor { has: asked, needs: floor.share.clone() },
            None => Verdict::Selected { order: 0, kept: None },
        };
        rows.push((score, project, verdict));
    }
    rows.sort_by_cached_key(|(score, project, _)| (Reverse(score.clone()), ties.place(*project)));
    let mut selected: Vec<ProjectIx> = Vec::new();
    // Kept places first.
    for (_, project, verdict) in &mut rows {
        let cost = election.cost(*project);
        if !matches!(verdict, Verdict::Selected { .. }) || purse.obstacle(*project, &cost).is_some()
        {
            continue;
        }
        if let Some(group) = purse.kept(*project).map(str::to_owned) {
            purse.take(*project, &cost);
            selected.push(*project);
            *verdict = Verdict::Selected { order: selected.len(), kept: Some(group) };
        }
    }
    let mut stopped: Option<ProjectIx> = None;
    for (_, project, verdict) in &mut rows {
        if !matches!(verdict, Verdict::Selected { order: 0, .. }) {
            continue;
        }
        if let Some(at) = stopped {
            *verdict = Verdict::Stopped { at };
            continue;
        }
        let cost = election.cost(*project);
        match purse.obstacle(*project, &cost) {
            Some(Verdict::NoPlace { group, .. }) if group.is_empty() => {
                *verdict = Verdict::NoPlace { group, places: scheme.places.unwrap_or(0) };
            }
            Some(obstacle) => {
                if scheme.fit == Fit::Stop && !matches!(obstacle, Verdict::NoPlace { .. }) {
                    stopped = Some(*project);
                }
                *verdict = obstacle;
            }
            None => {
                purse.take(*project, &cost);
                selected.push(*project);
                *verdict = Verdict::Selected { order: selected.len(), kept: None };
            }
        }
    }
    let cost = &budget - &purse.left;
    let scores: Vec<(Exact, ProjectIx)> = rows.iter().map(|(s, p, _)| (s.clone(), *p)).collect();
    let standings = (1..).zip(rows).map(|(place, (score, project, verdict))| {
        let of = |values: &[Exact]| values.get(project as usize).cloned().unwrap_or_default();
        let others = scores.iter().filter(|(other, ix)| *other == score && *ix != project);
        Standing {
            place,
            counts: points.iter().map(|points| of(&points.counts)).collect(),
            shares: points.iter().map(|points| of(&points.shares)).collect(),
            tied: others.map(|(_, ix)| *ix).collect(),
            project,
            score,
            verdict,
        }
    });
    Ok(Count {
        standings: standings.collect(),
        channels: counted.channels,
        selected,
        budget,
        cost,
        ties: scheme.ties.clone(),
    })
}
