//! What is counted: a budget, projects with costs, and ballots, identical ballots kept once with their number.

use foldhash::HashMap;

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
    pub id: Box<str>,
    /// Their ballot's place in [`Election::ballots`].
    pub ballot: u32,
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
    /// Each distinct ballot, once: its place, and how many voters.
    known: HashMap<Box<[Choice]>, (u32, u64)>,
}

impl Gatherer {
    /// Begins with an election, whose ballots stay.
    pub fn new(mut election: Election) -> Self {
        let ballots = std::mem::take(&mut election.ballots);
        let known = (0..).zip(ballots).map(|(at, ballot)| (ballot.choices, (at, ballot.weight)));
        Self { known: known.collect(), election }
    }

    /// Adds one voter's ballot; `choices` are put in order of project.
    pub fn cast(&mut self, voter: &str, choices: &mut [Choice]) {
        if !choices.is_sorted() {
            choices.sort_unstable();
        }
        let ballot = match self.known.get_mut(&*choices) {
            Some((ballot, weight)) => {
                *weight += 1;
                *ballot
            }
            None => {
                let ballot = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
                self.known.insert((&*choices).into(), (ballot, 1));
                ballot
            }
        };
        self.election.voters.push(Voter { id: voter.into(), ballot });
    }

    /// The election with all ballots cast.
    pub fn finish(self) -> Election {
        let mut election = self.election;
        let mut ballots: Vec<(u32, Ballot)> = self
            .known
            .into_iter()
            .map(|(choices, (at, weight))| (at, Ballot { choices, weight }))
            .collect();
        ballots.sort_unstable_by_key(|(at, _)| *at);
        election.ballots = ballots.into_iter().map(|(_, ballot)| ballot).collect();
        election
    }
}
