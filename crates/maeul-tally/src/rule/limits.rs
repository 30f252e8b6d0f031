//! Limits that any rule obeys: thresholds, exclusive sets, ceilings by field.
//!
//! A project below the threshold never takes part. Once one of an exclusive set is funded, the others leave. A project
//! whose field has less left than its cost cannot be funded; what is left only shrinks, so it leaves for good. Equality
//! fits: a project may use up a ceiling exactly.

use std::collections::HashMap;

use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::outcome::Why;

/// The limits of a count. The default limits nothing but the budget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The least number of votes (points, for rules that count points) a project needs.
    pub threshold: Option<Exact>,
    /// Sets of which at most one project may be funded.
    pub exclusive: Vec<Vec<ProjectIx>>,
    /// The most that may be spent on a field (실링), by the category's name.
    pub ceilings: Vec<(String, Exact)>,
}

/// Limits at work in one count: what is spent, who may still be funded.
#[derive(Clone, Debug)]
pub struct Gate<'a> {
    election: &'a Election,
    limits: &'a Limits,
    /// What is left of the budget.
    left: Exact,
    /// What is left of each ceiling.
    ceilings: HashMap<&'a str, Exact>,
    /// Who of each exclusive set was funded.
    taken: Vec<Option<ProjectIx>>,
}

impl<'a> Gate<'a> {
    /// Nothing funded yet.
    pub fn new(election: &'a Election, limits: &'a Limits) -> Self {
        Self {
            election,
            limits,
            left: election.budget.clone(),
            ceilings: limits
                .ceilings
                .iter()
                .map(|(name, sum)| (name.as_str(), sum.clone()))
                .collect(),
            taken: vec![None; limits.exclusive.len()],
        }
    }

    /// What is left of the budget; below zero after an overspending run of equal shares.
    pub fn left(&self) -> &Exact {
        &self.left
    }

    /// Does its cost fit into what is left of the budget?
    pub fn fits(&self, project: ProjectIx) -> bool {
        self.election.project(project).is_some_and(|project| project.cost <= self.left)
    }

    /// Why its field or its set keeps it out now, if they do. The budget is not asked.
    pub fn barred(&self, project: ProjectIx) -> Option<Why> {
        for (set, taken) in self.limits.exclusive.iter().zip(&self.taken) {
            if let Some(by) = *taken
                && by != project
                && set.contains(&project)
            {
                return Some(Why::Excluded { by });
            }
        }
        if self.ceilings.is_empty() {
            return None;
        }
        let project = self.election.project(project)?;
        project.categories.iter().find_map(|category| {
            let left = self.ceilings.get(category.as_str())?;
            (project.cost > *left)
                .then(|| Why::Ceiling { category: category.clone(), left: left.clone() })
        })
    }

    /// Takes its cost from the budget and its fields, and closes its sets.
    pub fn fund(&mut self, project: ProjectIx) {
        for (set, taken) in self.limits.exclusive.iter().zip(&mut self.taken) {
            if taken.is_none() && set.contains(&project) {
                *taken = Some(project);
            }
        }
        let Some(project) = self.election.project(project) else { return };
        self.left -= &project.cost;
        for category in &project.categories {
            if let Some(left) = self.ceilings.get_mut(category.as_str()) {
                *left -= &project.cost;
            }
        }
    }
}
