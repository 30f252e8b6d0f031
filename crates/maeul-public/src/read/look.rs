//! For the officers who look at summaries: what waits, and a case beside what may be read of it. The
//! only read here that opens a case itself; staff alone reach it.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, DongCode, Failure, Fault, Page};
use maeul_cases::read as cases;
use maeul_cases::{Case, Knowledge, PhotoView, Reach, ReachColumns};
use maeul_db::{Sql, Tx, args, row};

use crate::act::{LookRefusal, may_look};
use crate::permissions::PUBLISH;
use crate::picture::Picture;
use crate::store::{self, Decision, Text};
use crate::words::{Look, PublicState};
use crate::{Settings, summary};

row! {
    /// A case in the list of summaries.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct LookLine {
        /// Which.
        pub case: CaseId,
        /// Its id for everybody.
        pub id: Option<String>,
        /// The service.
        pub service: Option<String>,
        /// The 동.
        pub dong: Option<DongCode>,
        /// Where the case stands.
        pub state: PublicState,
        /// When it came in.
        pub received_at: Timestamp,
        /// Where the summary stands.
        pub look: Look,
    }
}

/// A case for the officer to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct LookPage {
    /// The case, in the resident's own words.
    pub case: Case,
    /// Its photos.
    pub photos: Vec<PhotoView>,
    /// Where the summary stands.
    pub look: Look,
    /// The title as it would go out.
    pub title: String,
    /// The summary as it would go out.
    pub body: String,
    /// What everybody reads now.
    pub shown: Option<Text>,
    /// The earliest time at which everybody may read it.
    pub from: Timestamp,
    /// What was decided, with who did, the first first.
    pub decisions: Vec<(Decision, Option<String>)>,
    /// The case to look at next.
    pub next: Option<CaseId>,
}

/// Those whose summary stands so and at which the reader looks, the newest first.
pub fn looks(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    look: Look,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<LookLine>, Fault> {
    let mut sql = Sql::new(
        "SELECT p.case_id, p.public_id, p.service_code, p.dong_code, p.state, p.received_at, p.look
           FROM public_case p WHERE p.office_id = ? AND p.look = ? AND p.look <> 'none'",
        args![ctx.office, look],
    );
    if !theirs(&mut sql, ctx, know) {
        return Ok(Page { rows: Vec::new(), next: None });
    }
    if let Some(after) = after {
        sql.add(" AND (p.received_at, p.case_id) < (?, ?)", args![after.at, after.id]);
    }
    sql.add(" ORDER BY p.received_at DESC, p.case_id DESC LIMIT ?", args![limit + 1]);
    let lines: Vec<LookLine> = tx.all(sql.text(), sql.args())?;
    Ok(Page::from_rows(lines, limit, |it| Cursor { at: it.received_at, id: it.case.0 }))
}

/// How many stand so, of those at which the reader looks: each counted no further than `most`.
pub fn look_counts(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    most: usize,
) -> Result<Vec<(Look, i64)>, Fault> {
    let mut counts = Vec::new();
    for look in Look::ALL.iter().copied().filter(|it| *it != Look::None) {
        let mut sql = Sql::new(
            "SELECT count(*) FROM (SELECT 1 FROM public_case p
              WHERE p.office_id = ? AND p.look = ? AND p.look <> 'none'",
            args![ctx.office, look],
        );
        if theirs(&mut sql, ctx, know) {
            sql.add(" LIMIT ?) AS looked_at", args![most]);
            let (count,): (i64,) = tx.one(sql.text(), sql.args())?;
            counts.push((look, count));
        }
    }
    Ok(counts)
}

/// The case with what may be read of it.
pub fn look_page(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    settings: &Settings,
    id: CaseId,
) -> Result<LookPage, Failure<LookRefusal>> {
    let history =
        cases::case_history(tx, ctx.office, id)?.ok_or(Failure::Refused(LookRefusal::NotFound))?;
    may_look(ctx, know, &history.case).map_err(Failure::Refused)?;
    let decisions = store::decisions(tx, ctx.office, id)?;
    let last = decisions.last();
    let look = last.map_or(Look::Waiting, |it| it.verb.look());
    let look = Picture::of(know, &history, look).look;
    let (mut title, mut body) = summary::proposed(tx, know, &history.case)?;
    if let Some(published) = last.filter(|it| !it.title.is_empty()) {
        title.clone_from(&published.title);
        body.clone_from(&published.body);
    }
    let mut named = Vec::with_capacity(decisions.len());
    for decision in decisions {
        let who = match decision.staff {
            Some(staff) => maeul_people::staff_by_id(tx, ctx.office, staff)?,
            None => None,
        };
        named.push((decision, who.map(|it| it.name)));
    }
    let at = Cursor { at: history.case.received_at, id: id.0 };
    Ok(LookPage {
        photos: cases::photos_of(tx, ctx.office, id)?,
        look,
        title,
        body,
        shown: store::texts(tx, ctx.office, &[id])?.pop(),
        from: history.case.received_at + settings.summary_delay,
        decisions: named,
        next: next_waiting(tx, ctx, know, at)?,
        case: history.case,
    })
}

/// The case that waits after this one; behind the last comes the first.
pub fn next_waiting(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    at: Cursor,
) -> Result<Option<CaseId>, Fault> {
    for after in [Some(at), None] {
        let page = looks(tx, ctx, know, Look::Waiting, after, 2)?;
        if let Some(next) = page.rows.iter().find(|it| it.case.0 != at.id) {
            return Ok(Some(next.case));
        }
    }
    Ok(None)
}

/// Narrows to the reader's own; false where they look at none.
fn theirs(sql: &mut Sql, ctx: &Ctx, know: &Knowledge) -> bool {
    let reach = Reach::of(ctx, know, &PUBLISH);
    let columns = ReachColumns { unit: "p.unit_id", dong: Some("p.dong_code"), officer: None };
    reach.narrow(sql, columns);
    !reach.is_nothing()
}
