//! A report from another system, and how it stands.

use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maeul_base::{DongCode, Failure, Lang, seoul};
use maeul_web::{Visit, WebError};
use serde_json::{Value, json};

use super::body::{Reader, object, query};
use super::problem::{Problem, json_answer};
use crate::act::{NewCase, Receipt, ReceiveRefusal, Who};
use crate::web::desk::{self, Desk, know};
use crate::words::{Channel, Prefers};
use crate::{CaseNumber, ContactInput, ExplainedDue, Knowledge, act, read};

/// What a report says, before its number.
struct Report {
    client_key: String,
    title: String,
    text: String,
    service: Option<String>,
    answers: Vec<(String, Vec<String>)>,
    point: Option<(i64, i64)>,
    dong: Option<DongCode>,
    place: String,
    who: Who,
    lang: Lang,
}

/// `POST /api/v1/cases`
pub(crate) async fn create(visit: Visit, headers: HeaderMap, body: Body) -> Response {
    match receive(&visit, &headers, body).await {
        Ok(answer) => answer,
        Err(problem) => problem.answer(&visit),
    }
}

async fn receive(visit: &Visit, headers: &HeaderMap, body: Body) -> Result<Response, Problem> {
    let report = read_report(visit, object(headers, body).await?)?;
    let (desk, know) = Desk::of(visit).await?;
    let ctx = visit.resident_ctx();
    let number = desk.numbers.next(visit.site().db(), &ctx, &know).await?;
    let judged = act::judge(&ctx, &know, report.new_case(number))?;
    let done = desk::write(visit, ctx, &know, move |tx, ctx, know| {
        act::receive_judged(tx, ctx, know, &judged)
    })
    .await;
    match done {
        Ok(receipt) => {
            let status = if receipt.again { StatusCode::OK } else { StatusCode::CREATED };
            Ok(json_answer(status, &receipt_json(visit, &know, &receipt)))
        }
        Err(Failure::Refused(refusal)) => Err(refused(&refusal)),
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

impl Report {
    fn new_case(self, number: CaseNumber) -> NewCase {
        NewCase {
            number,
            // Keys of other doors are never reached from here.
            client_key: Some(format!("api:{}", self.client_key)),
            channel: Channel::Api,
            title: self.title,
            body: self.text,
            service: self.service,
            answers: self.answers.into_iter().collect(),
            point: self.point,
            dong: self.dong,
            place: self.place,
            who: self.who,
            lang: self.lang,
            oral: false,
            received_at: None,
            draft: None,
        }
    }
}

fn read_report(visit: &Visit, mut body: Reader) -> Result<Report, Problem> {
    let client_key = body.text("client_key")?.unwrap_or_default();
    // Whoever sends the same key reads the same receipt, so a key must not be guessable.
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !(16..=64).contains(&client_key.len()) || !client_key.bytes().all(letters) {
        return Err(Problem::field(
            "client_key",
            "field.client_key",
            "영문자, 숫자, -, _ 로 된 16~64자의 무작위 값을 보내십시오(예: UUID). 같은 값을 다시 보내면 같은 접수증을 받습니다.",
            "Send a random key of 16 to 64 letters, digits, - or _ (for example a UUID). The same key again gets the same receipt.",
        ));
    }
    let text = body.text("text")?.unwrap_or_default();
    let title = body.text("title")?.unwrap_or_default();
    let service = body.text("service")?;
    let answers = body.object("answers")?.map_or_else(|| Ok(Vec::new()), Reader::lists)?;
    let (mut point, mut dong, mut place) = (None, None, String::new());
    if let Some(mut within) = body.object("place")? {
        point = match (within.degrees("lat")?, within.degrees("long")?) {
            (Some(lat), Some(long)) => Some((lat, long)),
            (None, None) => None,
            (lat, _) => {
                let missing = if lat.is_none() { "place.lat" } else { "place.long" };
                let (ko, en) = ("lat와 long을 함께 보내십시오.", "Send lat and long together.");
                return Err(Problem::field(missing, "field.missing", ko, en));
            }
        };
        dong =
            within.word("dong", |code| code.parse().ok(), "10-digit code / 행정동 코드 10자리")?;
        place = within.text("text")?.unwrap_or_default();
        within.finish()?;
    }
    let who = read_who(&mut body)?;
    let lang = body.word("lang", Lang::parse, "ko, en")?.unwrap_or(visit.lang());
    body.finish()?;
    Ok(Report { client_key, title, text, service, answers, point, dong, place, who, lang })
}

fn read_who(body: &mut Reader) -> Result<Who, Problem> {
    let anonymous = body.flag("anonymous")?;
    let contact = body.object("contact")?;
    match (contact, anonymous) {
        (Some(_), true) | (None, false) => Err(Problem::field(
            "contact",
            "field.contact",
            "contact를 보내거나, 이름 없는 신고라면 anonymous를 true로 보내십시오. 둘 다는 안 됩니다.",
            "Send a contact, or anonymous true for a report without a name; not both.",
        )),
        (None, true) => Ok(Who::Anonymous),
        (Some(mut within), false) => {
            let contact = ContactInput {
                name: within.text("name")?.unwrap_or_default(),
                phone: within.text("phone")?.unwrap_or_default(),
                email: within.text("email")?.unwrap_or_default(),
                prefers: within.word("prefers", Prefers::parse, "sms, email")?,
            };
            within.finish()?;
            Ok(Who::Named(contact))
        }
    }
}

/// The act's fields under the names they have in the body.
fn refused(refusal: &ReceiveRefusal) -> Problem {
    let name = |field: &'static str| match (field, refusal) {
        (_, ReceiveRefusal::Answer(answer)) => format!("answers.{}", answer.question),
        ("body", _) => "text".to_owned(),
        ("point", _) => "place".to_owned(),
        ("place", _) => "place.text".to_owned(),
        ("dong", _) => "place.dong".to_owned(),
        ("name" | "phone" | "email", _) => format!("contact.{field}"),
        (other, _) => other.to_owned(),
    };
    Problem::refusal(refusal, name)
}

fn receipt_json(visit: &Visit, know: &Knowledge, receipt: &Receipt) -> Value {
    let lang = visit.lang();
    json!({
        "number": receipt.number,
        "token": receipt.token,
        "link": know.link(&receipt.token),
        "unit": unit_json(know.unit_name(receipt.unit, lang), know.unit_phone(receipt.unit)),
        "due": receipt.due.as_ref().map(|due| due_json(visit, due)),
        "anonymous": receipt.anonymous,
        "again": receipt.again,
    })
}

fn unit_json(name: &str, phone: &str) -> Value {
    json!({ "name": name, "phone": phone })
}

fn due_json(visit: &Visit, due: &ExplainedDue) -> Value {
    let lang = visit.lang();
    json!({
        "at": seoul::iso(due.at),
        "on": due.on.to_string(),
        "statutory": due.statutory,
        "said": due.say(lang),
        "explanation": due.lines(lang),
    })
}

/// `GET /api/v1/cases/{token}`: what the party with this link sees.
pub(crate) async fn show(
    visit: Visit,
    Path(token): Path<String>,
    RawQuery(asked): RawQuery,
) -> Response {
    match find(&visit, token, asked.as_deref()).await {
        Ok(body) => json_answer(StatusCode::OK, &body),
        Err(problem) => problem.answer(&visit),
    }
}

async fn find(visit: &Visit, token: String, asked: Option<&str>) -> Result<Value, Problem> {
    query(asked, &[])?;
    let know = know(visit).await?;
    let link = know.link(&token);
    let found = desk::read(visit, visit.resident_ctx(), &know, move |tx, ctx, know| {
        let Some(access) = read::access(tx, ctx, &token)? else { return Ok(None) };
        read::resident_case(tx, ctx, know, &access)
    })
    .await?;
    let case = found.ok_or_else(|| {
        Problem::Web(WebError::refused(
            StatusCode::NOT_FOUND,
            "link.unknown",
            "이 값으로는 민원을 찾을 수 없습니다.",
            "No case is found by this token.",
        ))
    })?;
    Ok(case_json(visit, &know, &link, case))
}

fn case_json(visit: &Visit, know: &Knowledge, link: &str, case: read::ResidentCase) -> Value {
    let lang = visit.lang();
    let steps: Vec<Value> = case
        .steps
        .iter()
        .map(|step| {
            json!({
                "at": seoul::iso(step.at),
                "title": step.title,
                "text": step.text,
                "mine": step.mine,
            })
        })
        .collect();
    let photos: Vec<String> =
        case.photos.iter().map(|photo| format!("{link}/photo/{}", photo.id)).collect();
    let degrees = |value: i64| crate::web::form::degrees_text(Some(value));
    let number = |value: i64| degrees(value).parse::<serde_json::Number>().ok();
    json!({
        "number": case.number,
        "link": link,
        "title": case.title,
        "text": case.body,
        "state": case.state.as_str(),
        "state_name": case.state.name(lang),
        "service": case.service,
        "place": {
            "dong": case.dong.as_ref().map(|dong| json!({
                "code": dong.as_str(),
                "name": know.dong_name(dong, lang),
            })),
            "text": case.place,
            "lat": case.point.and_then(|point| number(point.0)),
            "long": case.point.and_then(|point| number(point.1)),
        },
        "unit": unit_json(&case.unit_name, &case.unit_phone),
        "officer": case.officer,
        "received_at": seoul::iso(case.received_at),
        "due": case.due.as_ref().map(|due| due_json(visit, due)),
        "closed_at": case.closed_at.map(seoul::iso),
        "outcome": case.outcome.map(crate::Outcome::as_str),
        "review_on": case.review_on.map(|day| day.to_string()),
        "answer": case.answer,
        "question": case.question,
        "steps": steps,
        "photos": photos,
        "statutory": case.statutory,
        "anonymous": case.anonymous,
    })
}
