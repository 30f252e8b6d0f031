//! Why: for a project, why it was funded or not; for one ballot, where its share went; for machines and for readers.

pub mod account;
pub mod json;
mod text;

pub use account::{BallotAccount, BallotLine, ProjectAccount, Shares, ballot, project, shares};
pub use text::{ballot_text, money, project_text, rule_text, summary_text, why_text};
