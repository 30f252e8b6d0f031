//! Reports being written and not yet sent.

use jiff::Timestamp;
use maeul_base::{Ctx, DraftId, Fault, OfficeId};
use maeul_db::{Tx, args};
use serde_json::Value;

pub(crate) fn put_draft(
    tx: &mut Tx,
    ctx: &Ctx,
    id: DraftId,
    body: &Value,
    expires_at: Timestamp,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO cases_draft (office_id, id, body, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (office_id, id)
         DO UPDATE SET body = excluded.body, expires_at = excluded.expires_at",
        args![ctx.office, id, body, ctx.now, expires_at],
    )
}

pub(crate) fn draft_body(
    tx: &mut Tx,
    office: OfficeId,
    id: DraftId,
    now: Timestamp,
) -> Result<Option<Value>, Fault> {
    let found: Option<(Value,)> = tx.get(
        "SELECT body FROM cases_draft WHERE office_id = $1 AND id = $2 AND expires_at > $3",
        args![office, id, now],
    )?;
    Ok(found.map(|(body,)| body))
}

pub(crate) fn delete_draft(tx: &mut Tx, office: OfficeId, id: DraftId) -> Result<(), Fault> {
    tx.exec("DELETE FROM cases_draft WHERE office_id = $1 AND id = $2", args![office, id])?;
    Ok(())
}

/// Ends drafts nobody finished, with their photos; how many.
pub(crate) fn expire_drafts(
    tx: &mut Tx,
    office: OfficeId,
    now: Timestamp,
) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM cases_photo WHERE office_id = $1 AND draft_id IN (
            SELECT id FROM cases_draft WHERE office_id = $1 AND expires_at <= $2)",
        args![office, now],
    )?;
    tx.exec("DELETE FROM cases_draft WHERE office_id = $1 AND expires_at <= $2", args![office, now])
}
