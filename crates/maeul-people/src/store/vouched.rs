//! SQL of what providers vouched for.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, OfficeId, SessionId, StaffId};
use maeul_db::{Seal, SealAt, SealedText, Tx, args};
use uuid::Uuid;

use crate::id::VouchedId;
use crate::vouched::Vouched;

fn sealed_at(id: VouchedId) -> SealAt {
    SealAt::new("people_vouched", "id_token", id)
}

/// Keeps a provider's word, with no session yet.
pub fn insert_vouched(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    it: &Vouched,
    until: Timestamp,
) -> Result<VouchedId, Fault> {
    let id: VouchedId = ctx.id();
    let token = it.id_token.as_deref().map(|it| seal.seal(&ctx.ids, sealed_at(id), it));
    tx.exec_one(
        "INSERT INTO people_vouched (office_id, id, provider, id_token, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        args![ctx.office, id, it.provider, token.transpose()?, until],
    )?;
    Ok(id)
}

/// None or one row: it may have run out meanwhile. With a session it goes when that goes.
pub fn keep_vouched(
    tx: &mut Tx,
    office: OfficeId,
    id: VouchedId,
    session: Option<SessionId>,
    until: Timestamp,
) -> Result<u64, Fault> {
    tx.exec(
        "UPDATE people_vouched SET session_id = $3, expires_at = $4
          WHERE office_id = $1 AND id = $2 AND session_id IS NULL",
        args![office, id, session, until],
    )
}

/// What a provider said when the session began.
pub fn vouched_of(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    session: SessionId,
) -> Result<Option<Vouched>, Fault> {
    let row: Option<(VouchedId, String, Option<SealedText>)> = tx.get(
        "SELECT id, provider, id_token FROM people_vouched
          WHERE office_id = $1 AND session_id = $2",
        args![office, session],
    )?;
    Ok(row.map(|(id, provider, token)| Vouched {
        provider,
        // Nobody is kept in because a key is missing: the provider is then left without its word.
        id_token: token.and_then(|it| seal.open(sealed_at(id), &it).ok()),
    }))
}

/// None or one row.
pub fn delete_vouched(tx: &mut Tx, office: OfficeId, session: SessionId) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM people_vouched WHERE office_id = $1 AND session_id = $2",
        args![office, session],
    )
}

/// Any number of rows: those of all the person's sessions but one.
pub fn delete_vouched_of(
    tx: &mut Tx,
    office: OfficeId,
    staff: StaffId,
    keep: Uuid,
) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM people_vouched WHERE office_id = $1 AND session_id IN
             (SELECT id FROM people_session
               WHERE office_id = $1 AND staff_id = $2 AND id <> $3)",
        args![office, staff, keep],
    )
}

/// Any number of rows: of sessions nobody has used for too long, and of codes that never came.
pub fn delete_stale_vouched(tx: &mut Tx, office: OfficeId, now: Timestamp) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM people_vouched WHERE office_id = $1 AND (expires_at <= $2 OR session_id IN
             (SELECT id FROM people_session
               WHERE office_id = $1 AND (ended_at IS NOT NULL OR idle_until <= $2)))",
        args![office, now],
    )
}
