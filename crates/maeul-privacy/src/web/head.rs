//! The end of the chain of looks, for everybody to keep: whoever has it can tell later whether anything
//! before it was changed.

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;
use maeul_base::{Fault, hex, seoul};
use maeul_people::{DayHead, Head, day_heads, look_head};
use maeul_web::{PageCtx, PageResult, Visit, WebError, page};
use serde_json::json;

/// Days shown.
const DAYS: i64 = 62;

struct Line {
    day: String,
    seq: i64,
    hash: String,
}

#[derive(Template)]
#[template(path = "privacy/head.html")]
struct HeadPage {
    c: PageCtx,
    lines: Vec<Line>,
    seq: i64,
    hash: String,
    at: String,
}

async fn read(visit: &Visit) -> Result<(Option<Head>, Vec<DayHead>), WebError> {
    let office = visit.office().id;
    let found = visit
        .site()
        .db()
        .read(move |tx| Ok::<_, Fault>((look_head(tx, office)?, day_heads(tx, office, DAYS)?)))
        .await?;
    Ok(found)
}

/// `GET /audit`
pub(super) async fn show(visit: Visit) -> PageResult {
    let (head, days) = read(&visit).await?;
    let lang = visit.lang();
    page(&HeadPage {
        c: visit.page(""),
        lines: days
            .into_iter()
            .map(|it| Line { day: seoul::day_text(it.on, lang), seq: it.seq, hash: hex(&it.hash) })
            .collect(),
        seq: head.as_ref().map_or(0, |it| it.seq),
        hash: head.as_ref().map(|it| hex(&it.hash)).unwrap_or_default(),
        at: head.map(|it| seoul::time_text(it.at, lang)).unwrap_or_default(),
    })
}

/// `GET /audit.json`
pub(super) async fn json(visit: Visit) -> PageResult {
    let (head, days) = read(&visit).await?;
    let days: Vec<_> = days
        .iter()
        .map(|it| json!({ "day": it.on.to_string(), "seq": it.seq, "hash": hex(&it.hash) }))
        .collect();
    let body = json!({
        "office": visit.office().code,
        "encoding": "maeul look 1",
        "seq": head.as_ref().map_or(0, |it| it.seq),
        "hash": head.as_ref().map(|it| hex(&it.hash)),
        "at": head.map(|it| seoul::iso(it.at)),
        "days": days,
    });
    Ok(([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response())
}
