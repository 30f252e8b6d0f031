//! What became public or changed since: for feeds, and for rooms that tell people about it.

use jiff::Timestamp;
use maeul_base::{CaseId, Cursor, Fault, OfficeId};
use maeul_db::{Sql, Tx, args};

use super::list::{PublicCase, with_texts};
use crate::store::{PICTURE_COLUMNS, Stored};

/// Up to where changes were read.
pub type Mark = Cursor;

/// What everybody may see of a case became something else.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is new, or another than before.
    Shown(Box<PublicCase>),
    /// It may not be known any more, or only be counted: forget it.
    Gone {
        /// Which.
        case: CaseId,
        /// Since when.
        at: Timestamp,
    },
}

impl Change {
    /// Which case.
    pub fn case(&self) -> CaseId {
        match self {
            Self::Shown(it) => it.picture.case,
            Self::Gone { case, .. } => *case,
        }
    }
}

/// Changes after `after`, the earliest first, and up to where that is; the same mark again where
/// nothing is new.
///
/// A change is stamped when its transaction began, so one that was long in committing can come to lie
/// before a mark. Who must miss none reads again from a minute before.
pub fn since(
    tx: &mut Tx,
    office: OfficeId,
    after: Option<Mark>,
    limit: usize,
) -> Result<(Vec<Change>, Option<Mark>), Fault> {
    let mut sql = Sql::new(
        &format!("SELECT {PICTURE_COLUMNS} FROM public_case p WHERE p.office_id = ?"),
        args![office],
    );
    if let Some(after) = after {
        sql.add(" AND (p.changed_at, p.case_id) > (?, ?)", args![after.at, after.id]);
    }
    sql.add(" AND p.ever_listed", []);
    sql.add(" ORDER BY p.changed_at, p.case_id LIMIT ?", args![limit]);
    let stored: Vec<Stored> = tx.all(sql.text(), sql.args())?;
    let mark = stored.last().map(|it| Cursor { at: it.changed_at, id: it.picture.case.0 });
    let changes = with_texts(tx, office, stored)?.into_iter().map(|it| {
        if it.picture.is_listed() {
            Change::Shown(Box::new(it))
        } else {
            Change::Gone { case: it.picture.case, at: it.changed_at }
        }
    });
    Ok((changes.collect(), mark.or(after)))
}

/// The last change there was: what a file was made of.
pub fn latest(tx: &mut Tx, office: OfficeId) -> Result<Option<Mark>, Fault> {
    let found: Vec<(Timestamp, CaseId)> = tx.all(
        "SELECT changed_at, case_id FROM public_case WHERE office_id = $1
          ORDER BY changed_at DESC, case_id DESC LIMIT 1",
        args![office],
    )?;
    Ok(found.into_iter().next().map(|(at, id)| Cursor { at, id: id.0 }))
}
