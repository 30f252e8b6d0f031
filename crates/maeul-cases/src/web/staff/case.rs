//! The case page: everything about one case, and the acts its reader may do.

use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use maeul_base::{CaseId, PhotoId, Refusal, seoul};
use maeul_place::{Pin, Point};
use maeul_web::{Fields, PageCtx, PageResult, Visit, WebError, page, page_with};

use super::groups::Tie;
use super::line::nearness;
use super::said::Said;
use super::suggested::{Panel, is_worth_showing, panel};
use super::{load, open, units};
use crate::advise::words_of;
use crate::read::{CasePage, EventView, Rights};
use crate::web::desk::{self, know};
use crate::web::form::{Errors, degrees_text};
use crate::web::report::place::service_groups;
use crate::web::resident::case::badge;
use crate::words::{Channel, State, Visibility};
use crate::{Case, Knowledge, PhotoSize, PhotoView, read};

/// The due time as the page shows it (the names that `cases/due.html` reads).
pub(crate) struct DueLine {
    pub(crate) at: String,
    pub(crate) iso: String,
    pub(crate) left: String,
    pub(crate) tone: &'static str,
    pub(crate) basis: String,
    pub(crate) lines: Vec<String>,
}

/// One thing that happened.
pub(crate) struct Moment {
    pub(crate) when: String,
    pub(crate) iso: String,
    pub(crate) title: String,
    pub(crate) who: String,
    pub(crate) text: String,
    pub(crate) class: &'static str,
}

/// A resident of the case, masked.
struct PartyLine {
    id: String,
    kind: &'static str,
    anonymous: bool,
    name: String,
    phone: String,
    email: String,
    prefers: String,
    lang: &'static str,
}

/// A contact shown once.
pub(crate) struct Revealed {
    pub(crate) party: String,
    pub(crate) name: String,
    pub(crate) phone: String,
    pub(crate) email: String,
}

#[derive(Template)]
#[template(path = "cases/staff/case.html")]
struct CaseTemplate {
    c: PageCtx,
    /// The address of this case.
    here: String,
    case: Case,
    version: String,
    state: &'static str,
    badge: &'static str,
    channel: &'static str,
    by_mail: bool,
    received: String,
    kind: &'static str,
    service: String,
    unit: String,
    unit_phone: String,
    officer: String,
    due: Option<DueLine>,
    late: bool,
    place: String,
    plan: String,
    lat: String,
    long: String,
    asked: Vec<(String, String)>,
    outcome: String,
    review: String,
    draft: Option<String>,
    parties: Vec<PartyLine>,
    moments: Vec<Moment>,
    photos: Vec<PhotoView>,
    colleagues: Vec<(String, String)>,
    units: Vec<(String, String)>,
    groups: Vec<(String, Vec<(String, String)>)>,
    suggested: Option<Panel>,
    /// The case whose answer it gets, and those that get its answer.
    lead: Option<Tie>,
    with: Vec<Tie>,
    rights: Rights,
    /// Until when the page stands open in an emergency; empty for who may see it anyway.
    open_until: String,
    openings: Vec<Opened>,
    waiting: bool,
    revealed: Option<Revealed>,
    /// What was typed and refused.
    typed: Fields,
    errors: Errors,
    /// What others did since the page was read.
    changed: Vec<Moment>,
}

/// One opening in an emergency.
struct Opened {
    who: String,
    when: String,
    iso: String,
    reason: String,
    reviewed: bool,
}

/// What stands beside the case on its page: what was typed, what was refused, what was shown.
#[derive(Default)]
pub(crate) struct Beside {
    pub(crate) typed: Fields,
    pub(crate) errors: Errors,
    pub(crate) changed: Vec<Moment>,
    pub(crate) revealed: Option<Revealed>,
}

/// `GET /staff/case/{case}`
pub(crate) async fn show(visit: Visit, Path(id): Path<CaseId>) -> PageResult {
    let know = know(&visit).await?;
    let found = open(&visit, &know, id).await?;
    page(&build(&visit, &know, found, id, Beside::default()))
}

/// The page with something beside it.
pub(crate) async fn show_with(
    visit: &Visit,
    know: &Knowledge,
    id: CaseId,
    status: StatusCode,
    beside: Beside,
) -> PageResult {
    let found = load(visit, know, id).await?;
    page_with(status, &build(visit, know, found, id, beside))
}

