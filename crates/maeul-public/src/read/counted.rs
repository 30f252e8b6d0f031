//! The cases that are counted, as far as they are counted: for figures, which keep their sums for a
//! while.

use jiff::Timestamp;
use maeul_base::{DongCode, Fault, OfficeId};
use maeul_db::{FromRow, Row, Sql, Tx, args};

use crate::figures::Counted;

impl FromRow for Counted {
    const COLUMNS: usize = 10;

    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        let mut columns = row.columns();
        Ok(Self {
            service: columns.read()?,
            dong: columns.read()?,
            received_at: columns.read()?,
            state: columns.read()?,
            outcome: columns.read()?,
            due_at: columns.read()?,
            statutory: columns.read()?,
            minutes: columns.read()?,
            in_time: columns.read()?,
            rating: columns.read()?,
        })
    }
}

/// Those that came in from the first instant up to, and not at, the second; of one 동 or one service
/// where these are named.
pub fn counted(
    tx: &mut Tx,
    office: OfficeId,
    span: (Timestamp, Timestamp),
    dong: Option<&DongCode>,
    service: Option<&str>,
) -> Result<Vec<Counted>, Fault> {
    let mut sql = Sql::new(
        "SELECT service_code, dong_code, received_at, state, outcome, due_at, statutory,
                work_minutes, in_time, satisfaction
           FROM public_case WHERE office_id = ? AND level <> 'private'
            AND received_at >= ? AND received_at < ?",
        args![office, span.0, span.1],
    );
    if let Some(dong) = dong {
        sql.add(" AND dong_code = ?", args![dong]);
    }
    if let Some(service) = service {
        sql.add(" AND service_code = ?", args![service]);
    }
    tx.all(sql.text(), sql.args())
}

/// When the first case came in that is listed.
pub fn earliest(tx: &mut Tx, office: OfficeId) -> Result<Option<Timestamp>, Fault> {
    let found: Vec<(Timestamp,)> = tx.all(
        "SELECT received_at FROM public_case WHERE office_id = $1 AND listed
          ORDER BY received_at LIMIT 1",
        args![office],
    )?;
    Ok(found.into_iter().next().map(|(at,)| at))
}
