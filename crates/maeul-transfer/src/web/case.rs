//! One case and another agency: choosing it, saying what goes along, a preview of exactly that, and
//! how it stands there.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use maeul_base::{CaseId, Failure, Refusal, seoul};
use maeul_cases::read::{CasePage, case_page, transfer_due};
use maeul_cases::web::{Opened, note_open};
use maeul_cases::{CaseRefusal, Knowledge, PartyKind};
use maeul_language::mask;
use maeul_web::{Errors, Fields, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};
use maeul_wire::open311::NewRequest;
use serde::Deserialize;

use super::list::Line;
use super::{know, read, write};
use crate::act::{self, Send, SendRefusal};
use crate::agency::{Agency, Asked};
use crate::compose::room_for_words;
use crate::id::AgencyId;
use crate::store::{self, Transfer};

/// What the names of the fields for an agency's questions begin with.
const ANSWER: &str = "attr-";

struct Question {
    id: String,
    label: String,
    required: bool,
    many: bool,
    one: bool,
    text: bool,
    kind: &'static str,
    hint: &'static str,
    value: String,
    /// Key, name, chosen.
    choices: Vec<(String, String, bool)>,
    error: String,
}

/// What is typed into the form.
#[derive(Clone, Debug, Default)]
struct Typed {
    attributes: BTreeMap<String, Vec<String>>,
    words: String,
    photos: bool,
    with_contact: bool,
    consent: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "transfer/case.html")]
struct TransferPage {
    c: PageCtx,
    case_href: String,
    here: String,
    number: String,
    title: String,
    body: String,
    version: String,
    limit: String,
    late: bool,
    open: bool,
    away: Option<Line>,
    past: Vec<Line>,
    agencies: Vec<(String, String, bool)>,
    agency: String,
    agency_name: String,
    agency_note: String,
    services: Vec<(String, String, bool)>,
    service: String,
    questions: Vec<Question>,
    typed: Typed,
    most: String,
    photo_count: usize,
    anonymous: bool,
    contact: String,
    /// Name and value of everything that goes out.
    preview: Vec<(String, String)>,
    /// What the form holds, for the confirmation.
    kept: Vec<(String, String)>,
    errors: Errors,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    agency: Option<String>,
    service: Option<String>,
}

struct Found {
    page: CasePage,
    agencies: Vec<Agency>,
    transfers: Vec<Transfer>,
}

async fn load(visit: &Visit, know: &Knowledge, id: CaseId) -> Result<Found, WebError> {
    let found = read(visit, know, move |tx, ctx, know| {
        let page = case_page(tx, ctx, know, id)?;
        let agencies = store::agencies(tx, ctx.office)?;
        let transfers = store::of_case(tx, ctx.office, id)?;
        Ok::<_, Failure<CaseRefusal>>(Found { page, agencies, transfers })
    });
    Ok(found.await?)
}

