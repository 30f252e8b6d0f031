//! Officers look at summaries: what waits, the original beside what may be read, one decision, the next.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use maeul_base::{CaseId, Cursor, Failure, Fault, PhotoId, Refusal, seoul};
use maeul_cases::web::{Opened, note_open};
use maeul_web::{Fields, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

use super::shelf::Shelf;
use super::words::say_count;
use crate::act::{self, Erase, LookRefusal, Publish, Unpublish, Withhold};
use crate::read::{self, LookPage};
use crate::words::{Look, Verb};

/// How many rows a page has.
const PAGE: usize = 50;
/// How far a tab counts.
const COUNTED: usize = 1_000;

struct Tab {
    href: String,
    name: &'static str,
    count: String,
    here: bool,
}

struct Row {
    href: String,
    id: String,
    service: String,
    dong: String,
    received: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "public/staff/looks.html")]
struct LooksPage {
    c: PageCtx,
    tabs: Vec<Tab>,
    look_name: &'static str,
    rows: Vec<Row>,
    first: String,
    next: String,
}

/// `GET /staff/publication?look=&after=`
pub(crate) async fn list(visit: Visit, RawQuery(query): RawQuery) -> PageResult {
    let (_, know) = Shelf::of(&visit).await?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let look = Look::parse(fields.get("look")).filter(|it| *it != Look::None);
    let look = look.unwrap_or(Look::Waiting);
    let after: Option<Cursor> = fields
        .opt("after")
        .map(|after| after.parse().map_err(|_| WebError::not_found()))
        .transpose()?;
    let (ctx, known) = (visit.ctx(), know.clone());
    let (found, counts) = visit
        .site()
        .db()
        .read(move |tx| {
            let found = read::looks(tx, &ctx, &known, look, after, PAGE)?;
            Ok::<_, Fault>((found, read::look_counts(tx, &ctx, &known, COUNTED + 1)?))
        })
        .await?;
    let lang = visit.lang();
    let here = format!("{}/staff/publication", visit.base());
    let at = |look: Look| format!("{here}?look={}", look.as_str());
    page(&LooksPage {
        c: visit.page("publication"),
        tabs: Look::ALL
            .iter()
            .filter(|it| **it != Look::None)
            .map(|it| Tab {
                href: at(*it),
                name: it.name(lang),
                count: say_many(counts.iter().find(|(of, _)| of == it).map_or(0, |(_, n)| *n)),
                here: *it == look,
            })
            .collect(),
        look_name: look.name(lang),
        rows: found
            .rows
            .into_iter()
            .map(|row| Row {
                href: format!("{here}/{}", row.case),
                id: row.id.unwrap_or_default(),
                service: know
                    .service_name(row.service.as_deref().unwrap_or_default(), lang)
                    .to_owned(),
                dong: row
                    .dong
                    .as_ref()
                    .map(|code| know.dong_name(code, lang).to_owned())
                    .unwrap_or_default(),
                received: seoul::time_text(row.received_at, lang),
                state: row.state.name(lang),
            })
            .collect(),
        first: after.map(|_| at(look)).unwrap_or_default(),
        next: found.next.map(|next| format!("{}&after={next}", at(look))).unwrap_or_default(),
    })
}

/// `1,000+`: as far as was counted.
fn say_many(n: i64) -> String {
    let most = i64::try_from(COUNTED).unwrap_or(i64::MAX);
    let more = if n > most { "+" } else { "" };
    format!("{}{more}", say_count(n.min(most)))
}

struct PhotoLine {
    id: String,
    field: String,
    src: String,
    ticked: bool,
}

struct Past {
    when: String,
    iso: String,
    what: &'static str,
    who: String,
    reason: String,
    title: String,
}

