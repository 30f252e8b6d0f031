//! What the house clears away by itself: jobs and facts that were done long ago. Every event of a case
//! is stated as a fact, so they would pile up.

use jiff::SignedDuration;
use maeul_queue::{Handler, JobCtx, JobError, Schedule};

/// Removes jobs done long ago.
pub(crate) const PURGE: &str = "app.purge_jobs";

/// For how long they are kept, so that what happened can still be looked into: 30 days.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Once a night.
pub(crate) const SCHEDULE: Schedule = Schedule {
    name: PURGE,
    kind: PURGE,
    every: SignedDuration::from_hours(24),
    after_midnight: SignedDuration::from_hours(4),
};

/// What removes them.
pub(crate) fn handler() -> Handler {
    maeul_queue::handler(purge)
}

async fn purge(job: JobCtx) -> Result<(), JobError> {
    let before = job.ctx.now - KEPT;
    job.db.write(move |tx| maeul_queue::purge_done(tx, before)).await?;
    Ok(())
}
