//! What leaves the room: facts for other rooms, and jobs of its own.

use maeul_base::{CaseId, Ctx, Fault};
use maeul_db::Tx;
use maeul_facts::Fact;
use maeul_queue::NewJob;

use crate::jobs::FOLD_COUNTS;

/// The job that puts a case's words into the search index.
pub(crate) const INDEX: &str = "cases.index";

/// States a fact to the other rooms.
pub(crate) fn emit(tx: &mut Tx, ctx: &Ctx, fact: &Fact) -> Result<(), Fault> {
    maeul_queue::emit(tx, ctx, fact)?;
    Ok(())
}

/// Has the case's words indexed: not in the act itself, because SQLite's index is slow inside the
/// group commit.
pub(crate) fn index(tx: &mut Tx, ctx: &Ctx, case: CaseId) -> Result<(), Fault> {
    let payload = serde_json::json!({ "case": case });
    maeul_queue::enqueue(tx, ctx, &NewJob::now(ctx, INDEX, payload))?;
    Ok(())
}

/// Has the sums of the queues folded before anything else is done: until then everybody who looks at
/// a queue adds up what has not been.
pub(crate) fn fold(tx: &mut Tx, ctx: &Ctx) -> Result<(), Fault> {
    maeul_queue::enqueue(tx, ctx, &NewJob::now(ctx, FOLD_COUNTS, serde_json::json!({})).urgent())?;
    Ok(())
}
