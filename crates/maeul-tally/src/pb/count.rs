//! From cells to what is counted.

use foldhash::{HashMap, HashSet, HashSetExt as _};
use maeul_base::Lang;

use super::{Part, PbError, PbFile, PbProblem, Table, present, scan, trimmed};
use crate::election::{Choice, Election, Gatherer, Project, ProjectIx, VoteKind};
use crate::exact::Exact;

/// Something odd that does not keep a file from being counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its line, counted from 1.
    pub line: u32,
    /// What it is.
    pub kind: NoteKind,
}

/// What is odd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A voter's id was there before. Both ballots count: only the roll can tell which one is right.
    VoterTwice(String),
    /// An approval ballot names a project twice. It counts once.
    ChoiceTwice(String),
}

impl Note {
    /// In the reader's language.
    pub fn say(&self, lang: Lang) -> String {
        match (&self.kind, lang) {
            (NoteKind::VoterTwice(id), Lang::Ko) => {
                format!(
                    "{}번째 줄: 투표자 '{id}'가 또 나옵니다. 두 표를 모두 셌습니다. 명부와 맞추어 보십시오.",
                    self.line
                )
            }
            (NoteKind::VoterTwice(id), Lang::En) => {
                format!(
                    "line {}: voter '{id}' comes again. Both ballots are counted; check them against the roll.",
                    self.line
                )
            }
            (NoteKind::ChoiceTwice(id), Lang::Ko) => {
                format!("{}번째 줄: 한 표에 사업 '{id}'가 두 번 적혀 한 번만 셌습니다.", self.line)
            }
            (NoteKind::ChoiceTwice(id), Lang::En) => {
                format!(
                    "line {}: the ballot names project '{id}' twice; it counts once.",
                    self.line
                )
            }
        }
    }
}

/// The most decimals, and the most digits in all, of an amount or of points.
const DECIMALS: u32 = 9;
const LARGEST: i64 = 1_000_000_000_000_000_000;

