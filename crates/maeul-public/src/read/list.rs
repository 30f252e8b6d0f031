//! A list of cases as everybody may see them, the newest first.

use jiff::Timestamp;
use maeul_base::{CaseId, Cursor, Fault, OfficeId, Page};
use maeul_db::{Sql, Tx, args, search};

use super::Filter;
use crate::picture::Picture;
use crate::store::{self, PICTURE_COLUMNS, SEARCH, Stored, Text};

/// A case as everybody may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicCase {
    /// Its picture.
    pub picture: Picture,
    /// Its summary, once an officer has looked and the delay is over.
    pub text: Option<Text>,
    /// When what everybody may see of it last changed.
    pub changed_at: Timestamp,
}

impl PublicCase {
    /// Where it stands in a list.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.picture.received_at, id: self.picture.case.0 }
    }

    /// Its id for everybody, `2026-001234-7`.
    pub fn id(&self) -> &str {
        self.picture.id.as_deref().unwrap_or_default()
    }

    /// Whether its due time has passed and an answer is owed.
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.picture.closed_at.is_none() && self.picture.due_at.is_some_and(|due| due < now)
    }
}

/// Some cases, the newest first.
pub fn page(
    tx: &mut Tx,
    office: OfficeId,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<PublicCase>, Fault> {
    let select = || {
        let mut sql = Sql::new(
            &format!("SELECT {PICTURE_COLUMNS} FROM public_case p WHERE p.office_id = ?"),
            args![office],
        );
        filter.narrow(&mut sql);
        sql
    };
    let stored: Vec<Stored> = if let Some(asked) = filter.asked(after) {
        search::newest(tx, SEARCH, office, &asked, limit + 1, |tx, cases: &[CaseId]| {
            let mut sql = select();
            sql.and_in("p.case_id", cases);
            let found: Vec<Stored> = tx.all(sql.text(), sql.args())?;
            Ok(found.into_iter().map(|it| (it.picture.case, it)).collect())
        })?
    } else {
        let mut sql = select();
        if let Some(after) = after {
            sql.add(" AND (p.received_at, p.case_id) < (?, ?)", args![after.at, after.id]);
        }
        sql.add(" ORDER BY p.received_at DESC, p.case_id DESC LIMIT ?", args![limit + 1]);
        tx.all(sql.text(), sql.args())?
    };
    Ok(Page::from_rows(with_texts(tx, office, stored)?, limit, PublicCase::cursor))
}

/// These cases, as far as everybody may see them now.
pub fn shown(tx: &mut Tx, office: OfficeId, cases: &[CaseId]) -> Result<Vec<PublicCase>, Fault> {
    let mut sql = Sql::new(
        &format!("SELECT {PICTURE_COLUMNS} FROM public_case p WHERE p.office_id = ? AND p.listed"),
        args![office],
    );
    sql.and_in("p.case_id", cases);
    sql.add(" ORDER BY p.received_at DESC, p.case_id DESC", []);
    let stored: Vec<Stored> = tx.all(sql.text(), sql.args())?;
    with_texts(tx, office, stored)
}

/// How many there are, counted no further than `most`: a long list is not counted whole for every
/// reader, the figures are there for that.
pub fn count(tx: &mut Tx, office: OfficeId, filter: &Filter, most: usize) -> Result<usize, Fault> {
    let select = |column: &str| {
        let mut sql = Sql::new(
            &format!("SELECT {column} FROM public_case p WHERE p.office_id = ?"),
            args![office],
        );
        filter.narrow(&mut sql);
        sql
    };
    if let Some(asked) = filter.asked(None) {
        let found = search::newest(tx, SEARCH, office, &asked, most, |tx, cases: &[CaseId]| {
            let mut sql = select("p.case_id");
            sql.and_in("p.case_id", cases);
            let found: Vec<(CaseId,)> = tx.all(sql.text(), sql.args())?;
            Ok(found.into_iter().map(|(case,)| (case, ())).collect())
        })?;
        return Ok(found.len());
    }
    let mut listed = select("1");
    listed.add(" LIMIT ?", args![most]);
    let sql = format!("SELECT count(*) FROM ({}) AS listed", listed.text());
    let (count,): (i64,) = tx.one(&sql, listed.args())?;
    Ok(usize::try_from(count).unwrap_or(most))
}

pub(crate) fn with_texts(
    tx: &mut Tx,
    office: OfficeId,
    stored: Vec<Stored>,
) -> Result<Vec<PublicCase>, Fault> {
    let cases: Vec<_> = stored.iter().map(|it| it.picture.case).collect();
    let mut texts = store::texts(tx, office, &cases)?;
    Ok(stored
        .into_iter()
        .map(|Stored { picture, changed_at }| {
            let place = texts.iter().position(|text| text.case == picture.case);
            // Words are shown of what is listed, whatever else is kept.
            let text = place.map(|it| texts.swap_remove(it)).filter(|_| picture.is_listed());
            PublicCase { picture, text, changed_at }
        })
        .collect())
}
