//! What came in by e-mail, and putting right what was made of it.

mod original;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{CaseId, Failure, Fault, Refusal, seoul};
use maeul_cases::Knowledge;
use maeul_cases::permissions::{CASES_WORK, COORDINATE};
use maeul_cases::web::{Desk, Opened, note_open};
use maeul_language::mask;
use maeul_room::Room;
use maeul_web::{Access, PageCtx, PageResult, Posted, Routes, Visit, WebError, page, page_with};
use maeul_wire::Email;

use crate::MailId;
use crate::act::{self, CorrectRefusal, JoinTo};
use crate::jobs::{self, Means};
use crate::state::{MailState, Why};
use crate::store::{self, Mail};

/// The most shown.
const MOST: i64 = 200;

/// The room as it joins the house.
pub fn room(means: &Means) -> Room {
    let sort = Access::Staff(&COORDINATE);
    let work = Access::Staff(&CASES_WORK);
    Room {
        name: "mail",
        routes: Routes::new()
            .get("/staff/mail", sort, list)
            .get("/staff/mail/{mail}", sort, show)
            .post("/staff/mail/{mail}/case", sort, split)
            .post("/staff/mail/{mail}/join", sort, join)
            .get("/staff/mail/of/{case}", work, original::of_case)
            .post("/staff/mail/{mail}/original", work, original::show),
        permissions: &[],
        handlers: jobs::handlers(means),
        schedules: Vec::new(),
    }
}

/// A letter as people read it.
struct Line {
    href: String,
    from: String,
    subject: String,
    words: String,
    state: &'static str,
    badge: &'static str,
    why: &'static str,
    received: String,
    iso: String,
    recipient: String,
    verdict: String,
    pictures: i32,
    others: i32,
    number: String,
    case: String,
    case_id: Option<CaseId>,
    is_case: bool,
    id: String,
}

impl Line {
    fn of(visit: &Visit, it: Mail) -> Self {
        let lang = visit.lang();
        let hidden = it.shown.from.parse::<Email>().map(|from| from.masked()).unwrap_or_default();
        let subject = mask(&it.shown.subject).text;
        Self {
            href: format!("{}/staff/mail/{}", visit.base(), it.id),
            id: it.id.to_string(),
            from: hidden,
            subject: if subject.is_empty() {
                lang.t("(제목 없음)", "(no subject)").to_owned()
            } else {
                subject
            },
            words: it.shown.words,
            state: it.state.name(lang),
            badge: match it.state {
                MailState::Waiting => "badge-wait",
                MailState::Case => "badge-new",
                MailState::Joined => "badge-done",
                MailState::Refused => "badge-plain",
            },
            why: it.why.name(lang),
            received: seoul::time_text(it.received_at, lang),
            iso: seoul::iso(it.received_at),
            recipient: it.recipient,
            verdict: it.verdict,
            pictures: it.pictures,
            others: it.others,
            case_id: it.case,
            case: it
                .case
                .map(|case| format!("{}/staff/case/{case}", visit.base()))
                .unwrap_or_default(),
            number: it.number,
            is_case: it.state == MailState::Case || it.why == Why::Unreadable,
        }
    }
}

#[derive(Template)]
#[template(path = "mail/list.html")]
struct ListPage {
    c: PageCtx,
    lines: Vec<Line>,
}

/// `GET /staff/mail`
async fn list(visit: Visit) -> PageResult {
    let (office, seal) = (visit.office().id, visit.site().seal().clone());
    let found = visit.site().db().read(move |tx| store::latest(tx, &seal, office, MOST));
    let found: Vec<Mail> = found.await.map_err(|fault: Fault| WebError::fault(fault))?;
    let lines = found.into_iter().map(|it| Line::of(&visit, it)).collect();
    page(&ListPage { c: visit.page("mail"), lines })
}

#[derive(Template)]
#[template(path = "mail/one.html")]
struct OnePage {
    c: PageCtx,
    it: Line,
    typed: String,
    error: String,
    reason_error: String,
}