impl PbFile<'_> {
    /// What is counted. Limits that the file states for single ballots (`max_length`, `max_sum_points` …) are not
    /// enforced here: whether a ballot beyond them is void is for the rules in force to say.
    pub fn election(&self) -> Result<Election, PbError> {
        self.election_with_notes().map(|(election, _)| election)
    }

    /// What is counted, and what was odd.
    pub fn election_with_notes(&self) -> Result<(Election, Vec<Note>), PbError> {
        let missing = |key| PbError::new(0, PbProblem::KeyMissing(key));
        let kind = self.meta("vote_type").ok_or_else(|| missing("vote_type"))?;
        let kind = VoteKind::of(kind).ok_or_else(|| {
            PbError::new(self.meta_line("vote_type"), PbProblem::VoteType(kind.to_owned()))
        })?;
        let budget = self.meta("budget").ok_or_else(|| missing("budget"))?;
        let budget = amount(self.meta_line("budget"), "budget", budget)?;
        self.same_number("num_projects", self.projects.len())?;
        self.same_number("num_votes", self.votes.len())?;
        let projects = self.read_projects()?;
        if u32::try_from(projects.len().max(self.votes.len())).is_err() {
            return Err(PbError::new(0, PbProblem::TooMany));
        }
        self.read_votes(Election::new(budget, kind, projects), kind)
    }

    fn same_number(&self, key: &'static str, found: usize) -> Result<(), PbError> {
        match self.meta(key) {
            Some(stated) if stated.parse() != Ok(found) => Err(PbError::new(
                self.meta_line(key),
                PbProblem::Count(key, stated.to_owned(), found),
            )),
            _ => Ok(()),
        }
    }

    fn read_projects(&self) -> Result<Vec<Project>, PbError> {
        let table = &self.projects;
        for column in ["project_id", "cost"] {
            if table.column(column).is_none() {
                return Err(PbError::new(0, PbProblem::ColumnMissing(Part::Projects, column)));
            }
        }
        let mut known = HashSet::new();
        let mut projects = Vec::with_capacity(table.len());
        for row in 0..table.len() {
            let line = table.line(row);
            let cell = |column| table.get(row, column);
            // An id may be the word None; only an empty one is none.
            let id = cell("project_id").filter(|id| !id.is_empty());
            let id = id.ok_or_else(|| PbError::new(line, PbProblem::NoId))?;
            if !known.insert(id) {
                return Err(PbError::new(line, PbProblem::IdTwice(id.to_owned())));
            }
            let categories = cell("category").and_then(present).unwrap_or("");
            projects.push(Project {
                id: id.to_owned(),
                name: cell("name").and_then(present).unwrap_or(id).to_owned(),
                cost: amount(line, "cost", cell("cost").unwrap_or(""))?,
                categories: categories
                    .split(',')
                    .map(str::trim)
                    .filter(|category| !category.is_empty())
                    .map(str::to_owned)
                    .collect(),
                published: cell("selected").and_then(present).map(str::to_owned),
            });
        }
        Ok(projects)
    }

    fn read_votes(
        &self,
        mut election: Election,
        kind: VoteKind,
    ) -> Result<(Election, Vec<Note>), PbError> {
        let table = &self.votes;
        let column = |name| {
            table
                .column(name)
                .ok_or_else(|| PbError::new(0, PbProblem::ColumnMissing(Part::Votes, name)))
        };
        let (voter_at, vote_at) = (column("voter_id")?, column("vote")?);
        let points_at = if kind.has_points() { Some(column("points")?) } else { None };
        let ids: Vec<String> = election.projects.iter().map(|project| project.id.clone()).collect();
        let places = Places::new(&ids);
        let mut notes = Vec::new();
        let decimals = points_at.map_or(0, |at| self.point_decimals(at));
        election.points_scale = 10_u64.pow(decimals);
        election.voters.reserve_exact(table.len());
        let mut gatherer = Gatherer::new(election);
        let mut voters = Voters { table, at: voter_at, last: "", all: None };
        let mut choices = Vec::new();
        for row in 0..table.len() {
            let line = table.line(row);
            let cell = |at: usize| table.cell(row, at).unwrap_or("");
            choices.clear();
            places
                .choose(cell(vote_at), &mut choices)
                .map_err(|id| PbError::new(line, PbProblem::NoSuchProject(id.to_owned())))?;
            match kind {
                VoteKind::Approval => {}
                VoteKind::ChooseOne if choices.len() > 1 => {
                    return Err(PbError::new(line, PbProblem::OneOnly(choices.len())));
                }
                VoteKind::ChooseOne => {}
                VoteKind::Ordinal => {
                    for (choice, after) in choices.iter_mut().rev().zip(0..) {
                        choice.points = after;
                    }
                }
                VoteKind::Cumulative | VoteKind::Scoring => {
                    give_points(
                        line,
                        cell(points_at.unwrap_or(usize::MAX)),
                        decimals,
                        &mut choices,
                    )?;
                }
            }
            if let Some(twice) = repeated(&mut choices) {
                let id = ids.get(twice as usize).cloned().unwrap_or_default();
                if kind != VoteKind::Approval {
                    return Err(PbError::new(line, PbProblem::ChoiceTwice(id)));
                }
                choices.dedup();
                notes.push(Note { line, kind: NoteKind::ChoiceTwice(id) });
            }
            let voter = cell(voter_at);
            if voters.came_before(row, voter) {
                notes.push(Note { line, kind: NoteKind::VoterTwice(voter.to_owned()) });
            }
            gatherer.cast(voter, &mut choices);
        }
        Ok((gatherer.finish(), notes))
    }

    /// The most decimals any points have.
    fn point_decimals(&self, at: usize) -> u32 {
        let cells = (0..self.votes.len()).filter_map(|row| self.votes.cell(row, at));
        cells
            .filter(|cell| cell.contains('.'))
            .flat_map(|cell| cell.split(','))
            .filter_map(|points| {
                points.trim().split_once('.').map(|(_, part)| part.trim_end_matches('0').len())
            })
            .max()
            .and_then(|most| u32::try_from(most).ok())
            .unwrap_or(0)
            .min(DECIMALS)
    }
}

/// The ids of a ballot's cell, in one pass over its bytes.
fn listed(cell: &str) -> impl Iterator<Item = &str> {
    let mut rest = present(cell);
    std::iter::from_fn(move || {
        loop {
            let text = rest?;
            let end = text.bytes().position(|byte| byte == b',');
            let id = trimmed(end.map_or(text, |end| text.get(..end).unwrap_or("")));
            rest = end.and_then(|end| text.get(end + 1..));
            if !id.is_empty() {
                return Some(id);
            }
        }
    })
}

/// Where each project is.
struct Places<'a> {
    all: HashMap<&'a str, ProjectIx>,
    /// Those with short ids, which is nearly all: found without looking at the id byte by byte.
    short: HashMap<scan::Key, ProjectIx>,
}

