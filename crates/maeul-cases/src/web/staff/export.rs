//! A queue as a table file for a spreadsheet: no contact, and personal data in titles hidden.

use axum::http::header;
use axum::response::IntoResponse;
use maeul_base::{Cursor, seoul};
use maeul_web::{PageResult, Visit};

use super::line::nearness;
use super::which;
use crate::Knowledge;
use crate::read::{self, Queue, QueueRow};
use crate::web::desk::{self, know};

/// The most rows of one file.
const MOST: usize = 1_000;

/// The rows of the queue from where the page begins.
pub(crate) async fn queue(visit: Visit, queue: Queue, after: Option<Cursor>) -> PageResult {
    let know = know(&visit).await?;
    let rows = desk::read(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        read::queue(tx, ctx, know, queue, after, MOST)
    })
    .await?;
    let lang = visit.lang();
    // The mark at the beginning tells Excel that the letters are UTF-8.
    let mut text = String::from("\u{feff}");
    push(
        &mut text,
        &[
            lang.t("접수번호", "Number"),
            lang.t("제목", "Title"),
            lang.t("상태", "State"),
            lang.t("경로", "Channel"),
            lang.t("종류", "Service"),
            lang.t("동", "Dong"),
            lang.t("부서", "Unit"),
            lang.t("담당자", "Officer"),
            lang.t("접수", "Received"),
            lang.t("기한", "Due"),
            lang.t("기한 상황", "How near"),
        ],
    );
    for row in rows.rows {
        put(&visit, &know, &mut text, row);
    }
    let name = format!(
        "attachment; filename=\"maeul-{}-{}.csv\"",
        which::slug(queue),
        seoul::date(visit.now())
    );
    let kind = "text/csv; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response())
}

fn put(visit: &Visit, know: &Knowledge, text: &mut String, row: QueueRow) {
    let lang = visit.lang();
    let near = nearness(row.due_at, row.state.is_open(), visit.now(), lang);
    let service = row.service.as_deref().map(|code| know.service_name(code, lang));
    push(
        text,
        &[
            &row.number,
            &maeul_language::mask(&row.title).text,
            row.state.name(lang),
            row.channel.name(lang),
            service.unwrap_or_default(),
            row.dong.as_ref().map(|dong| know.dong_name(dong, lang)).unwrap_or_default(),
            know.unit_name(row.unit, lang),
            row.assignee_name.as_deref().unwrap_or_default(),
            &plain_time(row.received_at),
            &row.due_at.map(plain_time).unwrap_or_default(),
            &near.short,
        ],
    );
}

/// As spreadsheets read it: `2026-06-08 14:30`.
fn plain_time(at: jiff::Timestamp) -> String {
    seoul::wall(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// One line. A cell that a spreadsheet would take for a formula is made text.
fn push(out: &mut String, cells: &[&str]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push('"');
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            out.push('\'');
        }
        out.push_str(&cell.replace('"', "\"\"").replace(['\n', '\r'], " "));
        out.push('"');
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::push;

    #[test]
    fn cells_are_text_and_never_formulas() {
        let mut text = String::new();
        push(&mut text, &["=1+1", "가 \"나\"\n다", ""]);
        assert_eq!(text, "\"'=1+1\",\"가 \"\"나\"\" 다\",\"\"\r\n");
    }
}
