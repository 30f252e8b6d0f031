//! SQL that reads the office, its chart and its holidays.

use jiff::civil::Date;
use maeul_base::{DongCode, Fault, FaultKind, Lang, OfficeId, UnitId};
use maeul_db::{Tx, args};

use crate::{
    Assignment, Chart, Duty, FormerParentLine, Holiday, Office, Routing, Succession, Unit,
};

/// The columns of an [`Office`].
macro_rules! office {
    ($rest:literal) => {
        concat!(
            "SELECT office_id, code, slug, name_ko, name_en, short_ko, short_en, parent_ko, \
             parent_en, phone, address_ko, address_en, map_lat_e7, map_lon_e7, map_zoom, \
             local_holidays_stop_clock, revision, created_at FROM org_office ",
            $rest
        )
    };
}

/// The columns of a [`Unit`].
macro_rules! unit {
    ($rest:literal) => {
        concat!(
            "SELECT id, code, name_ko, name_en, kind, parent_id, phone, dong_code, valid_from, \
             valid_to, effective_trigger FROM org_unit ",
            $rest
        )
    };
}

/// The columns of an [`Assignment`].
macro_rules! assignment {
    ($rest:literal) => {
        concat!(
            "SELECT id, duty_code, unit_id, dong_code, valid_from, valid_to, effective_trigger, \
             basis FROM org_assignment ",
            $rest
        )
    };
}

/// The columns of a [`Succession`].
macro_rules! succession {
    ($rest:literal) => {
        concat!(
            "SELECT id, from_unit_id, to_unit_id, duty_code, on_day FROM org_succession ",
            $rest
        )
    };
}

/// The name of every unit through all time: a table to be joined.
pub const UNIT_NAMES: &str = "SELECT office_id, id, name_ko, name_en FROM org_unit";

/// All offices of this installation, by number.
pub fn offices(tx: &mut Tx) -> Result<Vec<Office>, Fault> {
    tx.all(office!("ORDER BY office_id"), args![])
}

/// The office of that number.
pub fn office(tx: &mut Tx, office: OfficeId) -> Result<Option<Office>, Fault> {
    tx.get(office!("WHERE office_id = $1"), args![office])
}

/// The office of that name in web addresses.
pub fn office_by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Office>, Fault> {
    tx.get(office!("WHERE slug = $1"), args![slug])
}

/// Asks for the figure that grows whenever the chart or the holidays of office `$1` change.
pub const REVISION: &str = "SELECT revision FROM org_office WHERE office_id = $1";

/// What [`REVISION`] asks for.
pub fn revision(tx: &mut Tx, office: OfficeId) -> Result<Option<i64>, Fault> {
    let row: Option<(i64,)> = tx.get(REVISION, args![office])?;
    Ok(row.map(|(revision,)| revision))
}

/// The upper region (시·도) the office belonged to on that day, in Korean and English.
pub fn parent_region(
    tx: &mut Tx,
    office: OfficeId,
    on: Date,
) -> Result<Option<(String, String)>, Fault> {
    let former = tx.get(
        "SELECT name_ko, name_en FROM org_former_parent
         WHERE office_id = $1 AND valid_to > $2 ORDER BY valid_to LIMIT 1",
        args![office, on],
    )?;
    if former.is_some() {
        return Ok(former);
    }
    tx.get("SELECT parent_ko, parent_en FROM org_office WHERE office_id = $1", args![office])
}

