//! The walk down the tickets.

use std::collections::HashSet;

use super::candidates::Candidates;
use super::error::LotError;
use super::feasible::{Answer, System};
use super::quota::{Cells, Quota, Quotas};
use crate::ties::ticket;

/// Why somebody was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passed {
    /// These parts have their most already.
    Full(Vec<String>),
    /// The seats left are needed so that these hold together.
    Needed(Vec<String>),
}

/// What happened to one candidate, in order of ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Place in [`Candidates::rows`].
    pub candidate: usize,
    /// 64 hexadecimal digits.
    pub ticket: String,
    /// Taken, or why not.
    pub passed: Option<Passed>,
}

/// People drawn.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Those the walk came to, taken and passed over; the last one filled the panel.
    pub steps: Vec<Step>,
    /// Everybody not taken, in order of ticket: `(place in the list, ticket)`.
    pub rest: Vec<(usize, String)>,
    cells: Cells,
}

/// Draws by the procedure `maeul-lot/1`.
///
/// # Errors
/// The seed is not one line, or the quotas cannot be met; see [`LotError`].
pub fn draw(candidates: &Candidates, quotas: &Quotas, seed: &str) -> Result<Draw, LotError> {
    if seed.trim().is_empty() || seed.contains(['\n', '\r']) {
        return Err(LotError::Seed);
    }
    let cells = quotas.cells(candidates)?;
    let mut system = System::new(&cells.caps, &cells.rows);
    match system.solve() {
        Answer::Yes(_) => {}
        Answer::No(_) => return Err(LotError::Conflict(conflict(&cells)?)),
        Answer::Undecided => return Err(LotError::Undecided),
    }
    let mut order: Vec<(String, usize)> = candidates
        .rows()
        .iter()
        .enumerate()
        .map(|(at, candidate)| (ticket(seed, &candidate.id), at))
        .collect();
    order.sort_unstable();
    let seats = i128::from(quotas.seats());
    let mut taken = vec![0_i128; cells.caps.len()];
    let mut closed: Vec<Option<Passed>> = vec![None; cells.caps.len()];
    let (mut steps, mut rest) = (Vec::new(), Vec::new());
    for (ticket, candidate) in order {
        let cell = cells.of.get(candidate).copied().unwrap_or_default();
        let full = taken.iter().sum::<i128>() == seats;
        if full {
            rest.push((candidate, ticket));
            continue;
        }
        let have = taken.get(cell).copied().unwrap_or_default();
        let mut passed = closed.get(cell).cloned().flatten();
        if passed.is_none() {
            match system.ask(cell, have + 1) {
                Answer::Yes(_) => {}
                Answer::No(blame) => passed = Some(cells.why(cell, &taken, &blame)),
                Answer::Undecided => return Err(LotError::Undecided),
            }
        }
        if passed.is_some() {
            rest.push((candidate, ticket.clone()));
            if let Some(slot) = closed.get_mut(cell) {
                slot.clone_from(&passed);
            }
        } else if let Some(count) = taken.get_mut(cell) {
            *count += 1;
        }
        steps.push(Step { candidate, ticket, passed });
    }
    Ok(Draw { steps, rest, cells })
}

/// Quotas that cannot hold together, none of which could be left out.
fn conflict(cells: &Cells) -> Result<Vec<String>, LotError> {
    let Some((seats, quotas)) = cells.rows.split_last() else { return Ok(Vec::new()) };
    let mut kept: Vec<usize> = (0..quotas.len()).collect();
    for quota in 0..quotas.len() {
        let tried: Vec<usize> = kept.iter().copied().filter(|&known| known != quota).collect();
        let rows: Vec<_> =
            tried.iter().filter_map(|&row| quotas.get(row)).chain([seats]).cloned().collect();
        match System::new(&cells.caps, &rows).solve() {
            Answer::No(_) => kept = tried,
            Answer::Yes(_) => {}
            Answer::Undecided => return Err(LotError::Undecided),
        }
    }
    let named = kept.iter().filter_map(|&row| cells.quotas.get(row));
    Ok(named.map(|quota| format!("{} ({})", quota.text(), quota.candidates)).collect())
}