impl OnePage {
    fn new(visit: &Visit, it: Line) -> Self {
        let (typed, error, reason_error) = Default::default();
        Self { c: visit.page("mail"), it, typed, error, reason_error }
    }

    fn errors(&self) -> Vec<(String, String)> {
        let both = [("number", &self.error), ("reason", &self.reason_error)];
        let both = both.into_iter().filter(|it| !it.1.is_empty());
        both.map(|(field, error)| (field.to_owned(), error.clone())).collect()
    }
}

/// The page of a letter of no case, whose original was asked for without a reason.
fn reason_missing(visit: &Visit, mail: Mail, error: String) -> PageResult {
    let template = OnePage { reason_error: error, ..OnePage::new(visit, Line::of(visit, mail)) };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

async fn load(visit: &Visit, id: MailId) -> Result<Line, WebError> {
    let (office, seal) = (visit.office().id, visit.site().seal().clone());
    let found = visit.site().db().read(move |tx| store::mail(tx, &seal, office, id));
    let found: Option<Mail> = found.await.map_err(|fault: Fault| WebError::fault(fault))?;
    Ok(Line::of(visit, found.ok_or_else(WebError::not_found)?))
}

/// `GET /staff/mail/{mail}`
async fn show(visit: Visit, Path(id): Path<MailId>) -> PageResult {
    let it = load(&visit, id).await?;
    let fields = &["words"];
    let opened = Opened { kind: "mail", id: id.into(), case: it.case_id, owner: None, fields };
    note_open(&visit, opened).await?;
    page(&OnePage::new(&visit, it))
}

/// What is known of the office, and the letter read again.
async fn prepared(visit: &Visit, id: MailId) -> Result<(Knowledge, act::Sorting), WebError> {
    load(visit, id).await?;
    let site = visit.site();
    let desk = site.room::<Desk>()?;
    let know = desk.knowledge.get(site.db(), visit.office().id, visit.now()).await?;
    let means = Means {
        knowledge: desk.knowledge.clone(),
        numbers: desk.numbers.clone(),
        seal: site.seal().clone(),
        settings: site.room::<std::sync::Arc<crate::Settings>>()?.clone(),
    };
    let sorting = jobs::prepare(site.db(), &visit.ctx(), &know, &means, id).await?;
    Ok((know, sorting))
}

/// `POST /staff/mail/{mail}/case`
async fn split(visit: Visit, Path(id): Path<MailId>, _: Posted) -> PageResult {
    let (know, sorting) = prepared(&visit, id).await?;
    let ctx = visit.ctx();
    let done = visit.site().db().write(move |tx| act::split(tx, &ctx, &know, &sorting)).await;
    answered(
        &visit,
        id,
        String::new(),
        done,
        visit.t("새 민원으로 만들었습니다", "A case was made of it"),
    )
    .await
}

/// `POST /staff/mail/{mail}/join`: number.
async fn join(visit: Visit, Path(id): Path<MailId>, posted: Posted) -> PageResult {
    let (know, letter) = prepared(&visit, id).await?;
    let number = posted.get("number").to_owned();
    let (ctx, input) = (visit.ctx(), JoinTo { letter, number: number.clone() });
    let done = visit.site().db().write(move |tx| act::join_to(tx, &ctx, &know, &input)).await;
    answered(&visit, id, number, done, visit.t("민원에 붙였습니다", "Joined to the case")).await
}

async fn answered(
    visit: &Visit,
    id: MailId,
    typed: String,
    done: Result<Mail, Failure<CorrectRefusal>>,
    said: &str,
) -> PageResult {
    match done {
        Ok(mail) => Ok(visit.redirect_with("/staff/mail", &format!("{said}: {}", mail.number))),
        Err(Failure::Refused(refusal)) if refusal.status() == 404 => {
            Err(WebError::refusal(&refusal))
        }
        Err(Failure::Refused(refusal)) => {
            let it = load(visit, id).await?;
            let error = refusal.say(visit.lang());
            let status = StatusCode::from_u16(refusal.status());
            let status = status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            page_with(status, &OnePage { typed, error, ..OnePage::new(visit, it) })
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
