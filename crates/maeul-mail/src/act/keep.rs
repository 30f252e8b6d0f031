//! Keep: a letter is stored with the job that reads it.

use maeul_base::{Ctx, Fault};
use maeul_db::{Seal, Tx};
use maeul_queue::NewJob;

use crate::MailId;
use crate::jobs::SORT;
use crate::mailroom::{Arriving, Ours};
use crate::store;

/// Keeps a letter; none where it was kept before: a mail server that lost our answer hands it over
/// again.
pub fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    ours: &Ours,
    letter: &Arriving,
) -> Result<Option<MailId>, Fault> {
    let kept = store::insert(tx, ctx, seal, ours, &letter.sent_by, &letter.raw)?;
    if let Some(id) = kept {
        let payload = serde_json::json!({ "mail": id });
        maeul_queue::enqueue(tx, ctx, &NewJob::now(ctx, SORT, payload))?;
    }
    Ok(kept)
}
