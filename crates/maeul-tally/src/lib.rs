//! Counting votes: Pabulib files, exact rules with stable names, explanations for a project and for a ballot.
//!
//! Pure: no files, no clock, no chance. Text comes in, results go out. See the README for where is what.

pub mod compare;
pub mod election;
pub mod exact;
pub mod explain;
pub mod lot;
pub mod opinion;
pub mod outcome;
pub mod pb;
pub mod report;
pub mod rule;
pub mod scheme;
pub mod ties;

pub use election::{Ballot, Choice, Election, Project, ProjectIx, VoteKind, Voter};
pub use exact::Exact;
pub use outcome::{Outcome, Round, Stage, Unfunded, Why};
pub use rule::limits::Limits;
pub use rule::name::RuleName;
pub use rule::{Progress, TallyError, tally};
pub use ties::TieChain;
