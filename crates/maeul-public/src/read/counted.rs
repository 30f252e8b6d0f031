//! Every case that is counted, as far as it is counted: for figures, which keep it for a while.

use maeul_base::{Fault, OfficeId};
use maeul_cases::Publicity;
use maeul_db::{FromRow, Row, Tx, args};

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

/// All that are counted, the earliest first.
pub fn counted(tx: &mut Tx, office: OfficeId) -> Result<Vec<Counted>, Fault> {
    let mut cases: Vec<Counted> = tx.all(
        "SELECT service_code, dong_code, received_at, state, outcome, due_at, statutory,
                work_minutes, in_time, satisfaction
           FROM public_case WHERE office_id = $1 AND level <> $2",
        args![office, Publicity::Private],
    )?;
    cases.sort_by_key(|it| it.received_at);
    Ok(cases)
}

/// When the first case came in that is listed.
pub fn earliest(tx: &mut Tx, office: OfficeId) -> Result<Option<jiff::Timestamp>, Fault> {
    let found: Vec<(jiff::Timestamp,)> = tx.all(
        "SELECT received_at FROM public_case WHERE office_id = $1 AND listed
          ORDER BY received_at LIMIT 1",
        args![office],
    )?;
    Ok(found.into_iter().next().map(|(at,)| at))
}