/// The page again after an act was refused: what was typed is kept, and where somebody else was
/// quicker, what they did is told.
pub(crate) async fn again(
    visit: &Visit,
    know: &Knowledge,
    id: CaseId,
    typed: &Fields,
    names: &[(&str, &str)],
    said: &Said,
) -> PageResult {
    if said.is_closed_door() {
        return Err(WebError::refusal(said));
    }
    let found = load(visit, know, id).await?;
    let changed = if said.is_changed() { since(visit, &found, typed) } else { Vec::new() };
    let field = said.field().unwrap_or_default();
    let shown = names.iter().find(|(act, _)| *act == field).or(names.first());
    let mut errors = Errors::default();
    errors.add(shown.map_or("main", |(_, form)| form), said.say(visit.lang()));
    let status = StatusCode::from_u16(said.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let beside = Beside { typed: typed.clone(), errors, changed, revealed: None };
    page_with(status, &build(visit, know, found, id, beside))
}

/// What happened after the version that the typed page showed.
pub(crate) fn since(visit: &Visit, found: &CasePage, typed: &Fields) -> Vec<Moment> {
    let seen: i64 = typed.get("version").parse().unwrap_or(0);
    found.events.iter().filter(|event| event.seq > seen).map(|event| moment(visit, event)).collect()
}

pub(crate) fn moment(visit: &Visit, event: &EventView) -> Moment {
    let lang = visit.lang();
    let (seen_by, class) = match event.visibility {
        Visibility::Internal => (lang.t("내부 기록", "staff only"), "note"),
        Visibility::Resident => (lang.t("주민에게 보임", "the resident sees it"), "done"),
    };
    let who = if event.who.is_empty() {
        seen_by.to_owned()
    } else {
        format!("{} · {seen_by}", event.who)
    };
    Moment {
        when: seoul::time_text(event.at, lang),
        iso: seoul::iso(event.at),
        title: event.title.clone(),
        who,
        text: event.text.clone(),
        class,
    }
}

/// The due block.
pub(crate) fn due_line(visit: &Visit, found: &CasePage) -> Option<DueLine> {
    let (case, due) = (&found.case, found.due.as_ref()?);
    let lang = visit.lang();
    let near = nearness(Some(due.at), case.state.is_open(), visit.now(), lang);
    let mut lines = due.lines(lang).into_iter();
    Some(DueLine {
        at: due.say(lang),
        iso: seoul::iso(due.at),
        left: near.left,
        tone: near.class,
        basis: lines.next().unwrap_or_default(),
        lines: lines.collect(),
    })
}

/// 동, point and words as one line.
pub(crate) fn place_text(visit: &Visit, know: &Knowledge, case: &Case) -> String {
    let dong = case.place.dong.as_ref().map(|dong| know.dong_name(dong, visit.lang()));
    let parts: Vec<&str> = dong
        .into_iter()
        .chain(Some(case.place.text.as_str()))
        .filter(|it| !it.is_empty())
        .collect();
    if parts.is_empty() {
        return visit.t("장소 없음", "No place").to_owned();
    }
    parts.join(" · ")
}

/// A colleague by name; heads are told apart.
fn colleague(lang: maeul_base::Lang, one: &read::Colleague) -> String {
    match one.approves {
        true => format!("{} ({})", one.name, lang.t("승인자", "approves")),
        false => one.name.clone(),
    }
}

fn party(visit: &Visit, view: read::PartyView) -> PartyLine {
    let lang = visit.lang();
    PartyLine {
        id: view.id.to_string(),
        kind: view.kind.name(lang),
        anonymous: view.anonymous,
        name: view.name.unwrap_or_default(),
        phone: view.phone.unwrap_or_default(),
        email: view.email.unwrap_or_default(),
        prefers: view.prefers.map(|prefers| prefers.name(lang).to_owned()).unwrap_or_default(),
        lang: match view.lang {
            maeul_base::Lang::Ko => lang.t("한국어", "Korean"),
            maeul_base::Lang::En => lang.t("영어", "English"),
        },
    }
}

/// The 동 with the place marked, for a browser without scripts and for paper.
fn plan(visit: &Visit, know: &Knowledge, case: &Case) -> String {
    let lang = visit.lang();
    let at =
        case.place.lat_e7.zip(case.place.lon_e7).and_then(|(lat, lon)| Point::new(lat, lon).ok());
    let area = know.places().area(visit.office().id);
    let label = lang.t("민원 위치", "Place of the case");
    let map = case.place.dong.as_ref().and_then(|code| area?.dongs.map_of(code, lang, label));
    let Some((at, map)) = at.zip(map) else { return String::new() };
    map.pins([Pin { at, label: label.to_owned() }]).most_bytes(6_000).draw()
}

fn build(
    visit: &Visit,
    know: &Knowledge,
    found: CasePage,
    id: CaseId,
    beside: Beside,
) -> CaseTemplate {
    let lang = visit.lang();
    let signature = super::answer::signer(visit, know, &found);
    let due = due_line(visit, &found);
    let case = found.case;
    let service = case.service.as_deref().and_then(|code| know.service(code));
    let (lat, long) = (degrees_text(case.place.lat_e7), degrees_text(case.place.lon_e7));
    let plan = plan(visit, know, &case);
    let suggested =
        found.rights.reclassify.then(|| know.advise_again(&words_of(&case.title, &case.body)));
    let suggested = suggested
        .filter(|advice| is_worth_showing(&case, advice))
        .map(|advice| panel(visit, know, case.place.dong.as_ref(), &advice));
    let draft =
        case.draft.as_ref().map(|draft| super::answer::letter(know, &case, draft, &signature));
    CaseTemplate {
        c: visit.page("unit"),
        here: format!("{}/staff/case/{id}", visit.base()),
        version: case.version.to_string(),
        state: case.state.name(lang),
        badge: badge(case.state),
        channel: case.channel.name(lang),
        by_mail: case.channel == Channel::Email,
        received: seoul::time_text(case.received_at, lang),
        kind: case.petition_kind.name(lang),
        service: service.map_or_else(
            || lang.t("정하지 않음", "Not chosen").to_owned(),
            |service| service.name.get(lang).to_owned(),
        ),
        unit: know.unit_name(case.unit, lang).to_owned(),
        unit_phone: know.unit_phone(case.unit).to_owned(),
        officer: found
            .assignee_name
            .unwrap_or_else(|| lang.t("아직 없음", "Nobody yet").to_owned()),
        due,
        late: case.is_overdue(visit.now()),
        place: place_text(visit, know, &case),
        plan,
        lat,
        long,
        asked: service.map(|service| service.read_answers(&case.answers, lang)).unwrap_or_default(),
        outcome: case.outcome.map(|outcome| outcome.name(lang).to_owned()).unwrap_or_default(),
        review: case.review_on.map(|day| seoul::day_text(day, lang)).unwrap_or_default(),
        draft,
        parties: found.parties.into_iter().map(|view| party(visit, view)).collect(),
        // The latest is read first.
        moments: found.events.iter().rev().map(|event| moment(visit, event)).collect(),
        photos: found.photos,
        colleagues: found
            .colleagues
            .iter()
            .map(|one| (one.id.to_string(), colleague(lang, one)))
            .collect(),
        units: if found.rights.reassign { units(visit, know) } else { Vec::new() },
        groups: if found.rights.reclassify { service_groups(visit, know) } else { Vec::new() },
        suggested,
        lead: found.together.lead.map(|it| Tie::of(visit, it)),
        with: found.together.with.into_iter().map(|it| Tie::of(visit, it)).collect(),
        rights: found.rights,
        open_until: found.open_until.map(|until| seoul::time_text(until, lang)).unwrap_or_default(),
        openings: found
            .openings
            .into_iter()
            .map(|it| Opened {
                who: it.staff_name,
                when: seoul::time_text(it.opened_at, lang),
                iso: seoul::iso(it.opened_at),
                reason: it.reason,
                reviewed: it.reviewed_at.is_some(),
            })
            .collect(),
        waiting: case.state == State::Approval,
        revealed: beside.revealed,
        typed: beside.typed,
        errors: beside.errors,
        changed: beside.changed,
        case,
    }
}

/// `GET /staff/case/{case}/photo/{photo}`; `?size=thumb` for the small one.
pub(crate) async fn photo(
    visit: Visit,
    Path((id, photo)): Path<(CaseId, PhotoId)>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> PageResult {
    let know = know(&visit).await?;
    let size = match query.as_deref() {
        Some("size=thumb") => PhotoSize::Thumb,
        _ => PhotoSize::Full,
    };
    // Who may see the case may see its photos, and nobody else.
    load(&visit, &know, id).await?;
    let found =
        desk::read(&visit, visit.ctx(), &know, move |tx, ctx, _| read::photo(tx, ctx, photo, size))
            .await?;
    let found = found.filter(|found| found.case == Some(id)).ok_or_else(WebError::not_found)?;
    Ok(([(header::CONTENT_TYPE, found.mime)], found.bytes).into_response())
}
