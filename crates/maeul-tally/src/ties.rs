//! Ties: a declared chain of keys, the last of which leaves none.
//!
//! The default is the string order of ids, as in pabutools. A notice that wants chance to decide ends its chain in
//! `lot:SEED`, the seed published beforehand or drawn in public (dice, a lottery's numbers) after the ballots are sealed.
//!
//! # The lot
//! Every project's ticket is SHA-256 over the UTF-8 bytes of the seed, one line feed, and the project's id. The smaller
//! ticket, read as a hexadecimal number, goes first. By hand: `printf '%s\n%s' SEED ID | sha256sum`. One ticket serves
//! all rounds, so one table of tickets settles every tie of a count.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use maeul_base::{Lang, Refusal, hex};
use sha2::{Digest as _, Sha256};

use crate::election::{Election, ProjectIx};

/// One key of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TieKey {
    /// The id that comes first as a string of code points (`1184` before `128`).
    Id,
    /// More ballots naming the project first.
    Votes,
    /// The cheaper first.
    Cost,
    /// The smaller ticket first, from this seed.
    Lot(String),
}

impl fmt::Display for TieKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str("id"),
            Self::Votes => f.write_str("votes"),
            Self::Cost => f.write_str("cost"),
            Self::Lot(seed) => write!(f, "lot:{seed}"),
        }
    }
}

/// A chain of keys. It always ends in `id` or a lot: where the text ends otherwise, `id` is added, and shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TieChain(Vec<TieKey>);

impl Default for TieChain {
    fn default() -> Self {
        Self(vec![TieKey::Id])
    }
}

impl TieChain {
    /// The keys, the first asked first.
    pub fn keys(&self) -> &[TieKey] {
        &self.0
    }
}

impl fmt::Display for TieChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.0.iter().enumerate() {
            write!(f, "{}{key}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl FromStr for TieChain {
    type Err = TieError;

    /// `votes,cost,lot:SEED`. The seed is everything after `lot:`, commas included, so the lot comes last.
    fn from_str(text: &str) -> Result<Self, TieError> {
        let mut keys = Vec::new();
        let mut rest = text;
        loop {
            if let Some(seed) = rest.strip_prefix("lot:") {
                if seed.trim().is_empty() || seed.contains(['\n', '\r']) {
                    return Err(TieError::Seed);
                }
                keys.push(TieKey::Lot(seed.to_owned()));
                break;
            }
            let (word, after) =
                rest.split_once(',').map_or((rest, None), |(word, after)| (word, Some(after)));
            keys.push(match word.trim() {
                "id" => TieKey::Id,
                "votes" => TieKey::Votes,
                "cost" => TieKey::Cost,
                other => return Err(TieError::Unknown(other.to_owned())),
            });
            match after {
                Some(after) => rest = after,
                None => break,
            }
        }
        if !matches!(keys.last(), Some(TieKey::Id | TieKey::Lot(_))) {
            keys.push(TieKey::Id);
        }
        Ok(Self(keys))
    }
}

/// Why a chain cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TieError {
    /// No key has this name.
    Unknown(String),
    /// The lot has no seed, or one of several lines.
    Seed,
}

impl Refusal for TieError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "tally.ties.unknown",
            Self::Seed => "tally.ties.seed",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Unknown(key), Lang::Ko) => format!(
                "동점 처리 순서에 '{key}'은(는) 없습니다. id, votes, cost, lot:시드를 쉼표로 이어 쓰십시오. 예: votes,lot:2026-11-22"
            ),
            (Self::Unknown(key), Lang::En) => format!(
                "There is no tie key '{key}'. Join id, votes, cost and lot:SEED with commas, for example votes,lot:2026-11-22"
            ),
            (Self::Seed, Lang::Ko) => "추첨 시드가 비었거나 여러 줄입니다. lot: 뒤에 공개한 시드를 한 줄로 쓰십시오.".into(),
            (Self::Seed, Lang::En) => "The lot's seed is empty or has several lines. Write the published seed on one line after lot:".into(),
        }
    }
}

/// A project's ticket in the lot, as 64 hexadecimal digits.
pub fn ticket(seed: &str, project: &str) -> String {
    hex(hash(seed, project))
}

fn hash(seed: &str, project: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.as_bytes());
    hash.update(b"\n");
    hash.update(project.as_bytes());
    hash.finalize().into()
}

/// All projects of an election in the order of a chain: computed once, asked in every tie.
#[derive(Clone, Debug)]
pub struct TieOrder {
    /// For every project its place in the order; small is first.
    place: Vec<u32>,
}

impl TieOrder {
    /// Orders the projects by `chain`.
    pub fn new(election: &Election, chain: &TieChain) -> Self {
        let votes = election.votes();
        let votes_of = |ix: ProjectIx| votes.get(ix as usize).copied().unwrap_or(0);
        // One ticket for each project, drawn before any comparison.
        let tickets: Vec<Vec<[u8; 32]>> = chain
            .keys()
            .iter()
            .map(|key| match key {
                TieKey::Lot(seed) => {
                    election.projects.iter().map(|project| hash(seed, &project.id)).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        let mut order: Vec<ProjectIx> = election.indices().collect();
        order.sort_by(|&a, &b| {
            for (key, drawn) in chain.keys().iter().zip(&tickets) {
                let by_key = match key {
                    TieKey::Id => election.id(a).cmp(election.id(b)),
                    TieKey::Votes => votes_of(b).cmp(&votes_of(a)),
                    TieKey::Cost => election.cost(a).cmp(&election.cost(b)),
                    TieKey::Lot(_) => drawn.get(a as usize).cmp(&drawn.get(b as usize)),
                };
                if by_key != Ordering::Equal {
                    return by_key;
                }
            }
            a.cmp(&b)
        });
        let mut place = vec![0; order.len()];
        for (at, &project) in (0_u32..).zip(&order) {
            if let Some(slot) = place.get_mut(project as usize) {
                *slot = at;
            }
        }
        Self { place }
    }

    /// The project's place; small is first.
    pub fn place(&self, project: ProjectIx) -> u32 {
        self.place.get(project as usize).copied().unwrap_or(u32::MAX)
    }

    /// The first of them.
    pub fn first(&self, tied: &[ProjectIx]) -> Option<ProjectIx> {
        tied.iter().copied().min_by_key(|&project| self.place(project))
    }
}
