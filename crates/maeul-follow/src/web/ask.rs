//! The form by which somebody asks to follow, filled in by the page they came from.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use maeul_base::{Failure, Fault, Lang};
use maeul_cases::Knowledge;
use maeul_notice::Channel;
use maeul_web::{Errors, Fields, PageCtx, PageResult, Posted, Visit, encode, page, page_with};
use maeul_wire::open311::degrees_text;

use super::confirm::CodePage;
use crate::act::{self, Ask, AskRefusal};
use crate::settings::{LINK_HOURS, RADII};
use crate::wish::distance;
use crate::words::Rhythm;
use crate::{Shelf, read};

/// The radius that is chosen where none is.
const USUAL_RADIUS: &str = "500";

#[derive(Template)]
#[template(path = "follow/form.html")]
struct FormPage {
    c: PageCtx,
    ask: Ask,
    /// What the case is called, where they came from one.
    case: String,
    dongs: Vec<(String, String)>,
    services: Vec<(String, String)>,
    radii: Vec<(String, String)>,
    rhythms: Vec<(&'static str, &'static str)>,
    /// The feeds of the same, `?dong=…` or nothing.
    feed: String,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "follow/sent.html")]
struct SentPage {
    c: PageCtx,
    to: String,
    hours: i64,
}

/// What a page or list asks for that leads here, and what is chosen where it says nothing. A point is
/// rounded at once, so that no page repeats where exactly somebody pointed.
fn asked(know: &Knowledge, fields: &Fields) -> Ask {
    let of = |name: &str| fields.get(name).to_owned();
    let or = |name: &str, usual: &str| fields.opt(name).unwrap_or(usual).to_owned();
    let (lat, long) = match act::place(know, fields.get("lat"), fields.get("long")) {
        Some((lat, long)) => (degrees_text(lat), degrees_text(long)),
        None => (of("lat"), of("long")),
    };
    let guess = if !fields.get("case").is_empty() {
        "case"
    } else if !lat.is_empty() {
        "place"
    } else {
        "dong"
    };
    Ask {
        what: or("what", guess),
        case: of("case"),
        dong: of("dong"),
        lat,
        long,
        radius: or("radius", USUAL_RADIUS),
        service: of("service"),
        words: of("q"),
        rhythm: or("rhythm", Rhythm::Daily.as_str()),
        contact: of("contact"),
    }
}

async fn render(
    visit: &Visit,
    know: &Knowledge,
    ask: Ask,
    status: StatusCode,
    errors: Errors,
) -> PageResult {
    let (lang, office, id) = (visit.lang(), visit.office().id, ask.case.clone());
    let found = visit
        .site()
        .db()
        .read(move |tx| {
            if id.is_empty() {
                return Ok::<_, Fault>(None);
            }
            maeul_public::read::public_page(tx, office, &id)
        })
        .await?;
    let case = found.map(|it| format!("{} ({})", read::title(know, &it.case, lang), it.case.id()));
    let mut ask = ask;
    if case.is_none() && errors.is_empty() && ask.what == "case" {
        ask.what = "dong".to_owned();
    }
    page_with(
        status,
        &FormPage {
            c: visit.page("cases"),
            case: case.unwrap_or_default(),
            dongs: know
                .dongs()
                .into_iter()
                .map(|it| (it.code.to_string(), it.name.get(lang).to_owned()))
                .collect(),
            services: know
                .services()
                .filter(|it| act::is_followable(know, &it.code))
                .map(|it| (it.code.clone(), it.name.get(lang).to_owned()))
                .collect(),
            radii: RADII.iter().map(|it| (it.to_string(), distance(*it))).collect(),
            rhythms: rhythms(lang),
            feed: feed(&ask),
            ask,
            errors,
        },
    )
}

pub(super) fn rhythms(lang: Lang) -> Vec<(&'static str, &'static str)> {
    Rhythm::ALL.iter().map(|it| (it.as_str(), it.name(lang))).collect()
}

/// The feed of the same, as far as a feed can be of it.
fn feed(ask: &Ask) -> String {
    let pairs = [("dong", &ask.dong), ("service", &ask.service), ("q", &ask.words)];
    let pairs: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// `GET /follow?case=…|dong=…|lat=…&long=…[&radius=…][&service=…][&q=…]`: the parameters of the
/// public list.
pub(super) async fn form(visit: Visit, RawQuery(query): RawQuery) -> PageResult {
    let (_, know) = Shelf::of(&visit).await?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let ask = asked(&know, &fields);
    render(&visit, &know, ask, StatusCode::OK, Errors::default()).await
}

/// `POST /follow`
pub(super) async fn send(visit: Visit, posted: Posted) -> PageResult {
    let (shelf, know) = Shelf::of(&visit).await?;
    let ask = asked(&know, &posted.fields);
    let refused = if shelf.may_ask(visit.client(), visit.now()) {
        let (ctx, shelf, known, input) =
            (visit.resident_ctx(), shelf.clone(), know.clone(), ask.clone());
        let done =
            visit.site().db().write(move |tx| act::ask(tx, &ctx, &shelf, &known, &input)).await;
        match done {
            Ok(act::Asked { channel: Channel::Email, to }) => {
                return page(&SentPage { c: visit.page("cases"), to, hours: LINK_HOURS });
            }
            Ok(act::Asked { channel: Channel::Sms, to }) => {
                let none = Errors::default();
                return page(&CodePage::new(&visit, ask.contact, to, none));
            }
            Err(Failure::Refused(refusal)) => refusal,
            Err(Failure::Fault(fault)) => return Err(fault.into()),
        }
    } else {
        AskRefusal::TooOften
    };
    let status = maeul_base::Refusal::status(&refused);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let errors = Errors::refused(visit.lang(), &refused, "main");
    render(&visit, &know, ask, status, errors).await
}
