//! The stable names of the rules: what a published notice cites and `--rule` takes.

use std::fmt;
use std::str::FromStr;

use maeul_base::{Lang, Refusal};

/// What a funded project is worth to a voter who chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Worth {
    /// Its cost: a large project satisfies more. Per unit of cost, each vote counts the same.
    Cost,
    /// One, whatever it costs.
    Cardinality,
    /// The points the ballot gives it.
    Points,
    /// Its Borda points: L−1 for the first of L ranked projects, 0 for the last.
    Borda,
}

/// The rule that chooses first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// [`greedy`](crate::rule::greedy).
    Greedy(Worth),
    /// [`equal shares`](crate::rule::equal_shares).
    EqualShares(Worth),
    /// [`sequential Phragmén`](crate::rule::phragmen).
    Phragmen,
}

/// How much more each voter gets in the next run of equal shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// So many currency units a voter (`add1`: one).
    Units(u32),
    /// So many per cent of the budget, shared by all voters (`1pct`: one).
    Percent(u32),
}

/// When raising stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// Only when the next outcome would overspend (equalshares.net; Wieliczka 2023).
    Overspend,
    /// Also when no supported project fits into what is left (pabutools' `voter_budget_increment`).
    Exhaustive,
    /// Also when no project at all fits into what is left (pabutools' `exhaustion_by_budget_increase`).
    ExhaustiveAll,
}

/// What follows the rule, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Completion {
    /// Equal shares again and again with a larger share for everyone.
    Raise(Step, Stop),
    /// What is left goes to greedy with the same worth.
    Greedy,
    /// Greedy by votes instead, if more voters prefer it.
    Comparison,
    /// Greedy stops at the first project that does not fit.
    NoSkip,
}

/// A rule with what follows it, e.g. `mes-cost+add1+greedy`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleName {
    base: Base,
    completions: Vec<Completion>,
}

/// The nine rules without completions, as the command line lists them.
pub const BASES: [&str; 9] = [
    "greedy-votes",
    "greedy-cardinality",
    "greedy-points",
    "greedy-borda",
    "mes-cost",
    "mes-cardinality",
    "mes-points",
    "mes-borda",
    "phragmen",
];

impl RuleName {
    /// The rule that chooses first.
    pub const fn base(&self) -> Base {
        self.base
    }

    /// What follows it.
    pub fn completions(&self) -> &[Completion] {
        &self.completions
    }

    /// The base alone, if it can be.
    pub fn bare(base: Base) -> Self {
        Self { base, completions: Vec::new() }
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worth = |worth| match worth {
            Worth::Cost => "cost",
            Worth::Cardinality => "cardinality",
            Worth::Points => "points",
            Worth::Borda => "borda",
        };
        match self.base {
            Base::Greedy(Worth::Cost) => f.write_str("greedy-votes")?,
            Base::Greedy(w) => write!(f, "greedy-{}", worth(w))?,
            Base::EqualShares(w) => write!(f, "mes-{}", worth(w))?,
            Base::Phragmen => f.write_str("phragmen")?,
        }
        for completion in &self.completions {
            match completion {
                Completion::Raise(step, stop) => {
                    match step {
                        Step::Units(units) => write!(f, "+add{units}")?,
                        Step::Percent(percent) => write!(f, "+{percent}pct")?,
                    }
                    if *stop == Stop::Exhaustive {
                        f.write_str("-exhaustive")?;
                    }
                }
                Completion::Greedy => f.write_str("+greedy")?,
                Completion::Comparison => f.write_str("+comparison")?,
                Completion::NoSkip => f.write_str("+no-skip")?,
            }
        }
        Ok(())
    }
}

