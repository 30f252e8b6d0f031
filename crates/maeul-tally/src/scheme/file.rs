//! The scheme file: TOML as written, and checked.

use serde::Deserialize;

use super::error::{SchemeError, SchemeProblem};
use crate::exact::Exact;
use crate::ties::TieChain;

/// One text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// 한국어
    pub ko: String,
    /// English
    pub en: String,
}

/// A number in TOML: whole, or a decimal in quotation marks. A bare decimal would have been rounded on the way.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Number {
    Whole(u64),
    Text(String),
    /// Refused, with how to write it.
    Rounded(serde::de::IgnoredAny),
}

impl Number {
    fn exact(&self, part: &str) -> Result<Exact, SchemeError> {
        let wrong = || SchemeError::Part(part.to_owned(), SchemeProblem::Number);
        match self {
            Self::Whole(value) => Ok(Exact::from(*value)),
            Self::Text(text) => {
                let value: Exact = text.parse().map_err(|_| wrong())?;
                if value.is_negative() { Err(wrong()) } else { Ok(value) }
            }
            Self::Rounded(_) => Err(wrong()),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Words,
    source: String,
    #[serde(default)]
    unknown: Vec<Words>,
    #[serde(default)]
    budget: Option<Number>,
    #[serde(default)]
    combine: Combine,
    #[serde(default)]
    fit: Fit,
    #[serde(default)]
    ties: Option<String>,
    #[serde(default)]
    places: Option<u32>,
    channel: Vec<ChannelFile>,
    #[serde(default)]
    ballots: Vec<BallotsFile>,
    floor: Option<FloorFile>,
    #[serde(default)]
    group: Vec<GroupFile>,
}

/// How channels come together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Combine {
    /// Weighted shares.
    #[default]
    Weighted,
    /// Votes of all channels, one as good as the other.
    Sum,
}

/// What happens when a project does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// The next one is tried.
    #[default]
    Skip,
    /// The selection ends.
    Stop,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelFile {
    id: String,
    name: Words,
    weight: Option<Number>,
    #[serde(default, rename = "match")]
    methods: Vec<String>,
    #[serde(default)]
    share_of: ShareOf,
    column: Option<String>,
    max: Option<Number>,
}

/// What a share in a channel of ballots is a share of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShareOf {
    /// Valid ballots of the channel.
    #[default]
    Ballots,
    /// Votes of the channel.
    Votes,
    /// Votes of the project that has most of the channel.
    Most,
}

/// Where a channel's numbers come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Ballots whose `voting_method` is one of these; all ballots, where there are none.
    Ballots {
        /// Values of `voting_method`.
        methods: Vec<String>,
        /// What a share is a share of.
        share_of: ShareOf,
    },
    /// A committee's score in a column of PROJECTS.
    Score {
        /// The column.
        column: String,
        /// The best score there can be.
        max: Exact,
    },
}

/// One way in which people or a committee say what they want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its name in the file.
    pub id: String,
    /// Its name for readers.
    pub name: Words,
    /// Its weight; meaning only against the other weights.
    pub weight: Exact,
    /// Where its numbers come from.
    pub source: Source,
}

/// What becomes of a ballot that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remedy {
    /// The whole ballot is void.
    Void,
    /// Its votes in that field are.
    VoidField,
    /// It counts all the same.
    Accept,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BallotsFile {
    channel: Option<String>,
    #[serde(default = "category")]
    column: String,
    field: Option<String>,
    #[serde(default)]
    each_field: bool,
    least: Option<u32>,
    most: Option<u32>,
    exactly_percent: Option<u32>,
    over: Option<Remedy>,
    under: Option<Remedy>,
}

fn category() -> String {
    "category".to_owned()
}

/// How many votes a person has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballots {
    /// Only for ballots of this channel.
    pub channel: Option<String>,
    /// The column of PROJECTS that names fields.
    pub column: String,
    /// Only votes in this field.
    pub field: Option<String>,
    /// The rule stands for every field.
    pub each_field: bool,
    /// At least so many votes.
    pub least: Option<u32>,
    /// At most so many votes.
    pub most: Option<u32>,
    /// Exactly this percentage of the projects asked about, a part of one counting as none.
    pub exactly_percent: Option<u32>,
    /// What too many mean.
    pub over: Remedy,
    /// What too few mean.
    pub under: Remedy,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FloorFile {
    percent: Number,
    of: Option<String>,
}

/// Under this share a project is out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    /// 0 … 1.
    pub share: Exact,
    /// The channel whose share is asked; the weighted score (or, summed, votes ÷ valid ballots) where there is none.
    pub of: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    #[serde(default = "category")]
    column: String,
    value: Option<String>,
    #[serde(default)]
    each: bool,
    ceiling: Option<Number>,
    at_least: Option<u32>,
    at_most: Option<u32>,
}

/// Projects that share a ceiling or places: a field, a 동.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The column of PROJECTS that names groups.
    pub column: String,
    /// This one only; nothing: every value its own group.
    pub value: Option<String>,
    /// The most that may be spent on it (실링).
    pub ceiling: Option<Exact>,
    /// Places kept for it, filled before the others.
    pub at_least: u32,
    /// The most of its projects that are selected.
    pub at_most: Option<u32>,
}