/// The units in force on that day, by code.
pub fn units(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Vec<Unit>, Fault> {
    tx.all(
        unit!(
            "WHERE office_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) \
             ORDER BY code"
        ),
        args![office, on],
    )
}

/// All units through all time, by code.
pub fn all_units(tx: &mut Tx, office: OfficeId) -> Result<Vec<Unit>, Fault> {
    tx.all(unit!("WHERE office_id = $1 ORDER BY code"), args![office])
}

/// The unit of that id.
pub fn unit_by_id(tx: &mut Tx, office: OfficeId, id: UnitId) -> Result<Option<Unit>, Fault> {
    tx.get(unit!("WHERE office_id = $1 AND id = $2"), args![office, id])
}

/// The unit of that code.
pub fn unit_by_code(tx: &mut Tx, office: OfficeId, code: &str) -> Result<Option<Unit>, Fault> {
    tx.get(unit!("WHERE office_id = $1 AND code = $2"), args![office, code])
}

/// A unit's name. That there is no such unit is a fault: ids come from our own rows.
pub fn unit_name(tx: &mut Tx, office: OfficeId, id: UnitId, lang: Lang) -> Result<String, Fault> {
    unit_by_id(tx, office, id)?
        .map(|unit| unit.name(lang).to_owned())
        .ok_or_else(|| Fault::new(FaultKind::RowCount, format!("office {office} has no unit {id}")))
}

/// All duties, by code.
pub fn duties(tx: &mut Tx, office: OfficeId) -> Result<Vec<Duty>, Fault> {
    tx.all(
        "SELECT code, name_ko, name_en FROM org_duty WHERE office_id = $1 ORDER BY code",
        args![office],
    )
}

/// All assignments through all time.
pub fn assignments(tx: &mut Tx, office: OfficeId) -> Result<Vec<Assignment>, Fault> {
    tx.all(assignment!("WHERE office_id = $1 ORDER BY duty_code, id"), args![office])
}

/// All successions.
pub fn successions(tx: &mut Tx, office: OfficeId) -> Result<Vec<Succession>, Fault> {
    tx.all(succession!("WHERE office_id = $1 ORDER BY on_day, id"), args![office])
}

/// The holidays the office added, by day.
pub fn holidays(tx: &mut Tx, office: OfficeId) -> Result<Vec<Holiday>, Fault> {
    tx.all(
        "SELECT on_day, name_ko, name_en, kind, basis, added_at FROM org_holiday
         WHERE office_id = $1 ORDER BY on_day",
        args![office],
    )
}

/// The holiday the office added on that day.
pub(crate) fn holiday(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Option<Holiday>, Fault> {
    tx.get(
        "SELECT on_day, name_ko, name_en, kind, basis, added_at FROM org_holiday
         WHERE office_id = $1 AND on_day = $2",
        args![office, on],
    )
}

/// The upper region whose time ended on that day.
pub(crate) fn former_parent(
    tx: &mut Tx,
    office: OfficeId,
    valid_to: Date,
) -> Result<Option<FormerParentLine>, Fault> {
    let row: Option<(String, String, String)> = tx.get(
        "SELECT name_ko, name_en, basis FROM org_former_parent
         WHERE office_id = $1 AND valid_to = $2",
        args![office, valid_to],
    )?;
    Ok(row.map(|(name_ko, name_en, basis)| FormerParentLine { name_ko, name_en, valid_to, basis }))
}

impl Chart {
    /// The whole chart, to be kept in memory until [`revision`] grows.
    pub fn load(tx: &mut Tx, office: OfficeId) -> Result<Self, Fault> {
        Ok(Self::new(
            all_units(tx, office)?,
            duties(tx, office)?,
            assignments(tx, office)?,
            successions(tx, office)?,
        ))
    }
}

/// Who does `duty` in `dong` on that day, and why; reads only the rows that can matter. Where many
/// are asked, load the [`Chart`] once and ask it.
pub fn responsible_unit(
    tx: &mut Tx,
    office: OfficeId,
    duty: &str,
    dong: Option<&DongCode>,
    on: Date,
) -> Result<Routing, Fault> {
    let duties = tx.all(
        "SELECT code, name_ko, name_en FROM org_duty WHERE office_id = $1 AND code = $2",
        args![office, duty],
    )?;
    let assignments =
        tx.all(assignment!("WHERE office_id = $1 AND duty_code = $2"), args![office, duty])?;
    let successions = tx.all(
        succession!("WHERE office_id = $1 AND (duty_code IS NULL OR duty_code = $2)"),
        args![office, duty],
    )?;
    let units = tx.all(
        unit!(
            "WHERE office_id = $1 AND (id IN (SELECT a.unit_id FROM org_assignment a \
             WHERE a.office_id = $1 AND a.duty_code = $2) \
             OR id IN (SELECT s.from_unit_id FROM org_succession s WHERE s.office_id = $1) \
             OR id IN (SELECT s.to_unit_id FROM org_succession s WHERE s.office_id = $1))"
        ),
        args![office, duty],
    )?;
    Ok(Chart::new(units, duties, assignments, successions).responsible(duty, dong, on))
}
