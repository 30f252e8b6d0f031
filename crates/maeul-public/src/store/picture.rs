//! The picture of a case: written whole, only where it is another than before.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, DongCode, Fault, OfficeId, UnitId};
use maeul_cases::{Channel, Outcome, Publicity};
use maeul_db::{FromRow, Json, Row, Sql, Tx, args, json};

use crate::picture::{Picture, Step};
use crate::words::{Look, PublicState};

/// The columns of a picture, in the order [`Stored`] reads them.
pub(crate) const COLUMNS: &str = "p.case_id, p.level, p.public_id, p.service_code, p.dong_code,
    p.unit_id, p.channel, p.state, p.outcome, p.received_at, p.due_at, p.statutory, p.closed_at,
    p.work_minutes, p.in_time, p.satisfaction, p.reopened, p.lat_e7, p.lon_e7, p.steps, p.look,
    p.changed_at";

/// A picture with the time it became what it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    pub(crate) picture: Picture,
    pub(crate) changed_at: Timestamp,
}

impl FromRow for Stored {
    const COLUMNS: usize = 22;

    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        let mut columns = row.columns();
        let picture = Picture {
            case: columns.read::<CaseId>()?,
            level: columns.read::<Publicity>()?,
            id: columns.read()?,
            service: columns.read()?,
            dong: columns.read::<Option<DongCode>>()?,
            unit: columns.read::<Option<UnitId>>()?,
            channel: columns.read::<Option<Channel>>()?,
            state: columns.read::<PublicState>()?,
            outcome: columns.read::<Option<Outcome>>()?,
            received_at: columns.read()?,
            due_at: columns.read()?,
            statutory: columns.read()?,
            closed_at: columns.read()?,
            work_minutes: columns.read()?,
            in_time: columns.read()?,
            satisfaction: columns.read()?,
            reopened: columns.read()?,
            cell: {
                let lat: Option<i64> = columns.read()?;
                lat.zip(columns.read::<Option<i64>>()?)
            },
            steps: columns.read::<Json<Vec<Step>>>()?.0,
            look: columns.read::<Look>()?,
        };
        Ok(Self { picture, changed_at: columns.read()? })
    }
}

/// The pictures of these cases, as far as there are any.
pub(crate) fn pictures(
    tx: &mut Tx,
    office: OfficeId,
    cases: &[CaseId],
) -> Result<Vec<Stored>, Fault> {
    let mut sql = Sql::new(
        &format!("SELECT {COLUMNS} FROM public_case p WHERE p.office_id = ?"),
        args![office],
    );
    sql.and_in("p.case_id", cases);
    tx.all(sql.text(), sql.args())
}

pub(crate) fn put_picture(tx: &mut Tx, ctx: &Ctx, it: &Picture) -> Result<(), Fault> {
    tx.insert(
        "INSERT INTO public_case (office_id, case_id, level, listed, ever_listed, public_id,
            service_code, dong_code, unit_id, channel, state, outcome, received_at, due_at, statutory, closed_at,
            work_minutes, in_time, satisfaction, reopened, lat_e7, lon_e7, steps, look, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21, $22, $23, $24, $25)
         ON CONFLICT (office_id, case_id) DO UPDATE SET level = excluded.level,
            listed = excluded.listed,
            ever_listed = public_case.ever_listed OR excluded.listed, public_id = excluded.public_id,
            service_code = excluded.service_code, dong_code = excluded.dong_code,
            unit_id = excluded.unit_id, channel = excluded.channel, state = excluded.state,
            outcome = excluded.outcome, received_at = excluded.received_at,
            due_at = excluded.due_at, statutory = excluded.statutory,
            closed_at = excluded.closed_at, work_minutes = excluded.work_minutes,
            in_time = excluded.in_time, satisfaction = excluded.satisfaction,
            reopened = excluded.reopened, lat_e7 = excluded.lat_e7, lon_e7 = excluded.lon_e7,
            steps = excluded.steps, look = excluded.look, changed_at = excluded.changed_at",
        args![
            ctx.office,
            it.case,
            it.level,
            it.is_listed(),
            it.is_listed(),
            it.id,
            it.service,
            it.dong,
            it.unit,
            it.channel,
            it.state,
            it.outcome,
            it.received_at,
            it.due_at,
            it.statutory,
            it.closed_at,
            it.work_minutes,
            it.in_time,
            it.satisfaction,
            it.reopened,
            it.cell.map(|cell| cell.0),
            it.cell.map(|cell| cell.1),
            json(&it.steps)?,
            it.look,
            ctx.now
        ],
    )
}

/// Takes every case off the lists at once whose service no longer shows it; the picture itself is
/// made anew after that, case by case.
pub(crate) fn tighten(
    tx: &mut Tx,
    ctx: &Ctx,
    shown: &[(Channel, Vec<String>)],
) -> Result<u64, Fault> {
    let mut sql = Sql::new(
        "UPDATE public_case SET listed = FALSE, level = ?, changed_at = ?
          WHERE office_id = ? AND listed",
        args![Publicity::Figures, ctx.now, ctx.office],
    );
    sql.add(" AND NOT (1 = 0", []);
    for (channel, services) in shown {
        sql.add(" OR (channel = ?", args![channel]);
        sql.and_in("service_code", services);
        sql.add(")", []);
    }
    sql.add(")", []);
    tx.exec(sql.text(), sql.args())
}

/// By which version of the projection the office's picture was made whole.
pub(crate) fn built(tx: &mut Tx, office: OfficeId) -> Result<Option<i32>, Fault> {
    let found: Option<(i32,)> =
        tx.get("SELECT version FROM public_built WHERE office_id = $1", args![office])?;
    Ok(found.map(|(version,)| version))
}

pub(crate) fn put_built(tx: &mut Tx, ctx: &Ctx, version: i32) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO public_built (office_id, version, built_at) VALUES ($1, $2, $3)
         ON CONFLICT (office_id) DO UPDATE
            SET version = excluded.version, built_at = excluded.built_at",
        args![ctx.office, version, ctx.now],
    )
}
