//! Search for the staff: a receipt number exactly, else words.

use maeul_base::{CaseId, Ctx, Cursor, Fault, Page, UnitId};
use maeul_db::search::{Asked, newest, tag};
use maeul_db::{Sql, Tx, args};
use maeul_language::query_phrases;

use crate::case::Case;
use crate::knowledge::Knowledge;
use crate::number::CaseNumber;
use crate::permissions::CASES_SEE;
use crate::reach::{OF_CASES, Reach};
use crate::read::QueueRow;
use crate::read::queue::{LINE, Line, officer_names};

/// The index of words.
pub(crate) const TABLE: &str = "cases_search";

/// The cases found, the newest first; those the reader may see.
pub fn search(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    text: &str,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<QueueRow>, Fault> {
    let nothing = Page { rows: Vec::new(), next: None };
    let sees = Reach::of(ctx, know, &CASES_SEE);
    if sees.is_nothing() || text.trim().is_empty() {
        return Ok(nothing);
    }
    // The index is narrowed by units only where units are all that is seen.
    let by_unit = sees.is_by_unit_alone();
    let of_them = || {
        let mut sql = Sql::new(
            &format!("SELECT {LINE} FROM cases_case WHERE office_id = ?"),
            args![ctx.office],
        );
        sees.narrow(&mut sql, OF_CASES);
        sql
    };
    let lines: Vec<Line> = if let Ok(number) = CaseNumber::parse(text, &know.office().short_ko) {
        let mut sql = of_them();
        sql.add(" AND number = ?", args![number.to_string()]);
        tx.all(sql.text(), sql.args())?
    } else {
        let units = if by_unit { sees.units() } else { &[] };
        let tags = units.iter().map(|unit| unit_tag(*unit)).collect();
        let asked = Asked { phrases: query_phrases(text), tags, after, since: None };
        newest(tx, TABLE, ctx.office, &asked, limit + 1, |tx, ids: &[CaseId]| {
            let mut sql = of_them();
            sql.and_in("id", ids);
            let lines: Vec<Line> = tx.all(sql.text(), sql.args())?;
            Ok(lines.into_iter().map(|line| (line.id, line)).collect())
        })?
    };
    let names = officer_names(tx, ctx, &lines)?;
    let page = Page::from_rows(lines, limit, |line| Cursor { at: line.received_at, id: line.id.0 });
    let rows = page.rows.into_iter().map(|line| line.view(&names, ctx.now)).collect();
    Ok(Page { rows, next: page.next })
}

/// What a search for a case may be narrowed to.
pub(crate) fn tags(case: &Case) -> Vec<String> {
    let dong = case.place.dong.as_ref().map(|dong| tag("dong", dong));
    case.unit.map(unit_tag).into_iter().chain(dong).collect()
}

fn unit_tag(unit: UnitId) -> String {
    tag("unit", unit.0.simple())
}
