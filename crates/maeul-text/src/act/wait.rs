//! Parts of a long text whose others never come are taken in as they are: nothing is lost.

use jiff::SignedDuration;
use maeul_base::{Ctx, Failure};
use maeul_cases::{CaseNumber, Knowledge};
use maeul_db::Tx;

use crate::act::NumberNeeded;
use crate::act::arrive::put_together;
use crate::id::NumberId;
use crate::store;

/// How long the other parts are waited for after the last one that came. No law sets it.
pub(crate) const TIMEOUT: SignedDuration = SignedDuration::from_mins(10);

/// Takes in what came of one long text.
pub(crate) fn give_up_waiting(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    (number, reference, total): (NumberId, i32, i32),
    receipt: Option<&CaseNumber>,
) -> Result<(), Failure<NumberNeeded>> {
    let parts = store::parts(tx, know.seal(), ctx.office, number, reference, total)?;
    let late = parts.iter().map(|part| part.received_at).max();
    let from = store::number(tx, know.seal(), ctx.office, number)?;
    let (Some(late), Some(from)) = (late, from) else { return Ok(()) };
    // Another came in the meantime.
    if ctx.now.duration_since(late) < TIMEOUT {
        return Ok(());
    }
    put_together(tx, ctx, know, &from, (reference, total), parts, receipt).map(drop)
}
