//! What is counted: a budget, projects with costs, and ballots, identical ballots kept once with their number.

use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _};
use std::ops::Deref;

use foldhash::fast::RandomState;

use crate::exact::Exact;

/// The place of a project in [`Election::projects`].
pub type ProjectIx = u32;

/// How people voted (the `vote_type` of a Pabulib file).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VoteKind {
    /// Any number of projects, all alike.
    Approval,
    /// One project.
    ChooseOne,
    /// Projects in order, the best first.
    Ordinal,
    /// Points spread over projects out of a common purse.
    Cumulative,
    /// A score for each project, independent of the others.
    Scoring,
}

impl VoteKind {
    /// All five, as the format lists them.
    pub const ALL: [Self; 5] =
        [Self::Approval, Self::ChooseOne, Self::Ordinal, Self::Cumulative, Self::Scoring];

    /// As written in a file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::ChooseOne => "choose-1",
            Self::Ordinal => "ordinal",
            Self::Cumulative => "cumulative",
            Self::Scoring => "scoring",
        }
    }

    /// The kind of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Do its ballots state points?
    pub const fn has_points(self) -> bool {
        matches!(self, Self::Cumulative | Self::Scoring)
    }
}

/// A project people could vote for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id in the file and in every result.
    pub id: String,
    /// Its name; the id where the file gives none.
    pub name: String,
    /// What it costs, in the file's currency unit.
    pub cost: Exact,
    /// The fields it belongs to.
    pub categories: Vec<String>,
    /// The `selected` column: what the organiser published (1 = funded), if anything.
    pub published: Option<String>,
}

/// One project on a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Choice {
    /// Which project.
    pub project: ProjectIx,
    /// What the ballot gives it: 1 for approval and choose-1; points × [`Election::points_scale`] for cumulative and
    /// scoring; for a ranking of L projects L−1 for the first down to 0 for the last (Borda).
    pub points: i64,
}

/// A ballot, and how many voters cast exactly this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// In order of project, each project once.
    pub choices: Box<[Choice]>,
    /// How many voters; at least 1.
    pub weight: u64,
}

/// One voter, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    /// The pseudonym in the file.
    pub id: VoterId,
    /// Their ballot's place in [`Election::ballots`].
    pub ballot: u32,
}

/// A voter's pseudonym: a text. One of up to 14 bytes, nearly every one, stands where the voter stands.
#[derive(Clone, PartialEq, Eq)]
pub struct VoterId(Held);

#[derive(Clone, PartialEq, Eq)]
enum Held {
    /// So many bytes, zeros behind them.
    Short(u8, [u8; 14]),
    Long(Box<Long>),
}

/// Boxed once more where it is held, so that a voter is not larger for it.
#[derive(Clone, PartialEq, Eq)]
struct Long(Box<str>);

impl From<&str> for VoterId {
    fn from(id: &str) -> Self {
        let mut bytes = [0; 14];
        match (u8::try_from(id.len()), bytes.get_mut(..id.len())) {
            (Ok(len), Some(room)) => {
                room.copy_from_slice(id.as_bytes());
                Self(Held::Short(len, bytes))
            }
            _ => Self(Held::Long(Box::new(Long(id.into())))),
        }
    }
}

impl Deref for VoterId {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Held::Short(len, bytes) => bytes
                .get(..usize::from(*len))
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
                .unwrap_or(""),
            Held::Long(id) => &id.0,
        }
    }
}

impl fmt::Debug for VoterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// Everything a rule looks at. Ballots of no project are ballots: their share of the budget is theirs to leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Election {
    /// What may be spent, in the file's currency unit.
    pub budget: Exact,
    /// How people voted; nothing for an election without ballots of a kind.
    pub kind: Option<VoteKind>,
    /// In the order of the file.
    pub projects: Vec<Project>,
    /// Distinct ballots, in order of first appearance.
    pub ballots: Vec<Ballot>,
    /// Every voter, in the order of the file.
    pub voters: Vec<Voter>,
    /// Stated points are whole numbers after multiplying with this power of ten.
    pub points_scale: u64,
}

impl Election {
    /// An election without ballots.
    pub fn new(budget: Exact, kind: VoteKind, projects: Vec<Project>) -> Self {
        Self { budget, kind: Some(kind), projects, points_scale: 1, ..Self::default() }
    }

    /// How many people cast a ballot, the empty ones included.
    pub fn voter_count(&self) -> u64 {
        self.ballots.iter().map(|ballot| ballot.weight).sum()
    }

    /// The project at that place.
    pub fn project(&self, ix: ProjectIx) -> Option<&Project> {
        self.projects.get(ix as usize)
    }

    /// Its id, or nothing at all for a place that is not there.
    pub fn id(&self, ix: ProjectIx) -> &str {
        self.project(ix).map_or("", |project| &project.id)
    }

    /// Its cost.
    pub fn cost(&self, ix: ProjectIx) -> Exact {
        self.project(ix).map_or(Exact::ZERO, |project| project.cost.clone())
    }

    /// Places of all projects.
    pub fn indices(&self) -> impl Iterator<Item = ProjectIx> + use<> {
        0..u32::try_from(self.projects.len()).unwrap_or(u32::MAX)
    }

