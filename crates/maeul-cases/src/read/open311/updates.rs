//! What happened to requests, for systems that ask what is new.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, Lang};
use maeul_db::{Json, Sql, Tx, args, row};
use maeul_language::mask;
use maeul_people::ApiClientId;
use maeul_wire::open311::{Update, UpdateStatus, Window};

use super::list::visible;
use super::{no_service, request_id};
use crate::disclosure::{Disclosure, Reader, disclosure};
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::words::{Channel, Outcome};

/// The kinds of events that are told; the same as those [`say`] has words for.
const TOLD: [&str; 8] = [
    "taken",
    "assigned",
    "reassigned",
    "asked",
    "answered",
    "reopened",
    "reclassified",
    "due_recomputed",
];

/// One event in Open311's words.
pub(crate) struct Event311 {
    pub(crate) status: UpdateStatus,
    pub(crate) description: String,
    pub(crate) kind: &'static str,
    pub(crate) code: Option<&'static str>,
}

row! {
    struct Line {
        seq: i64,
        at: Timestamp,
        event: Json<Event>,
        number: String,
        service: Option<String>,
        channel: Channel,
        sent_by: Option<ApiClientId>,
    }
}

/// What happened in a span of time, in order.
pub fn updates(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    window: Window,
    (page, size): (usize, usize),
    reader: Reader,
) -> Result<Vec<Update>, Fault> {
    let mut sql = Sql::new(
        "SELECT e.seq, e.at, e.data, c.number, c.service_code, c.channel, r.client_id
           FROM cases_event e
           JOIN cases_case c ON c.office_id = e.office_id AND c.id = e.case_id
           LEFT JOIN cases_relay r ON r.office_id = c.office_id AND r.case_id = c.id
          WHERE e.office_id = ? AND e.at >= ? AND e.at <= ?",
        args![ctx.office, window.from, window.to],
    );
    sql.and_in("e.kind", &TOLD);
    visible(&mut sql, know, reader);
    sql.add(
        " ORDER BY e.at, e.case_id, e.seq LIMIT ? OFFSET ?",
        args![size, (page - 1).saturating_mul(size)],
    );
    let lines: Vec<Line> = tx.all(sql.text(), sql.args())?;
    Ok(lines
        .into_iter()
        .filter_map(|line| {
            let service = line.service.as_deref().and_then(|code| know.service(code));
            let disclosure = disclosure(reader, service, line.channel, line.sent_by);
            let told = say(know, ctx.lang, &line.event.0, disclosure)?;
            let id = request_id(&line.number);
            Some(Update {
                update_id: update_id(&id, line.seq),
                service_request_id: id,
                status: told.status,
                updated: line.at,
                description: told.description,
                media_urls: Vec::new(),
                external_status_code: told.code.map(str::to_owned),
            })
        })
        .collect())
}

/// The id of an event: of a request, and its place in its history.
pub fn update_id(request: &str, seq: i64) -> String {
    format!("{request}-{seq}")
}

/// An event as this reader may know it: everybody what was done, readers of words also what was
/// written, masked. What residents wrote later, notes and drafts are nobody's but the office's.
pub(crate) fn say(
    know: &Knowledge,
    lang: Lang,
    event: &Event,
    disclosure: Disclosure,
) -> Option<Event311> {
    let words = |text: &str| (disclosure == Disclosure::Masked).then(|| mask(text).text);
    let with = |title: &str, text: Option<String>| match text.filter(|text| !text.is_empty()) {
        Some(text) => format!("{title}\n{text}"),
        None => title.to_owned(),
    };
    let t = |ko: &'static str, en: &'static str| lang.t(ko, en);
    let (status, description, code) = match event {
        Event::Received(_) => {
            (UpdateStatus::Open, t("접수했습니다.", "Received.").to_owned(), None)
        }
        Event::Taken { .. } | Event::Assigned { .. } => (
            UpdateStatus::InProgress,
            t("담당자가 정해졌습니다.", "An officer is working on it.").to_owned(),
            None,
        ),
        Event::Reassigned(passed) => {
            let unit = know.unit_name(passed.to, lang);
            let text = match lang {
                Lang::Ko => format!("담당 부서가 바뀌었습니다: {unit}"),
                Lang::En => format!("Another unit is responsible: {unit}"),
            };
            (UpdateStatus::InternalReferral, text, None)
        }
        Event::Asked { text } => (
            UpdateStatus::InProgress,
            with(t("민원인에게 물었습니다.", "The resident was asked a question."), words(text)),
            None,
        ),
        Event::Answered(answered) => {
            let answer = &answered.answer;
            let parts = [&answer.result, &answer.reason].map(|part| part.trim().to_owned());
            let text = parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>();
            (
                status_of(answer.outcome),
                with(answer.outcome.name(lang), words(&text.join("\n"))),
                Some(answer.outcome.as_str()),
            )
        }
        Event::Reopened(_) => (
            UpdateStatus::Open,
            t("다시 살펴보고 있습니다.", "It is being looked at again.").to_owned(),
            None,
        ),
        Event::Reclassified(changed) => {
            let name = changed.to.as_deref().map(|code| know.service_name(code, lang));
            let name = name.unwrap_or(no_service(lang));
            let text = match lang {
                Lang::Ko => format!("분야를 바꾸었습니다: {name}"),
                Lang::En => format!("It was given another service: {name}"),
            };
            (UpdateStatus::Unchanged, text, None)
        }
        Event::DueRecomputed(counted) => {
            let due = counted.after.say(lang);
            let text = match lang {
                Lang::Ko => format!("처리 기한이 바뀌었습니다: {due}"),
                Lang::En => format!("New due time: {due}"),
            };
            (UpdateStatus::Unchanged, text, None)
        }
        _ => return None,
    };
    Some(Event311 { status, description, kind: event.kind(), code })
}

/// Closed is not always done: the extension's words say which, `external_status_code` exactly.
const fn status_of(outcome: Outcome) -> UpdateStatus {
    match outcome {
        Outcome::Done => UpdateStatus::Closed,
        Outcome::Refused => UpdateStatus::NoFurtherAction,
        // Looked at again on a day that is told.
        Outcome::LongTerm => UpdateStatus::Investigating,
        Outcome::NeedsBudget => UpdateStatus::Planned,
    }
}
