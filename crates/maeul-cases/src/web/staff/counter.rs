//! Entry at the counter and from the telephone: one screen, by keyboard, for a person who waits.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use maeul_base::{Failure, Refusal};
use maeul_web::{Fields, PageCtx, PageResult, Posted, Visit, page, page_with};
use serde::Deserialize;

use super::case::DueLine;
use super::line::nearness;
use crate::act::{NewCase, Receipt, ReceiveRefusal, Who};
use crate::web::desk::{self, Desk, know};
use crate::web::form::Errors;
use crate::web::report::Draft;
use crate::web::report::place::{dong_options, service_groups};
use crate::web::report::send::{AskedQuestion, answers, asked};
use crate::web::report::suggest::{Offer, Offers, offers};
use crate::words::{Channel, Prefers};
use crate::{ContactInput, Knowledge, act};

/// In the list of services: leave it to the coordinator.
const NO_SERVICE: &str = "none";

/// What the officer reads out to the person.
struct ReceiptPanel {
    number: String,
    /// Only anonymous cases cannot be found again by number and contact.
    anonymous: bool,
    again: bool,
    unit: String,
    phone: String,
    service: String,
    link: String,
    print: String,
    due: Option<DueLine>,
}

#[derive(Template)]
#[template(path = "cases/staff/counter.html")]
struct CounterPage {
    c: PageCtx,
    receipt: Option<ReceiptPanel>,
    client_key: String,
    channel: &'static str,
    text: String,
    service: String,
    groups: Vec<(String, Vec<(String, String)>)>,
    questions: Vec<AskedQuestion>,
    dong: String,
    dongs: Vec<(String, String)>,
    place: String,
    how: String,
    name: String,
    phone: String,
    email: String,
    oral: bool,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "cases/staff/counter_suggest.html")]
struct SuggestFragment {
    c: PageCtx,
    offers: Vec<Offer>,
    unsure: bool,
    hint: &'static str,
}