impl FromStr for RuleName {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let mut parts = text.split('+');
        let base = match parts.next().unwrap_or("") {
            "greedy-votes" => Base::Greedy(Worth::Cost),
            "greedy-cardinality" => Base::Greedy(Worth::Cardinality),
            "greedy-points" => Base::Greedy(Worth::Points),
            "greedy-borda" => Base::Greedy(Worth::Borda),
            "mes-cost" => Base::EqualShares(Worth::Cost),
            "mes-cardinality" => Base::EqualShares(Worth::Cardinality),
            "mes-points" => Base::EqualShares(Worth::Points),
            "mes-borda" => Base::EqualShares(Worth::Borda),
            "phragmen" => Base::Phragmen,
            other => return Err(RuleError::Base(other.to_owned())),
        };
        let mut completions = Vec::new();
        for part in parts {
            let completion =
                completion(part).ok_or_else(|| RuleError::Completion(part.to_owned()))?;
            let fits = match (base, completion) {
                (Base::Greedy(_), Completion::NoSkip) => completions.is_empty(),
                (Base::EqualShares(_), Completion::Raise(..)) => completions.is_empty(),
                (Base::EqualShares(_), Completion::Greedy) => !completions
                    .iter()
                    .any(|done| matches!(done, Completion::Greedy | Completion::Comparison)),
                (Base::EqualShares(_), Completion::Comparison) => {
                    !completions.contains(&Completion::Comparison)
                }
                (Base::Phragmen, Completion::Greedy) => completions.is_empty(),
                _ => false,
            };
            if !fits {
                return Err(RuleError::Order(text.to_owned(), part.to_owned()));
            }
            completions.push(completion);
        }
        Ok(Self { base, completions })
    }
}

fn completion(text: &str) -> Option<Completion> {
    let number = |digits: &str| {
        digits
            .parse::<u32>()
            .ok()
            .filter(|n| *n > 0 && digits.len() < 10 && !digits.starts_with(['+', '0']))
    };
    match text {
        "greedy" => Some(Completion::Greedy),
        "comparison" => Some(Completion::Comparison),
        "no-skip" => Some(Completion::NoSkip),
        _ => {
            if let Some(percent) = text.strip_suffix("pct") {
                return Some(Completion::Raise(
                    Step::Percent(number(percent)?),
                    Stop::ExhaustiveAll,
                ));
            }
            let rest = text.strip_prefix("add")?;
            let (digits, stop) = match rest.strip_suffix("-exhaustive") {
                Some(digits) => (digits, Stop::Exhaustive),
                None => (rest, Stop::Overspend),
            };
            Some(Completion::Raise(Step::Units(number(digits)?), stop))
        }
    }
}

/// Why a rule's name cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// No rule has this name.
    Base(String),
    /// No completion has this name.
    Completion(String),
    /// The completion cannot follow there: the whole name, the part.
    Order(String, String),
}

impl Refusal for RuleError {
    fn code(&self) -> &'static str {
        match self {
            Self::Base(_) => "tally.rule.unknown",
            Self::Completion(_) => "tally.rule.completion",
            Self::Order(..) => "tally.rule.order",
        }
    }

    fn say(&self, lang: Lang) -> String {
        let bases = BASES.join(", ");
        match (self, lang) {
            (Self::Base(name), Lang::Ko) => {
                format!("'{name}' 규칙은 없습니다. 다음 중에서 고르십시오: {bases}")
            }
            (Self::Base(name), Lang::En) => {
                format!("There is no rule '{name}'. Choose one of: {bases}")
            }
            (Self::Completion(name), Lang::Ko) => format!(
                "'+{name}' 보완은 없습니다. +add1, +add1-exhaustive, +1pct, +greedy, +comparison, +no-skip 중에서 고르십시오."
            ),
            (Self::Completion(name), Lang::En) => format!(
                "There is no completion '+{name}'. Choose one of: +add1, +add1-exhaustive, +1pct, +greedy, +comparison, +no-skip"
            ),
            (Self::Order(name, part), Lang::Ko) => format!(
                "'{name}'에서 '+{part}'은(는) 그 자리에 쓸 수 없습니다. 균등 몫은 mes-cost+add1+greedy+comparison처럼 이 순서로, 득표순은 +no-skip만, phragmen은 +greedy만 쓸 수 있습니다."
            ),
            (Self::Order(name, part), Lang::En) => format!(
                "In '{name}', '+{part}' cannot stand there. Equal shares takes a raise, then +greedy, then +comparison (mes-cost+add1+greedy+comparison); greedy takes +no-skip only; phragmen takes +greedy only."
            ),
        }
    }
}