/// A scheme that has been read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its name.
    pub name: Words,
    /// Where it is told.
    pub source: String,
    /// What the source does not say, and what is counted instead.
    pub unknown: Vec<Words>,
    /// What may be spent; the file's budget where there is none.
    pub budget: Option<Exact>,
    /// How channels come together.
    pub combine: Combine,
    /// What happens when a project does not fit.
    pub fit: Fit,
    /// How equal scores are ordered.
    pub ties: TieChain,
    /// The most projects selected in all.
    pub places: Option<u32>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Rules on votes per person.
    pub ballots: Vec<Ballots>,
    /// The floor.
    pub floor: Option<Floor>,
    /// Ceilings and places.
    pub groups: Vec<Group>,
}

impl Scheme {
    /// Reads a scheme.
    ///
    /// # Errors
    /// Not TOML, an unknown key, or a part that cannot be meant.
    pub fn read(text: &str) -> Result<Self, SchemeError> {
        let file: File = toml::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| SchemeError::Unreadable(error.to_string()))?;
        let channels = file
            .channel
            .into_iter()
            .map(|c| c.checked(file.combine))
            .collect::<Result<Vec<_>, _>>()?;
        let total: Exact = channels.iter().map(|channel| channel.weight.clone()).sum();
        if channels.is_empty() {
            return Err(SchemeError::Part("channel".into(), SchemeProblem::Channel));
        }
        if total.is_zero() {
            return Err(SchemeError::Part("weight".into(), SchemeProblem::Weights));
        }
        let known = |name: &Option<String>| match name {
            Some(name) if channels.iter().all(|channel| channel.id != *name) => {
                Err(SchemeError::Part(name.clone(), SchemeProblem::Channel))
            }
            _ => Ok(()),
        };
        let ballots =
            file.ballots.into_iter().map(BallotsFile::checked).collect::<Result<Vec<_>, _>>()?;
        for rule in &ballots {
            known(&rule.channel)?;
        }
        let floor = file.floor.map(|floor| {
            known(&floor.of)?;
            let percent = floor.percent.exact("floor")?;
            let share = percent.over(&Exact::from(100_u32)).unwrap_or_default();
            Ok(Floor { share, of: floor.of })
        });
        Ok(Self {
            name: file.name,
            source: file.source,
            unknown: file.unknown,
            budget: file.budget.map(|budget| budget.exact("budget")).transpose()?,
            combine: file.combine,
            fit: file.fit,
            ties: match &file.ties {
                Some(ties) => ties
                    .parse()
                    .map_err(|_| SchemeError::Part(ties.clone(), SchemeProblem::Ties))?,
                None => TieChain::default(),
            },
            places: file.places,
            ballots,
            floor: floor.transpose()?,
            groups: file.group.into_iter().map(GroupFile::checked).collect::<Result<_, _>>()?,
            channels,
        })
    }
}

impl ChannelFile {
    fn checked(self, combine: Combine) -> Result<Channel, SchemeError> {
        let weight = match (&self.weight, combine) {
            (Some(weight), _) => weight.exact(&self.id)?,
            (None, Combine::Sum) => Exact::ONE,
            (None, Combine::Weighted) => {
                return Err(SchemeError::Part(self.id, SchemeProblem::Weights));
            }
        };
        let source = match (self.column, self.max) {
            (None, None) => Source::Ballots { methods: self.methods, share_of: self.share_of },
            (Some(column), Some(max)) => {
                let max = max.exact(&self.id)?;
                if max.is_zero() || combine == Combine::Sum {
                    return Err(SchemeError::Part(self.id, SchemeProblem::Score));
                }
                Source::Score { column, max }
            }
            _ => return Err(SchemeError::Part(self.id, SchemeProblem::Score)),
        };
        Ok(Channel { id: self.id, name: self.name, weight, source })
    }
}

impl BallotsFile {
    fn checked(self) -> Result<Ballots, SchemeError> {
        let part = || format!("ballots {}", self.field.as_deref().unwrap_or_default());
        let exact = self.exactly_percent.is_some();
        if self.least.zip(self.most).is_some_and(|(least, most)| least > most)
            || exact && (self.least.is_some() || self.most.is_some())
        {
            return Err(SchemeError::Part(part(), SchemeProblem::Crossed));
        }
        // Every bound says what breaking it means.
        let bound = (self.most.is_some() || exact, self.least.is_some() || exact);
        if bound == (false, false) || bound != (self.over.is_some(), self.under.is_some()) {
            return Err(SchemeError::Part(part(), SchemeProblem::Remedy));
        }
        Ok(Ballots {
            over: self.over.unwrap_or(Remedy::Accept),
            under: self.under.unwrap_or(Remedy::Accept),
            channel: self.channel,
            column: self.column,
            field: self.field,
            each_field: self.each_field,
            least: self.least,
            most: self.most,
            exactly_percent: self.exactly_percent,
        })
    }
}

impl GroupFile {
    fn checked(self) -> Result<Group, SchemeError> {
        let part = || self.value.clone().unwrap_or_else(|| self.column.clone());
        let limited = self.ceiling.is_some() || self.at_least.is_some() || self.at_most.is_some();
        if self.value.is_some() == self.each || !limited {
            return Err(SchemeError::Part(part(), SchemeProblem::Group));
        }
        if self.at_least.zip(self.at_most).is_some_and(|(least, most)| least > most) {
            return Err(SchemeError::Part(part(), SchemeProblem::Crossed));
        }
        Ok(Group {
            ceiling: self.ceiling.as_ref().map(|sum| sum.exact(&part())).transpose()?,
            at_least: self.at_least.unwrap_or(0),
            at_most: self.at_most,
            column: self.column,
            value: self.value,
        })
    }
}
