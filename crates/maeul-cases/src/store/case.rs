//! The case's row and its events, always written together.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{
    CaseId, Ctx, DongCode, Fault, FaultKind, Lang, OfficeId, PartyId, StaffId, UnitId,
};
use maeul_db::{
    Cell, FromRow, FromValue, Json, JsonText, Row, Sql, ToValue, Tx, Value, args, json,
};
use maeul_facts::Fact;

use crate::case::Case;
use crate::event::{Event, Recorded};
use crate::outbox;
use crate::place::{Located, Place};
use crate::store::{insert_events, record_change};

/// The due instant of a case that has none: it sorts last.
pub(crate) fn never() -> Timestamp {
    Timestamp::from_second(253_370_764_800).unwrap_or(Timestamp::MAX)
}

const COLUMNS: &str =
    "office_id, id, version, number, client_key, title, body, channel, oral, anonymous, lang,
    petitioner_id, state, service_code, answers, petition_kind, dong_code, located, place_text,
    lat_e7, lon_e7, unit_id, unit_since, assignee_id, hops, received_at, due, draft, closed_at,
    outcome, review_on, answer, satisfaction, reopened, followers, photos, updated_at";

/// A case, by column position.
struct Stored(Case);

pub(crate) fn json_option<T: serde::Serialize>(
    value: Option<&T>,
) -> Result<Option<JsonText>, Fault> {
    value.map(json).transpose()
}

pub(crate) struct LangColumn(pub(crate) Lang);

impl FromValue for LangColumn {
    fn from_value(cell: Cell<'_>) -> Option<Self> {
        String::from_value(cell).and_then(|tag| Lang::parse(&tag)).map(Self)
    }
}

impl FromRow for Stored {
    const COLUMNS: usize = 37;

    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        let mut columns = row.columns();
        let mut case = Case::blank(columns.read()?, columns.read()?);
        case.version = columns.read()?;
        case.number = columns.read()?;
        case.client_key = columns.read()?;
        case.title = columns.read()?;
        case.body = columns.read()?;
        case.channel = columns.read()?;
        case.oral = columns.read()?;
        case.anonymous = columns.read()?;
        case.lang = columns.read::<LangColumn>()?.0;
        case.petitioner = columns.read::<PartyId>()?;
        case.state = columns.read()?;
        case.service = columns.read()?;
        case.answers = columns.read::<Json<_>>()?.0;
        case.petition_kind = columns.read()?;
        case.place = Place {
            dong: columns.read::<Option<DongCode>>()?,
            located: columns.read::<Located>()?,
            text: columns.read()?,
            lat_e7: columns.read()?,
            lon_e7: columns.read()?,
        };
        case.unit = columns.read::<Option<UnitId>>()?;
        case.unit_since = columns.read()?;
        case.assignee = columns.read::<Option<StaffId>>()?;
        case.hops = columns.read()?;
        case.received_at = columns.read()?;
        case.due = columns.read::<Option<Json<_>>>()?.map(|json| json.0);
        case.draft = columns.read::<Option<Json<_>>>()?.map(|json| json.0);
        case.closed_at = columns.read()?;
        case.outcome = columns.read()?;
        case.review_on = columns.read::<Option<Date>>()?;
        case.answer = columns.read()?;
        case.satisfaction = columns.read()?;
        case.reopened = columns.read()?;
        case.followers = columns.read()?;
        case.photos = columns.read()?;
        case.updated_at = columns.read()?;
        Ok(Self(case))
    }
}

/// The case of that id.
pub(crate) fn load(tx: &mut Tx, office: OfficeId, id: CaseId) -> Result<Option<Case>, Fault> {
    let found: Option<Stored> = tx.get(
        &format!("SELECT {COLUMNS} FROM cases_case WHERE office_id = $1 AND id = $2"),
        args![office, id],
    )?;
    Ok(found.map(|Stored(case)| case))
}

/// The cases of those ids, in no order.
pub(crate) fn load_all(tx: &mut Tx, office: OfficeId, ids: &[CaseId]) -> Result<Vec<Case>, Fault> {
    let mut sql =
        Sql::new(&format!("SELECT {COLUMNS} FROM cases_case WHERE office_id = ?"), args![office]);
    sql.and_in("id", ids);
    let found: Vec<Stored> = tx.all(sql.text(), sql.args())?;
    Ok(found.into_iter().map(|Stored(case)| case).collect())
}

/// The id of the case with that receipt number.
pub(crate) fn id_by_number(
    tx: &mut Tx,
    office: OfficeId,
    number: &str,
) -> Result<Option<CaseId>, Fault> {
    let found: Option<(CaseId,)> = tx.get(
        "SELECT id FROM cases_case WHERE office_id = $1 AND number = $2",
        args![office, number],
    )?;
    Ok(found.map(|(id,)| id))
}

