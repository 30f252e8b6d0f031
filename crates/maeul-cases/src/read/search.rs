//! Search for the staff: a receipt number exactly, else words.

use maeul_base::{Ctx, Cursor, Fault, Page, Role};
use maeul_db::{Sql, Tx, args, search as index};
use maeul_language::query_phrases;

use crate::knowledge::Knowledge;
use crate::number::CaseNumber;
use crate::read::QueueRow;
use crate::read::queue::{LINE, Line, officer_names};

/// The index of words.
pub(crate) const TABLE: &str = "cases_search";

/// The cases found, the newest first; those the reader may work.
pub fn search(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    text: &str,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<QueueRow>, Fault> {
    let nothing = Page { rows: Vec::new(), next: None };
    let Some((_, unit, role)) = ctx.actor.staff() else { return Ok(nothing) };
    if role == Role::Administrator || text.trim().is_empty() {
        return Ok(nothing);
    }
    let mut sql =
        Sql::new(&format!("SELECT {LINE} FROM cases_case WHERE office_id = ?"), args![ctx.office]);
    if role != Role::Coordinator {
        sql.and_in("unit_id", &know.units_around(unit));
    }
    match CaseNumber::parse(text, &know.office().short_ko) {
        Ok(number) => {
            sql.add(" AND number = ?", args![number.to_string()]);
        }
        Err(_) => {
            let phrases = query_phrases(text);
            index::and_match(&mut sql, tx.engine(), TABLE, "id", ctx.office, &phrases);
        }
    }
    if let Some(after) = after {
        sql.add(" AND (received_at, id) < (?, ?)", args![after.at, after.id]);
    }
    sql.add(" ORDER BY received_at DESC, id DESC LIMIT ?", args![limit + 1]);
    let lines: Vec<Line> = tx.all(sql.text(), sql.args())?;
    let names = officer_names(tx, ctx, &lines)?;
    let page = Page::from_rows(lines, limit, |line| Cursor { at: line.received_at, id: line.id.0 });
    let rows = page.rows.into_iter().map(|line| line.view(&names, ctx.now)).collect();
    Ok(Page { rows, next: page.next })
}
