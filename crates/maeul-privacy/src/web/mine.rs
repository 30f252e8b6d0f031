//! A person's own data, behind the secret of their link: what is held, who looked, and asking to have it
//! erased.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{Failure, Fault, Refusal};
use maeul_cases::Knowledge;
use maeul_cases::read::{Access, access};
use maeul_room::Person;
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page_with};

use super::record::{self, AskedLine, LookLine, Section, Told};
use super::status;
use crate::about::{self, Whole};
use crate::{Shelf, erasure};

#[derive(Template)]
#[template(path = "privacy/mine.html")]
struct MinePage {
    c: PageCtx,
    here: String,
    sections: Vec<Section>,
    looks: Vec<LookLine>,
    asked: Vec<AskedLine>,
    on_hold: bool,
    may_ask: bool,
    words: String,
    error: String,
}

struct Found {
    shelf: Shelf,
    know: Knowledge,
    access: Access,
    whole: Whole,
}

async fn find(visit: &Visit, token: &str) -> Result<Found, WebError> {
    let (shelf, know) = Shelf::of(visit).await?;
    let (ctx, inner, token) = (visit.resident_ctx(), shelf.clone(), token.to_owned());
    let found = visit
        .site()
        .db()
        .read(move |tx| {
            let Some(access) = access(tx, &ctx, &token)? else { return Ok(None) };
            let person = Person { case: access.case, party: access.party };
            Ok::<_, Fault>(Some((access, about::whole(tx, &ctx, &inner, person)?)))
        })
        .await?;
    let (access, whole) = found.ok_or_else(|| {
        WebError::refused(
            StatusCode::NOT_FOUND,
            "link.unknown",
            "이 링크로는 민원을 찾을 수 없어요. '내 민원'에서 접수번호와 연락처로 찾아 주세요.",
            "No case is found by this link. Look under My case with your number and contact.",
        )
    })?;
    Ok(Found { shelf, know, access, whole })
}

fn build(visit: &Visit, token: &str, found: Found, words: String, error: String) -> MinePage {
    let Told { sections, looks, asked, waits, on_hold } =
        record::told(visit, &found.shelf, &found.know, found.whole);
    MinePage {
        c: visit.page("track"),
        here: format!("{}/c/{token}", visit.base()),
        sections,
        looks,
        asked,
        on_hold,
        may_ask: !waits,
        words,
        error,
    }
}

/// `GET /c/{token}/data`
pub(super) async fn show(visit: Visit, Path(token): Path<String>) -> PageResult {
    let found = find(&visit, &token).await?;
    page_with(StatusCode::OK, &build(&visit, &token, found, String::new(), String::new()))
}

/// `GET /c/{token}/data.json`
pub(super) async fn json(visit: Visit, Path(token): Path<String>) -> PageResult {
    let found = find(&visit, &token).await?;
    record::file(&visit, &found.know, &found.whole)
}

/// `POST /c/{token}/erase`: words.
pub(super) async fn erase(visit: Visit, Path(token): Path<String>, posted: Posted) -> PageResult {
    let found = find(&visit, &token).await?;
    let words = posted.get("words").to_owned();
    let (ctx, shelf) = (visit.resident_ctx(), found.shelf.clone());
    let (access, said) = (found.access, words.clone());
    let done = visit
        .site()
        .db()
        .write(move |tx| erasure::ask(tx, &ctx, shelf.seal(), access, &said))
        .await;
    match done {
        Ok(()) => Ok(visit.redirect_with(
            &format!("/c/{token}/data"),
            visit.t(
                "요청을 받았어요. 검토한 결과를 이 화면에 적어요.",
                "We have your request; what is decided will stand on this page.",
            ),
        )),
        Err(Failure::Refused(refusal)) => {
            let error = refusal.say(visit.lang());
            page_with(status(&refusal), &build(&visit, &token, found, words, error))
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