    /// The place of the project of that id.
    pub fn find(&self, id: &str) -> Option<ProjectIx> {
        self.projects
            .iter()
            .position(|project| project.id == id)
            .and_then(|ix| u32::try_from(ix).ok())
    }

    /// The voters of that id (a broken file may have several).
    pub fn voters_called<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Voter> {
        self.voters.iter().filter(move |voter| &*voter.id == id)
    }

    /// For every project the number of ballots naming it, whatever they give it.
    pub fn votes(&self) -> Vec<u64> {
        let mut votes = vec![0; self.projects.len()];
        for ballot in &self.ballots {
            for choice in &ballot.choices {
                if let Some(count) = votes.get_mut(choice.project as usize) {
                    *count += ballot.weight;
                }
            }
        }
        votes
    }

    /// For every project the sum of points × [`Election::points_scale`] (Borda points for rankings).
    pub fn scaled_points(&self) -> Vec<i128> {
        let mut points = vec![0_i128; self.projects.len()];
        for ballot in &self.ballots {
            for choice in &ballot.choices {
                if let Some(sum) = points.get_mut(choice.project as usize) {
                    *sum += i128::from(choice.points) * i128::from(ballot.weight);
                }
            }
        }
        points
    }
}

/// Gathers ballots, identical ones together.
#[derive(Debug)]
pub struct Gatherer {
    election: Election,
    /// Where each distinct ballot is, found by its hash.
    known: Slots,
    hasher: RandomState,
}

impl Gatherer {
    /// Begins with an election, whose ballots stay.
    pub fn new(election: Election) -> Self {
        let (mut known, hasher) = (Slots::default(), RandomState::default());
        for (at, ballot) in (0..).zip(&election.ballots) {
            known.insert(hash(&hasher, &ballot.choices), at);
        }
        Self { election, known, hasher }
    }

    /// Adds one voter's ballot; `choices` are put in order of project.
    pub fn cast(&mut self, voter: &str, choices: &mut [Choice]) {
        if !choices.is_sorted_by(|one, next| one.project < next.project) {
            choices.sort_unstable();
        }
        let hash = hash(&self.hasher, choices);
        let ballots = &mut self.election.ballots;
        let found = self
            .known
            .of(hash)
            .find(|at| ballots.get(*at as usize).is_some_and(|ballot| *ballot.choices == *choices));
        let ballot = found.unwrap_or_else(|| {
            let ballot = u32::try_from(ballots.len()).unwrap_or(u32::MAX);
            ballots.push(Ballot { choices: (&*choices).into(), weight: 0 });
            self.known.insert(hash, ballot);
            ballot
        });
        if let Some(ballot) = ballots.get_mut(ballot as usize) {
            ballot.weight += 1;
        }
        self.election.voters.push(Voter { id: voter.into(), ballot });
    }

    /// The election with all ballots cast.
    pub fn finish(self) -> Election {
        let mut election = self.election;
        election.ballots.shrink_to_fit();
        election
    }
}

fn hash(hasher: &RandomState, choices: &[Choice]) -> u32 {
    let mut hasher = hasher.build_hasher();
    for choice in choices {
        hasher.write_u64(u64::from(choice.project).rotate_left(32) ^ choice.points.cast_unsigned());
    }
    let hash = hasher.finish().to_le_bytes();
    hash.first_chunk().copied().map_or(0, u32::from_le_bytes)
}

/// Places of ballots by their hashes: eight bytes each. (A map would hold every ballot a second time.)
#[derive(Debug, Default)]
struct Slots {
    /// Hash and place, [`Slots::FREE`] for none: in the first free slot at or behind the one the hash names, round the
    /// end. Their number is a power of two, and a quarter of them at least is free.
    slots: Vec<(u32, u32)>,
    used: usize,
}

impl Slots {
    const FREE: u32 = u32::MAX;

    /// The slots from the one this hash names to the next free one.
    fn from(&self, hash: u32) -> impl Iterator<Item = (usize, (u32, u32))> {
        let begin = hash as usize & self.slots.len().saturating_sub(1);
        let slots = (begin..self.slots.len()).chain(0..begin);
        slots.filter_map(|at| Some((at, *self.slots.get(at)?)))
    }

    /// The places put in with this hash.
    fn of(&self, hash: u32) -> impl Iterator<Item = u32> {
        self.from(hash)
            .take_while(|(_, (_, place))| *place != Self::FREE)
            .filter(move |(_, (known, _))| *known == hash)
            .map(|(_, (_, place))| place)
    }

    fn insert(&mut self, hash: u32, place: u32) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let room = (self.slots.len() * 2).max(512);
            let before = std::mem::replace(&mut self.slots, vec![(0, Self::FREE); room]);
            before
                .into_iter()
                .filter(|(_, place)| *place != Self::FREE)
                .for_each(|one| self.put(one));
        }
        self.used += 1;
        self.put((hash, place));
    }

    fn put(&mut self, one: (u32, u32)) {
        let free = self.from(one.0).find(|(_, (_, place))| *place == Self::FREE);
        if let Some(slot) = free.and_then(|(at, _)| self.slots.get_mut(at)) {
            *slot = one;
        }
    }
}
