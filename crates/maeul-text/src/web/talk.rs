//! One conversation: both directions, the case, and what an officer may decide about it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{Failure, Lang, Refusal, seoul};
use maeul_cases::Knowledge;
use maeul_cases::web::{Opened, note_open};
use maeul_notice::{MessageState, SHORT_SMS, sms_bytes};
use maeul_web::{Fields, PageCtx, PageResult, Visit, WebError, page_with};

use super::{board::say_promise, desk};
use crate::id::TalkId;
use crate::promise::Promise;
use crate::read::{Said, TalkPage, Way, state_name, talk_page};
use crate::refusal::TextRefusal;
use crate::store;
use crate::words::Kind;

/// A text of the page.
struct Bubble {
    when: String,
    iso: String,
    side: &'static str,
    class: &'static str,
    ours: bool,
    body: String,
    /// `보냄`, `도착` …, with bytes and kind; for what came in, the gateway.
    meta: String,
    /// The bytes in hexadecimal, where they are no text and somebody looked with a reason.
    original: String,
    failed: bool,
    /// The id of a text that can be split off.
    split: String,
    first_split: bool,
    points: Vec<(i32, String)>,
    sum: i32,
}

/// Another conversation of the number.
struct OtherRow {
    id: String,
    href: String,
    name: String,
    first_join: bool,
    open: bool,
}

#[derive(Template)]
#[template(path = "text/talk.html")]
struct TalkTemplate {
    c: PageCtx,
    here: String,
    title: String,
    number: String,
    kind: &'static str,
    badge: &'static str,
    unit: String,
    stopped: String,
    aside: String,
    /// The address of its case, where the reader works it.
    case_href: String,
    case_number: String,
    case_state: String,
    due: String,
    due_iso: String,
    due_late: bool,
    promised: String,
    promised_iso: String,
    promised_late: bool,
    promise: String,
    bubbles: Vec<Bubble>,
    others: Vec<OtherRow>,
    works: bool,
    open_case: bool,
    can_turn: bool,
    can_look: bool,
    can_ask: bool,
    joined: String,
    revealed: String,
    typed: Fields,
    errors: Vec<(String, String)>,
}

impl TalkTemplate {
    fn error(&self, field: &str) -> &str {
        self.errors.iter().find(|(name, _)| name == field).map_or("", |(_, text)| text)
    }
}

/// What stands beside the conversation.
#[derive(Default)]
pub(crate) struct Beside {
    pub(crate) typed: Fields,
    pub(crate) errors: Vec<(String, String)>,
    pub(crate) revealed: String,
}

/// `GET /staff/texts/{talk}`
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> PageResult {
    let id: TalkId = id.parse().map_err(|_| WebError::refusal(&TextRefusal::NotFound))?;
    let (know, found, promise) = load(&visit, id).await?;
    let (case, owner) = (found.talk.case, found.talk.unit);
    let fields = &["words"];
    note_open(&visit, Opened { kind: "text_talk", id: id.into(), case, owner, fields }).await?;
    let shown = build(&visit, &know, found, say_promise(promise, visit.lang()), Beside::default());
    page_with(StatusCode::OK, &shown)
}

/// The page with something beside it.
pub(crate) async fn show_with(
    visit: &Visit,
    id: TalkId,
    status: StatusCode,
    beside: Beside,
) -> PageResult {
    let (know, found, promise) = load(visit, id).await?;
    page_with(status, &build(visit, &know, found, say_promise(promise, visit.lang()), beside))
}

async fn load(visit: &Visit, id: TalkId) -> Result<(Knowledge, TalkPage, Promise), WebError> {
    let (_, know) = desk(visit).await?;
    let (ctx, inner) = (visit.ctx(), know.clone());
    let found = visit
        .site()
        .db()
        .read(move |tx| {
            let page = talk_page(tx, &ctx, &inner, id)?;
            let promise = store::promise(tx, ctx.office)?;
            Ok::<_, Failure<TextRefusal>>((page, promise))
        })
        .await?;
    Ok((know, found.0, found.1))
}

/// The page again after an act was refused.
pub(crate) async fn again(
    visit: &Visit,
    id: TalkId,
    typed: &Fields,
    field: &str,
    refusal: &impl Refusal,
) -> PageResult {
    if matches!(refusal.status(), 403 | 404) {
        return Err(WebError::refusal(refusal));
    }
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let errors = vec![(field.to_owned(), refusal.say(visit.lang()))];
    show_with(visit, id, status, Beside { typed: typed.clone(), errors, revealed: String::new() })
        .await
}

