//! Confirming: the button behind the link of an e-mail (a link alone is opened by programs that look
//! for viruses), or the code of a text message.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use maeul_base::Failure;
use maeul_web::{Errors, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

use crate::Shelf;
use crate::act::{self, Confirm, ConfirmOutcome, ConfirmRefusal};
use crate::settings::CODE_MINUTES;

#[derive(Template)]
#[template(path = "follow/code.html")]
pub(super) struct CodePage {
    c: PageCtx,
    contact: String,
    to: String,
    minutes: i64,
    errors: Errors,
}

impl CodePage {
    pub(super) fn new(visit: &Visit, contact: String, to: String, errors: Errors) -> Self {
        Self { c: visit.page("cases"), contact, to, minutes: CODE_MINUTES, errors }
    }
}

#[derive(Template)]
#[template(path = "follow/confirm.html")]
struct ConfirmPage {
    c: PageCtx,
    action: String,
    what: String,
}

fn done(visit: &Visit, link: &str) -> Response {
    let said = visit.t("확인했어요. 이제 소식을 보내 드려요.", "Confirmed. You will hear from us.");
    visit.redirect_with(&format!("/follow/{link}"), said)
}

/// `POST /follow/code`: contact, code.
pub(super) async fn code(visit: Visit, posted: Posted) -> PageResult {
    let (shelf, know) = Shelf::of(&visit).await?;
    let contact = posted.get("contact").to_owned();
    let input = Confirm { contact: contact.clone(), code: posted.get("code").to_owned() };
    let ctx = visit.resident_ctx();
    let outcome =
        visit.site().db().write(move |tx| act::confirm_code(tx, &ctx, &shelf, &know, &input)).await;
    let refusal = match outcome {
        Ok(ConfirmOutcome::Confirmed(link)) => {
            return Ok(done(&visit, &link));
        }
        Ok(ConfirmOutcome::Refused(refusal)) | Err(Failure::Refused(refusal)) => refusal,
        Err(Failure::Fault(fault)) => return Err(fault.into()),
    };
    let errors = Errors::refused(visit.lang(), &refusal, "main");
    let to = posted.get("to").to_owned();
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &CodePage::new(&visit, contact, to, errors))
}

/// `GET /follow/confirm/{link}`
pub(super) async fn show(visit: Visit, Path(link): Path<String>) -> PageResult {
    let (_, know) = Shelf::of(&visit).await?;
    let ctx = visit.resident_ctx();
    let sought = link.clone();
    let found = visit.site().db().read(move |tx| act::pending(tx, &ctx, &know, &sought)).await?;
    let (_, what) = found.ok_or_else(|| WebError::refusal(&ConfirmRefusal::Link))?;
    let action = format!("{}/follow/confirm/{link}", visit.base());
    page(&ConfirmPage { c: visit.page("cases"), action, what })
}

/// `POST /follow/confirm/{link}`
pub(super) async fn submit(visit: Visit, Path(link): Path<String>, _: Posted) -> PageResult {
    let (shelf, know) = Shelf::of(&visit).await?;
    let ctx = visit.resident_ctx();
    let mine = visit
        .site()
        .db()
        .write(move |tx| act::confirm_link(tx, &ctx, &shelf, &know, &link))
        .await?;
    Ok(done(&visit, &mine))
}
