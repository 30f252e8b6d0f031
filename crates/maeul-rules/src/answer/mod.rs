//! The answer for one household: per programme the outcome, the money, every condition with what
//! was measured against what, and the facts that are missing.

mod json;
mod matter;
mod missing;
mod text;

pub use json::answers_json;
pub use matter::{Matter, could_matter};
pub use missing::{Lacking, missing};
pub use text::{NOTE, explain};

use crate::compile::{
    Compare, Compiled, CompiledCondition, CompiledProgramme, ConditionKind, Level, N, NotInForce,
    Threshold,
};
use crate::eval::{Known, Values, not, or};
use crate::household::Household;
use crate::value::Type;

/// What a programme is to a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// All conditions hold.
    Eligible,
    /// A fact that is missing decides.
    Unknown,
    /// A condition fails.
    NotEligible,
}

impl Outcome {
    /// Of the value of [`CompiledProgramme::eligible`].
    pub const fn of(value: Known) -> Self {
        match value {
            None => Self::Unknown,
            Some(0) => Self::NotEligible,
            Some(_) => Self::Eligible,
        }
    }

    /// As files and `--json` write it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Unknown => "unknown",
            Self::NotEligible => "not_eligible",
        }
    }
}

/// A condition's answer.
#[derive(Clone, Debug)]
pub struct Checked<'a> {
    /// The condition.
    pub condition: &'a CompiledCondition,
    /// Is it as it must be? For an exclusion: is one not excluded?
    pub holds: Option<bool>,
    /// What was measured, as stored; `None` where unknown or where there is no single value.
    pub value: Known,
    /// The threshold, as stored.
    pub limit: Limit<'a>,
}

/// What a value was measured against, turned so that it must be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit<'a> {
    /// The value must stand so to this one.
    Number(Compare, Known, Type),
    /// The value must be one of these (`true`) or none of them.
    OneOf(&'a [i64], bool),
    /// It must be yes or no.
    Bool(bool),
    /// The condition has several parts.
    None,
}

impl Checked<'_> {
    /// By how much the value misses a threshold, in the smallest unit of both, and the type it is
    /// to be shown in: negative is too little.
    pub fn misses_by(&self, compiled: &Compiled) -> Option<(i64, Type)> {
        let (measured, _) = self.condition.measured.as_ref()?;
        let ty = compiled.nodes.get(*measured)?.ty;
        match (self.holds, &self.limit, ty) {
            (
                Some(false),
                Limit::Number(compare, Some(limit), Type::Number(other)),
                Type::Number(quantity),
            ) if !matches!(compare, Compare::Ne) => {
                let scale = quantity.scale.max(other.scale);
                let value = self.value?.checked_mul(crate::value::power(scale - quantity.scale))?;
                let limit = limit.checked_mul(crate::value::power(scale - other.scale))?;
                Some((
                    value.checked_sub(limit)?,
                    Type::Number(crate::value::Quantity { scale, ..quantity }),
                ))
            }
            _ => None,
        }
    }
}

/// The answer for the household, or for one of its persons.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    /// Which person; `None` for the household.
    pub member: Option<usize>,
    /// The outcome.
    pub outcome: Outcome,
    /// Whole won (a month, a year, once), where eligible and known.
    pub amount: Known,
    /// Points, at two decimals.
    pub score: Known,
    /// Every condition, exclusion and ongoing condition.
    pub conditions: Vec<Checked<'a>>,
    /// What is missing for the outcome, or for the amount where eligible.
    pub missing: Vec<Lacking>,
}

/// The answer of one programme.
#[derive(Clone, Debug)]
pub enum Answer<'a> {
    /// It is in force.
    InForce {
        /// The programme.
        programme: &'a CompiledProgramme,
        /// The household's outcome: of a programme for persons, that of the best placed member.
        outcome: Outcome,
        /// Together, for all members who are eligible.
        amount: Known,
        /// The household's finding, or one for each member.
        findings: Vec<Finding<'a>>,
        /// Which finding stands for the household.
        first: usize,
    },
    /// It has no version on the day.
    NotInForce(&'a NotInForce),
}

impl Answer<'_> {
    /// The programme's identifier.
    pub fn id(&self) -> &str {
        match self {
            Self::InForce { programme, .. } => &programme.id,
            Self::NotInForce(programme) => &programme.id,
        }
    }

    /// The outcome; a programme that is not in force has nobody eligible.
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::InForce { outcome, .. } => *outcome,
            Self::NotInForce(_) => Outcome::NotEligible,
        }
    }
}

