//! SQL that changes or fetches what an import touches.

use std::collections::BTreeSet;

use jiff::civil::Date;
use maeul_base::{DongCode, Fault, OfficeId};
use maeul_db::{Tx, Value, args};

use crate::index::Dong;
use crate::read::{LegalDong, Sex};

/// Counts an import, so that what is kept in memory is read again.
pub(crate) fn bump_revision(tx: &mut Tx, office: OfficeId) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO place_revision (office_id, revision) VALUES ($1, 1)
         ON CONFLICT (office_id) DO UPDATE SET revision = place_revision.revision + 1",
        args![office],
    )
}

/// Every 동 the office has or had.
pub(crate) fn known_codes(tx: &mut Tx, office: OfficeId) -> Result<BTreeSet<String>, Fault> {
    let rows: Vec<(String,)> =
        tx.all("SELECT DISTINCT code FROM place_dong WHERE office_id = $1", args![office])?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// Writes one version of a 동.
pub(crate) fn put_dong(tx: &mut Tx, office: OfficeId, dong: &Dong) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO place_dong (office_id, code, name_ko, name_en, valid_from, valid_to,
             area_m2, geometry)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (office_id, code, valid_from) DO UPDATE SET name_ko = excluded.name_ko,
             name_en = excluded.name_en, valid_to = excluded.valid_to,
             area_m2 = excluded.area_m2, geometry = excluded.geometry",
        args![
            office,
            dong.code,
            dong.name_ko,
            dong.name_en,
            dong.valid_from,
            dong.valid_to,
            dong.shape.area_m2(),
            dong.shape.to_json()
        ],
    )
}

/// Ends the version of a 동 that began on `from`.
pub(crate) fn close_dong(
    tx: &mut Tx,
    office: OfficeId,
    code: &DongCode,
    from: Date,
    to: Date,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE place_dong SET valid_to = $4
          WHERE office_id = $1 AND code = $2 AND valid_from = $3",
        args![office, code, from, to],
    )
}

/// Removes the version of a 동 that began on `from` and was never in force.
pub(crate) fn delete_dong(
    tx: &mut Tx,
    office: OfficeId,
    code: &DongCode,
    from: Date,
) -> Result<(), Fault> {
    tx.exec_one(
        "DELETE FROM place_dong WHERE office_id = $1 AND code = $2 AND valid_from = $3",
        args![office, code, from],
    )
}

/// Writes that a 법정동 lies in a 행정동.
pub(crate) fn put_legal(tx: &mut Tx, office: OfficeId, legal: &LegalDong) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO place_legal_dong (office_id, dong_code, legal_code, name)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (office_id, dong_code, legal_code) DO UPDATE SET name = excluded.name",
        args![office, legal.dong_code, legal.legal_code, legal.name],
    )
}

/// Removes that a 법정동 lies in a 행정동.
pub(crate) fn delete_legal(
    tx: &mut Tx,
    office: OfficeId,
    dong: &DongCode,
    legal: &str,
) -> Result<(), Fault> {
    tx.exec_one(
        "DELETE FROM place_legal_dong
          WHERE office_id = $1 AND dong_code = $2 AND legal_code = $3",
        args![office, dong, legal],
    )
}

/// One figure as stored: 동, sex, first age, last age, residents.
pub(crate) type FigureRow = (DongCode, Sex, i32, Option<i32>, i64);

/// The figures of a day.
pub(crate) fn figures(tx: &mut Tx, office: OfficeId, day: Date) -> Result<Vec<FigureRow>, Fault> {
    tx.all(
        "SELECT dong_code, sex, age_from, age_to, residents FROM place_population
          WHERE office_id = $1 AND on_day = $2",
        args![office, day],
    )
}

/// Writes figures: office, 동, day, sex, first age, last age, residents.
pub(crate) fn put_figures(
    tx: &mut Tx,
    rows: impl Iterator<Item = [Value; 7]>,
) -> Result<(), Fault> {
    tx.exec_many(
        "INSERT INTO place_population (office_id, dong_code, on_day, sex, age_from, age_to,
             residents)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (office_id, on_day, dong_code, sex, age_from)
         DO UPDATE SET age_to = excluded.age_to, residents = excluded.residents",
        rows,
    )
    .map(|_| ())
}

/// Removes figures: office, 동, day, sex, first age.
pub(crate) fn delete_figures(
    tx: &mut Tx,
    rows: impl Iterator<Item = [Value; 5]>,
) -> Result<(), Fault> {
    tx.exec_many(
        "DELETE FROM place_population WHERE office_id = $1 AND dong_code = $2 AND on_day = $3
            AND sex = $4 AND age_from = $5",
        rows,
    )
    .map(|_| ())
}
