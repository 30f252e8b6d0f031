//! The head's screen: the day's texts, unanswered first, two clocks apart.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Failure, Lang, Refusal, seoul};
use maeul_cases::Knowledge;
use maeul_web::{Fields, PageCtx, PageResult, Posted, Visit, page, page_with};

use super::{desk, read, write};
use crate::permissions::TEXTS_PROMISE;
use crate::promise::Promise;
use crate::read::{Board, Line, board, reads_all};
use crate::words::Kind;
use crate::{act, store};

/// A conversation of the list.
struct Row {
    href: String,
    number: String,
    excerpt: String,
    texts: i32,
    kind: &'static str,
    badge: &'static str,
    case: String,
    unit: String,
    last: String,
    last_iso: String,
    /// By the office's own promise; empty where nothing is owed.
    promised: String,
    promised_iso: String,
    promised_late: bool,
    /// By the law; empty where there is no case.
    due: String,
    due_iso: String,
    due_late: bool,
    stopped: bool,
}

/// A day of the table.
struct DayRow {
    day: String,
    href: String,
    current: bool,
    all: i64,
    matters: i64,
    praise: i64,
    aside: i64,
}

#[derive(Template)]
#[template(path = "text/board.html")]
struct BoardPage {
    c: PageCtx,
    day: String,
    printed: String,
    promise: String,
    sets_promise: bool,
    all_units: bool,
    open: Vec<Row>,
    late: usize,
    more: bool,
    rest: Vec<Row>,
    days: Vec<DayRow>,
    today_all: i64,
    lying: i64,
}

/// `GET /staff/texts?day=2026-06-08`
pub(crate) async fn show(visit: Visit, RawQuery(query): RawQuery) -> PageResult {
    let (_, know) = desk(&visit).await?;
    let today = seoul::date(visit.now());
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let day = fields.get("day").parse::<Date>().unwrap_or(today);
    let (found, promise) = read(&visit, &know, move |tx, ctx, know| {
        Ok((board(tx, ctx, know, day)?, store::promise(tx, ctx.office)?))
    })
    .await?;
    page(&build(&visit, &know, day, today, promise, found))
}

fn build(
    visit: &Visit,
    know: &Knowledge,
    day: Date,
    today: Date,
    promise: Promise,
    found: Board,
) -> BoardPage {
    let lang = visit.lang();
    let may = |permission| visit.staff().is_some_and(|staff| staff.rights.has(permission));
    let rows = |lines: Vec<Line>| -> Vec<Row> {
        lines.into_iter().map(|line| row(visit, know, line)).collect()
    };
    let days: Vec<DayRow> = found
        .days
        .iter()
        .map(|it| DayRow {
            day: seoul::day_text(it.day, lang),
            href: format!("{}/staff/texts?day={}", visit.base(), it.day),
            current: it.day == day,
            all: it.all(),
            matters: it.matters,
            praise: it.praise,
            aside: it.aside + it.wishes,
        })
        .collect();
    let open = rows(found.open);
    BoardPage {
        c: visit.page("texts"),
        day: seoul::day_text(day, lang),
        printed: seoul::time_text(visit.now(), lang),
        promise: say_promise(promise, lang),
        sets_promise: may(&TEXTS_PROMISE),
        all_units: reads_all(&visit.ctx()),
        late: open.iter().filter(|row| row.promised_late || row.due_late).count(),
        open,
        more: found.more,
        rest: rows(found.rest),
        today_all: found.days.iter().find(|it| it.day == today).map_or(0, |it| it.all()),
        days,
        lying: found.lying,
    }
}

/// The promise in words.
pub(crate) fn say_promise(promise: Promise, lang: Lang) -> String {
    let hours = promise.hours;
    match (lang, promise.skips_days_off) {
        (Lang::Ko, false) => format!(
            "문자를 받은 때부터 {hours}시간 안에 답합니다. 근무시간이 아니면 다음 근무일 09:00부터 셉니다."
        ),
        (Lang::Ko, true) => format!(
            "문자를 받은 때부터 {hours}시간(쉬는 날 빼고) 안에 답합니다. 근무시간이 아니면 다음 근무일 09:00부터 셉니다."
        ),
        (Lang::En, false) => format!(
            "Answered within {hours} hours; out of office hours counted from 09:00 of the next working day."
        ),
        (Lang::En, true) => format!(
            "Answered within {hours} hours, days off not counting; out of office hours counted from 09:00 of the next working day."
        ),
    }
}

