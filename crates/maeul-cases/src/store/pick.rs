//! Which cases a job or a check goes through.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{CaseId, Fault, OfficeId};
use maeul_db::{Tx, args};
use uuid::Uuid;

/// The receipt number of a case.
pub(crate) fn number_of(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
) -> Result<Option<String>, Fault> {
    let found: Option<(String,)> = tx.get(
        "SELECT number FROM cases_case WHERE office_id = $1 AND id = $2",
        args![office, case],
    )?;
    Ok(found.map(|(number,)| number))
}

/// Answered cases whose review day has come, the earliest first.
pub(crate) fn to_review(
    tx: &mut Tx,
    office: OfficeId,
    today: Date,
    most: i64,
) -> Result<Vec<CaseId>, Fault> {
    let rows: Vec<(CaseId,)> = tx.all(
        "SELECT id FROM cases_case
          WHERE office_id = $1 AND review_on IS NOT NULL AND review_on <= $2 AND state = 'closed'
          ORDER BY review_on, id LIMIT $3",
        args![office, today, most],
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Open cases due after a place in their order, the earliest first.
pub(crate) fn open_due_after(
    tx: &mut Tx,
    office: OfficeId,
    after: (Timestamp, Uuid),
    most: i64,
) -> Result<Vec<(CaseId, Timestamp)>, Fault> {
    tx.all(
        "SELECT id, due_at FROM cases_case
          WHERE office_id = $1 AND state <> 'closed' AND (due_at, id) > ($2, $3)
          ORDER BY due_at, id LIMIT $4",
        args![office, after.0, after.1, most],
    )
}

/// Every case of the office, for checks.
pub(crate) fn all_ids(tx: &mut Tx, office: OfficeId) -> Result<Vec<CaseId>, Fault> {
    let rows: Vec<(CaseId,)> =
        tx.all("SELECT id FROM cases_case WHERE office_id = $1 ORDER BY id", args![office])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
