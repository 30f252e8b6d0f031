//! Korean counting schemes as data: channels with weights, floors, ceilings (실링), votes per person, void rules.
//!
//! A Korean office decides its residents' budget by a mixture it writes into its notice: 70 percent the vote before the
//! assembly and 30 percent the assembly, nothing under 12 percent, at most so much for the young, a ballot with too
//! many crosses void. Such a mixture is a TOML file ([`Scheme::read`]; `data/schemes` has those the sources tell of),
//! and this module counts any `.pb` file by it, exactly:
//!
//! 1. **Ballots.** Each ballot belongs to the channel its `voting_method` names. Rules on votes per person are asked in
//!    the order of the file, each for its channel and its field; too many or too few make the ballot void, or only its
//!    votes in that field, or nothing.
//! 2. **Scores.** With `combine = "weighted"` a project's score is Σ weight × share ÷ Σ weights. Its share in a channel
//!    of ballots is its votes divided by the channel's valid ballots (`share_of = "ballots"`), by all its votes
//!    (`"votes"`), or by the votes of the project that has most (`"most"`); in a channel of scores, the score divided
//!    by the maximum. With `combine = "sum"` the score is the sum of votes.
//! 3. **Floor.** A project under the floor is out, even if it would fit. Equality stays.
//! 4. **Order.** By score, then by the chain of ties.
//! 5. **Selection.** Places kept for a group (`at_least`) are filled first, in order. Then every project in order, if
//!    its groups have a place and their ceilings and the budget have its cost; equality fits. What does not fit is
//!    skipped, or ends the selection (`fit = "stop"`). Without any vote or score nothing is selected.
//!
//! A share counts with fractions, so 12 percent are 12 percent. What a source does not say stands in the file as
//! `unknown`, and every report of a count repeats it.

mod ballots;
mod error;
mod file;
mod select;
mod text;

use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::pb::PbFile;
use crate::ties::TieChain;

pub use ballots::{ChannelCount, Void};
pub use error::{SchemeError, SchemeProblem};
pub use file::{
    Ballots, Channel, Combine, Fit, Floor, Group, Remedy, Scheme, ShareOf, Source, Words,
};
pub(crate) use text::why;
pub use text::{explain, json, summary};

/// Schemes that come with the program: name and text.
pub const SHIPPED: [(&str, &str); 10] = [
    ("eunpyeong-2025-gu", include_str!("../../../../data/schemes/eunpyeong-2025-gu.toml")),
    ("eunpyeong-2025-dong", include_str!("../../../../data/schemes/eunpyeong-2025-dong.toml")),
    ("eunpyeong-2013", include_str!("../../../../data/schemes/eunpyeong-2013.toml")),
    ("daejeon", include_str!("../../../../data/schemes/daejeon.toml")),
    ("busan", include_str!("../../../../data/schemes/busan.toml")),
    ("yeoju", include_str!("../../../../data/schemes/yeoju.toml")),
    ("siheung-2025", include_str!("../../../../data/schemes/siheung-2025.toml")),
    ("seoul-2014", include_str!("../../../../data/schemes/seoul-2014.toml")),
    ("seoul-2015", include_str!("../../../../data/schemes/seoul-2015.toml")),
    ("seoul-2017", include_str!("../../../../data/schemes/seoul-2017.toml")),
];

/// The text of the scheme of that name that comes with the program.
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// How a project fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Selected, as the n-th (from 1); `kept` when it took a place kept for this group.
    Selected {
        /// Counted from 1.
        order: usize,
        /// The group whose kept place it took.
        kept: Option<String>,
    },
    /// Nobody voted for it and no committee gave it anything.
    NoSupport,
    /// Under the floor.
    BelowFloor {
        /// Its share.
        has: Exact,
        /// The floor.
        needs: Exact,
    },
    /// Its group has all its places.
    NoPlace {
        /// The group.
        group: String,
        /// Its places.
        places: u32,
    },
    /// Its group's ceiling has less left than it costs.
    Ceiling {
        /// The group.
        group: String,
        /// What was left when its turn came.
        left: Exact,
    },
    /// The budget has less left than it costs.
    DoesNotFit {
        /// What was left when its turn came.
        left: Exact,
    },
    /// The selection had ended: an earlier project did not fit.
    Stopped {
        /// That one.
        at: ProjectIx,
    },
}

/// One project's count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which one.
    pub project: ProjectIx,
    /// Its place in the order, from 1.
    pub place: usize,
    /// Votes or points in each channel, in the order of the scheme.
    pub counts: Vec<Exact>,
    /// Shares in each channel, 0 … 1.
    pub shares: Vec<Exact>,
    /// What it is ordered by: 0 … 1 when weighted, votes when summed.
    pub score: Exact,
    /// Others with the same score.
    pub tied: Vec<ProjectIx>,
    /// Selected, or why not.
    pub verdict: Verdict,
}

/// A count by a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Ballots of each channel, in the order of the scheme.
    pub channels: Vec<ChannelCount>,
    /// Every project, in order of place.
    pub standings: Vec<Standing>,
    /// Selected ones, in order of selection.
    pub selected: Vec<ProjectIx>,
    /// What could be spent.
    pub budget: Exact,
    /// What is spent.
    pub cost: Exact,
    /// How equal scores were ordered.
    pub ties: TieChain,
}

impl Count {
    /// The standing of one project.
    pub fn standing(&self, project: ProjectIx) -> Option<&Standing> {
        self.standings.iter().find(|standing| standing.project == project)
    }
}

impl Scheme {
    /// Counts `file` by this scheme. `election` is what [`PbFile::election`] made of it.
    ///
    /// # Errors
    /// Votes are not crosses, a ballot belongs to no channel, a column is missing: with the line.
    pub fn count(&self, file: &PbFile<'_>, election: &Election) -> Result<Count, SchemeError> {
        let counted = ballots::count(self, file, election)?;
        let points = ballots::points(self, file, election, &counted.channels)?;
        select::select(self, file, election, counted, points)
    }
}
