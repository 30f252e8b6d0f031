//! Correcting where a case is: its own page, because a map needs room.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{CaseId, Failure, Refusal};
use maeul_web::{Fields, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

use super::acts::version;
use super::case::{Moment, place_text, since};
use super::said::said;
use super::{load, open_to_work};
use crate::web::desk::{self, know};
use crate::web::form::{Errors, degrees_e7, degrees_text};
use crate::web::report::place::dong_options;
use crate::{Knowledge, act, read};

#[derive(Template)]
#[template(path = "cases/staff/place.html")]
struct PlacePage {
    c: PageCtx,
    here: String,
    number: String,
    title: String,
    version: String,
    now_at: String,
    lat: String,
    long: String,
    dong: String,
    dongs: Vec<(String, String)>,
    place: String,
    reason: String,
    errors: Errors,
    changed: Vec<Moment>,
}

/// `GET /staff/case/{case}/place`
pub(crate) async fn form(visit: Visit, Path(id): Path<CaseId>) -> PageResult {
    let know = know(&visit).await?;
    let found = open_to_work(&visit, &know, id).await?;
    if !found.rights.relocate {
        return Ok(visit.redirect(&format!("/staff/case/{id}")));
    }
    page(&build(&visit, &know, id, &found, None, Errors::default()))
}

fn build(
    visit: &Visit,
    know: &Knowledge,
    id: CaseId,
    found: &read::CasePage,
    typed: Option<&Fields>,
    errors: Errors,
) -> PlacePage {
    let place = &found.case.place;
    let kept = |name: &str, now: String| typed.map_or(now, |typed| typed.get(name).to_owned());
    PlacePage {
        c: visit.page("unit"),
        here: format!("{}/staff/case/{id}", visit.base()),
        number: found.case.number.clone(),
        title: found.case.title.clone(),
        version: found.case.version.to_string(),
        now_at: place_text(visit, know, &found.case),
        lat: kept("lat", degrees_text(place.lat_e7)),
        long: kept("long", degrees_text(place.lon_e7)),
        dong: kept("dong", place.dong.as_ref().map(ToString::to_string).unwrap_or_default()),
        dongs: dong_options(visit, know),
        place: kept("place", place.text.clone()),
        reason: kept("reason", String::new()),
        errors,
        changed: Vec::new(),
    }
}

/// `POST /staff/case/{case}/place`: lat, long, dong, place, reason, version.
pub(crate) async fn submit(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let input = act::Relocate {
        case: id,
        version: version(&posted),
        point: degrees_e7(posted.get("lat")).zip(degrees_e7(posted.get("long"))),
        dong: posted.opt("dong").and_then(|code| code.parse().ok()),
        place: posted.get("place").to_owned(),
        reason: posted.get("reason").to_owned(),
    };
    let done = desk::write(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        act::relocate(tx, ctx, know, &input).map(drop).map_err(said)
    })
    .await;
    match done {
        Ok(()) => Ok(visit.redirect_with(
            &format!("/staff/case/{id}"),
            visit.t("위치를 고쳤습니다.", "The place is corrected."),
        )),
        Err(Failure::Refused(refusal)) if refusal.is_closed_door() => {
            Err(WebError::refusal(&refusal))
        }
        Err(Failure::Refused(refusal)) => {
            let found = load(&visit, &know, id).await?;
            let mut errors = Errors::default();
            let field = match refusal.field() {
                Some("reason") => "reason",
                Some("dong") => "dong",
                _ => "place",
            };
            errors.add(field, refusal.say(visit.lang()));
            let status = StatusCode::from_u16(refusal.status());
            let mut template = build(&visit, &know, id, &found, Some(&posted.fields), errors);
            if refusal.is_changed() {
                template.changed = since(&visit, &found, &posted.fields);
            }
            page_with(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &template)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