#[derive(Deserialize)]
pub(crate) struct Begin {
    channel: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Heard {
    #[serde(default)]
    q: String,
}

/// `GET /staff/counter?channel=phone`
pub(crate) async fn form(visit: Visit, Query(begin): Query<Begin>) -> PageResult {
    let know = know(&visit).await?;
    let channel = begin.channel.unwrap_or_default();
    page(&build(&visit, &know, &empty(&channel), None, Errors::default()))
}

/// `GET /staff/counter/suggest?q=…`: services to choose from, as a fragment.
pub(crate) async fn suggest(visit: Visit, Query(heard): Query<Heard>) -> PageResult {
    let know = know(&visit).await?;
    let text: String = heard.q.chars().take(500).collect();
    let Offers { offers, unsure } = offers(&visit, &know, &text);
    let hint = match unsure {
        true => visit.t(
            "확신이 낮습니다. 고르지 않으면 민원조정관이 정합니다.",
            "Unsure. Left open, the coordinator decides.",
        ),
        false => "",
    };
    page(&SuggestFragment { c: visit.page("counter"), offers, unsure, hint })
}

/// An empty form that keeps the channel: calls come in a row.
fn empty(channel: &str) -> Fields {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Fields::new(vec![pair("channel", channel), pair("oral", "1")])
}

fn channel(fields: &Fields) -> Channel {
    if fields.get("channel") == Channel::Phone.as_str() { Channel::Phone } else { Channel::Counter }
}

/// The service that is meant: chosen from the list, else chosen from the suggestions, else the
/// one of which the words clearly speak; where they do not, the coordinator decides.
fn service(know: &Knowledge, fields: &Fields) -> Option<String> {
    match fields.get("service") {
        NO_SERVICE => None,
        "" => {
            let suggested = fields.opt("suggested").filter(|code| know.service(code).is_some());
            suggested
                .map(str::to_owned)
                .or_else(|| know.advise(fields.get("text")).sure().map(|it| it.service.clone()))
        }
        code => Some(code.to_owned()),
    }
}

/// `POST /staff/counter`: client_key, channel, text, suggested, service, q_…, dong, place, how
/// (named | assisted | anonymous), name, phone, email, oral.
pub(crate) async fn submit(visit: Visit, posted: Posted) -> PageResult {
    let (desk, know) = Desk::of(&visit).await?;
    let fields = &posted.fields;
    let ctx = visit.ctx();
    let number = desk.numbers.next(visit.site().db(), &ctx, &know).await?;
    let service = service(&know, fields);
    let contact = ContactInput {
        name: fields.get("name").to_owned(),
        phone: fields.get("phone").to_owned(),
        email: fields.get("email").to_owned(),
        prefers: fields.opt("prefers").and_then(Prefers::parse),
    };
    let new = NewCase {
        number,
        client_key: key(fields).map(|key| format!("desk:{key}")),
        channel: channel(fields),
        title: String::new(),
        body: fields.get("text").to_owned(),
        answers: service
            .as_deref()
            .map_or_else(BTreeMap::new, |code| answers(&know, Some(code), fields)),
        service: service.clone(),
        point: None,
        dong: fields.opt("dong").and_then(|code| code.parse().ok()),
        place: fields.get("place").to_owned(),
        who: match fields.get("how") {
            "anonymous" => Who::Anonymous,
            "assisted" => Who::Assisted(contact),
            _ => Who::Named(contact),
        },
        lang: fields.opt("lang").and_then(maeul_base::Lang::parse).unwrap_or_default(),
        oral: fields.has("oral"),
        received_at: None,
        draft: None,
    };
    let done = desk::write(&visit, ctx, &know, move |tx, ctx, know| {
        act::receive_chosen(tx, ctx, know, &new)
    })
    .await;
    match done {
        Ok(receipt) => {
            let panel = panel(&visit, &know, receipt, service.as_deref());
            let empty = empty(channel(fields).as_str());
            page(&build(&visit, &know, &empty, Some(panel), Errors::default()))
        }
        Err(Failure::Refused(refusal)) => {
            let mut errors = Errors::default();
            errors.add(&field(&refusal), refusal.say(visit.lang()));
            let status = StatusCode::from_u16(refusal.status());
            page_with(
                status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
                &build(&visit, &know, fields, None, errors),
            )
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// The key of this opened form; only what this page made is taken.
fn key(fields: &Fields) -> Option<&str> {
    let key = fields.opt("client_key")?;
    (key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(key)
}

/// The page's name for what the act found wrong.
fn field(refusal: &ReceiveRefusal) -> String {
    if let ReceiveRefusal::Answer(answer) = refusal {
        return format!("q_{}", answer.question);
    }
    match refusal.field() {
        Some("body" | "title") | None => "text",
        Some("point") => "place",
        Some(other) => other,
    }
    .to_owned()
}

fn panel(visit: &Visit, know: &Knowledge, receipt: Receipt, service: Option<&str>) -> ReceiptPanel {
    let lang = visit.lang();
    let due = receipt.due.as_ref().map(|due| {
        let near = nearness(Some(due.at), true, visit.now(), lang);
        let mut lines = due.lines(lang).into_iter();
        DueLine {
            at: due.say(lang),
            iso: maeul_base::seoul::iso(due.at),
            left: near.left,
            tone: "",
            basis: lines.next().unwrap_or_default(),
            lines: lines.collect(),
        }
    });
    ReceiptPanel {
        anonymous: receipt.anonymous,
        again: receipt.again,
        unit: know.unit_name(receipt.unit, lang).to_owned(),
        phone: know.unit_phone(receipt.unit).to_owned(),
        service: service.map_or_else(
            || {
                lang.t(
                    "정하지 않음 (민원조정관이 정합니다)",
                    "Not chosen (the coordinator decides)",
                )
                .to_owned()
            },
            |code| know.service_name(code, lang).to_owned(),
        ),
        link: know.link(&receipt.token),
        print: format!("{}/c/{}/receipt", visit.base(), receipt.token),
        number: receipt.number,
        due,
    }
}

fn build(
    visit: &Visit,
    know: &Knowledge,
    fields: &Fields,
    receipt: Option<ReceiptPanel>,
    errors: Errors,
) -> CounterPage {
    let refused = !errors.is_empty();
    // After a refusal the service that was meant is shown as chosen, with its questions.
    let meant = if refused { service(know, fields) } else { None };
    let chosen = match (&meant, fields.get("service")) {
        (Some(code), _) => code.clone(),
        (None, NO_SERVICE) => NO_SERVICE.to_owned(),
        (None, _) => String::new(),
    };
    let found = meant.as_deref().and_then(|code| know.service(code));
    let questions = found.map(|service| service.questions.as_slice()).unwrap_or_default();
    let draft = Draft::default();
    CounterPage {
        c: visit.page("counter"),
        receipt,
        client_key: key(fields).map_or_else(|| visit.site().ids().token(), str::to_owned),
        channel: channel(fields).as_str(),
        text: fields.get("text").to_owned(),
        service: chosen,
        groups: service_groups(visit, know),
        questions: questions
            .iter()
            .map(|question| asked(question, visit, fields, &draft, &errors))
            .collect(),
        dong: fields.get("dong").to_owned(),
        dongs: dong_options(visit, know),
        place: fields.get("place").to_owned(),
        how: fields.opt("how").unwrap_or("named").to_owned(),
        name: fields.get("name").to_owned(),
        phone: fields.get("phone").to_owned(),
        email: fields.get("email").to_owned(),
        oral: fields.has("oral"),
        errors,
    }
}