impl<'a> Places<'a> {
    fn new(ids: &'a [String]) -> Self {
        let all: HashMap<&str, ProjectIx> =
            (0..).zip(ids).map(|(ix, id)| (id.as_str(), ix)).collect();
        // A comma ends an id in a ballot, so the key of one that has a comma is the key of another text.
        let key = |id: &str| scan::key(id.as_bytes()).filter(|(_, len)| *len == id.len());
        let short = all.iter().filter_map(|(id, ix)| Some((key(id)?.0, *ix))).collect();
        Self { all, short }
    }

    /// The projects a ballot's cell names, one point each; or the first id that is none.
    fn choose<'t>(&self, cell: &'t str, choices: &mut Vec<Choice>) -> Result<(), &'t str> {
        let Some(cell) = present(cell) else { return Ok(()) };
        let bytes = cell.as_bytes();
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let known = scan::key(rest)
                .and_then(|(key, len)| self.short.get(&key).map(|project| (*project, len)));
            let project = if let Some((project, len)) = known {
                at += len + 1;
                project
            } else {
                let end = rest.iter().position(|byte| *byte == b',').unwrap_or(rest.len());
                let id = trimmed(cell.get(at..at + end).unwrap_or(""));
                at += end + 1;
                if id.is_empty() {
                    continue;
                }
                *self.all.get(id).ok_or(id)?
            };
            choices.push(Choice { project, points: 1 });
        }
        Ok(())
    }
}

/// The voters that have been there. A file in order of their numbers, the usual one, needs no list of them.
struct Voters<'t> {
    table: &'t Table<'t>,
    /// The column of their ids.
    at: usize,
    /// The last voter, while each comes after the one before: the longer id after the shorter one, then by its bytes.
    last: &'t str,
    /// All that have been there, once they are out of order.
    all: Option<HashSet<&'t str>>,
}

impl<'t> Voters<'t> {
    /// Has the voter of this row, the next one, been there before? One without an id has not.
    fn came_before(&mut self, row: usize, voter: &'t str) -> bool {
        if voter.is_empty() {
            return false;
        }
        if self.all.is_none() && (self.last.len(), self.last) < (voter.len(), voter) {
            self.last = voter;
            return false;
        }
        let (table, at) = (self.table, self.at);
        let all = self.all.get_or_insert_with(|| {
            let mut all = HashSet::with_capacity(table.len());
            all.extend((0..row).filter_map(|before| table.cell(before, at)));
            all
        });
        !all.insert(voter)
    }
}

/// Sorts the choices and finds a project named twice.
fn repeated(choices: &mut [Choice]) -> Option<ProjectIx> {
    if choices.is_sorted_by(|one, next| one.project < next.project) {
        return None;
    }
    choices.sort_unstable();
    choices.windows(2).find_map(|pair| match pair {
        [a, b] if a.project == b.project => Some(a.project),
        _ => None,
    })
}

fn give_points(
    line: u32,
    cell: &str,
    decimals: u32,
    choices: &mut [Choice],
) -> Result<(), PbError> {
    let stated = listed(cell).count();
    if stated != choices.len() {
        return Err(PbError::new(line, PbProblem::Points(stated, choices.len())));
    }
    for (choice, text) in choices.iter_mut().zip(listed(cell)) {
        choice.points = match text.parse::<i32>() {
            Ok(points) if decimals == 0 => i64::from(points),
            _ => scaled(line, text, decimals)?,
        };
    }
    Ok(())
}

fn scaled(line: u32, text: &str, decimals: u32) -> Result<i64, PbError> {
    let points: Exact = text
        .parse()
        .map_err(|_| PbError::new(line, PbProblem::NotANumber("points".into(), text.into())))?;
    let scaled = points * Exact::from(10_u64.pow(decimals));
    match scaled.to_i64() {
        Some(points) if (-LARGEST..=LARGEST).contains(&points) => Ok(points),
        _ => Err(PbError::new(line, PbProblem::TooLarge("points".into(), text.into()))),
    }
}

/// Money: not below zero, with a point or a comma.
fn amount(line: u32, field: &str, text: &str) -> Result<Exact, PbError> {
    let wrong = |problem: fn(String, String) -> PbProblem| {
        PbError::new(line, problem(field.into(), text.into()))
    };
    // A fraction is a number to us but not in the format.
    if text.contains('/') {
        return Err(wrong(PbProblem::NotANumber));
    }
    let sum: Exact = text.parse().map_err(|_| wrong(PbProblem::NotANumber))?;
    if sum.is_negative() {
        return Err(wrong(PbProblem::Negative));
    }
    let scaled = sum.clone() * Exact::from(10_u64.pow(DECIMALS));
    if scaled.denominator() != Exact::ONE.denominator() || sum > Exact::from(LARGEST) {
        return Err(wrong(PbProblem::TooLarge));
    }
    Ok(sum)
}
