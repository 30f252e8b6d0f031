//! What officers decided about summaries: appended, the last one counts.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Fault, OfficeId, PhotoId, StaffId};
use maeul_db::{FromRow, Json, Row, Sql, Tx, args, json};

use crate::words::Verb;

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Which case.
    pub case: CaseId,
    /// One for the first.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who; nobody where the program decided.
    pub staff: Option<StaffId>,
    /// What.
    pub verb: Verb,
    /// The title to be shown.
    pub title: String,
    /// The summary to be shown.
    pub body: String,
    /// The photos to be shown.
    pub photos: Vec<PhotoId>,
    /// Why, where it was not to be shown.
    pub reason: String,
}

const COLUMNS: &str =
    "d.case_id, d.seq, d.at, d.staff_id, d.verb, d.title, d.body, d.photos, d.reason";

impl FromRow for Decision {
    const COLUMNS: usize = 9;

    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        let mut columns = row.columns();
        Ok(Self {
            case: columns.read()?,
            seq: columns.read()?,
            at: columns.read()?,
            staff: columns.read()?,
            verb: columns.read()?,
            title: columns.read()?,
            body: columns.read()?,
            photos: columns.read::<Json<Vec<PhotoId>>>()?.0,
            reason: columns.read()?,
        })
    }
}

/// All decisions about a case, the first first.
pub(crate) fn decisions(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
) -> Result<Vec<Decision>, Fault> {
    tx.all(
        &format!(
            "SELECT {COLUMNS} FROM public_decision d
              WHERE d.office_id = $1 AND d.case_id = $2 ORDER BY d.seq"
        ),
        args![office, case],
    )
}

/// The decision about a case that counts.
pub(crate) fn last_decision(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
) -> Result<Option<Decision>, Fault> {
    Ok(last_decisions(tx, office, &[case])?.pop())
}

/// The decisions that count, of these cases.
pub(crate) fn last_decisions(
    tx: &mut Tx,
    office: OfficeId,
    cases: &[CaseId],
) -> Result<Vec<Decision>, Fault> {
    let mut sql = Sql::new(
        &format!(
            "SELECT {COLUMNS} FROM public_decision d
              WHERE d.office_id = ? AND d.seq = (SELECT max(l.seq) FROM public_decision l
                    WHERE l.office_id = d.office_id AND l.case_id = d.case_id)"
        ),
        args![office],
    );
    sql.and_in("d.case_id", cases);
    tx.all(sql.text(), sql.args())
}

pub(crate) fn insert_decision(tx: &mut Tx, ctx: &Ctx, it: &Decision) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO public_decision (office_id, case_id, seq, at, staff_id, verb, title, body,
            photos, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            ctx.office,
            it.case,
            it.seq,
            it.at,
            it.staff,
            it.verb,
            it.title,
            it.body,
            json(&it.photos)?,
            it.reason
        ],
    )
}

/// Takes the texts out of a case's earlier decisions; how many.
pub(crate) fn erase_texts(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<u64, Fault> {
    tx.exec(
        "UPDATE public_decision SET title = '', body = ''
          WHERE office_id = $1 AND case_id = $2 AND title <> ''",
        args![office, case],
    )
}
