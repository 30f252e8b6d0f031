//! First screen: what has happened, in the resident's own words, with photos.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use maeul_base::{DraftId, Failure, PhotoId, Refusal};
use maeul_photo::PhotoRefusal;
use maeul_web::{PageCtx, PageResult, Posted, Upload, Visit, WebError, page, page_with};
use serde::Deserialize;

use super::{Draft, Open, open, save, steps};
use crate::web::desk::{self, know};
use crate::web::form::Errors;
use crate::{Knowledge, PhotoOf, PhotoSize, PhotoView, act, read};

/// The most letters a report may have.
pub(crate) const LONGEST_TEXT: usize = 4_000;

#[derive(Template)]
#[template(path = "cases/report_what.html")]
struct WhatPage {
    c: PageCtx,
    steps: [&'static str; 3],
    action: String,
    text: String,
    photos: Vec<PhotoView>,
    photo_base: String,
    left: String,
    errors: Errors,
}

impl WhatPage {
    fn new(visit: &Visit, opened: Option<Open>, errors: Errors) -> Self {
        let base = visit.base();
        let action = match &opened {
            Some(opened) => format!("{base}/report/{}", opened.id),
            None => format!("{base}/report"),
        };
        let (draft, photos) =
            opened.map_or_else(Default::default, |opened| (opened.draft, opened.photos));
        Self {
            c: visit.page("report"),
            steps: steps(visit.lang()),
            photo_base: format!("{action}/photo"),
            action,
            text: draft.text,
            left: (5_usize.saturating_sub(photos.len())).to_string(),
            photos,
            errors,
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Begin {
    service: Option<String>,
}

/// `GET /report`: an empty form. `?service=streetlight` begins with a service chosen.
pub(crate) async fn begin(visit: Visit, Query(begin): Query<Begin>) -> PageResult {
    let know = know(&visit).await?;
    let Some(service) = begin.service.filter(|code| know.service(code).is_some()) else {
        return page(&WhatPage::new(&visit, None, Errors::default()));
    };
    let draft = Draft { service: Some(service), service_asked: true, ..Draft::default() };
    let id = save(&visit, &know, None, &draft).await?;
    Ok(visit.redirect(&format!("/report/{id}")))
}

/// `GET /report/{draft}`: back to what was written.
pub(crate) async fn edit(visit: Visit, Path(draft): Path<String>) -> PageResult {
    let know = know(&visit).await?;
    let opened = open(&visit, &know, &draft).await?;
    page(&WhatPage::new(&visit, Some(opened), Errors::default()))
}

/// `POST /report`: text and photos of a new report. From the home page (`from=home`) only the
/// question was asked, so the first screen follows with the words already there.
pub(crate) async fn submit_first(visit: Visit, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let text = posted.get("text").to_owned();
    let draft = Draft { text, ..Draft::default() };
    if posted.get("from") == "home" {
        let id = save(&visit, &know, None, &draft).await?;
        return Ok(visit.redirect(&format!("/report/{id}")));
    }
    if let Some(errors) = check_text(&visit, &draft.text)
        && posted.files.is_empty()
    {
        let opened = Open { id: visit.resident_ctx().id(), draft, photos: Vec::new() };
        let mut template = WhatPage::new(&visit, Some(opened), errors);
        template.action = format!("{}/report", visit.base());
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &template);
    }
    let id = save(&visit, &know, None, &draft).await?;
    finish(&visit, &know, id, draft, posted.files).await
}

/// `POST /report/{draft}`: the same, changed.
pub(crate) async fn submit(visit: Visit, Path(id): Path<String>, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let mut opened = open(&visit, &know, &id).await?;
    opened.draft.text = posted.get("text").to_owned();
    save(&visit, &know, Some(opened.id), &opened.draft).await?;
    finish(&visit, &know, opened.id, opened.draft, posted.files).await
}

/// Keeps the photos that can be kept, and goes on where nothing is wrong.
async fn finish(
    visit: &Visit,
    know: &Knowledge,
    id: DraftId,
    draft: Draft,
    files: Vec<Upload>,
) -> PageResult {
    let mut errors = check_text(visit, &draft.text).unwrap_or_default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    for file in files {
        if let Err(refused) = keep_photo(visit, know, id, file.clone()).await? {
            let name = file.name.chars().take(60).collect::<String>();
            errors.add("photos", format!("{name}: {}", refused.1));
            status = refused.0;
        }
    }
    if errors.is_empty() {
        return Ok(visit.redirect(&format!("/report/{id}/where")));
    }
    let opened = open(visit, know, &id.to_string()).await?;
    page_with(status, &WhatPage::new(visit, Some(opened), errors))
}

fn check_text(visit: &Visit, text: &str) -> Option<Errors> {
    let mut errors = Errors::default();
    if text.is_empty() {
        errors.add(
            "text",
            visit.t(
                "무슨 일인지 한 줄이라도 적어 주세요.",
                "Please write at least one line about it.",
            ),
        );
    } else if text.chars().count() > LONGEST_TEXT {
        errors.add(
            "text",
            visit.t(
                "4,000자까지 적을 수 있어요. 조금 줄여 주세요.",
                "Up to 4,000 letters, please. Shorten it a little.",
            ),
        );
    }
    (!errors.is_empty()).then_some(errors)
}

type Kept = Result<(), (StatusCode, String)>;

pub(crate) async fn keep_photo(
    visit: &Visit,
    know: &Knowledge,
    id: DraftId,
    file: Upload,
) -> Result<Kept, WebError> {
    let taken = tokio::task::spawn_blocking(move || maeul_photo::take(&file.bytes))
        .await
        .unwrap_or(Err(PhotoRefusal::Broken));
    let refused = |refusal: &dyn Refusal| {
        let status = StatusCode::from_u16(refusal.status());
        (status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), refusal.say(visit.lang()))
    };
    let photo = match taken {
        Ok(photo) => photo,
        Err(refusal) => return Ok(Err(refused(&refusal))),
    };
    let new = act::NewPhoto {
        to: PhotoOf::Draft(id),
        access: None,
        jpeg: photo.jpeg,
        thumb: photo.thumb,
        width: photo.width,
        height: photo.height,
        sha256: photo.sha256,
    };
    let done = desk::write(visit, visit.resident_ctx(), know, move |tx, ctx, know| {
        act::add_photo(tx, ctx, know, &new)
    })
    .await;
    match done {
        Ok(_) => Ok(Ok(())),
        Err(Failure::Refused(refusal)) => Ok(Err(refused(&refusal))),
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// `GET /report/{draft}/photo/{photo}`: the small picture of a draft's photo.
pub(crate) async fn photo(
    visit: Visit,
    Path((draft, photo)): Path<(DraftId, PhotoId)>,
) -> PageResult {
    let know = know(&visit).await?;
    let found = desk::read(&visit, visit.resident_ctx(), &know, move |tx, ctx, _| {
        read::photo(tx, ctx, photo, PhotoSize::Thumb)
    })
    .await?;
    let found = found.filter(|found| found.draft == Some(draft)).ok_or_else(WebError::not_found)?;
    Ok(([(header::CONTENT_TYPE, found.mime)], found.bytes).into_response())
}

/// `POST /report/{draft}/photo/{photo}/remove`
pub(crate) async fn remove_photo(
    visit: Visit,
    Path((draft, photo)): Path<(DraftId, PhotoId)>,
    _: Posted,
) -> PageResult {
    let know = know(&visit).await?;
    let input = act::RemoveDraftPhoto { draft, photo };
    desk::write(&visit, visit.resident_ctx(), &know, move |tx, ctx, know| {
        act::remove_draft_photo(tx, ctx, know, &input)
    })
    .await?;
    Ok(visit.redirect(&format!("/report/{draft}")))
}