/// The id of the case that was sent with that key.
pub(crate) fn id_by_client_key(
    tx: &mut Tx,
    office: OfficeId,
    key: &str,
) -> Result<Option<CaseId>, Fault> {
    let found: Option<(CaseId,)> = tx.get(
        "SELECT id FROM cases_case WHERE office_id = $1 AND client_key = $2",
        args![office, key],
    )?;
    Ok(found.map(|(id,)| id))
}

/// Another act changed the case between reading and writing.
#[derive(Debug)]
pub(crate) struct ChangedMeanwhile;

/// Records the events, makes them part of the case, and writes the row, if nobody else did.
///
/// The inner error says that another writer was first; nothing is written then.
pub(crate) fn append(
    tx: &mut Tx,
    ctx: &Ctx,
    case: &mut Case,
    events: impl IntoIterator<Item = Event>,
) -> Result<Result<(), ChangedMeanwhile>, Fault> {
    let before = case.clone();
    let mut recorded = Vec::new();
    for event in events {
        let event = Recorded::new(case.version + 1, ctx.now, &ctx.actor, event);
        case.apply(&event);
        recorded.push(event);
    }
    if before.version == 0 {
        insert(tx, case)?;
    } else if !update(tx, case, before.version)? {
        *case = before;
        return Ok(Err(ChangedMeanwhile));
    }
    insert_events(tx, case.office, case.id, &recorded)?;
    record_change(tx, ctx, (before.version > 0).then_some(&before), case)?;
    if before.version > 0 && (before.unit, &before.place.dong) != (case.unit, &case.place.dong) {
        // A search may be narrowed to either.
        outbox::index(tx, ctx, case.id)?;
    }
    if before.version > 0 {
        outbox::emit(tx, ctx, &Fact::CaseChanged { case: case.id })?;
    }
    Ok(Ok(()))
}

/// The columns that never change after receipt.
fn constants(case: &Case) -> Result<Vec<Value>, Fault> {
    Ok(args![
        case.office,
        case.id,
        case.number,
        case.client_key,
        case.title,
        case.body,
        case.channel,
        case.oral,
        case.anonymous,
        case.is_statutory(),
        case.lang.tag(),
        case.petitioner,
        json(&case.answers)?,
        case.received_at
    ]
    .into())
}

/// The columns an event may change, in the order of [`insert`] and [`update`].
fn variables(case: &Case) -> Result<Vec<Value>, Fault> {
    let due = case.due.as_ref();
    Ok(args![
        case.version,
        case.state,
        case.service,
        case.petition_kind,
        case.place.dong,
        case.place.located,
        case.place.text,
        case.place.lat_e7,
        case.place.lon_e7,
        case.place.cell(),
        case.unit,
        case.unit_since,
        case.assignee,
        case.hops,
        due.map(|due| due.period().to_string()),
        due.map(|due| due.count.calculator.letter()),
        due.map_or_else(never, |due| due.at),
        due.map(|due| due.on),
        json_option(due)?,
        json_option(case.draft.as_ref())?,
        case.closed_at,
        case.outcome,
        case.review_on,
        case.answer,
        case.satisfaction,
        case.reopened,
        case.followers,
        case.photos,
        case.updated_at
    ]
    .into())
}

fn insert(tx: &mut Tx, case: &Case) -> Result<(), Fault> {
    let mut values = constants(case)?;
    values.extend(variables(case)?);
    tx.insert(
        "INSERT INTO cases_case (office_id, id, number, client_key, title, body, channel, oral,
            anonymous, statutory, lang, petitioner_id, answers, received_at, version, state,
            service_code, petition_kind, dong_code, located, place_text, lat_e7, lon_e7, cell,
            unit_id, unit_since, assignee_id, hops, period, calculator, due_at, due_on, due, draft,
            closed_at, outcome, review_on, answer, satisfaction, reopened, followers, photos,
            updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35,
            $36, $37, $38, $39, $40, $41, $42, $43)",
        values,
    )
}

/// Whether the row was still as read.
fn update(tx: &mut Tx, case: &Case, was: i64) -> Result<bool, Fault> {
    let mut values = variables(case)?;
    values.extend(args![case.office, case.id, was]);
    let touched = tx.exec(
        "UPDATE cases_case SET version = $1, state = $2, service_code = $3, petition_kind = $4,
            dong_code = $5, located = $6, place_text = $7, lat_e7 = $8, lon_e7 = $9, cell = $10,
            unit_id = $11, unit_since = $12, assignee_id = $13, hops = $14, period = $15,
            calculator = $16, due_at = $17, due_on = $18, due = $19, draft = $20, closed_at = $21,
            outcome = $22, review_on = $23, answer = $24, satisfaction = $25, reopened = $26,
            followers = $27, photos = $28, updated_at = $29
          WHERE office_id = $30 AND id = $31 AND version = $32",
        values,
    )?;
    match touched {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Fault::new(FaultKind::RowCount, "more than one case of one id")),
    }
}

impl ToValue for Located {
    fn to_value(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}

impl FromValue for Located {
    fn from_value(cell: Cell<'_>) -> Option<Self> {
        String::from_value(cell).and_then(|word| Self::parse(&word))
    }
}
