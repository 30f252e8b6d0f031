//! Third screen: the same matter nearby, the service's questions, how to reach the resident, and
//! a last look before sending.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{CaseId, DraftId, Failure, Refusal};
use maeul_web::{Fields, PageCtx, PageResult, Posted, Visit, page, page_with};

use super::{Draft, Open, open, save, steps};
use crate::service::Question;
use crate::web::desk::{self, Desk};
use crate::web::form::Errors;
use crate::words::{Channel, DataType, Prefers};
use crate::{ContactInput, Knowledge, PhotoView, act, read};

/// The same matter, reported by someone else nearby.
struct SameNearby {
    id: String,
    title: String,
    note: String,
}

/// A question of the service, ready to be shown with what was answered.
pub(crate) struct AskedQuestion {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) help: String,
    pub(crate) required: bool,
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) choices: Vec<(String, String, bool)>,
    pub(crate) error: String,
}

#[derive(Template)]
#[template(path = "cases/report_send.html")]
struct SendPage {
    c: PageCtx,
    steps: [&'static str; 3],
    action: String,
    edit_what: String,
    edit_where: String,
    text: String,
    photos: Vec<PhotoView>,
    place: String,
    service: String,
    unit_note: String,
    same: Vec<SameNearby>,
    chosen_same: String,
    questions: Vec<AskedQuestion>,
    how: String,
    name: String,
    phone: String,
    email: String,
    allow_anonymous: bool,
    errors: Errors,
}

/// `GET /report/{draft}/send`
pub(crate) async fn form(visit: Visit, Path(id): Path<String>) -> PageResult {
    let (_, know) = Desk::of(&visit).await?;
    let opened = open(&visit, &know, &id).await?;
    let fields = Fields::default();
    page(&build(&visit, &know, opened, &fields, Errors::default()).await?)
}

async fn build(
    visit: &Visit,
    know: &Knowledge,
    opened: Open,
    fields: &Fields,
    errors: Errors,
) -> Result<SendPage, maeul_web::WebError> {
    let lang = visit.lang();
    let base = visit.base();
    let draft = opened.draft;
    let service = draft.service.as_deref().and_then(|code| know.service(code));
    let same = match draft.lat_e7.zip(draft.lon_e7) {
        Some(point) => nearby(visit, know, point, &draft).await?,
        None => Vec::new(),
    };
    let questions = service.map(|service| service.questions.as_slice()).unwrap_or_default();
    Ok(SendPage {
        c: visit.page("report"),
        steps: steps(lang),
        action: format!("{base}/report/{}/send", opened.id),
        edit_what: format!("{base}/report/{}", opened.id),
        edit_where: format!("{base}/report/{}/where", opened.id),
        place: place_text(visit, know, &draft),
        service: service.map_or_else(
            || {
                visit
                    .t("정하지 않았어요. 담당자가 정해요.", "Not chosen; our staff will decide.")
                    .to_owned()
            },
            |service| service.name.get(lang).to_owned(),
        ),
        unit_note: service.map(|service| service.period_note(lang)).unwrap_or_default(),
        allow_anonymous: service.is_none_or(|service| service.allow_anonymous),
        questions: questions
            .iter()
            .map(|question| asked(question, visit, fields, &draft, &errors))
            .collect(),
        text: draft.text,
        photos: opened.photos,
        same,
        chosen_same: fields.get("same").to_owned(),
        how: fields.opt("how").unwrap_or("sms").to_owned(),
        name: fields.get("name").to_owned(),
        phone: fields.get("phone").to_owned(),
        email: fields.get("email").to_owned(),
        errors,
    })
}

async fn nearby(
    visit: &Visit,
    know: &Knowledge,
    point: (i64, i64),
    draft: &Draft,
) -> Result<Vec<SameNearby>, maeul_base::Fault> {
    let lang = visit.lang();
    let (text, service) = (draft.text.clone(), draft.service.clone());
    let found = desk::read(visit, visit.resident_ctx(), know, move |tx, ctx, know| {
        let near = read::Near { point, text: text.clone(), service: service.clone() };
        read::duplicates(tx, ctx, know, &near)
    })
    .await?;
    Ok(found
        .into_iter()
        .take(3)
        .map(|same| SameNearby {
            id: same.case.to_string(),
            note: format!(
                "{} · {} · {}",
                maeul_language::say_distance(same.metres, lang),
                maeul_base::seoul::day_text(maeul_base::seoul::date(same.received_at), lang),
                same.state.name(lang),
            ),
            title: same.title,
        })
        .collect())
}

fn place_text(visit: &Visit, know: &Knowledge, draft: &Draft) -> String {
    if draft.nowhere {
        return visit.t("장소와 상관없는 일", "No particular place").to_owned();
    }
    let located = draft.lat_e7.zip(draft.lon_e7).and_then(|point| know.locate(point).ok());
    let dong = located.or_else(|| draft.dong.clone());
    let mut parts = Vec::new();
    if let Some(dong) = dong {
        parts.push(know.dong_name(&dong, visit.lang()).to_owned());
    }
    if draft.lat_e7.is_some() {
        parts.push(visit.t("지도에 표시한 곳", "the point on the map").to_owned());
    }
    if !draft.place.is_empty() {
        parts.push(draft.place.clone());
    }
    parts.join(" · ")
}

/// How a question stands on a page.
pub(crate) fn asked(
    question: &Question,
    visit: &Visit,
    fields: &Fields,
    draft: &Draft,
    errors: &Errors,
) -> AskedQuestion {
    let lang = visit.lang();
    let id = format!("q_{}", question.code);
    let kept = draft.answers.get(&question.code).cloned().unwrap_or_default();
    let given: Vec<String> =
        if fields.has(&id) { fields.all(&id).map(str::to_owned).collect() } else { kept };
    AskedQuestion {
        label: question.label.get(lang).to_owned(),
        help: question.help.get(lang).to_owned(),
        required: question.required,
        kind: match question.datatype {
            DataType::Number => "number",
            DataType::DateTime => "datetime-local",
            DataType::LongText => "textarea",
            DataType::One => "one",
            DataType::Many => "many",
            DataType::Text => "text",
        },
        choices: question
            .values
            .iter()
            .map(|value| {
                let chosen = given.contains(&value.key);
                (value.key.clone(), value.name.get(lang).to_owned(), chosen)
            })
            .collect(),
        value: given.into_iter().next().unwrap_or_default(),
        error: errors.of(&id).to_owned(),
        id,
    }
}

/// The answers to the service's questions as posted (`q_{code}`).
pub(crate) fn answers(
    know: &Knowledge,
    service: Option<&str>,
    fields: &Fields,
) -> std::collections::BTreeMap<String, Vec<String>> {
    let questions = service.and_then(|code| know.service(code)).map(|it| it.questions.as_slice());
    let mut out = std::collections::BTreeMap::new();
    for question in questions.unwrap_or_default() {
        let values: Vec<String> =
            fields.all(&format!("q_{}", question.code)).map(str::to_owned).collect();
        if !values.is_empty() {
            out.insert(question.code.clone(), values);
        }
    }
    out
}

/// `POST /report/{draft}/send`: same, q_…, how, name, phone, email.
pub(crate) async fn submit(visit: Visit, Path(id): Path<String>, posted: Posted) -> PageResult {
    let (desk, know) = Desk::of(&visit).await?;
    let fields = &posted.fields;
    let draft_id: DraftId = id.parse().map_err(|_| maeul_web::WebError::not_found())?;
    let opened = open(&visit, &know, &id).await;
    let anonymous = fields.get("how") == "anonymous";
    let prefers = if fields.get("how") == "email" { Prefers::Email } else { Prefers::Sms };
    let contact = ContactInput {
        name: fields.get("name").to_owned(),
        phone: fields.get("phone").to_owned(),
        email: fields.get("email").to_owned(),
        prefers: Some(prefers),
    };
    let mut opened = match opened {
        Ok(opened) => opened,
        // The button was pressed twice, or the answer got lost on its way: what was already
        // received is shown again.
        Err(gone) => return again(&visit, &know, draft_id).await?.ok_or(gone),
    };
    opened.draft.answers = answers(&know, opened.draft.service.as_deref(), fields);
    save(&visit, &know, Some(opened.id), &opened.draft).await?;
    let ctx = visit.resident_ctx();
    let done = if let Some(case) = fields.opt("same").and_then(|id| id.parse::<CaseId>().ok()) {
        let new = act::NewFollower {
            case,
            contact,
            text: opened.draft.text.clone(),
            lang: visit.lang(),
            draft: Some(opened.id),
        };
        desk::write(&visit, ctx, &know, move |tx, ctx, know| act::follow(tx, ctx, know, &new))
            .await
            .map(|receipt| receipt.token)
            .map_err(|failure| refused(failure, &visit))
    } else {
        let number = desk.numbers.next(visit.site().db(), &ctx, &know).await?;
        let new = new_case(&visit, number, &opened, contact, anonymous);
        desk::write(&visit, ctx, &know, move |tx, ctx, know| {
            act::receive_chosen(tx, ctx, know, &new)
        })
        .await
        .map(|receipt| receipt.token)
        .map_err(|failure| match failure {
            Failure::Refused(act::ReceiveRefusal::Answer(answer)) => {
                Refused::Said(format!("q_{}", answer.question), answer.say(visit.lang()))
            }
            other => refused(other, &visit),
        })
    };
    match done {
        Ok(token) => Ok(visit.redirect(&format!("/c/{token}/receipt"))),
        Err(Refused::Fault(fault)) => Err(fault.into()),
        Err(Refused::Said(field, text)) => {
            let mut errors = Errors::default();
            errors.add(&field, text);
            let template = build(&visit, &know, opened, fields, errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
    }
}

fn new_case(
    visit: &Visit,
    number: crate::CaseNumber,
    opened: &Open,
    contact: ContactInput,
    anonymous: bool,
) -> act::NewCase {
    let draft = &opened.draft;
    act::NewCase {
        number,
        client_key: Some(opened.id.to_string()),
        channel: Channel::Web,
        title: String::new(),
        body: draft.text.clone(),
        service: draft.service.clone(),
        answers: draft.answers.clone(),
        point: draft.lat_e7.zip(draft.lon_e7),
        dong: draft.dong.clone(),
        place: draft.place.clone(),
        who: if anonymous { act::Who::Anonymous } else { act::Who::Named(contact) },
        lang: visit.lang(),
        oral: false,
        received_at: None,
        draft: Some(opened.id),
    }
}

async fn again(
    visit: &Visit,
    know: &Knowledge,
    draft: DraftId,
) -> Result<Option<axum::response::Response>, maeul_web::WebError> {
    let found =
        desk::read(visit, visit.resident_ctx(), know, move |tx, ctx, know| match read::receipt_of(
            tx,
            ctx,
            know,
            &draft.to_string(),
        )? {
            Some(receipt) => Ok(Some(receipt)),
            None => act::joined(tx, ctx, know, draft),
        })
        .await?;
    Ok(found.map(|receipt| visit.redirect(&format!("/c/{}/receipt", receipt.token))))
}

enum Refused {
    Said(String, String),
    Fault(maeul_base::Fault),
}

fn refused<R: Refusal>(failure: Failure<R>, visit: &Visit) -> Refused {
    match failure {
        Failure::Refused(refusal) => {
            Refused::Said(refusal.field().unwrap_or("form").to_owned(), refusal.say(visit.lang()))
        }
        Failure::Fault(fault) => Refused::Fault(fault),
    }
}
