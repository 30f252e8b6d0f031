//! What happens by itself: looks are chained, fields are sealed again with a new key, and what has been
//! kept long enough is destroyed.

use jiff::SignedDuration;
use maeul_base::{Ctx, Fault};
use maeul_db::{Db, Resealed, Tx, reseal_some};
use maeul_queue::{Handler, JobCtx, JobError, NewJob, Schedule, enqueue, handler};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Shelf, retention};

/// Chains the looks that wait.
pub const CHAIN: &str = "privacy.chain";
/// Seals again what an older key sealed.
pub const RESEAL: &str = "privacy.reseal";
/// Destroys what has been kept long enough.
pub const DESTROY: &str = "privacy.destroy";

/// Looks chained in one transaction.
const LOOKS: i64 = 200;
/// Rows sealed again in one transaction: letters are long, and intake goes on beside it.
const ROWS: i64 = 50;
/// Transactions of one job; then the rest is another job, so that a stop loses little.
const STEPS: usize = 40;

const SCHEDULES: &[Schedule] = &[
    Schedule {
        name: CHAIN,
        kind: CHAIN,
        every: SignedDuration::from_mins(1),
        after_midnight: SignedDuration::ZERO,
    },
    // Whatever a server with an older key file sealed since.
    Schedule {
        name: RESEAL,
        kind: RESEAL,
        every: SignedDuration::from_hours(24),
        after_midnight: SignedDuration::from_mins(250),
    },
    Schedule {
        name: DESTROY,
        kind: DESTROY,
        every: SignedDuration::from_hours(24),
        after_midnight: SignedDuration::from_mins(130),
    },
];

pub(crate) fn schedules() -> Vec<Schedule> {
    SCHEDULES.to_vec()
}

pub(crate) fn handlers(shelf: &Shelf) -> Vec<(&'static str, Handler)> {
    let (chaining, sealing, destroying) = (shelf.clone(), shelf.clone(), shelf.clone());
    vec![
        (CHAIN, handler(move |job| chained(job, chaining.clone()))),
        (RESEAL, handler(move |job| resealed(job, sealing.clone()))),
        (DESTROY, handler(move |job| destroyed(job, destroying.clone()))),
    ]
}

async fn chained(job: JobCtx, shelf: Shelf) -> Result<(), JobError> {
    loop {
        let (ctx, seal) = (job.ctx.clone(), shelf.seal().clone());
        let done =
            job.db.write(move |tx| maeul_people::chain_looks(tx, &ctx, &seal, LOOKS)).await?;
        if done < LOOKS {
            return Ok(());
        }
    }
}

async fn destroyed(job: JobCtx, shelf: Shelf) -> Result<(), JobError> {
    retention::run(&job.db, &job.ctx, &shelf, false).await?;
    Ok(())
}

/// How far sealing again has come: which column, after which row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Among the shelf's columns.
    #[serde(default)]
    pub column: usize,
    /// The last row that was looked at.
    #[serde(default)]
    pub after: Option<Uuid>,
}

/// Writes the job that seals everything again, in the caller's transaction.
pub fn ask_reseal(tx: &mut Tx, ctx: &Ctx, from: Place) -> Result<(), Fault> {
    let payload =
        serde_json::to_value(from).map_err(|error| Fault::from_error("a place as JSON", error))?;
    enqueue(tx, ctx, &NewJob::now(ctx, RESEAL, payload)).map(|_| ())
}

/// Seals some rows again from `place` on, in one transaction; where to go on, none when all is done.
pub async fn reseal_step(
    db: &Db,
    ctx: &Ctx,
    shelf: &Shelf,
    place: Place,
) -> Result<(Resealed, Option<Place>), Fault> {
    let Some(column) = shelf.columns().get(place.column).copied() else {
        return Ok((Resealed::default(), None));
    };
    let (inner, seal) = (ctx.clone(), shelf.seal().clone());
    let done = db
        .write(move |tx| {
            reseal_some(tx, &seal, &inner.ids, inner.office, &column, place.after, ROWS)
        })
        .await
        .map_err(|fault: Fault| fault)?;
    let next = match done.last {
        Some(last) => Place { column: place.column, after: Some(last) },
        None => Place { column: place.column + 1, after: None },
    };
    Ok((done, (next.column < shelf.columns().len()).then_some(next)))
}

async fn resealed(job: JobCtx, shelf: Shelf) -> Result<(), JobError> {
    if !shelf.seal().has_several() {
        return Ok(());
    }
    // The job that comes round has no place: it begins at the beginning.
    let mut place: Place = job.job.payload().unwrap_or_default();
    let mut written = 0;
    while written < STEPS {
        let (done, next) = reseal_step(&job.db, &job.ctx, &shelf, place).await?;
        let Some(next) = next else { return Ok(()) };
        place = next;
        written += usize::from(done.last.is_some());
    }
    let (ctx, this) = (job.ctx.clone(), job.job.clone());
    job.db
        .write(move |tx| {
            maeul_queue::finish_in(tx, &this, ctx.now)?;
            ask_reseal(tx, &ctx, place)
        })
        .await
        .map_err(|fault: Fault| JobError::from(fault))
}
