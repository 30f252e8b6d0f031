//! What happens by itself: cases are sent, receipts awaited, what the agency says is mirrored.
//!
//! A transfer moves by steps. Each step is a job of its own, so a slow agency holds up nobody else:
//! it says in one transaction what it is about to do, asks the agency, and writes in a second
//! transaction what came of it. If the program ends in between, the transfer stands as "perhaps
//! sent", and the next step looks for it there before anything is sent again.

use std::sync::Arc;

use jiff::SignedDuration;
use maeul_base::{Ctx, Failure, Fault, Refusal};
use maeul_db::{Seal, Tx};
use maeul_queue::{Handler, JobCtx, JobError, NewJob, Schedule, handler};
use serde::Deserialize;

use crate::check::check_agency;
use crate::id::{AgencyId, TransferId};
use crate::line::Line;
use crate::store;

mod settle;
mod step;

/// One step of one transfer.
pub const STEP: &str = "transfer.step";
/// Queues the steps whose time has come.
pub const WATCH: &str = "transfer.watch";
/// Asks one agency what it offers.
pub const CHECK: &str = "transfer.check";
/// Asks every agency, once a night.
pub const CHECK_ALL: &str = "transfer.check_all";

/// Steps queued at a time.
const BATCH: i64 = 500;

const SCHEDULES: &[Schedule] = &[
    Schedule {
        name: WATCH,
        kind: WATCH,
        every: SignedDuration::from_secs(30),
        after_midnight: SignedDuration::ZERO,
    },
    Schedule {
        name: CHECK_ALL,
        kind: CHECK_ALL,
        every: SignedDuration::from_hours(24),
        after_midnight: SignedDuration::from_mins(280),
    },
];

/// What the jobs work with.
#[derive(Clone)]
pub struct Means {
    /// The keys of sealed fields.
    pub seal: Seal,
    /// The way to other agencies.
    pub line: Arc<dyn Line>,
}

/// The jobs that come round.
pub fn schedules() -> Vec<Schedule> {
    SCHEDULES.to_vec()
}

/// What runs the jobs of this room, by kind.
pub fn handlers(means: &Means) -> Vec<(&'static str, Handler)> {
    let (for_step, for_check) = (means.clone(), means.clone());
    vec![
        (STEP, handler(move |job| step::step(job, for_step.clone()))),
        (WATCH, handler(watch)),
        (CHECK, handler(move |job| check(job, for_check.clone()))),
        (CHECK_ALL, handler(check_all)),
    ]
}

#[derive(Deserialize)]
struct Which {
    transfer: TransferId,
}

/// Has a step done; the same step of the same version is queued once.
pub(crate) fn enqueue_step(
    tx: &mut Tx,
    ctx: &Ctx,
    id: TransferId,
    version: i64,
) -> Result<(), Fault> {
    let payload = serde_json::json!({ "transfer": id });
    let job = NewJob::now(ctx, STEP, payload).once(format!("{id} {version}"));
    maeul_queue::enqueue(tx, ctx, &job)?;
    Ok(())
}

async fn watch(job: JobCtx) -> Result<(), JobError> {
    let ctx = job.ctx;
    job.db
        .write(move |tx| {
            for (id, version) in store::due(tx, ctx.office, ctx.now, BATCH)? {
                enqueue_step(tx, &ctx, id, version)?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(())
}

#[derive(Deserialize)]
struct WhichAgency {
    agency: AgencyId,
}

async fn check(job: JobCtx, means: Means) -> Result<(), JobError> {
    let WhichAgency { agency } = job.job.payload()?;
    check_agency(&job.db, &job.ctx, &means.seal, means.line.as_ref(), agency).await?;
    Ok(())
}

async fn check_all(job: JobCtx) -> Result<(), JobError> {
    let ctx = job.ctx;
    job.db
        .write(move |tx| {
            for agency in store::agencies(tx, ctx.office)?.into_iter().filter(|it| it.active) {
                let payload = serde_json::json!({ "agency": agency.id });
                maeul_queue::enqueue(tx, &ctx, &NewJob::now(&ctx, CHECK, payload))?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(())
}

/// The case of a transfer is there, and nobody acts on it inside our transaction: a refusal is our
/// mistake.
fn only_fault<R: Refusal>(failure: Failure<R>) -> Fault {
    match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::other(format!("a job was refused: {}", refusal.code())),
    }
}
