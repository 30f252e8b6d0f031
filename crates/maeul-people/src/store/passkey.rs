//! SQL of passkeys and tickets.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, OfficeId, StaffId};
use maeul_db::{Tx, args};
use sha2::{Digest, Sha256};

use crate::id::PasskeyId;
use crate::passkey::{Passkey, PasskeyRow, Ticket, TicketKind};
use crate::webauthn::NewPasskey;

fn credential_hash(credential: &[u8]) -> Vec<u8> {
    Sha256::digest(credential).to_vec()
}

/// The passkeys of a person that sign in, the oldest first.
pub fn passkeys(tx: &mut Tx, office: OfficeId, staff: StaffId) -> Result<Vec<Passkey>, Fault> {
    tx.all(
        "SELECT id, staff_id, label, made_at, used_at FROM people_passkey
          WHERE office_id = $1 AND staff_id = $2 AND ended_at IS NULL ORDER BY made_at, id",
        args![office, staff],
    )
}

/// What authenticators call the passkeys of a person, so that none is made twice in one of them.
pub fn credentials(tx: &mut Tx, office: OfficeId, staff: StaffId) -> Result<Vec<Vec<u8>>, Fault> {
    let rows: Vec<(Vec<u8>,)> = tx.all(
        "SELECT credential FROM people_passkey
          WHERE office_id = $1 AND staff_id = $2 AND ended_at IS NULL ORDER BY made_at, id",
        args![office, staff],
    )?;
    Ok(rows.into_iter().map(|(it,)| it).collect())
}

/// Whether there is or was a passkey of that name in the office.
pub fn is_known(tx: &mut Tx, office: OfficeId, credential: &[u8]) -> Result<bool, Fault> {
    let found: Option<(PasskeyId,)> = tx.get(
        "SELECT id FROM people_passkey WHERE office_id = $1 AND credential_hash = $2",
        args![office, credential_hash(credential)],
    )?;
    Ok(found.is_some())
}

/// The passkey of that name, while it signs in.
pub fn passkey_of(
    tx: &mut Tx,
    office: OfficeId,
    credential: &[u8],
) -> Result<Option<PasskeyRow>, Fault> {
    tx.get(
        "SELECT id, staff_id, algorithm, public_key, counter FROM people_passkey
          WHERE office_id = $1 AND credential_hash = $2 AND ended_at IS NULL",
        args![office, credential_hash(credential)],
    )
}

/// Writes a new one down.
pub fn insert_passkey(
    tx: &mut Tx,
    ctx: &Ctx,
    it: &Passkey,
    made: &NewPasskey,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_passkey (office_id, id, staff_id, credential, credential_hash, algorithm,
             public_key, label, counter, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            ctx.office,
            it.id,
            it.staff,
            made.credential,
            credential_hash(&made.credential),
            made.key.algorithm(),
            made.key.to_bytes(),
            it.label,
            i64::from(made.counter),
            it.made_at
        ],
    )
}

/// Notes that it was used. Two that come at once with one counter do not both pass.
pub fn use_passkey(tx: &mut Tx, ctx: &Ctx, it: &PasskeyRow, counter: u32) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_passkey SET used_at = $3, counter = $4
          WHERE office_id = $1 AND id = $2 AND counter = $5 AND ended_at IS NULL",
        args![ctx.office, it.id, ctx.now, i64::from(counter), it.counter],
    )
}

/// Ends one of a person; whether there was one to end.
pub fn end_passkey(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    id: PasskeyId,
    reason: &str,
) -> Result<bool, Fault> {
    let rows = tx.exec(
        "UPDATE people_passkey SET ended_at = $4, end_reason = $5
          WHERE office_id = $1 AND staff_id = $2 AND id = $3 AND ended_at IS NULL",
        args![ctx.office, staff, id, ctx.now, reason],
    )?;
    Ok(rows > 0)
}

/// Ends all of a person; how many there were.
pub fn end_passkeys(tx: &mut Tx, ctx: &Ctx, staff: StaffId, reason: &str) -> Result<u64, Fault> {
    tx.exec(
        "UPDATE people_passkey SET ended_at = $3, end_reason = $4
          WHERE office_id = $1 AND staff_id = $2 AND ended_at IS NULL",
        args![ctx.office, staff, ctx.now, reason],
    )
}

/// Hands a ticket out.
pub fn insert_ticket(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: TicketKind,
    ticket: &Ticket,
    (staff, browser, detail): (Option<StaffId>, &[u8], &str),
) -> Result<(), Fault> {
    let until = crate::staff::later(ctx.now, kind.holds());
    tx.exec_one(
        "INSERT INTO people_ticket (office_id, hash, kind, staff_id, browser_hash, detail, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![ctx.office, ticket.hash(), kind.as_str(), staff, browser, detail, until],
    )
}

/// Takes a ticket back: for whom it was and what it says, if it was this browser's and still holds.
/// Whatever it was, nobody can bring it again.
pub fn take_ticket(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: TicketKind,
    ticket: &Ticket,
    browser: &[u8],
) -> Result<Option<(Option<StaffId>, String)>, Fault> {
    let row: Option<(Option<StaffId>, Vec<u8>, String, Timestamp)> = tx.get(
        "DELETE FROM people_ticket WHERE office_id = $1 AND hash = $2 AND kind = $3
         RETURNING staff_id, browser_hash, detail, expires_at",
        args![ctx.office, ticket.hash(), kind.as_str()],
    )?;
    Ok(row
        .filter(|(_, owner, _, until)| owner == browser && ctx.now < *until)
        .map(|(staff, _, detail, _)| (staff, detail)))
}

/// Any number of rows: tickets nobody brought back.
pub fn delete_tickets(tx: &mut Tx, office: OfficeId, now: Timestamp) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM people_ticket WHERE office_id = $1 AND expires_at <= $2",
        args![office, now],
    )
}