/// `GET /staff/case/{case}/transfer?agency=&service=`
pub(super) async fn show(
    visit: Visit,
    Path(id): Path<CaseId>,
    Query(chosen): Query<Chosen>,
) -> PageResult {
    let know = know(&visit).await?;
    let found = load(&visit, &know, id).await?;
    let (owner, fields) = (found.page.case.unit, &["words"]);
    note_open(&visit, Opened { kind: "case", id: id.0, case: Some(id), owner, fields }).await?;
    let active: Vec<&Agency> = found.agencies.iter().filter(|it| it.active).collect();
    let agency = match (&chosen.agency, active.as_slice()) {
        (Some(id), _) => active.iter().copied().find(|it| it.id.to_string() == *id),
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    let service = agency.and_then(|agency| {
        let known = |code: &String| agency.mapping.iter().any(|it| it.code == *code);
        let fits = || agency.mapped(found.page.case.service.as_deref()).map(|it| it.code.clone());
        chosen.service.clone().filter(known).or_else(fits)
    });
    let mapped = agency.zip(service.as_ref()).and_then(|(agency, service)| {
        let own = agency.mapped(found.page.case.service.as_deref());
        own.filter(|it| it.code == *service)
            .or_else(|| agency.mapping.iter().find(|it| it.code == *service))
    });
    let typed = Typed {
        attributes: mapped.map(|it| it.attributes.clone()).unwrap_or_default(),
        // Nobody's name leaves by oversight: the officer puts back what is needed.
        words: mask(&found.page.case.body).text,
        photos: !found.page.photos.is_empty(),
        ..Typed::default()
    };
    let agency = agency.map(|it| it.id);
    let service = service.unwrap_or_default();
    page(&build(&visit, &know, id, &found, (agency, &service), typed))
}

fn build(
    visit: &Visit,
    know: &Knowledge,
    id: CaseId,
    found: &Found,
    (agency, service): (Option<AgencyId>, &str),
    typed: Typed,
) -> TransferPage {
    let lang = visit.lang();
    let case = &found.page.case;
    let agency = found.agencies.iter().find(|it| Some(it.id) == agency);
    let line = |it: &Transfer| {
        let agency = found.agencies.iter().find(|agency| agency.id == it.agency);
        Line::of(visit, it, agency, &case.title)
    };
    let due = transfer_due(know, case);
    let petitioner = found.page.parties.iter().find(|it| it.kind == PartyKind::Petitioner);
    let contact = petitioner.filter(|it| !it.anonymous).map(|it| {
        let parts = [&it.name, &it.phone, &it.email];
        parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
    });
    let questions = agency.map(|it| it.questions(service)).unwrap_or_default();
    TransferPage {
        c: visit.page("unit"),
        case_href: format!("{}/staff/case/{id}", visit.base()),
        here: format!("{}/staff/case/{id}/transfer", visit.base()),
        number: case.number.clone(),
        title: case.title.clone(),
        body: case.body.clone(),
        version: case.version.to_string(),
        late: due.as_ref().is_some_and(|due| due.at < visit.now()),
        limit: due.map(|due| seoul::time_text(due.at, lang)).unwrap_or_default(),
        open: case.state.is_open(),
        away: found.transfers.iter().find(|it| it.ended_at.is_none()).map(line),
        past: found.transfers.iter().filter(|it| it.ended_at.is_some()).map(line).collect(),
        agencies: found
            .agencies
            .iter()
            .filter(|it| it.active)
            .map(|it| {
                let chosen = agency.is_some_and(|agency| agency.id == it.id);
                (it.id.to_string(), it.name(lang).to_owned(), chosen)
            })
            .collect(),
        agency: agency.map(|it| it.id.to_string()).unwrap_or_default(),
        agency_name: agency.map(|it| it.name(lang).to_owned()).unwrap_or_default(),
        agency_note: agency.map(|it| note(visit, it, service)).unwrap_or_default(),
        services: agency
            .map(Agency::choices)
            .unwrap_or_default()
            .into_iter()
            .map(|(code, name)| {
                let chosen = code == service;
                (code, name, chosen)
            })
            .collect(),
        service: service.to_owned(),
        questions: questions.into_iter().map(|it| question(visit, it, &typed)).collect(),
        typed,
        most: room_for_words(know, &case.number).to_string(),
        photo_count: found.page.photos.len(),
        anonymous: contact.is_none(),
        contact: contact.unwrap_or_default(),
        preview: Vec::new(),
        kept: Vec::new(),
        errors: Errors::default(),
    }
}

/// What the officer should know of the agency before sending.
fn note(visit: &Visit, agency: &Agency, service: &str) -> String {
    let lang = visit.lang();
    if !agency.has_key {
        return visit
            .t(
                "이 기관의 열쇠가 없습니다. 보내도 받지 않을 수 있으니 관리자에게 알려 주십시오.",
                "There is no key of this agency. It may refuse; please tell the administrator.",
            )
            .to_owned();
    }
    let gap = agency.gaps().into_iter().find(|gap| {
        !gap.passable && agency.mapped(Some(&gap.service)).is_some_and(|it| it.code == service)
    });
    gap.map(|gap| gap.what.get(lang).to_owned()).unwrap_or_default()
}

fn question(visit: &Visit, asked: Asked, typed: &Typed) -> Question {
    let answers = typed.attributes.get(&asked.code).cloned().unwrap_or_default();
    let (many, one) = (asked.is_many(), asked.is_one());
    Question {
        id: format!("{ANSWER}{}", asked.code),
        required: asked.required,
        many,
        one,
        text: asked.datatype == "text",
        kind: if asked.datatype == "number" { "decimal" } else { "" },
        hint: match asked.datatype.as_str() {
            "datetime" => {
                visit.t("예: 2026-06-08T10:15:00+09:00", "e.g. 2026-06-08T10:15:00+09:00")
            }
            "number" => visit.t("숫자로", "A number"),
            _ => "",
        },
        value: answers.first().cloned().unwrap_or_default(),
        choices: asked
            .values
            .into_iter()
            .map(|(key, name)| {
                let chosen = answers.contains(&key);
                (key, name, chosen)
            })
            .collect(),
        label: asked.label,
        error: String::new(),
    }
}

fn typed(fields: &Fields) -> Typed {
    let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in fields.pairs() {
        let value = value.trim();
        if let Some(code) = name.strip_prefix(ANSWER).filter(|_| !value.is_empty()) {
            attributes.entry(code.to_owned()).or_default().push(value.to_owned());
        }
    }
    Typed {
        attributes,
        words: fields.get("words").to_owned(),
        photos: fields.has("photos"),
        with_contact: fields.has("with_contact"),
        consent: fields.get("consent").to_owned(),
        reason: fields.get("reason").to_owned(),
    }
}

/// `POST /staff/case/{case}/transfer`: agency, service, attr-CODE, words, photos, with_contact,
/// consent, reason, version, do = preview | edit | send.
pub(super) async fn submit(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let typed = typed(&posted.fields);
    let agency: Option<AgencyId> = posted.get("agency").parse().ok();
    let service = posted.get("service").to_owned();
    let config = visit.site().config();
    let input = Send {
        case: id,
        version: posted.opt("version").and_then(|it| it.parse().ok()),
        agency: agency.unwrap_or_else(|| AgencyId::from(uuid::Uuid::nil())),
        service: service.clone(),
        attributes: typed.attributes.clone(),
        words: typed.words.clone(),
        photos: typed.photos,
        with_contact: typed.with_contact,
        consent: typed.consent.clone(),
        reason: typed.reason.clone(),
        endpoint: format!("{}/o/{}/open311/v2", config.base_url, visit.office().code),
        address: Some(visit.client().to_owned()),
    };
    if posted.get("do") == "send" {
        let seal = visit.site().seal().clone();
        let sent = input.clone();
        let done =
            write(&visit, &know, move |tx, ctx, know| act::send(tx, ctx, know, &seal, &sent));
        return match done.await {
            Ok(_) => {
                let said = visit.t(
                    "보냅니다. 주민에게 알렸고, 상대 기관의 소식은 이 민원에 남습니다.",
                    "On its way. The resident was told; what the agency says is kept with the case.",
                );
                Ok(visit.redirect_with(&format!("/staff/case/{id}/transfer"), said))
            }
            Err(Failure::Refused(refusal)) => {
                refused(&visit, &know, id, (agency, &service), typed, &refusal).await
            }
            Err(Failure::Fault(fault)) => Err(fault.into()),
        };
    }
    let edit = posted.get("do") == "edit";
    let shown = read(&visit, &know, move |tx, ctx, know| act::preview(tx, ctx, know, &input)).await;
    match shown {
        Ok((_, request)) => {
            let found = load(&visit, &know, id).await?;
            let mut template = build(&visit, &know, id, &found, (agency, &service), typed);
            if !edit {
                template.preview = lines(&visit, &template, &request);
                template.kept = posted
                    .fields
                    .pairs()
                    .iter()
                    .filter(|(name, _)| name != "do")
                    .cloned()
                    .collect();
            }
            page(&template)
        }
        Err(Failure::Refused(refusal)) => {
            refused(&visit, &know, id, (agency, &service), typed, &refusal).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// The form again, with what was typed and why not.
async fn refused(
    visit: &Visit,
    know: &Knowledge,
    id: CaseId,
    (agency, service): (Option<AgencyId>, &str),
    typed: Typed,
    refusal: &SendRefusal,
) -> PageResult {
    if matches!(refusal.status(), 403 | 404) {
        return Err(WebError::refusal(refusal));
    }
    let found = load(visit, know, id).await?;
    let mut template = build(visit, know, id, &found, (agency, service), typed);
    let said = refusal.say(visit.lang());
    let field = match refusal {
        SendRefusal::Unanswered { code, .. } => {
            let field = format!("{ANSWER}{code}");
            for question in template.questions.iter_mut().filter(|it| it.id == field) {
                question.error.clone_from(&said);
            }
            field
        }
        other => other.field().unwrap_or("main").to_owned(),
    };
    template.errors = Errors::one(&field, said);
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    page_with(status, &template)
}

/// Everything that goes out, named for the officer. The contact is opened only when it is sent; here
/// it stands as the case page shows it.
fn lines(visit: &Visit, template: &TransferPage, request: &NewRequest) -> Vec<(String, String)> {
    let t = |ko, en| visit.t(ko, en).to_owned();
    let mut lines = vec![
        (t("받는 기관", "Agency"), template.agency_name.clone()),
        (t("서비스", "Service"), request.service_code.clone().unwrap_or_default()),
    ];
    for (code, values) in &request.attributes {
        let label = template.questions.iter().find(|it| it.id == format!("{ANSWER}{code}"));
        let label = label.map_or_else(|| code.clone(), |it| it.label.clone());
        lines.push((label, values.join(", ")));
    }
    if let Some((lat, long)) = request.lat.as_ref().zip(request.long.as_ref()) {
        lines.push((t("좌표", "Point"), format!("{lat}, {long}")));
    }
    if let Some(address) = &request.address_string {
        lines.push((t("주소", "Address"), address.clone()));
    }
    if let Some(words) = &request.description {
        lines.push((t("내용", "Words"), words.clone()));
    }
    for url in &request.media_urls {
        lines.push((t("사진 주소", "Address of a photo"), url.clone()));
    }
    lines.push((t("우리 접수번호", "Our number"), template.number.clone()));
    lines.push((
        t("이름과 연락처", "Name and contact"),
        if template.typed.with_contact {
            let hidden = t("가리지 않고 보냄", "sent unmasked");
            format!("{} ({hidden})", template.contact)
        } else {
            t("보내지 않음", "Not sent")
        },
    ));
    lines
}
