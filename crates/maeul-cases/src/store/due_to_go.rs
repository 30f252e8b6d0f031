//! Which answered cases still hold what has been kept long enough.

use jiff::Timestamp;
use maeul_base::{CaseId, Cursor, Fault, OfficeId};
use maeul_db::{Sql, Tx, args};

/// What of a case is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holding {
    Words,
    Contacts,
    Photos,
}

impl Holding {
    /// True of a case `c` that holds it.
    const fn is_there(self) -> &'static str {
        match self {
            // As `Event::without_words` leaves it.
            Self::Words => " AND (c.title <> ? OR c.body <> '')",
            Self::Contacts => {
                " AND EXISTS (SELECT 1 FROM cases_party p
                               WHERE p.office_id = c.office_id AND p.case_id = c.id
                                 AND (p.name IS NOT NULL OR p.phone IS NOT NULL OR p.email IS NOT NULL))"
            }
            Self::Photos => {
                " AND EXISTS (SELECT 1 FROM cases_photo f
                               WHERE f.office_id = c.office_id AND f.case_id = c.id)"
            }
        }
    }
}

/// Cases answered before `before` that hold it, those answered first first.
pub(crate) fn holding(
    tx: &mut Tx,
    office: OfficeId,
    what: Holding,
    before: Timestamp,
    after: Option<Cursor>,
    most: usize,
) -> Result<Vec<(CaseId, Timestamp)>, Fault> {
    let mut sql = Sql::new(
        "SELECT c.id, COALESCE(c.closed_at, c.updated_at) FROM cases_case c
          WHERE c.office_id = ? AND c.state = 'closed' AND COALESCE(c.closed_at, c.updated_at) < ?",
        args![office, before],
    );
    match what {
        Holding::Words => sql.add(what.is_there(), args![crate::event_purge::PURGED_TITLE]),
        Holding::Contacts | Holding::Photos => sql.add(what.is_there(), args![]),
    };
    if let Some(after) = after {
        sql.add(
            " AND (COALESCE(c.closed_at, c.updated_at), c.id) > (?, ?)",
            args![after.at, after.id],
        );
    }
    sql.add(" ORDER BY COALESCE(c.closed_at, c.updated_at), c.id LIMIT ?", args![most]);
    tx.all(sql.text(), sql.args())
}
