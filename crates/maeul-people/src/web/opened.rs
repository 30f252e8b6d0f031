//! What was opened in an emergency, and its review the next day.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{Failure, Fault, Refusal, seoul};
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

use super::words::Names;
use crate::id::OpeningId;
use crate::opening::Opening;
use crate::{openings, review_opening};

/// The most shown of each kind.
const MOST: i64 = 200;

struct Line {
    id: String,
    label: String,
    who: String,
    when: String,
    iso: String,
    until: String,
    reason: String,
    due: bool,
    oneself: bool,
    reviewed: String,
    note: String,
    typed: String,
    error: String,
}

#[derive(Template)]
#[template(path = "people/opened.html")]
struct OpenedPage {
    c: PageCtx,
    waiting: Vec<Line>,
    done: Vec<Line>,
}

async fn build(visit: &Visit) -> Result<OpenedPage, WebError> {
    let (office, lang, today) = (visit.office().id, visit.lang(), seoul::date(visit.now()));
    let (found, names) = visit
        .site()
        .db()
        .read(move |tx| {
            Ok::<_, Fault>((openings(tx, office, MOST)?, Names::load(tx, office, today)?))
        })
        .await?;
    let me = visit.staff().map(|it| it.id);
    let line = |it: Opening| Line {
        id: it.id.to_string(),
        due: it.is_due(today),
        oneself: me == Some(it.staff),
        when: seoul::time_text(it.opened_at, lang),
        iso: seoul::iso(it.opened_at),
        until: seoul::time_text(it.until, lang),
        reviewed: it
            .reviewed_at
            .map(|at| {
                format!("{} · {}", seoul::time_text(at, lang), names.who(it.reviewed_by, lang))
            })
            .unwrap_or_default(),
        note: it.note.unwrap_or_default(),
        label: it.label,
        who: it.staff_name,
        reason: it.reason,
        typed: String::new(),
        error: String::new(),
    };
    let (done, waiting) = found.into_iter().map(line).partition(|it| !it.reviewed.is_empty());
    Ok(OpenedPage { c: visit.page("opened"), waiting, done })
}

/// `GET /staff/opened`
pub(super) async fn list(visit: Visit) -> PageResult {
    page(&build(&visit).await?)
}

/// `POST /staff/opened/{opening}`: note.
pub(super) async fn submit(visit: Visit, Path(id): Path<OpeningId>, posted: Posted) -> PageResult {
    let (ctx, note) = (visit.ctx(), posted.get("note").to_owned());
    let typed = note.clone();
    let done = visit.site().db().write(move |tx| review_opening(tx, &ctx, id, &note)).await;
    match done {
        Ok(_) => Ok(visit.redirect_with(
            "/staff/opened",
            visit.t("점검을 마쳤습니다.", "It has been reviewed."),
        )),
        Err(Failure::Refused(refusal)) if refusal.field() == Some("note") => {
            let mut template = build(&visit).await?;
            for line in template.waiting.iter_mut().filter(|it| it.id == id.to_string()) {
                line.typed.clone_from(&typed);
                line.error = refusal.say(visit.lang());
            }
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(failure) => Err(failure.into()),
    }
}
