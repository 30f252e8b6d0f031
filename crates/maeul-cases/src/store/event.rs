//! The events of a case: appended and read back, never changed.

use jiff::Timestamp;
use maeul_base::{CaseId, Fault, OfficeId, StaffId};
use maeul_db::{Json, Sql, Tx, args, json, row};

use crate::due::ExplainedDue;
use crate::event::{Event, GIVE_DUE, Recorded, due_of};

row! {
    struct Line {
        seq: i64,
        at: Timestamp,
        actor_kind: String,
        actor: Option<StaffId>,
        data: Json<Event>,
    }
}

pub(crate) fn insert_events(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
    events: &[Recorded],
) -> Result<(), Fault> {
    for it in events {
        tx.insert(
            "INSERT INTO cases_event (office_id, case_id, seq, kind, at, actor_kind, actor_id,
                visibility, data)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![
                office,
                case,
                it.seq,
                it.event.kind(),
                it.at,
                it.actor_kind,
                it.actor,
                it.event.visibility(),
                json(&it.event)?
            ],
        )?;
    }
    Ok(())
}

/// All events of a case, in order.
pub(crate) fn events(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<Vec<Recorded>, Fault> {
    let lines: Vec<Line> = tx.all(
        "SELECT seq, at, actor_kind, actor_id, data FROM cases_event
          WHERE office_id = $1 AND case_id = $2 ORDER BY seq",
        args![office, case],
    )?;
    Ok(lines.into_iter().map(recorded).collect())
}

/// The due time of a case with every line of its count, from the event that gave it.
pub(crate) fn explained_due(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
) -> Result<Option<ExplainedDue>, Fault> {
    let mut sql = Sql::new(
        "SELECT seq, at, actor_kind, actor_id, data FROM cases_event WHERE office_id = ? AND case_id = ?",
        args![office, case],
    );
    sql.and_in("kind", &GIVE_DUE);
    sql.add(" ORDER BY seq DESC LIMIT 1", args![]);
    let found: Option<Line> = tx.get(sql.text(), sql.args())?;
    Ok(found.and_then(|line| due_of(&[recorded(line)]).cloned()))
}

fn recorded(line: Line) -> Recorded {
    let Line { seq, at, actor_kind, actor, data: Json(event) } = line;
    Recorded { seq, at, actor_kind, actor, event }
}