fn build(
    visit: &Visit,
    know: &Knowledge,
    found: TalkPage,
    promise: String,
    beside: Beside,
) -> TalkTemplate {
    let (lang, now) = (visit.lang(), visit.now());
    let TalkPage { talk, number, mobile, stopped_at, case, said, others, works } = found;
    let open_case = case.as_ref().is_some_and(|case| case.state.is_open());
    let due = case.as_ref().and_then(|case| case.due.as_ref());
    let owed = talk.settled_at.is_none() && talk.kind == Kind::Matter;
    let works = works && talk.joined_into.is_none();
    let mut bubbles = Vec::with_capacity(said.len());
    let mut earlier = 0;
    let mut split_seen = false;
    for one in said {
        let incoming = matches!(one.way, Way::In { .. });
        let splits = incoming && earlier > 0 && works;
        let mut bubble = bubble(lang, one, splits, !beside.revealed.is_empty());
        bubble.first_split = splits && !split_seen;
        split_seen |= splits;
        earlier += usize::from(incoming);
        bubbles.push(bubble);
    }
    let mut join_seen = false;
    let others = others
        .into_iter()
        .map(|other| {
            let joins = other.open && works;
            let first_join = joins && !join_seen;
            join_seen |= joins;
            let day = seoul::day_text(seoul::date(other.opened_at), lang);
            OtherRow {
                href: format!("{}/staff/texts/{}", visit.base(), other.id),
                id: other.id.to_string(),
                name: match other.case {
                    Some(number) => format!("{number} · {day}"),
                    None => format!("{} · {day}", other.kind.name(lang)),
                },
                first_join,
                open: joins,
            }
        })
        .collect();
    TalkTemplate {
        c: visit.page("texts"),
        here: format!("{}/staff/texts/{}", visit.base(), talk.id),
        title: case
            .as_ref()
            .map_or_else(|| talk.kind.name(lang).to_owned(), |case| case.title.clone()),
        kind: talk.kind.name(lang),
        badge: match (talk.kind, open_case, talk.settled_at) {
            (Kind::Matter, true, _) => "badge-new",
            (Kind::Matter, false, _) => "badge-done",
            (Kind::Aside, _, None) => "badge-wait",
            _ => "badge-plain",
        },
        unit: know.unit_name(talk.unit, lang).to_owned(),
        stopped: stopped_at.map(|at| seoul::time_text(at, lang)).unwrap_or_default(),
        aside: talk.aside.map_or("", |why| why.name(lang)).to_owned(),
        case_href: match (&case, works) {
            (Some(case), true) => format!("{}/staff/case/{}", visit.base(), case.id),
            _ => String::new(),
        },
        case_state: case.as_ref().map_or("", |case| case.state.name(lang)).to_owned(),
        due: due.map(|due| due.say(lang)).unwrap_or_default(),
        due_iso: due.map(|due| seoul::iso(due.at)).unwrap_or_default(),
        due_late: open_case && due.is_some_and(|due| due.at < now),
        promised: if talk.kind == Kind::Matter {
            seoul::time_text(talk.promised_at, lang)
        } else {
            String::new()
        },
        promised_iso: seoul::iso(talk.promised_at),
        promised_late: owed && talk.promised_at < now,
        promise,
        case_number: case.map(|case| case.number).unwrap_or_default(),
        bubbles,
        others,
        open_case,
        can_turn: works && talk.case.is_none() && talk.kind != Kind::Wish,
        can_look: works && talk.kind == Kind::Aside && talk.settled_at.is_none(),
        can_ask: works && open_case && mobile && stopped_at.is_none(),
        works,
        joined: talk
            .joined_into
            .map(|into| format!("{}/staff/texts/{into}", visit.base()))
            .unwrap_or_default(),
        number,
        revealed: beside.revealed,
        typed: beside.typed,
        errors: beside.errors,
    }
}

/// One text; its bytes as they came only where a look at them was logged.
fn bubble(lang: Lang, one: Said, splits: bool, opened: bool) -> Bubble {
    let bytes = sms_bytes(&one.body);
    let (mut note, mut failed, mut split, mut points) =
        (String::new(), false, String::new(), vec![]);
    let mut original = String::new();
    let ours = matches!(one.way, Way::Out { .. });
    match one.way {
        Way::In { id, gateway, missing, raw, points: found } => {
            note.push_str(&gateway);
            if missing > 0 {
                note.push_str(&match lang {
                    Lang::Ko => format!(" · 오지 않은 조각 {missing}개"),
                    Lang::En => format!(" · {missing} parts never came"),
                });
            }
            if let Some(raw) = raw {
                note.push_str(&match lang {
                    Lang::Ko => format!(" · 읽을 수 없는 {}바이트", raw.len() / 2),
                    Lang::En => format!(" · {} bytes that are no text", raw.len() / 2),
                });
                if opened {
                    original = raw;
                }
            }
            if splits {
                split = id.to_string();
            }
            points = found.into_iter().map(|it| (it.points, it.why.get(lang).to_owned())).collect();
        }
        Way::Out { state, attempts, delivered_at, reason } => {
            failed = matches!(state, MessageState::Failed | MessageState::Stopped);
            let kind = if bytes <= SHORT_SMS { "SMS" } else { "LMS" };
            note = format!(
                "{} · {kind} {bytes}{}",
                state_name(state, lang),
                lang.t("바이트", " bytes")
            );
            if let Some(at) = delivered_at {
                note.push_str(&format!(" · {}", seoul::time_text(at, lang)));
            }
            if attempts > 1 {
                note.push_str(&match lang {
                    Lang::Ko => format!(" · {attempts}번 시도"),
                    Lang::En => format!(" · tried {attempts} times"),
                });
            }
            if !reason.is_empty() {
                note.push_str(&format!(" · {reason}"));
            }
        }
    }
    Bubble {
        when: seoul::time_text(one.at, lang),
        iso: seoul::iso(one.at),
        side: match ours {
            true => lang.t("우리가 보냄", "From us"),
            false => lang.t("주민이 보냄", "From the resident"),
        },
        class: if ours { "done" } else { "now" },
        ours,
        body: one.body,
        meta: note,
        original,
        failed,
        split,
        first_split: false,
        sum: points.iter().map(|(points, _)| points).sum(),
        points,
    }
}
