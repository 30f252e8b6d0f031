//! Finding one's case without the link: number and contact, then a one-time code.

use askama::Template;
use axum::http::StatusCode;
use maeul_base::Failure;
use maeul_web::{PageCtx, PageResult, Posted, Visit, page, page_with};

use crate::act;
use crate::web::desk::{self, know};
use crate::web::form::Errors;

#[derive(Template)]
#[template(path = "cases/track.html")]
struct TrackPage {
    c: PageCtx,
    number: String,
    contact: String,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "cases/track_code.html")]
struct CodePage {
    c: PageCtx,
    number: String,
    contact: String,
    sent_to: String,
    errors: Errors,
}

/// `GET /track`
pub(crate) async fn form(visit: Visit) -> PageResult {
    page(&TrackPage {
        c: visit.page("track"),
        number: String::new(),
        contact: String::new(),
        errors: Errors::default(),
    })
}

/// `POST /track`: number, contact. The answer is the same whether or not there is such a case, so
/// that nobody learns who has reported what.
pub(crate) async fn send_code(visit: Visit, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let (number, contact) = (posted.get("number").to_owned(), posted.get("contact").to_owned());
    let input = act::RequestCode { number: number.clone(), contact: contact.clone() };
    let done = desk::write(&visit, visit.resident_ctx(), &know, move |tx, ctx, know| {
        act::request_code(tx, ctx, know, &input)
    })
    .await;
    match done {
        Ok(sent) => page(&CodePage {
            c: visit.page("track"),
            number,
            contact,
            sent_to: sent.to,
            errors: Errors::default(),
        }),
        Err(Failure::Refused(refusal)) => {
            let mut errors = Errors::default();
            errors.refuse(visit.lang(), &refusal);
            let c = visit.page("track");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &TrackPage { c, number, contact, errors })
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /track/code`: number, contact, code.
pub(crate) async fn verify(visit: Visit, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let (number, contact) = (posted.get("number").to_owned(), posted.get("contact").to_owned());
    let input = act::VerifyCode {
        number: number.clone(),
        contact: contact.clone(),
        code: posted.get("code").to_owned(),
    };
    let done = desk::write(&visit, visit.resident_ctx(), &know, move |tx, ctx, know| {
        act::verify_code(tx, ctx, know, &input)
    })
    .await;
    let refusal = match done {
        Ok(act::CodeOutcome::Opened { token, .. }) => {
            return Ok(visit.redirect(&format!("/c/{token}")));
        }
        Ok(act::CodeOutcome::Refused(refusal)) | Err(Failure::Refused(refusal)) => refusal,
        Err(Failure::Fault(fault)) => return Err(fault.into()),
    };
    let mut errors = Errors::default();
    errors.refuse(visit.lang(), &refusal);
    let template = CodePage {
        c: visit.page("track"),
        sent_to: posted.get("sent_to").to_owned(),
        number,
        contact,
        errors,
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
}
