//! Writing the answer: its required parts, who signs, and the letter as the resident will read it.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use maeul_base::{CaseId, Failure, Refusal, seoul};
use maeul_web::{Fields, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};
use serde::Deserialize;

use super::acts::version;
use super::case::{DueLine, Moment, due_line, since};
use super::said::{Said, said};
use super::{load, open_to_work};
use crate::event::{Answer, Signature};
use crate::read::{CasePage, Rights};
use crate::texts;
use crate::web::desk::{self, know};
use crate::web::form::Errors;
use crate::words::Outcome;
use crate::{Case, Knowledge, act, read};

/// What has been written so far, as it stands in the form.
#[derive(Default)]
struct Written {
    outcome: String,
    result: String,
    reason: String,
    remedy: String,
    review_on: String,
    template: String,
}

impl Written {
    fn of(answer: &Answer) -> Self {
        Self {
            outcome: answer.outcome.as_str().to_owned(),
            result: answer.result.clone(),
            reason: answer.reason.clone(),
            remedy: answer.remedy.clone(),
            review_on: answer.review_on.map(|day| day.to_string()).unwrap_or_default(),
            template: answer.template.clone().unwrap_or_default(),
        }
    }

    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        Self {
            outcome: text("outcome"),
            result: text("result"),
            reason: text("reason"),
            remedy: text("remedy"),
            review_on: text("review_on"),
            template: text("template"),
        }
    }

    /// As an answer, where outcome and day can be read.
    fn read(&self) -> Result<Answer, Said> {
        let outcome = Outcome::parse(&self.outcome).ok_or_else(|| {
            Said::field_wrong("outcome", "처리 결과의 종류를 고르십시오.", "Choose the outcome.")
        })?;
        let review_on = if self.review_on.is_empty() {
            None
        } else {
            let day = self.review_on.parse().map_err(|_| {
                let (ko, en) =
                    ("날짜를 2026-06-08처럼 적으십시오.", "Write the day like 2026-06-08.");
                Said::field_wrong("review_on", ko, en)
            })?;
            Some(day)
        };
        Ok(Answer {
            outcome,
            result: self.result.clone(),
            reason: self.reason.clone(),
            remedy: self.remedy.clone(),
            review_on,
            template: Some(self.template.clone()).filter(|code| !code.is_empty()),
        })
    }
}

#[derive(Template)]
#[template(path = "cases/staff/answer.html")]
struct AnswerPage {
    c: PageCtx,
    here: String,
    number: String,
    title: String,
    body: String,
    version: String,
    received: String,
    due: Option<DueLine>,
    templates: Vec<(String, String)>,
    outcomes: Vec<(&'static str, &'static str, bool)>,
    written: Written,
    loaded: bool,
    had_draft: bool,
    signature: Signature,
    preview: String,
    english: bool,
    rights: Rights,
    errors: Errors,
    changed: Vec<Moment>,
}

/// Who signs; where nobody can yet, the unit alone.
pub(crate) fn signer(visit: &Visit, know: &Knowledge, found: &CasePage) -> Signature {
    found.signature.clone().unwrap_or_else(|| Signature {
        officer: visit.t("(담당자를 먼저 정합니다)", "(assign an officer first)").to_owned(),
        unit: know.unit_name(found.case.unit, visit.lang()).to_owned(),
        phone: know.unit_phone(found.case.unit).to_owned(),
    })
}

/// The letter as it would go out now.
pub(crate) fn letter(
    know: &Knowledge,
    case: &Case,
    answer: &Answer,
    signature: &Signature,
) -> String {
    // The letter is in the petitioner's language, whatever the officer reads in.
    let signature =
        Signature { unit: know.unit_name(case.unit, case.lang).to_owned(), ..signature.clone() };
    let about = texts::About {
        office: know.office().name(case.lang),
        number: &case.number,
        title: &case.title,
        unit: &signature.unit,
        phone: &signature.phone,
        officer: Some(&signature.officer),
        link: "",
    };
    texts::letter(case.lang, &about, answer, &signature)
}

#[derive(Deserialize)]
pub(crate) struct Load {
    template: Option<String>,
}

