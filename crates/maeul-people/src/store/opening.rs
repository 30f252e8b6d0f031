//! SQL of openings and of the browsers people sign in with.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, OfficeId, StaffId};
use maeul_db::{Tx, args};
use uuid::Uuid;

use crate::id::OpeningId;
use crate::opening::Opening;

const SELECT: &str = "SELECT o.id, o.staff_id, p.name, o.what_kind, o.what_id, o.label, o.reason,
        o.opened_at, o.until_at, o.reviewed_at, o.reviewed_by, o.note
   FROM people_opening o
   JOIN people_staff p ON p.office_id = o.office_id AND p.id = o.staff_id
  WHERE o.office_id = $1";

/// Writes an opening down.
pub fn insert(tx: &mut Tx, ctx: &Ctx, it: &Opening, address: Option<&str>) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_opening (office_id, id, staff_id, what_kind, what_id, label, reason,
             opened_at, until_at, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            ctx.office,
            it.id,
            it.staff,
            it.what_kind,
            it.what_id,
            it.label,
            it.reason,
            it.opened_at,
            it.until,
            address
        ],
    )
}

/// Until when the thing stands open to this person, if it does.
pub fn open_until(
    tx: &mut Tx,
    office: OfficeId,
    staff: StaffId,
    (kind, id): (&str, Uuid),
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let row: Option<(Timestamp,)> = tx.get(
        "SELECT until_at FROM people_opening
          WHERE office_id = $1 AND staff_id = $2 AND until_at > $3 AND opened_at <= $3
            AND what_kind = $4 AND what_id = $5
          ORDER BY until_at DESC LIMIT 1",
        args![office, staff, now, kind, id],
    )?;
    Ok(row.map(|(until,)| until))
}

/// Every opening of one thing, the latest first.
pub fn openings_of(
    tx: &mut Tx,
    office: OfficeId,
    kind: &str,
    id: Uuid,
) -> Result<Vec<Opening>, Fault> {
    let sql =
        format!("{SELECT} AND o.what_kind = $2 AND o.what_id = $3 ORDER BY o.opened_at DESC, o.id");
    tx.all(&sql, args![office, kind, id])
}

/// The openings of the office, those not reviewed first, the oldest of them on top; then the latest.
pub fn openings(tx: &mut Tx, office: OfficeId, limit: i64) -> Result<Vec<Opening>, Fault> {
    let waiting = format!("{SELECT} AND o.reviewed_at IS NULL ORDER BY o.opened_at, o.id LIMIT $2");
    let done =
        format!("{SELECT} AND o.reviewed_at IS NOT NULL ORDER BY o.opened_at DESC, o.id LIMIT $2");
    let mut found: Vec<Opening> = tx.all(&waiting, args![office, limit])?;
    found.extend(tx.all::<Opening>(&done, args![office, limit])?);
    Ok(found)
}

/// The opening of that id.
pub fn opening(tx: &mut Tx, office: OfficeId, id: OpeningId) -> Result<Option<Opening>, Fault> {
    tx.get(&format!("{SELECT} AND o.id = $2"), args![office, id])
}

/// Marks an opening reviewed; it was not before.
pub fn review(tx: &mut Tx, ctx: &Ctx, id: OpeningId, note: &str) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_opening SET reviewed_at = $3, reviewed_by = $4, note = $5
          WHERE office_id = $1 AND id = $2 AND reviewed_at IS NULL",
        args![ctx.office, id, ctx.now, ctx.actor.staff_id(), note],
    )
}

/// How many browsers the person has signed in with.
pub fn devices(tx: &mut Tx, office: OfficeId, staff: StaffId) -> Result<i64, Fault> {
    let (count,): (i64,) = tx.one(
        "SELECT count(*) FROM people_device WHERE office_id = $1 AND staff_id = $2",
        args![office, staff],
    )?;
    Ok(count)
}

/// Notes that the browser was used again; whether it was known.
pub fn touch_device(tx: &mut Tx, ctx: &Ctx, staff: StaffId, hash: &[u8]) -> Result<bool, Fault> {
    let rows = tx.exec(
        "UPDATE people_device SET last_at = $4
          WHERE office_id = $1 AND staff_id = $2 AND device_hash = $3",
        args![ctx.office, staff, hash, ctx.now],
    )?;
    Ok(rows > 0)
}

/// Takes a browser down as known.
pub fn insert_device(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    hash: &[u8],
    told: Option<Timestamp>,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_device (office_id, staff_id, device_hash, first_at, last_at, told_at)
         VALUES ($1, $2, $3, $4, $4, $5)",
        args![ctx.office, staff, hash, ctx.now, told],
    )
}

/// When other browsers than this one signed in for the first time, of which the person was not told
/// yet; from now on they are told.
pub fn tell_devices(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    hash: &[u8],
) -> Result<Vec<Timestamp>, Fault> {
    let mut rows: Vec<(Timestamp,)> = tx.all(
        "UPDATE people_device SET told_at = $4
          WHERE office_id = $1 AND staff_id = $2 AND device_hash <> $3 AND told_at IS NULL
          RETURNING first_at",
        args![ctx.office, staff, hash, ctx.now],
    )?;
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(at,)| at).collect())
}