/// Answers every programme for one household. `values` is memory to be used again.
pub fn answers<'a>(
    compiled: &'a Compiled,
    household: &Household,
    values: &mut Values,
) -> Vec<Answer<'a>> {
    values.run(compiled, household);
    let in_force =
        compiled.programmes.iter().map(|programme| answer(compiled, programme, household, values));
    in_force.chain(compiled.not_in_force.iter().map(Answer::NotInForce)).collect()
}

fn answer<'a>(
    compiled: &'a Compiled,
    programme: &'a CompiledProgramme,
    household: &Household,
    values: &Values,
) -> Answer<'a> {
    let whom: Vec<Option<usize>> = match programme.entity {
        Level::Person => (0..household.members.len()).map(Some).collect(),
        Level::Household | Level::Const => vec![None],
    };
    let findings: Vec<Finding<'a>> = whom
        .into_iter()
        .map(|member| finding(compiled, programme, household, values, member))
        .collect();
    let mut any = Some(0);
    for finding in &findings {
        any = or(
            any,
            match finding.outcome {
                Outcome::Eligible => Some(1),
                Outcome::NotEligible => Some(0),
                Outcome::Unknown => None,
            },
        );
    }
    let failed = |finding: &Finding<'_>| {
        finding
            .conditions
            .iter()
            .filter(|checked| decides(checked) && checked.holds == Some(false))
            .count()
    };
    let first = findings
        .iter()
        .enumerate()
        .min_by_key(|(index, finding)| {
            (finding.outcome, failed(finding), finding.member != Some(household.head), *index)
        })
        .map_or(0, |(index, _)| index);
    let eligible: Vec<Known> = findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::Eligible)
        .map(|finding| finding.amount)
        .collect();
    let amount = if eligible.is_empty() {
        None
    } else {
        eligible.into_iter().try_fold(0_i64, |sofar, amount| sofar.checked_add(amount?))
    };
    Answer::InForce { programme, outcome: Outcome::of(any), amount, findings, first }
}

/// Does it decide (and not only accompany)?
pub(crate) fn decides(checked: &Checked<'_>) -> bool {
    checked.condition.kind != ConditionKind::Ongoing
}

fn finding<'a>(
    compiled: &'a Compiled,
    programme: &'a CompiledProgramme,
    household: &Household,
    values: &Values,
    member: Option<usize>,
) -> Finding<'a> {
    let at = |n: N| values.at(compiled, n, member);
    let outcome = Outcome::of(at(programme.eligible));
    let amount_node = programme.amount.as_ref().map(|amount| amount.node);
    let amount = amount_node.filter(|_| outcome == Outcome::Eligible).and_then(at);
    let root = match outcome {
        Outcome::Unknown => Some(programme.eligible),
        Outcome::Eligible => amount_node.filter(|_| amount.is_none()),
        Outcome::NotEligible => None,
    };
    Finding {
        member,
        outcome,
        amount,
        score: programme.score.and_then(at),
        conditions: programme
            .conditions
            .iter()
            .map(|condition| checked(compiled, condition, &at))
            .collect(),
        missing: root
            .map(|root| missing(compiled, household, values, root, member))
            .unwrap_or_default(),
    }
}

fn checked<'a>(
    compiled: &Compiled,
    condition: &'a CompiledCondition,
    at: &impl Fn(N) -> Known,
) -> Checked<'a> {
    let excludes = condition.kind == ConditionKind::Exclusion;
    let is = at(condition.node);
    let holds = if excludes { not(is) } else { is }.map(|holds| holds != 0);
    let (value, limit) = match &condition.measured {
        None => (None, Limit::None),
        Some((measured, threshold)) => {
            let limit = match threshold {
                Threshold::Node(compare, n) => {
                    let compare = if excludes { opposite(*compare) } else { *compare };
                    compiled
                        .nodes
                        .get(*n)
                        .map_or(Limit::None, |node| Limit::Number(compare, at(*n), node.ty))
                }
                Threshold::OneOf(list) => Limit::OneOf(list, !excludes),
                Threshold::Bool(wanted) => Limit::Bool(*wanted != excludes),
            };
            (at(*measured), limit)
        }
    };
    Checked { condition, holds, value, limit }
}

const fn opposite(compare: Compare) -> Compare {
    match compare {
        Compare::Eq => Compare::Ne,
        Compare::Ne => Compare::Eq,
        Compare::Lt => Compare::Ge,
        Compare::Le => Compare::Gt,
        Compare::Gt => Compare::Le,
        Compare::Ge => Compare::Lt,
    }
}
