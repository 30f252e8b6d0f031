//! SQL that changes the office, its chart and its holidays.

use jiff::Timestamp;
use maeul_base::{Fault, OfficeId, UnitId};
use maeul_db::{Tx, args};
use uuid::Uuid;

use crate::import::{AssignmentLine, DutyLine, FormerParentLine, OfficeLine, UnitLine};
use crate::{Holiday, Succession};

/// Lets every cache of the chart and the holidays reload.
pub fn bump_revision(tx: &mut Tx, office: OfficeId) -> Result<(), Fault> {
    tx.exec_one("UPDATE org_office SET revision = revision + 1 WHERE office_id = $1", args![office])
}

/// A new or changed office.
pub fn put_office(tx: &mut Tx, it: &OfficeLine, at: Timestamp) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO org_office (office_id, code, slug, name_ko, name_en, short_ko, short_en,
             parent_ko, parent_en, phone, address_ko, address_en, map_lat_e7, map_lon_e7, map_zoom,
             local_holidays_stop_clock, revision, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17)
         ON CONFLICT (office_id) DO UPDATE SET code = excluded.code, slug = excluded.slug,
             name_ko = excluded.name_ko, name_en = excluded.name_en,
             short_ko = excluded.short_ko, short_en = excluded.short_en,
             parent_ko = excluded.parent_ko, parent_en = excluded.parent_en,
             phone = excluded.phone, address_ko = excluded.address_ko,
             address_en = excluded.address_en, map_lat_e7 = excluded.map_lat_e7,
             map_lon_e7 = excluded.map_lon_e7, map_zoom = excluded.map_zoom,
             local_holidays_stop_clock = excluded.local_holidays_stop_clock",
        args![
            it.id,
            it.code,
            it.slug,
            it.name_ko,
            it.name_en,
            it.short_ko,
            it.short_en,
            it.parent_ko,
            it.parent_en,
            it.phone,
            it.address_ko,
            it.address_en,
            it.map.map(|map| map.lat_e7),
            it.map.map(|map| map.lon_e7),
            it.map.map(|map| map.zoom),
            it.local_holidays_stop_clock,
            at
        ],
    )
}

/// A region the office belonged to before.
pub fn put_former_parent(
    tx: &mut Tx,
    office: OfficeId,
    it: &FormerParentLine,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO org_former_parent (office_id, valid_to, name_ko, name_en, basis)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (office_id, valid_to) DO UPDATE SET name_ko = excluded.name_ko,
             name_en = excluded.name_en, basis = excluded.basis",
        args![office, it.valid_to, it.name_ko, it.name_en, it.basis],
    )
}

/// A new or changed unit.
pub fn put_unit(
    tx: &mut Tx,
    office: OfficeId,
    id: UnitId,
    parent: Option<UnitId>,
    it: &UnitLine,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO org_unit (office_id, id, code, name_ko, name_en, kind, parent_id, phone,
             dong_code, valid_from, valid_to, effective_trigger)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (office_id, id) DO UPDATE SET name_ko = excluded.name_ko,
             name_en = excluded.name_en, kind = excluded.kind, parent_id = excluded.parent_id,
             phone = excluded.phone, dong_code = excluded.dong_code,
             valid_from = excluded.valid_from, valid_to = excluded.valid_to,
             effective_trigger = excluded.effective_trigger",
        args![
            office,
            id,
            it.code,
            it.name_ko,
            it.name_en,
            it.kind,
            parent,
            it.phone,
            it.dong,
            it.period.from,
            it.period.to,
            it.trigger
        ],
    )
}

/// A new or changed duty.
pub fn put_duty(tx: &mut Tx, office: OfficeId, it: &DutyLine) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO org_duty (office_id, code, name_ko, name_en) VALUES ($1, $2, $3, $4)
         ON CONFLICT (office_id, code) DO UPDATE SET name_ko = excluded.name_ko,
             name_en = excluded.name_en",
        args![office, it.code, it.name_ko, it.name_en],
    )
}

/// A new assignment, or one whose end or basis changed.
pub fn put_assignment(
    tx: &mut Tx,
    office: OfficeId,
    id: Uuid,
    unit: UnitId,
    it: &AssignmentLine,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO org_assignment (office_id, id, duty_code, unit_id, dong_code, valid_from,
             valid_to, effective_trigger, basis)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (office_id, id) DO UPDATE SET valid_from = excluded.valid_from,
             valid_to = excluded.valid_to, effective_trigger = excluded.effective_trigger,
             basis = excluded.basis",
        args![
            office,
            id,
            it.duty,
            unit,
            it.dong,
            it.period.from,
            it.period.to,
            it.trigger,
            it.basis
        ],
    )
}

/// Takes an assignment away that the chart's file no longer has.
pub fn remove_assignment(tx: &mut Tx, office: OfficeId, id: Uuid) -> Result<(), Fault> {
    tx.exec_one("DELETE FROM org_assignment WHERE office_id = $1 AND id = $2", args![office, id])
}

/// A new succession.
pub fn insert_succession(tx: &mut Tx, office: OfficeId, it: &Succession) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO org_succession (office_id, id, from_unit_id, to_unit_id, duty_code, on_day)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![office, it.id, it.from, it.to, it.duty, it.on_day],
    )
}

/// Takes a succession away that the chart's file no longer has.
pub fn remove_succession(tx: &mut Tx, office: OfficeId, id: Uuid) -> Result<(), Fault> {
    tx.exec_one("DELETE FROM org_succession WHERE office_id = $1 AND id = $2", args![office, id])
}

/// A new or changed holiday.
pub fn put_holiday(tx: &mut Tx, office: OfficeId, it: &Holiday) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO org_holiday (office_id, on_day, name_ko, name_en, kind, basis, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (office_id, on_day) DO UPDATE SET name_ko = excluded.name_ko,
             name_en = excluded.name_en, kind = excluded.kind, basis = excluded.basis",
        args![office, it.on_day, it.name_ko, it.name_en, it.kind, it.basis, it.added_at],
    )
}
