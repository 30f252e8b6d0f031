//! What people ask to have erased, decided by an officer.

use askama::Template;
use axum::http::StatusCode;
use maeul_base::{Failure, Fault, Refusal, seoul};
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page_with};
use uuid::Uuid;

use super::status;
use crate::Shelf;
use crate::erasure::{self, Decide, PrivacyRefusal};
use crate::store::{self, ErasureState};

/// The most shown.
const MOST: i64 = 200;

struct Line {
    id: String,
    number: String,
    href: String,
    /// Where what is held about the one who asked is put together for them.
    held: String,
    when: String,
    words: String,
    open: bool,
    state: &'static str,
    badge: &'static str,
    reason: String,
    decided: String,
    typed: String,
    error: String,
}

#[derive(Template)]
#[template(path = "privacy/erasures.html")]
struct ErasuresPage {
    c: PageCtx,
    lines: Vec<Line>,
    error: String,
}

async fn build(
    visit: &Visit,
    typed: Option<(Uuid, String, String)>,
) -> Result<ErasuresPage, WebError> {
    let (_, know) = Shelf::of(visit).await?;
    let ctx = visit.ctx();
    let found = visit
        .site()
        .db()
        .read(move |tx| {
            let mut theirs = Vec::new();
            for it in store::erasures(tx, ctx.office, know.seal(), MOST)? {
                if erasure::is_theirs(tx, &ctx, &know, it.case)? {
                    theirs.push(it);
                }
            }
            Ok::<_, Fault>(theirs)
        })
        .await?;
    let lang = visit.lang();
    let mut left = typed.as_ref().map(|(_, _, error)| error.clone()).unwrap_or_default();
    let mut lines = Vec::with_capacity(found.len());
    for it in found {
        let mine = typed.as_ref().filter(|(id, ..)| *id == it.id);
        if mine.is_some() {
            left.clear();
        }
        lines.push(Line {
            id: it.id.to_string(),
            href: format!("{}/staff/case/{}", visit.base(), it.case),
            held: format!("{}/staff/case/{}/held?party={}", visit.base(), it.case, it.party),
            number: it.number,
            when: seoul::time_text(it.asked_at, lang),
            words: it.words,
            open: it.state == ErasureState::Asked,
            state: match it.state {
                ErasureState::Asked => lang.t("기다림", "Waiting"),
                ErasureState::Erased => lang.t("지움", "Erased"),
                ErasureState::Refused => lang.t("거절", "Refused"),
            },
            badge: match it.state {
                ErasureState::Asked => "badge-wait",
                ErasureState::Erased => "badge-done",
                ErasureState::Refused => "badge-no",
            },
            reason: it.reason,
            decided: it.decided_at.map(|at| seoul::time_text(at, lang)).unwrap_or_default(),
            typed: mine.map(|(_, typed, _)| typed.clone()).unwrap_or_default(),
            error: mine.map(|(_, _, error)| error.clone()).unwrap_or_default(),
        });
    }
    Ok(ErasuresPage { c: visit.page("erasures"), lines, error: left })
}

/// `GET /staff/erasures`
pub(super) async fn list(visit: Visit) -> PageResult {
    page_with(StatusCode::OK, &build(&visit, None).await?)
}

/// `POST /staff/erasures`: id, reason, and erase or refuse.
pub(super) async fn decide(visit: Visit, posted: Posted) -> PageResult {
    let Ok(id) = posted.get("id").parse::<Uuid>() else {
        let refusal = PrivacyRefusal::NotFound;
        let typed = (Uuid::nil(), String::new(), refusal.say(visit.lang()));
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &build(&visit, Some(typed)).await?);
    };
    let reason = posted.get("reason").to_owned();
    let input = Decide { id, erase: posted.fields.has("erase"), reason: reason.clone() };
    let (_, know) = Shelf::of(&visit).await?;
    let ctx = visit.ctx();
    let done = visit.site().db().write(move |tx| erasure::decide(tx, &ctx, &know, &input)).await;
    match done {
        Ok(_) => Ok(visit.redirect_with(
            "/staff/erasures",
            visit.t("결정을 적었습니다.", "The decision has been written down."),
        )),
        Err(Failure::Refused(refusal)) => {
            let typed = (id, reason, refusal.say(visit.lang()));
            // A page that says so, not a door: the request is on this page.
            let code = match status(&refusal) {
                StatusCode::NOT_FOUND => StatusCode::CONFLICT,
                other => other,
            };
            page_with(code, &build(&visit, Some(typed)).await?)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
