//! Reports being written and not yet sent.

use jiff::Timestamp;
use maeul_base::{Ctx, DraftId, Fault, FaultKind, OfficeId};
use maeul_db::{Seal, SealAt, SealedText, Tx, args};
use serde_json::Value;

fn at(id: DraftId) -> SealAt {
    SealAt::new("cases_draft", "body", id)
}

pub(crate) fn put_draft(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    id: DraftId,
    body: &Value,
    expires_at: Timestamp,
) -> Result<(), Fault> {
    let body = seal.seal(&ctx.ids, at(id), &body.to_string())?;
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
    seal: &Seal,
    office: OfficeId,
    id: DraftId,
    now: Timestamp,
) -> Result<Option<Value>, Fault> {
    let found: Option<(SealedText,)> = tx.get(
        "SELECT body FROM cases_draft WHERE office_id = $1 AND id = $2 AND expires_at > $3",
        args![office, id, now],
    )?;
    let Some((body,)) = found else { return Ok(None) };
    let text = seal.open(at(id), &body)?;
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| Fault::from_error("a kept draft", error).kind_of(FaultKind::Decode))
}

pub(crate) fn delete_draft(tx: &mut Tx, office: OfficeId, id: DraftId) -> Result<(), Fault> {
    // Photos that went nowhere end with it; those of a case are no longer the draft's.
    tx.exec("DELETE FROM cases_photo WHERE office_id = $1 AND draft_id = $2", args![office, id])?;
    tx.exec("DELETE FROM cases_draft WHERE office_id = $1 AND id = $2", args![office, id])?;
    Ok(())
}

/// Ends drafts nobody finished, with their photos; how many.
pub(crate) fn expire_drafts(tx: &mut Tx, office: OfficeId, now: Timestamp) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM cases_photo WHERE office_id = $1 AND draft_id IN (
            SELECT id FROM cases_draft WHERE office_id = $1 AND expires_at <= $2)",
        args![office, now],
    )?;
    tx.exec("DELETE FROM cases_draft WHERE office_id = $1 AND expires_at <= $2", args![office, now])
}
