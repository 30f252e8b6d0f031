//! A case as everybody may see it: its steps, its due time, how it ended, and the summary if there is
//! one.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use maeul_base::{PhotoId, seoul};
use maeul_cases::PhotoSize;
use maeul_cases::read::Milestone;
use maeul_web::{PageCtx, PageResult, Visit, WebError, page};

use super::line::{badge, dong_name, service_name, state_name, title};
use super::shelf::Shelf;
use super::words::say_minutes;
use crate::read;

struct Moment {
    when: String,
    iso: String,
    title: String,
    class: &'static str,
}

struct Picture {
    thumb: String,
    full: String,
}

#[derive(Template)]
#[template(path = "public/case.html")]
struct CasePage {
    c: PageCtx,
    id: String,
    title: String,
    service: String,
    dong: String,
    dong_href: String,
    unit: String,
    unit_phone: String,
    received: String,
    badge: &'static str,
    state: &'static str,
    body: Option<String>,
    due: String,
    due_iso: String,
    due_tone: &'static str,
    due_left: &'static str,
    period: String,
    statutory: bool,
    took: String,
    has_place: bool,
    photos: Vec<Picture>,
    moments: Vec<Moment>,
}

/// `GET /cases/{number}`
pub(crate) async fn show(visit: Visit, Path(number): Path<String>) -> PageResult {
    let (_, know) = Shelf::of(&visit).await?;
    let office = visit.office().id;
    // A whole receipt number leads here, too.
    let id = maeul_cases::read::open311::request_id(&number);
    if id != number {
        return Ok(visit.redirect(&format!("/cases/{id}")));
    }
    let found = visit.site().db().read(move |tx| read::public_page(tx, office, &id)).await?;
    let Some(found) = found else { return Err(hidden()) };
    let (lang, case) = (visit.lang(), &found.case);
    let picture = &case.picture;
    let time = |at| seoul::time_text(at, lang);
    let here = format!("{}/cases/{}", visit.base(), case.id());
    let mut moments: Vec<Moment> = picture
        .steps
        .iter()
        .map(|(at, step)| Moment {
            when: time(*at),
            iso: seoul::iso(*at),
            title: match step {
                Milestone::Received => lang.t("접수했어요", "Received").to_owned(),
                Milestone::Begun => lang.t("담당자가 맡았어요", "An officer took it").to_owned(),
                Milestone::Moved { unit } => format!(
                    "{}: {}",
                    lang.t("담당 부서가 바뀌었어요", "Another unit is responsible"),
                    know.unit_name(*unit, lang)
                ),
                Milestone::DueMoved { due_at } => format!(
                    "{}: {}",
                    lang.t("처리 기한이 바뀌었어요", "The due time moved"),
                    due_at.map_or_else(|| "-".to_owned(), time)
                ),
                Milestone::Answered { outcome } => format!(
                    "{}{}",
                    lang.t("답변했어요", "Answered"),
                    outcome.map(|it| format!(": {}", it.name(lang))).unwrap_or_default()
                ),
                Milestone::Reopened => lang.t("다시 살펴보고 있어요", "Opened again").to_owned(),
            },
            class: "done",
        })
        .collect();
    if let Some(last) = moments.last_mut() {
        last.class = "now";
    }
    let service = picture.service.as_deref().and_then(|code| know.service(code));
    let (due_tone, due_left) = match picture.in_time {
        Some(true) => ("is-done", lang.t("기한 안에 답했어요", "Answered in time")),
        Some(false) => ("is-late", lang.t("기한을 넘겨 답했어요", "Answered after its due time")),
        None if case.is_late(visit.now()) => (
            "is-late",
            lang.t("기한이 지났는데 아직 답하지 못했어요", "Overdue and not answered yet"),
        ),
        None => ("", ""),
    };
    page(&CasePage {
        c: visit.page("cases"),
        id: case.id().to_owned(),
        title: title(&know, case, lang),
        service: service_name(&know, case, lang),
        dong: dong_name(&know, case, lang),
        dong_href: picture
            .dong
            .as_ref()
            .map(|code| format!("{}/dong/{code}", visit.base()))
            .unwrap_or_default(),
        unit: know.unit_name(picture.unit, lang).to_owned(),
        unit_phone: know.unit_phone(picture.unit).to_owned(),
        received: time(picture.received_at),
        badge: badge(picture.state, picture.outcome),
        state: state_name(picture.state, picture.outcome, lang),
        body: case.text.as_ref().map(|text| text.body.clone()),
        due: picture.due_at.map(time).unwrap_or_default(),
        due_iso: picture.due_at.map(seoul::iso).unwrap_or_default(),
        due_tone,
        due_left,
        period: service.map(|it| it.period_note(lang)).unwrap_or_default(),
        statutory: picture.statutory,
        took: picture.work_minutes.map(|it| say_minutes(it, lang)).unwrap_or_default(),
        has_place: picture.cell.is_some(),
        photos: found
            .photos
            .iter()
            .map(|photo| Picture {
                thumb: format!("{here}/photo/{}?size=thumb", photo.id),
                full: format!("{here}/photo/{}", photo.id),
            })
            .collect(),
        moments,
    })
}

/// Whether there is such a case is not told.
fn hidden() -> WebError {
    WebError::refused(
        axum::http::StatusCode::NOT_FOUND,
        "public_case.not_found",
        "그런 번호의 공개 민원이 없어요. 공개하지 않는 민원일 수 있어요. 내가 낸 민원은 ‘내 민원’에서 볼 수 있어요.",
        "There is no public case of that number. It may be one that is not public. Your own case is under “My case”.",
    )
}

/// `GET /cases/{number}/photo/{photo}`: one an officer ticked.
pub(crate) async fn photo(
    visit: Visit,
    Path((number, id)): Path<(String, PhotoId)>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> PageResult {
    let office = visit.office().id;
    let size =
        if query.as_deref() == Some("size=thumb") { PhotoSize::Thumb } else { PhotoSize::Full };
    let found =
        visit.site().db().read(move |tx| read::photo(tx, office, &number, id, size)).await?;
    let (mime, bytes) = found.ok_or_else(WebError::not_found)?;
    // It may be taken back at any time.
    let cache = (header::CACHE_CONTROL, "public, max-age=300");
    Ok(([(header::CONTENT_TYPE, mime)], [cache], bytes).into_response())
}