impl Cells {
    fn why(&self, cell: usize, taken: &[i128], blame: &[usize]) -> Passed {
        let full: Vec<String> = self
            .quotas
            .iter()
            .zip(&self.rows)
            .filter(|(_, row)| {
                row.cells.contains(&cell)
                    && row.cells.iter().filter_map(|&c| taken.get(c)).sum::<i128>() >= row.most
            })
            .map(|(quota, _)| quota.part.clone())
            .collect();
        if full.is_empty() {
            let named = blame.iter().filter_map(|&row| self.quotas.get(row));
            Passed::Needed(named.map(Quota::text).collect())
        } else {
            Passed::Full(full)
        }
    }
}

impl Draw {
    /// Those drawn, in order of ticket: places in [`Candidates::rows`].
    pub fn panel(&self) -> impl Iterator<Item = usize> {
        self.steps.iter().filter(|step| step.passed.is_none()).map(|step| step.candidate)
    }

    /// Every quota, and how many of its part were drawn.
    pub fn composition(&self) -> Vec<(&Quota, usize)> {
        let panel: Vec<usize> = self.panel().collect();
        self.cells.quotas.iter().zip(self.counts(&panel)).collect()
    }

    /// The values that count for quotas, of one candidate.
    pub fn cell_of(&self, candidate: usize) -> &str {
        let cell = self.cells.of.get(candidate);
        cell.and_then(|&cell| self.cells.names.get(cell)).map_or("", String::as_str)
    }

    /// The first `count` reserves, in order of ticket, who could stand in for somebody.
    pub fn reserves(&self, count: usize) -> Vec<&(usize, String)> {
        let panel: Vec<usize> = self.panel().collect();
        let useful = |reserve: &&(usize, String)| {
            let cell = |person: usize| self.cells.of.get(person).copied();
            panel.iter().any(|&member| cell(member) == cell(reserve.0))
                || panel.iter().any(|&member| self.holds(&exchanged(&panel, member, reserve.0)))
        };
        self.rest.iter().filter(useful).take(count).collect()
    }

    /// Who is called for each of those who leave, one after the other; nothing where nobody can stand in without
    /// breaking a quota. Those who left, and reserves who `declined`, are not called.
    ///
    /// # Errors
    /// Someone who leaves is not on the panel (any more).
    pub fn replace(
        &self,
        candidates: &Candidates,
        leaving: &[String],
        declined: &[String],
    ) -> Result<Vec<(usize, Option<usize>)>, LotError> {
        let mut panel: Vec<usize> = self.panel().collect();
        let id = |person: usize| candidates.rows().get(person).map_or("", |row| row.id.as_str());
        let mut gone: HashSet<usize> = self
            .rest
            .iter()
            .map(|&(r, _)| r)
            .filter(|&r| declined.iter().any(|d| d == id(r)))
            .collect();
        let mut called = Vec::new();
        for leaver in leaving {
            let Some(member) = panel.iter().copied().find(|&person| id(person) == leaver) else {
                return Err(LotError::NotOnPanel(leaver.clone()));
            };
            gone.insert(member);
            let free = self.rest.iter().map(|&(r, _)| r);
            let found = free
                .filter(|reserve| !gone.contains(reserve) && !panel.contains(reserve))
                .find(|&reserve| self.holds(&exchanged(&panel, member, reserve)));
            if let Some(reserve) = found {
                panel = exchanged(&panel, member, reserve);
            } else {
                // The seat stays empty: the next one who leaves is measured against what is left.
                panel.retain(|&person| person != member);
            }
            called.push((member, found));
        }
        Ok(called)
    }

    fn counts(&self, panel: &[usize]) -> Vec<usize> {
        let rows = self.cells.rows.iter().take(self.cells.quotas.len());
        rows.map(|row| {
            let here = |person: &&usize| {
                self.cells.of.get(**person).is_some_and(|cell| row.cells.contains(cell))
            };
            panel.iter().filter(here).count()
        })
        .collect()
    }

    fn holds(&self, panel: &[usize]) -> bool {
        self.counts(panel).iter().zip(&self.cells.rows).all(|(&count, row)| {
            i128::try_from(count).is_ok_and(|count| (row.least..=row.most).contains(&count))
        })
    }
}

fn exchanged(panel: &[usize], member: usize, reserve: usize) -> Vec<usize> {
    panel.iter().map(|&person| if person == member { reserve } else { person }).collect()
}