#[derive(Template)]
#[template(path = "public/staff/look.html")]
struct LookTemplate {
    c: PageCtx,
    here: String,
    list: String,
    case_href: String,
    public_href: String,
    number: String,
    has_summary: bool,
    is_published: bool,
    look_name: &'static str,
    original_title: String,
    original_body: String,
    place: String,
    title: String,
    body: String,
    reason: String,
    seen: String,
    photos: Vec<PhotoLine>,
    appears: String,
    past: Vec<Past>,
    next: String,
    errors: Vec<(&'static str, String)>,
    error_title: String,
    error_body: String,
    error_reason: String,
}

async fn load(visit: &Visit, case: CaseId) -> Result<LookPage, WebError> {
    let (shelf, know) = Shelf::of(visit).await?;
    let (ctx, settings) = (visit.ctx(), shelf.settings());
    let read = visit.site().db().read(move |tx| read::look_page(tx, &ctx, &know, &settings, case));
    read.await.map_err(|failure: Failure<LookRefusal>| failure.into())
}

/// `GET /staff/publication/{case}`
pub(crate) async fn show(visit: Visit, Path(case): Path<CaseId>) -> PageResult {
    let found = load(&visit, case).await?;
    let owner = found.case.unit;
    let fields = &["words", "photos"];
    note_open(&visit, Opened { kind: "case", id: case.0, case: Some(case), owner, fields }).await?;
    page(&template(&visit, found, None, None))
}

fn template(
    visit: &Visit,
    found: LookPage,
    typed: Option<&Fields>,
    refusal: Option<&LookRefusal>,
) -> LookTemplate {
    let lang = visit.lang();
    let base = visit.base();
    let id = found.case.id;
    let kept = |name: &str, otherwise: String| {
        typed.filter(|it| it.has(name)).map_or(otherwise, |it| it.get(name).to_owned())
    };
    let now_shown: Vec<PhotoId> = match found.decisions.last() {
        Some((last, _)) if last.verb == Verb::Publish => last.photos.clone(),
        _ => Vec::new(),
    };
    let said = refusal.map(|it| (it.field().unwrap_or("title"), it.say(lang)));
    let of = |field: &str| {
        said.as_ref().filter(|(name, _)| *name == field).map(|it| it.1.clone()).unwrap_or_default()
    };
    let list = format!("{base}/staff/publication");
    LookTemplate {
        c: visit.page("publication"),
        here: format!("{list}/{id}"),
        case_href: format!("{base}/staff/case/{id}"),
        public_href: match found.shown {
            Some(_) => format!(
                "{base}/cases/{}",
                maeul_cases::read::open311::request_id(&found.case.number)
            ),
            None => String::new(),
        },
        number: found.case.number.clone(),
        has_summary: found.look != Look::None,
        is_published: found.look == Look::Published,
        look_name: found.look.name(lang),
        original_title: found.case.title.clone(),
        original_body: found.case.body.clone(),
        place: found.case.place.text.clone(),
        title: kept("title", found.title),
        body: kept("body", found.body),
        reason: kept("reason", String::new()),
        seen: found.decisions.last().map_or(0, |it| it.0.seq).to_string(),
        photos: found
            .photos
            .iter()
            .map(|photo| PhotoLine {
                id: photo.id.to_string(),
                field: format!("photo-{}", photo.id),
                src: format!("{base}/staff/case/{id}/photo/{}", photo.id),
                ticked: match typed {
                    Some(typed) => typed.all("photo").any(|it| it == photo.id.to_string()),
                    None => now_shown.contains(&photo.id),
                },
            })
            .collect(),
        appears: if found.from > visit.now() {
            seoul::time_text(found.from, lang)
        } else {
            String::new()
        },
        past: found
            .decisions
            .iter()
            .rev()
            .map(|(it, who)| Past {
                when: seoul::time_text(it.at, lang),
                iso: seoul::iso(it.at),
                what: it.verb.name(lang),
                who: who.clone().unwrap_or_else(|| lang.t("자동", "By itself").to_owned()),
                reason: it.reason.clone(),
                title: it.title.clone(),
            })
            .collect(),
        next: found.next.map(|next| format!("{list}/{next}")).unwrap_or_default(),
        list,
        error_title: of("title"),
        error_body: of("body"),
        error_reason: of("reason"),
        errors: said.into_iter().collect(),
    }
}

/// `POST /staff/publication/{case}`: do (publish, withhold, unpublish), seen, title, body, photo,
/// reason, erase.
pub(crate) async fn submit(visit: Visit, Path(case): Path<CaseId>, posted: Posted) -> PageResult {
    let (shelf, know) = Shelf::of(&visit).await?;
    let (ctx, settings) = (visit.ctx(), shelf.settings());
    let fields = posted.fields.clone();
    let seen = fields.get("seen").parse().unwrap_or(-1);
    let text = |name: &str| fields.get(name).to_owned();
    let reason = text("reason");
    let done = match posted.get("do") {
        "publish" => {
            let photos = fields.all("photo").filter_map(|id| id.parse().ok()).collect();
            let input = Publish { case, seen, title: text("title"), body: text("body"), photos };
            let act = move |tx: &mut maeul_db::Tx| act::publish(tx, &ctx, &know, &settings, &input);
            visit.site().db().write(act).await
        }
        "withhold" => {
            let input = Withhold { case, seen, reason };
            let act =
                move |tx: &mut maeul_db::Tx| act::withhold(tx, &ctx, &know, &settings, &input);
            visit.site().db().write(act).await
        }
        "unpublish" => {
            let erase = if fields.has("erase") { Erase::Texts } else { Erase::Keep };
            let input = Unpublish { case, seen, reason, erase };
            let act =
                move |tx: &mut maeul_db::Tx| act::unpublish(tx, &ctx, &know, &settings, &input);
            visit.site().db().write(act).await
        }
        _ => return Err(WebError::not_found()),
    };
    match done {
        Ok(()) => {
            let said = match posted.get("do") {
                "publish" => {
                    visit.t("요약을 공개하기로 했습니다.", "The summary is to be published.")
                }
                "withhold" => visit.t("공개하지 않기로 했습니다.", "The summary is withheld."),
                _ => visit.t("공개를 취소했습니다.", "The summary is taken back."),
            };
            let found = load(&visit, case).await?;
            let to = match found.next {
                Some(next) if posted.get("do") != "unpublish" => {
                    format!("/staff/publication/{next}")
                }
                _ => "/staff/publication".to_owned(),
            };
            Ok(visit.redirect_with(&to, said))
        }
        Err(Failure::Refused(refusal)) if matches!(refusal.status(), 403 | 404) => {
            Err(WebError::refusal(&refusal))
        }
        Err(Failure::Refused(refusal)) => {
            let status = StatusCode::from_u16(refusal.status());
            let found = load(&visit, case).await?;
            let template = template(&visit, found, Some(&posted.fields), Some(&refusal));
            page_with(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &template)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