fn short(at: Timestamp, lang: Lang) -> String {
    let wall = seoul::wall(at);
    let weekday = seoul::weekday(wall.weekday(), lang);
    match lang {
        Lang::Ko => {
            format!("{}. {}.({weekday}) {}", wall.month(), wall.day(), wall.strftime("%H:%M"))
        }
        Lang::En => format!("{weekday} {}", wall.strftime("%-d %b, %H:%M")),
    }
}

fn row(visit: &Visit, know: &Knowledge, line: Line) -> Row {
    let (lang, now) = (visit.lang(), visit.now());
    let Line { talk, number, stopped, excerpt, case } = line;
    let owed = talk.settled_at.is_none();
    let open = case.as_ref().is_some_and(|case| case.state.is_open());
    let due = case.as_ref().and_then(|case| case.due.as_ref());
    let (kind, badge) = match (&case, talk.kind) {
        (Some(case), _) => (case.state.name(lang), if open { "badge-new" } else { "badge-done" }),
        (None, Kind::Praise) => (talk.kind.name(lang), "badge-plain"),
        (None, kind) if owed => (kind.name(lang), "badge-wait"),
        (None, kind) => (kind.name(lang), "badge-plain"),
    };
    let promised = owed && talk.kind == Kind::Matter;
    Row {
        href: format!("{}/staff/texts/{}", visit.base(), talk.id),
        number,
        excerpt: if excerpt.is_empty() {
            talk.aside.map_or("", |why| why.name(lang)).to_owned()
        } else {
            excerpt
        },
        texts: talk.texts,
        kind,
        badge,
        unit: know.unit_name(talk.unit, lang).to_owned(),
        last: short(talk.last_at, lang),
        last_iso: seoul::iso(talk.last_at),
        promised: if promised { short(talk.promised_at, lang) } else { String::new() },
        promised_iso: seoul::iso(talk.promised_at),
        promised_late: promised && talk.promised_at < now,
        due: due.map(|due| due.say(lang)).unwrap_or_default(),
        due_iso: due.map(|due| seoul::iso(due.at)).unwrap_or_default(),
        due_late: open && due.is_some_and(|due| due.at < now),
        case: case.map(|case| case.number).unwrap_or_default(),
        stopped,
    }
}

#[derive(Template)]
#[template(path = "text/promise.html")]
struct PromisePage {
    c: PageCtx,
    hours: String,
    skips: bool,
    error: String,
    items: Vec<(String, String)>,
}

/// `GET /staff/texts/promise`
pub(crate) async fn promise(visit: Visit) -> PageResult {
    let (_, know) = desk(&visit).await?;
    let promise = read(&visit, &know, |tx, ctx, _| store::promise(tx, ctx.office)).await?;
    page(&PromisePage {
        c: visit.page("texts"),
        hours: promise.hours.to_string(),
        skips: promise.skips_days_off,
        error: String::new(),
        items: Vec::new(),
    })
}

/// `POST /staff/texts/promise`: hours, skips.
pub(crate) async fn set_promise(visit: Visit, posted: Posted) -> PageResult {
    let (_, know) = desk(&visit).await?;
    let hours = posted.get("hours").to_owned();
    let promise =
        Promise { hours: hours.parse().unwrap_or(0), skips_days_off: posted.has("skips") };
    let done = write(&visit, &know, move |tx, ctx, _| act::set_promise(tx, ctx, promise)).await;
    match done {
        Ok(()) => Ok(visit.redirect_with(
            "/staff/texts",
            visit.t(
                "약속을 정했습니다. 이제부터 오는 문자에 씁니다.",
                "The promise is set; it holds for texts that come from now on.",
            ),
        )),
        Err(Failure::Refused(refusal)) => {
            let error = refusal.say(visit.lang());
            let status =
                StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            let shown = PromisePage {
                c: visit.page("texts"),
                hours,
                skips: promise.skips_days_off,
                items: vec![("hours".to_owned(), error.clone())],
                error,
            };
            page_with(status, &shown)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
