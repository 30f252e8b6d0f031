//! SQL of grants.

use std::collections::BTreeMap;
use std::mem;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Ctx, DongCode, Fault, Held, OfficeId, Rights, Role, RoleChange, StaffId, UnitId};
use maeul_db::{Sql, Tx, args, row};

use crate::grant::{Grant, GrantRow, GrantScope};
use crate::id::GrantId;

const COLUMNS: &str = "id, staff_id, role, scope, unit_id, dong_code, from_day, until_day, origin,
    reason, granted_at, granted_by, ended_at, ended_by, end_reason";

/// In force on the day `$2`.
const IN_FORCE: &str =
    "ended_at IS NULL AND from_day <= $2 AND (until_day IS NULL OR until_day > $2)";

row! {
    /// A grant, or what was changed of a role.
    pub(crate) struct RightsRow {
        pub(crate) kind: String,
        pub(crate) role: Role,
        pub(crate) word: String,
        pub(crate) unit: Option<UnitId>,
        pub(crate) dong: Option<DongCode>,
    }

    struct HeldRow {
        staff: StaffId,
        name: String,
        own_unit: UnitId,
        role: Role,
        scope: String,
        unit: Option<UnitId>,
        dong: Option<DongCode>,
    }
}

fn unreadable() -> Fault {
    Fault::other("a grant's scope in the database is none that there is")
}

impl HeldRow {
    fn held(self) -> Result<Held, Fault> {
        let scope = GrantScope::of(&self.scope, self.unit, self.dong).ok_or_else(unreadable)?;
        Ok(Held { role: self.role, scope: scope.resolve(self.own_unit) })
    }
}

/// What the office changed of its roles by that day.
fn changes(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Vec<RoleChange>, Fault> {
    let rows: Vec<(Role, String, bool)> = tx.all(
        &format!(
            "SELECT role, permission, given FROM people_role_change WHERE office_id = $1 AND {IN_FORCE}"
        ),
        args![office, on],
    )?;
    let change = |(role, permission, given)| RoleChange { role, permission, given };
    Ok(rows.into_iter().map(change).collect())
}

/// What a person of that unit holds on that day, in an office that may have changed its roles.
pub fn rights(
    tx: &mut Tx,
    office: OfficeId,
    staff: StaffId,
    unit: UnitId,
    on: Date,
) -> Result<Rights, Fault> {
    read_rights(tx.all(&rights_sql("", "", "$3"), args![office, on, staff])?, unit)
}

/// What asks for the rows of a person's rights in office `$1` on the day `$2`: before each of them `columns` of
/// another table, which stands in `beside`; both end in a comma. Looks at two indexes.
pub(crate) fn rights_sql(columns: &str, beside: &str, staff: &str) -> String {
    format!(
        "SELECT {columns}'grant', role, scope, unit_id, dong_code FROM {beside}people_grant
          WHERE office_id = $1 AND {IN_FORCE} AND staff_id = {staff}
         UNION ALL
         SELECT {columns}CASE WHEN given THEN 'given' ELSE 'taken' END, role, permission, NULL, NULL
           FROM {beside}people_role_change WHERE office_id = $1 AND {IN_FORCE}"
    )
}

/// What these rows give to a person of that unit.
pub(crate) fn read_rights(rows: Vec<RightsRow>, unit: UnitId) -> Result<Rights, Fault> {
    let (mut held, mut changes) = (Vec::new(), Vec::new());
    for row in rows {
        if row.kind == "grant" {
            let scope = GrantScope::of(&row.word, row.unit, row.dong).ok_or_else(unreadable)?;
            held.push(Held { role: row.role, scope: scope.resolve(unit) });
        } else {
            let given = row.kind == "given";
            changes.push(RoleChange { role: row.role, permission: row.word, given });
        }
    }
    Ok(Rights::new(held).changed(changes))
}

/// A person and what they hold.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Who.
    pub id: StaffId,
    /// Name or job title.
    pub name: String,
    /// Their unit.
    pub unit: UnitId,
    /// What they may do.
    pub rights: Rights,
}

/// What everybody holds whose account is in force on that day, by person.
pub fn all_rights(
    tx: &mut Tx,
    office: OfficeId,
    on: Date,
) -> Result<BTreeMap<StaffId, Rights>, Fault> {
    Ok(holders(tx, office, on)?.into_iter().map(|it| (it.id, it.rights)).collect())
}

/// Everybody who holds anything and whose account is in force on that day, with their names.
pub fn holders(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Vec<Holder>, Fault> {
    held(tx, office, on, &holders_sql(office, on))
}

/// Those of [`holders`] who may have to do with work that lies there: their unit is one of these, something
/// they were ever granted is for one of them or for the 동, or they are that person. A large office has a thousand
/// others, who are not read.
pub fn holders_around(
    tx: &mut Tx,
    office: OfficeId,
    on: Date,
    (units, dong, staff): (&[UnitId], Option<&DongCode>, Option<StaffId>),
) -> Result<Vec<Holder>, Fault> {
    let mut sql = holders_sql(office, on);
    sql.add(
        " AND p.id IN (SELECT id FROM people_staff WHERE office_id = $1 AND id = ?
              UNION SELECT id FROM people_staff WHERE office_id = $1",
        args![staff],
    );
    sql.and_in("unit_id", units);
    sql.add(
        " UNION SELECT staff_id FROM people_grant WHERE office_id = $1 AND dong_code = ?
              UNION SELECT staff_id FROM people_grant WHERE office_id = $1",
        args![dong],
    );
    sql.and_in("unit_id", units).add(")", []);
    held(tx, office, on, &sql)
}

fn holders_sql(office: OfficeId, on: Date) -> Sql {
    Sql::new(
        &format!(
            "SELECT g.staff_id, p.name, p.unit_id, g.role, g.scope, g.unit_id, g.dong_code
               FROM people_grant g
               JOIN people_staff p ON p.office_id = g.office_id AND p.id = g.staff_id
              WHERE g.office_id = $1 AND {IN_FORCE}
                AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to > $2)"
        ),
        args![office, on],
    )
}

