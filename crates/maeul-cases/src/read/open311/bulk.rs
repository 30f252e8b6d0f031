//! Every request of an office in the bulk form, a page at a time, the oldest first.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Fault};
use maeul_db::{Sql, Tx, args};
use maeul_language::mask;
use maeul_wire::open311::{BulkRow, Status, Window};

use super::build::Built;
use super::list::{Line, SELECT, visible};
use super::{NO_SERVICE, request_id};
use crate::disclosure::{Disclosure, Reader};
use crate::knowledge::Knowledge;

/// Where the next page begins: after this receipt time and id.
pub type After = Option<(Timestamp, CaseId)>;

/// One page, and where the next begins; `None` where this was the last.
pub fn bulk(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    window: Option<Window>,
    reader: Reader,
    after: After,
    limit: usize,
) -> Result<(Vec<BulkRow>, After), Fault> {
    let mut sql = Sql::new(SELECT, args![ctx.office]);
    visible(&mut sql, know, reader);
    if let Some(window) = window {
        sql.add(" AND c.received_at >= ? AND c.received_at <= ?", args![window.from, window.to]);
    }
    if let Some((at, id)) = after {
        sql.add(" AND (c.received_at, c.id) > (?, ?)", args![at, id]);
    }
    sql.add(" ORDER BY c.received_at, c.id LIMIT ?", args![limit]);
    let lines: Vec<Line> = tx.all(sql.text(), sql.args())?;
    let last = lines.last().map(|line| (line.received_at, line.id));
    let next = if lines.len() < limit { None } else { last };
    let built = Built { know, lang: ctx.lang, reader, base: "" };
    Ok((lines.iter().map(|line| row(&built, line)).collect(), next))
}

fn row(built: &Built<'_>, line: &Line) -> BulkRow {
    let disclosure = built.disclosure(line);
    let closed = !line.state.is_open();
    let status = if closed { Status::Closed } else { Status::Open };
    let service = line.service.as_deref().and_then(|code| built.know.service(code));
    let words = (disclosure == Disclosure::Masked).then(|| mask(&line.body).text);
    BulkRow {
        service_request_id: request_id(&line.number),
        requested: line.received_at,
        updated: Some(line.closed_at.unwrap_or(line.updated_at)),
        closed: line.closed_at,
        // The making of an answer is the office's own affair.
        status_description: built
            .lang
            .t(
                if closed { "답변 완료" } else { "처리 중" },
                if closed { "Answered" } else { "In progress" },
            )
            .to_owned(),
        status_notes: built.status_notes(line, disclosure).unwrap_or_default(),
        source: line.channel.name(built.lang).to_owned(),
        service_name: built.service_name(line.service.as_deref()),
        service_subtype: service.map(|it| it.group.get(built.lang).to_owned()).unwrap_or_default(),
        description: words.unwrap_or_default(),
        agency_responsible: built.know.unit_name(line.unit, built.lang).to_owned(),
        address: built.address(line, disclosure),
        point: disclosure.point(line.lat_e7.zip(line.lon_e7)),
        status: status.word().to_owned(),
        service_code: line.service.clone().unwrap_or_else(|| NO_SERVICE.to_owned()),
    }
}
