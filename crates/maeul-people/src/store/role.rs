//! SQL of what offices changed of their roles.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Ctx, Fault, OfficeId};
use maeul_db::{Tx, args};

use crate::id::RoleChangeId;
use crate::role::RoleChangeEntry;

const COLUMNS: &str = "id, role, permission, given, from_day, until_day, reason, changed_at,
    changed_by, ended_at, ended_by, end_reason";

/// Every change that is kept, the latest first.
pub fn role_changes(tx: &mut Tx, office: OfficeId) -> Result<Vec<RoleChangeEntry>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM people_role_change WHERE office_id = $1
          ORDER BY changed_at DESC, id DESC"
    );
    tx.all(&sql, args![office])
}

/// The change of that id.
pub fn role_change(
    tx: &mut Tx,
    office: OfficeId,
    id: RoleChangeId,
) -> Result<Option<RoleChangeEntry>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM people_role_change WHERE office_id = $1 AND id = $2");
    tx.get(&sql, args![office, id])
}

/// Writes one down.
pub fn insert_role_change(tx: &mut Tx, ctx: &Ctx, it: &RoleChangeEntry) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_role_change (office_id, id, role, permission, given, from_day, until_day,
             reason, changed_at, changed_by_kind, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            ctx.office,
            it.id,
            it.role,
            it.permission,
            it.given,
            it.from,
            it.until,
            it.reason,
            it.changed_at,
            ctx.actor.kind(),
            it.changed_by
        ],
    )
}

/// Ends one now; it was not ended before.
pub fn end_role_change(
    tx: &mut Tx,
    ctx: &Ctx,
    id: RoleChangeId,
    reason: &str,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_role_change
            SET ended_at = $3, ended_by_kind = $4, ended_by = $5, end_reason = $6
          WHERE office_id = $1 AND id = $2 AND ended_at IS NULL",
        args![ctx.office, id, ctx.now, ctx.actor.kind(), ctx.actor.staff_id(), reason],
    )
}

/// Any number of rows: changes that were over before that day and instant.
pub fn delete_role_changes_before(
    tx: &mut Tx,
    office: OfficeId,
    day: Date,
    at: Timestamp,
) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM people_role_change
          WHERE office_id = $1 AND (until_day < $2 OR ended_at < $3)",
        args![office, day, at],
    )
}
