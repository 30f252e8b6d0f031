//! What waits to be done, and how it is written.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, FaultKind, JobId, OfficeId};
use maeul_db::{Tx, args, row};
use maeul_facts::Fact;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::life::TRIES;
use crate::wake;

/// Which jobs go before others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    /// Pages wait for it.
    First,
    /// It can wait.
    InTurn,
}

impl Rank {
    /// As it is kept: a lower number goes first.
    pub(crate) const fn number(self) -> i32 {
        match self {
            Self::First => 0,
            Self::InTurn => 1,
        }
    }
}

/// A job to be written.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which handler runs it, e.g. `notice.send`.
    pub kind: &'static str,
    /// What the handler needs: ids, never a resident's data.
    pub payload: Value,
    /// Not before this instant.
    pub run_at: Timestamp,
    /// The key of an effect wanted once: as long as a job of this office, kind and key is kept,
    /// done or not, no second one is written.
    pub dedupe: Option<String>,
    /// Whether it goes before all that can wait.
    pub urgent: bool,
}

impl NewJob {
    /// A job to be run as soon as its transaction is kept.
    pub const fn now(ctx: &Ctx, kind: &'static str, payload: Value) -> Self {
        Self { kind, payload, run_at: ctx.now, dedupe: None, urgent: false }
    }

    /// The same job, before all that can wait: for short work that pages wait for.
    #[must_use]
    pub const fn urgent(mut self) -> Self {
        self.urgent = true;
        self
    }

    /// The same job, wanted once for this key.
    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.dedupe = Some(key.into());
        self
    }
}

row! {
    /// A job as it was claimed.
    #[derive(Clone, Debug)]
    pub struct Job {
        /// Whose it is.
        pub office: OfficeId,
        /// Its id.
        pub id: JobId,
        /// Which handler runs it.
        pub kind: String,
        /// What the handler needs.
        pub payload: Value,
        /// How often it was claimed, this time included.
        pub attempts: i32,
        /// When it was due.
        pub run_at: Timestamp,
        /// When it was written.
        pub created_at: Timestamp,
    }
}

impl Job {
    /// Whether it is given up if it fails once more.
    pub const fn is_last_try(&self) -> bool {
        self.attempts >= TRIES
    }

    /// The payload as its type; one that does not fit is a Decode fault.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_value(self.payload.clone()).map_err(|error| {
            Fault::from_error(format!("the payload of a job {}", self.kind), error)
                .kind_of(FaultKind::Decode)
        })
    }
}

/// Writes a job; `None` if one of the same key was already written.
pub fn enqueue(tx: &mut Tx, ctx: &Ctx, new: &NewJob) -> Result<Option<JobId>, Fault> {
    let id: JobId = ctx.id();
    let NewJob { kind, payload, run_at, dedupe, urgent } = new;
    // The common rank is the column's own, so that jobs of that rank are also written to the tables of
    // the release before.
    let (column, rank) = if *urgent { (", rank", ", 0") } else { ("", "") };
    let Some(dedupe) = dedupe else {
        tx.insert(
            &format!(
                "INSERT INTO queue_job
                     (office_id, id, kind, payload, state, run_at, attempts, created_at{column})
                 VALUES ($1, $2, $3, $4, 'ready', $5, 0, $6{rank})"
            ),
            args![ctx.office, id, kind, payload, run_at, ctx.now],
        )?;
        wake::soon();
        return Ok(Some(id));
    };
    let written = tx.exec(
        &format!(
            "INSERT INTO queue_job
                 (office_id, id, kind, payload, dedupe, state, run_at, attempts, created_at{column})
             VALUES ($1, $2, $3, $4, $5, 'ready', $6, 0, $7{rank})
             ON CONFLICT DO NOTHING"
        ),
        args![ctx.office, id, kind, payload, dedupe, run_at, ctx.now],
    )?;
    if written == 1 {
        wake::soon();
        return Ok(Some(id));
    }
    Ok(None)
}

/// States a fact to the other rooms: it waits as a job until they have taken note of it.
pub fn emit(tx: &mut Tx, ctx: &Ctx, fact: &Fact) -> Result<JobId, Fault> {
    let payload =
        serde_json::to_value(fact).map_err(|error| Fault::from_error("a fact as JSON", error))?;
    enqueue(tx, ctx, &NewJob::now(ctx, fact.kind(), payload))?
        .ok_or_else(|| Fault::other("a fact without a key was taken for a repetition"))
}
