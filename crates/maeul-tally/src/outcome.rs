//! What a count says: who is funded, in which round, at which price, and why the others are not.

use serde::Serialize;

use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::rule::name::RuleName;
use crate::ties::TieChain;

/// The part of a rule that funded a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It costs nothing and somebody chose it.
    Free,
    /// Its supporters paid for it from their equal shares.
    EqualShares,
    /// Taken in order of its score, while the money lasted.
    Greedy,
    /// Its supporters' loads were the lightest (Phragmén).
    Phragmen,
}

/// One project funded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Which one.
    pub project: ProjectIx,
    /// By which part of the rule.
    pub stage: Stage,
    /// In currency units. Equal shares: the most a supporter pays, for one vote (or for one point, Borda point).
    /// Phragmén: the load of each supporter afterwards. Greedy: cost per vote (or point). Nothing where nobody chose it.
    pub price: Exact,
    /// What the rule compared: for equal shares ρ, the price of one unit of satisfaction, the smallest first; for
    /// Phragmén the load, the smallest first; for greedy the satisfaction per unit of cost, the largest first.
    pub key: Exact,
    /// Everybody who was equal in this round, the chosen one included; empty when nobody else was.
    pub tied: Vec<ProjectIx>,
}

/// Why a project was not funded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// No ballot gives it anything.
    NoSupport,
    /// Its cost alone is above the budget.
    DearerThanBudget,
    /// Fewer votes (or points) than the threshold.
    BelowThreshold {
        /// What it has.
        has: Exact,
        /// What it needed.
        needs: Exact,
    },
    /// Another of its exclusive set was funded.
    Excluded {
        /// Which one.
        by: ProjectIx,
    },
    /// Its field's ceiling would be exceeded.
    Ceiling {
        /// The field.
        category: String,
        /// What was left of it.
        left: Exact,
    },
    /// When its turn came, less than its cost was left of the budget.
    DoesNotFit {
        /// What was left.
        left: Exact,
    },
    /// Its supporters together had less than its cost (equal shares); the last sum that was short.
    SupportersShort {
        /// What they had.
        had: Exact,
    },
    /// The rule had stopped: a better placed project did not fit (no-skip, Phragmén).
    Stopped {
        /// The one that did not fit.
        at: ProjectIx,
        /// What was left of the budget.
        left: Exact,
    },
}

/// A project that was not funded, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfunded {
    /// Which one.
    pub project: ProjectIx,
    /// Why.
    pub why: Why,
}

/// The comparison step's count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// Voters to whom the outcome of equal shares is worth more.
    pub equal_shares: u64,
    /// Voters to whom greedy by votes is worth more.
    pub greedy: u64,
}

/// The result of one rule on one election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The rule.
    pub rule: RuleName,
    /// How ties were settled.
    pub ties: TieChain,
    /// What could be spent.
    pub budget: Exact,
    /// What is spent.
    pub cost: Exact,
    /// One for each funded project, in order of selection.
    pub rounds: Vec<Round>,
    /// Everybody else, in the order of the file.
    pub unfunded: Vec<Unfunded>,
    /// Equal shares: what each voter had in the run that counts.
    pub endowment: Option<Exact>,
    /// How often the share was raised before the run that counts.
    pub raises: u64,
    /// The comparison step, where the rule has one; greedy won if it has more.
    pub preference: Option<Preference>,
}

impl Outcome {
    /// Funded projects in order of selection.
    pub fn winners(&self) -> impl Iterator<Item = ProjectIx> {
        self.rounds.iter().map(|round| round.project)
    }

    /// The ids of the funded projects in order of selection.
    pub fn winner_ids<'a>(&'a self, election: &'a Election) -> impl Iterator<Item = &'a str> {
        self.rounds.iter().map(|round| election.id(round.project))
    }

    /// The number of its round, counted from 1, if it is funded.
    pub fn round_of(&self, project: ProjectIx) -> Option<(usize, &Round)> {
        (1..).zip(&self.rounds).find(|(_, round)| round.project == project)
    }

    /// In how many rounds more than one project was equal.
    pub fn tied_rounds(&self) -> usize {
        self.rounds.iter().filter(|round| !round.tied.is_empty()).count()
    }
}
