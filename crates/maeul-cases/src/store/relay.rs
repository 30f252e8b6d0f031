//! Cases and updates that came from other systems, and by which of them.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Fault, OfficeId, hex};
use maeul_db::{Seal, Tx, args};
use maeul_people::ApiClientId;

/// Digits of a token.
const TOKEN: usize = 32;

fn mark(seal: &Seal, office: OfficeId, what: &str) -> String {
    let mark = seal.lookup_hash(office, what);
    hex(mark.iter().take(TOKEN / 2))
}

/// The token of a case that came from another system: always the same, and not to be guessed
/// without the installation's key.
pub(crate) fn relay_token(seal: &Seal, office: OfficeId, case: CaseId) -> String {
    mark(seal, office, &format!("open311 token {case}"))
}

/// What opens a photo to whoever was given its address.
pub(crate) fn photo_mark(seal: &Seal, office: OfficeId, photo: maeul_base::PhotoId) -> String {
    mark(seal, office, &format!("open311 photo {photo}"))
}

/// Keeps which client sent a case.
pub(crate) fn insert_relay(
    tx: &mut Tx,
    ctx: &Ctx,
    case: CaseId,
    client: ApiClientId,
    token: &str,
    media: &[String],
) -> Result<(), Fault> {
    tx.insert(
        "INSERT INTO cases_relay (office_id, case_id, client_id, token, media, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![ctx.office, case, client, token, media.join("\n"), ctx.now],
    )
}

/// The client that sent a case.
pub(crate) fn relay_client(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
) -> Result<Option<ApiClientId>, Fault> {
    let found: Option<(ApiClientId,)> = tx.get(
        "SELECT client_id FROM cases_relay WHERE office_id = $1 AND case_id = $2",
        args![office, case],
    )?;
    Ok(found.map(|(client,)| client))
}

/// The number of the case behind a token.
pub(crate) fn number_of_token(
    tx: &mut Tx,
    office: OfficeId,
    token: &str,
) -> Result<Option<String>, Fault> {
    let found: Option<(String,)> = tx.get(
        "SELECT c.number FROM cases_relay r
           JOIN cases_case c ON c.office_id = r.office_id AND c.id = r.case_id
          WHERE r.office_id = $1 AND r.token = $2",
        args![office, token],
    )?;
    Ok(found.map(|(number,)| number))
}

/// Case and place in its history of an update this client sent before.
pub(crate) fn relay_update(
    tx: &mut Tx,
    office: OfficeId,
    client: ApiClientId,
    update: &str,
) -> Result<Option<(CaseId, i64)>, Fault> {
    tx.get(
        "SELECT case_id, seq FROM cases_relay_update
          WHERE office_id = $1 AND client_id = $2 AND update_id = $3",
        args![office, client, update],
    )
}

/// Keeps that a client sent an update.
pub(crate) fn insert_relay_update(
    tx: &mut Tx,
    ctx: &Ctx,
    client: ApiClientId,
    update: &str,
    case: CaseId,
    seq: i64,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO cases_relay_update (office_id, client_id, update_id, case_id, seq, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![ctx.office, client, update, case, seq, ctx.now],
    )
}

/// When the catalogue was first seen at that revision; `None` where it has not been seen.
pub(crate) fn changeset(
    tx: &mut Tx,
    office: OfficeId,
    revision: i64,
) -> Result<Option<Timestamp>, Fault> {
    let found: Option<(Timestamp,)> = tx.get(
        "SELECT seen_at FROM cases_changeset WHERE office_id = $1 AND revision = $2",
        args![office, revision],
    )?;
    Ok(found.map(|(at,)| at))
}

/// Keeps that the catalogue is seen at that revision; whoever sees it first sets the time.
pub(crate) fn see_changeset(
    tx: &mut Tx,
    office: OfficeId,
    revision: i64,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.exec(
        "INSERT INTO cases_changeset (office_id, revision, seen_at) VALUES ($1, $2, $3)
         ON CONFLICT (office_id) DO UPDATE SET revision = excluded.revision,
            seen_at = excluded.seen_at WHERE cases_changeset.revision < excluded.revision",
        args![office, revision, now],
    )?;
    Ok(())
}