/// `GET /staff/case/{case}/answer`; `?template=code` begins from a template.
pub(crate) async fn form(
    visit: Visit,
    Path(id): Path<CaseId>,
    Query(wanted): Query<Load>,
) -> PageResult {
    let know = know(&visit).await?;
    let found = open_to_work(&visit, &know, id).await?;
    if !found.rights.draft && !found.rights.answer {
        return Ok(visit.redirect(&format!("/staff/case/{id}")));
    }
    let mut loaded = None;
    if let Some(code) = wanted.template.filter(|code| !code.is_empty()) {
        let (ctx, know) = (visit.ctx(), know.clone());
        let read = visit.site().db().read(move |tx| read::template(tx, &ctx, &know, &code, id));
        loaded = read.await?;
    }
    let written = loaded.as_ref().or(found.case.draft.as_ref()).map(Written::of);
    let written = written.unwrap_or_default();
    let mut template = build(&visit, &know, id, found, written, Errors::default());
    template.loaded = loaded.is_some();
    page(&template)
}

fn build(
    visit: &Visit,
    know: &Knowledge,
    id: CaseId,
    found: CasePage,
    written: Written,
    errors: Errors,
) -> AnswerPage {
    let lang = visit.lang();
    let signature = signer(visit, know, &found);
    let due = due_line(visit, &found);
    let case = found.case;
    AnswerPage {
        c: visit.page("unit"),
        here: format!("{}/staff/case/{id}", visit.base()),
        version: case.version.to_string(),
        received: seoul::time_text(case.received_at, lang),
        due,
        templates: found
            .templates
            .into_iter()
            .map(|one| (one.code, one.name.get(lang).to_owned()))
            .collect(),
        outcomes: Outcome::ALL
            .iter()
            .map(|one| (one.as_str(), one.name(lang), one.as_str() == written.outcome))
            .collect(),
        preview: written
            .read()
            .map(|answer| letter(know, &case, &answer, &signature))
            .unwrap_or_default(),
        english: case.lang == maeul_base::Lang::En,
        loaded: false,
        had_draft: case.draft.is_some(),
        signature,
        rights: found.rights,
        number: case.number,
        title: case.title,
        body: case.body,
        written,
        errors,
        changed: Vec::new(),
    }
}

/// What the pressed button wants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Press {
    Preview,
    Save,
    Submit,
    Send,
}

/// `POST /staff/case/{case}/answer`: outcome, result, reason, remedy, review_on, template,
/// version, do = preview | save | submit | send.
pub(crate) async fn submit(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let press = match posted.get("do") {
        "save" => Press::Save,
        "submit" => Press::Submit,
        "send" => Press::Send,
        _ => Press::Preview,
    };
    let written = Written::typed(&posted.fields);
    let answer = match written.read() {
        Ok(answer) => answer,
        Err(said) => return again(&visit, &know, id, &posted, written, &said).await,
    };
    if press == Press::Preview {
        let found = load(&visit, &know, id).await?;
        return page(&build(&visit, &know, id, found, written, Errors::default()));
    }
    let version = version(&posted);
    let done = desk::write(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        let answer = answer.clone();
        if press == Press::Send {
            let input = act::Approve { case: id, version, answer: Some(answer) };
            return act::approve_and_answer(tx, ctx, know, &input).map(drop).map_err(said);
        }
        let input = act::DraftAnswer { case: id, version, answer };
        let case = act::draft_answer(tx, ctx, know, &input).map_err(said)?;
        if press == Press::Submit {
            let input = act::Submit { case: id, version: Some(case.version) };
            act::submit_for_approval(tx, ctx, know, &input).map_err(said)?;
        }
        Ok(())
    })
    .await;
    match done {
        Ok(()) => Ok(finished(&visit, id, press)),
        Err(Failure::Refused(said)) => again(&visit, &know, id, &posted, written, &said).await,
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

fn finished(visit: &Visit, id: CaseId, press: Press) -> axum::response::Response {
    let case = format!("/staff/case/{id}");
    match press {
        Press::Preview | Press::Save => visit.redirect_with(
            &format!("{case}/answer"),
            visit.t("임시로 저장했습니다.", "Draft saved."),
        ),
        Press::Submit => {
            visit.redirect_with(&case, visit.t("결재를 올렸습니다.", "Handed in for approval."))
        }
        Press::Send => {
            visit.redirect_with(&case, visit.t("답변을 보냈습니다.", "The answer is on its way."))
        }
    }
}

async fn again(
    visit: &Visit,
    know: &Knowledge,
    id: CaseId,
    posted: &Posted,
    written: Written,
    said: &Said,
) -> PageResult {
    if said.is_closed_door() {
        return Err(WebError::refusal(said));
    }
    let found = load(visit, know, id).await?;
    let changed = if said.is_changed() { since(visit, &found, &posted.fields) } else { Vec::new() };
    let mut errors = Errors::default();
    errors.add(said.field().unwrap_or("main"), said.say(visit.lang()));
    let status = StatusCode::from_u16(said.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let mut template = build(visit, know, id, found, written, errors);
    template.changed = changed;
    page_with(status, &template)
}
