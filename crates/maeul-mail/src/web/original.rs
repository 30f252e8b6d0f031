//! The letters of a case for whoever works it, and the original of one, opened with a reason.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{CaseId, Failure, Fault, Refusal, seoul};
use maeul_cases::Knowledge;
use maeul_cases::read::case_brief;
use maeul_cases::web::Desk;
use maeul_language::mask;
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

use super::Line;
use crate::act::{self, Look};
use crate::letter::{self, Letter};
use crate::store::{self, Mail};
use crate::{MailId, Settings};

async fn know(visit: &Visit) -> Result<Knowledge, WebError> {
    let (site, desk) = (visit.site(), visit.site().room::<Desk>()?);
    Ok(desk.knowledge.get(site.db(), visit.office().id, visit.now()).await?)
}

#[derive(Template)]
#[template(path = "mail/of_case.html")]
struct OfCasePage {
    c: PageCtx,
    number: String,
    case: String,
    lines: Vec<Line>,
    /// The letter whose form is shown again, and why.
    wrong: String,
    error: String,
}

impl OfCasePage {
    fn error_of(&self, id: &str) -> &str {
        if self.wrong == id { &self.error } else { "" }
    }

    fn errors(&self) -> Vec<(String, String)> {
        if self.error.is_empty() {
            return Vec::new();
        }
        vec![(format!("reason-{}", self.wrong), self.error.clone())]
    }
}

async fn build(visit: &Visit, id: CaseId) -> Result<OfCasePage, WebError> {
    let (know, ctx) = (know(visit).await?, visit.ctx());
    let found = visit
        .site()
        .db()
        .read(move |tx| {
            let case = case_brief(tx, &ctx, &know, id)?;
            Ok::<_, Failure<_>>((case, store::of_case(tx, know.seal(), ctx.office, id)?))
        })
        .await;
    let (case, letters): (maeul_cases::Case, Vec<Mail>) =
        found.map_err(|failure: Failure<maeul_cases::CaseRefusal>| WebError::from(failure))?;
    Ok(OfCasePage {
        c: visit.page("unit"),
        case: format!("{}/staff/case/{id}", visit.base()),
        number: case.number,
        lines: letters.into_iter().map(|it| Line::of(visit, it)).collect(),
        wrong: String::new(),
        error: String::new(),
    })
}

/// `GET /staff/mail/of/{case}`
pub(super) async fn of_case(visit: Visit, Path(id): Path<CaseId>) -> PageResult {
    page(&build(&visit, id).await?)
}

#[derive(Template)]
#[template(path = "mail/original.html")]
struct OriginalPage {
    c: PageCtx,
    subject: String,
    shown_subject: String,
    name: String,
    from: String,
    sent_by: String,
    recipient: String,
    received: String,
    iso: String,
    words: String,
    others: Vec<String>,
    pictures: usize,
    head: String,
    number: String,
    case: String,
}

/// `POST /staff/mail/{mail}/original`: reason. The answer is the page itself: its address shows nothing.
pub(super) async fn show(visit: Visit, Path(id): Path<MailId>, posted: Posted) -> PageResult {
    let (know, ctx) = (know(&visit).await?, visit.ctx());
    let input = Look {
        mail: id,
        reason: posted.get("reason").to_owned(),
        address: Some(visit.client().to_owned()).filter(|it| !it.is_empty()),
    };
    let done = visit.site().db().write(move |tx| act::look(tx, &ctx, &know, &input)).await;
    let (mail, sent_by, raw) = match done {
        Ok(found) => found,
        Err(Failure::Refused(refusal)) if refusal.field().is_some() => {
            return again(&visit, id, refusal.say(visit.lang())).await;
        }
        Err(failure) => return Err(failure.into()),
    };
    let settings = visit.site().room::<std::sync::Arc<Settings>>()?.clone();
    let envelope = sent_by.clone();
    let head = letter::head(&raw);
    let read = move || {
        let letter = letter::read(&raw, &envelope, |address| settings.ours(address).is_some());
        letter.unwrap_or_default()
    };
    // A letter that cannot be read is shown with its head alone.
    let letter: Letter = tokio::task::spawn_blocking(read).await.unwrap_or_default();
    let lang = visit.lang();
    let subject = |text: &str| match text {
        "" => lang.t("(제목 없음)", "(no subject)").to_owned(),
        text => text.to_owned(),
    };
    page(&OriginalPage {
        c: visit.page("mail"),
        shown_subject: subject(&mask(&letter.subject).text),
        subject: subject(&letter.subject),
        name: letter.name,
        from: letter.from,
        sent_by,
        recipient: mail.recipient,
        received: seoul::time_text(mail.received_at, lang),
        iso: seoul::iso(mail.received_at),
        words: letter.whole,
        pictures: letter.pictures.len(),
        others: letter.others,
        head,
        case: mail.case.map(|it| format!("{}/staff/case/{it}", visit.base())).unwrap_or_default(),
        number: mail.number,
    })
}

/// The form once more, beside the letter.
async fn again(visit: &Visit, id: MailId, error: String) -> PageResult {
    let (office, seal) = (visit.office().id, visit.site().seal().clone());
    let found = visit.site().db().read(move |tx| store::mail(tx, &seal, office, id));
    let found: Option<Mail> = found.await.map_err(|fault: Fault| WebError::fault(fault))?;
    let mail = found.ok_or_else(WebError::not_found)?;
    let Some(case) = mail.case else { return super::reason_missing(visit, mail, error) };
    let mut template = build(visit, case).await?;
    (template.wrong, template.error) = (id.to_string(), error);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
}
