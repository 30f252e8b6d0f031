//! A list of cases as everybody may see them, the newest first.

use std::collections::HashMap;

use jiff::Timestamp;
use maeul_base::{CaseId, Cursor, Fault, OfficeId, Page};
use maeul_db::search::Asked;
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
    let stored: Vec<Stored> = if let Some(asked) = filter.asked(after) {
        let cases = found(tx, office, filter, &asked, limit + 1)?;
        pictures(tx, office, &cases)?
    } else {
        let mut sql = select(PICTURE_COLUMNS, office, filter);
        if let Some(after) = after {
            sql.add(" AND (p.received_at, p.case_id) < (?, ?)", args![after.at, after.id]);
        }
        sql.add(" ORDER BY p.received_at DESC, p.case_id DESC LIMIT ?", args![limit + 1]);
        tx.all(sql.text(), sql.args())?
    };
    Ok(Page::from_rows(with_texts(tx, office, stored)?, limit, PublicCase::cursor))
}

/// A page and how many cases there are, counted no further than `most`. What is found by words is
/// looked for once.
pub fn page_and_count(
    tx: &mut Tx,
    office: OfficeId,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
    most: usize,
) -> Result<(Page<PublicCase>, usize), Fault> {
    let Some(asked) = filter.asked(None).filter(|_| after.is_none()) else {
        return Ok((page(tx, office, filter, after, limit)?, count(tx, office, filter, most)?));
    };
    let cases = found(tx, office, filter, &asked, most.max(limit + 1))?;
    let stored = pictures(tx, office, cases.get(..=limit).unwrap_or(&cases))?;
    let page = Page::from_rows(with_texts(tx, office, stored)?, limit, PublicCase::cursor);
    Ok((page, cases.len().min(most)))
}

fn select(columns: &str, office: OfficeId, filter: &Filter) -> Sql {
    let mut sql = Sql::new(
        &format!("SELECT {columns} FROM public_case p WHERE p.office_id = ?"),
        args![office],
    );
    filter.narrow(&mut sql);
    sql
}

/// The cases found by words, the newest first.
fn found(
    tx: &mut Tx,
    office: OfficeId,
    filter: &Filter,
    asked: &Asked,
    most: usize,
) -> Result<Vec<CaseId>, Fault> {
    search::newest(tx, SEARCH, office, asked, most, |tx, cases: &[CaseId]| {
        let mut sql = select("p.case_id", office, filter);
        sql.and_in("p.case_id", cases);
        let listed: Vec<(CaseId,)> = tx.all(sql.text(), sql.args())?;
        Ok(listed.into_iter().map(|(case,)| (case, case)).collect())
    })
}

/// What is kept of these cases, in their order.
fn pictures(tx: &mut Tx, office: OfficeId, cases: &[CaseId]) -> Result<Vec<Stored>, Fault> {
    let mut sql = Sql::new(
        &format!("SELECT {PICTURE_COLUMNS} FROM public_case p WHERE p.office_id = ?"),
        args![office],
    );
    sql.and_in("p.case_id", cases);
    let stored: Vec<Stored> = tx.all(sql.text(), sql.args())?;
    let mut stored: HashMap<CaseId, Stored> =
        stored.into_iter().map(|it| (it.picture.case, it)).collect();
    Ok(cases.iter().filter_map(|case| stored.remove(case)).collect())
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
fn count(tx: &mut Tx, office: OfficeId, filter: &Filter, most: usize) -> Result<usize, Fault> {
    if let Some(asked) = filter.asked(None) {
        return Ok(found(tx, office, filter, &asked, most)?.len());
    }
    let mut listed = select("1", office, filter);
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