fn held(tx: &mut Tx, office: OfficeId, on: Date, sql: &Sql) -> Result<Vec<Holder>, Fault> {
    let sorted = format!("{} ORDER BY g.staff_id, g.granted_at, g.id", sql.text());
    let rows: Vec<HeldRow> = tx.all(&sorted, sql.args())?;
    let mut held: BTreeMap<StaffId, (String, UnitId, Vec<Held>)> = BTreeMap::new();
    for mut row in rows {
        let (name, unit) = (mem::take(&mut row.name), row.own_unit);
        let (.., all) = held.entry(row.staff).or_insert((name, unit, Vec::new()));
        all.push(row.held()?);
    }
    let changes = changes(tx, office, on)?;
    let holder = |(id, (name, unit, held)): (StaffId, (String, UnitId, Vec<Held>))| {
        let rights = Rights::new(held).changed(changes.iter().cloned());
        Holder { id, name, unit, rights }
    };
    Ok(held.into_iter().map(holder).collect())
}

fn grants_of(rows: Vec<GrantRow>) -> Result<Vec<Grant>, Fault> {
    rows.into_iter().map(|row| row.grant().ok_or_else(unreadable)).collect()
}

/// Every grant of a person that is kept, the latest first.
pub fn grants(tx: &mut Tx, office: OfficeId, staff: StaffId) -> Result<Vec<Grant>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM people_grant WHERE office_id = $1 AND staff_id = $2
          ORDER BY granted_at DESC, id DESC"
    );
    grants_of(tx.all(&sql, args![office, staff])?)
}

/// The grant of that id.
pub fn grant(tx: &mut Tx, office: OfficeId, id: GrantId) -> Result<Option<Grant>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM people_grant WHERE office_id = $1 AND id = $2");
    let row: Option<GrantRow> = tx.get(&sql, args![office, id])?;
    row.map(|row| row.grant().ok_or_else(unreadable)).transpose()
}

/// Writes a new grant down.
pub fn insert_grant(tx: &mut Tx, ctx: &Ctx, it: &Grant) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_grant (office_id, id, staff_id, role, scope, unit_id, dong_code,
             from_day, until_day, origin, reason, granted_at, granted_by_kind, granted_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            ctx.office,
            it.id,
            it.staff,
            it.role,
            it.scope.word(),
            it.scope.unit(),
            it.scope.dong(),
            it.from,
            it.until,
            it.origin,
            it.reason,
            it.granted_at,
            ctx.actor.kind(),
            it.granted_by
        ],
    )
}

/// Ends a grant now; it was not ended before.
pub fn end_grant(tx: &mut Tx, ctx: &Ctx, id: GrantId, reason: &str) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_grant SET ended_at = $3, ended_by_kind = $4, ended_by = $5, end_reason = $6
          WHERE office_id = $1 AND id = $2 AND ended_at IS NULL",
        args![ctx.office, id, ctx.now, ctx.actor.kind(), ctx.actor.staff_id(), reason],
    )
}

/// How many administrators there are without an end, but for one grant and one person that may be
/// left out.
pub fn other_administrators(
    tx: &mut Tx,
    office: OfficeId,
    on: Date,
    but: Option<GrantId>,
    but_staff: Option<StaffId>,
) -> Result<i64, Fault> {
    // An id nobody has, because SQL compares nothing with NULL.
    let but = but.map_or(uuid::Uuid::nil(), Into::into);
    let but_staff = but_staff.map_or(uuid::Uuid::nil(), Into::into);
    let (count,): (i64,) = tx.one(
        "SELECT count(*) FROM people_grant g
           JOIN people_staff p ON p.office_id = g.office_id AND p.id = g.staff_id
          WHERE g.office_id = $1 AND g.role = 'administrator' AND g.ended_at IS NULL
            AND g.from_day <= $2 AND g.until_day IS NULL
            AND p.valid_from <= $2 AND p.valid_to IS NULL
            AND g.id <> $3 AND g.staff_id <> $4",
        args![office, on, but, but_staff],
    )?;
    Ok(count)
}

/// Changes of rights that are made at the same moment meet here.
pub fn bump_rights(tx: &mut Tx, office: OfficeId) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_rights (office_id, revision) VALUES ($1, 1)
         ON CONFLICT (office_id) DO UPDATE SET revision = people_rights.revision + 1",
        args![office],
    )
}

/// Any number of rows: grants that were over before that day and instant.
pub fn delete_grants_before(
    tx: &mut Tx,
    office: OfficeId,
    day: Date,
    at: Timestamp,
) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM people_grant
          WHERE office_id = $1 AND (until_day < $2 OR ended_at < $3)",
        args![office, day, at],
    )
}
