//! What is published: the commitment before, the record after, and repeating a draw from its record.

use maeul_base::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::PROCEDURE;
use super::candidates::Candidates;
use super::draw::{Draw, Passed, draw};
use super::error::LotError;
use super::quota::Quotas;

/// Published before the seed is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// `maeul-lot/1`.
    pub procedure: String,
    /// What the panel is for.
    pub title: String,
    /// How many people will be drawn.
    pub seats: u32,
    /// How many candidates there are.
    pub candidates: usize,
    /// SHA-256 of the list's bytes.
    pub candidates_sha256: String,
    /// SHA-256 of the quota file's bytes.
    pub quota_sha256: String,
    /// SHA-256 of the seed; `-` while there is none.
    pub seed_sha256: String,
    /// Where the seed will come from.
    pub seed_source: String,
    /// SHA-256 of the four lines; see [`Commitment::lines`].
    pub commitment: String,
}

impl Commitment {
    /// Commits to these two files and, when it is known already, to the seed.
    ///
    /// # Errors
    /// The files cannot be read, or the quotas cannot be met with this list.
    pub fn new(candidates: &[u8], quota: &str, seed: Option<&str>) -> Result<Self, LotError> {
        let quotas = Quotas::read(quota)?;
        let list = Candidates::read(candidates)?;
        // What cannot be drawn is not announced.
        draw(&list, &quotas, seed.unwrap_or("-"))?;
        let mut commitment = Self {
            procedure: PROCEDURE.to_owned(),
            title: quotas.title().to_owned(),
            seats: quotas.seats(),
            candidates: list.rows().len(),
            candidates_sha256: sha256(candidates),
            quota_sha256: sha256(quota.as_bytes()),
            seed_sha256: seed.map_or_else(|| "-".to_owned(), |seed| sha256(seed.as_bytes())),
            seed_source: quotas.seed_source().to_owned(),
            commitment: String::new(),
        };
        commitment.commitment = sha256(commitment.lines().as_bytes());
        Ok(commitment)
    }

    /// The text that is hashed, each line ended by one line feed.
    pub fn lines(&self) -> String {
        format!(
            "{}\ncandidates {}\nquota {}\nseed {}\n",
            self.procedure, self.candidates_sha256, self.quota_sha256, self.seed_sha256
        )
    }
}

/// One line of a published draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The candidate.
    pub id: String,
    /// 64 hexadecimal digits.
    pub ticket: String,
    /// Whether they are on the panel.
    pub taken: bool,
    /// For those passed over: the parts that were full.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub full: Vec<String>,
    /// For those passed over: the quotas the seats left were needed for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needed: Vec<String>,
}

/// A quota and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The part, e.g. `성별=여`.
    pub part: String,
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
    /// Candidates in it.
    pub candidates: u32,
    /// Drawn from it.
    pub drawn: usize,
}

/// Published after the draw: enough for anyone who has the two files to draw again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What was announced, with the seed's hash.
    #[serde(flatten)]
    pub commitment: Commitment,
    /// The commitment published before the draw, when it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The seed.
    pub seed: String,
    /// The panel in order of ticket.
    pub panel: Vec<String>,
    /// Reserves in order of ticket.
    pub reserves: Vec<String>,
    /// The quotas and what came of them.
    pub quotas: Vec<Part>,
    /// Everybody the walk came to.
    pub steps: Vec<Line>,
}

impl Record {
    /// Draws and writes down.
    ///
    /// # Errors
    /// The files cannot be read, the quotas cannot be met, or `published` is not their commitment.
    pub fn draw(
        candidates: &[u8],
        quota: &str,
        seed: &str,
        reserves: usize,
        published: Option<&str>,
    ) -> Result<(Self, Candidates, Draw), LotError> {
        let quotas = Quotas::read(quota)?;
        let list = Candidates::read(candidates)?;
        let drawn = draw(&list, &quotas, seed)?;
        let commitment = Commitment::new(candidates, quota, Some(seed))?;
        if let Some(published) = published {
            let open = Commitment::new(candidates, quota, None)?.commitment;
            if published != commitment.commitment && published != open {
                let computed = format!("{} / {open}", commitment.commitment);
                return Err(LotError::Commitment { published: published.to_owned(), computed });
            }
        }
        let id =
            |person: usize| list.rows().get(person).map_or_else(String::new, |row| row.id.clone());
        let steps = drawn.steps.iter().map(|step| {
            let (full, needed) = match &step.passed {
                Some(Passed::Full(parts)) => (parts.clone(), Vec::new()),
                Some(Passed::Needed(parts)) => (Vec::new(), parts.clone()),
                None => (Vec::new(), Vec::new()),
            };
            let taken = step.passed.is_none();
            Line { id: id(step.candidate), ticket: step.ticket.clone(), taken, full, needed }
        });
        let quotas = drawn.composition().into_iter().map(|(quota, drawn)| Part {
            part: quota.part.clone(),
            min: quota.least,
            max: quota.most,
            candidates: quota.candidates,
            drawn,
        });
        let record = Self {
            published: published.map(str::to_owned),
            seed: seed.to_owned(),
            panel: drawn.panel().map(id).collect(),
            reserves: drawn.reserves(reserves).iter().map(|&&(person, _)| id(person)).collect(),
            quotas: quotas.collect(),
            steps: steps.collect(),
            commitment,
        };
        Ok((record, list, drawn))
    }

    /// Reads a published record.
    ///
    /// # Errors
    /// It is not a record.
    pub fn read(text: &str) -> Result<Self, LotError> {
        serde_json::from_str(text).map_err(|error| LotError::Record(error.to_string()))
    }

    /// Draws again from the same files and compares everything.
    ///
    /// # Errors
    /// The first field that differs.
    pub fn verify(&self, candidates: &[u8], quota: &str) -> Result<(), LotError> {
        let published = self.published.as_deref();
        let (again, ..) =
            Self::draw(candidates, quota, &self.seed, self.reserves.len(), published)?;
        for (field, same) in [
            ("commitment", self.commitment == again.commitment),
            ("panel", self.panel == again.panel),
            ("reserves", self.reserves == again.reserves),
            ("quotas", self.quotas == again.quotas),
            ("steps", self.steps == again.steps),
        ] {
            if !same {
                return Err(LotError::Differs(field.to_owned()));
            }
        }
        Ok(())
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}
