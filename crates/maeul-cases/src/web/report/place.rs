//! Second screen: where it is, and which service it looks like.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_web::{PageCtx, PageResult, Posted, Visit, page, page_with};

use super::suggest::{Offer, Offers, offer, offers};
use super::{Open, open, save, steps};
use crate::Knowledge;
use crate::web::desk::know;
use crate::web::form::{Errors, degrees_e7, degrees_text};

/// The most letters a typed place may have.
const LONGEST_PLACE: usize = 200;

#[derive(Template)]
#[template(path = "cases/report_where.html")]
struct WherePage {
    c: PageCtx,
    steps: [&'static str; 3],
    action: String,
    back: String,
    lat: String,
    long: String,
    dong: String,
    dongs: Vec<(String, String)>,
    place: String,
    nowhere: bool,
    service: String,
    offers: Vec<Offer>,
    groups: Vec<(String, Vec<(String, String)>)>,
    errors: Errors,
}

impl WherePage {
    fn new(visit: &Visit, know: &Knowledge, opened: Open, errors: Errors) -> Self {
        let base = visit.base();
        let draft = opened.draft;
        let Offers { mut offers, unsure } = offers(visit, know, &draft.text);
        if let Some(chosen) = draft.service.as_deref().and_then(|code| know.service(code))
            && !offers.iter().any(|offer| offer.code == chosen.code)
        {
            offers.insert(0, offer(visit, chosen));
        }
        // What the words clearly speak of is preselected once; afterwards the resident's own choice stands.
        let service = match (&draft.service, draft.service_asked) {
            (Some(code), _) => code.clone(),
            (None, true) => String::new(),
            (None, false) if unsure => String::new(),
            (None, false) => offers.first().map(|offer| offer.code.clone()).unwrap_or_default(),
        };
        Self {
            c: visit.page("report"),
            steps: steps(visit.lang()),
            action: format!("{base}/report/{}/where", opened.id),
            back: format!("{base}/report/{}", opened.id),
            lat: degrees_text(draft.lat_e7),
            long: degrees_text(draft.lon_e7),
            dong: draft.dong.map(|code| code.to_string()).unwrap_or_default(),
            dongs: dong_options(visit, know),
            place: draft.place,
            nowhere: draft.nowhere,
            service,
            offers,
            groups: service_groups(visit, know),
            errors,
        }
    }
}

/// Code and name of each 동, for a list.
pub(crate) fn dong_options(visit: &Visit, know: &Knowledge) -> Vec<(String, String)> {
    let name = |dong: &crate::knowledge::DongName| dong.name.get(visit.lang()).to_owned();
    know.dongs().iter().map(|dong| (dong.code.to_string(), name(dong))).collect()
}

/// The services under their headings, for a list.
pub(crate) fn service_groups(
    visit: &Visit,
    know: &Knowledge,
) -> Vec<(String, Vec<(String, String)>)> {
    let mut groups: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for service in know.services() {
        let heading = service.group.get(visit.lang());
        let entry = (service.code.clone(), service.name.get(visit.lang()).to_owned());
        match groups.iter_mut().find(|(name, _)| name == heading) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((heading.to_owned(), vec![entry])),
        }
    }
    groups
}

/// `GET /report/{draft}/where`
pub(crate) async fn form(visit: Visit, Path(draft): Path<String>) -> PageResult {
    let know = know(&visit).await?;
    let opened = open(&visit, &know, &draft).await?;
    page(&WherePage::new(&visit, &know, opened, Errors::default()))
}

/// `POST /report/{draft}/where`: lat, long, dong, place, nowhere, service (other).
pub(crate) async fn submit(visit: Visit, Path(id): Path<String>, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let mut opened = open(&visit, &know, &id).await?;
    let mut errors = Errors::default();
    let draft = &mut opened.draft;
    let code =
        posted.opt("service").filter(|code| *code != "other").or(posted.opt("other_service"));
    draft.service = code.filter(|code| know.service(code).is_some()).map(str::to_owned);
    draft.service_asked = true;
    draft.nowhere = posted.has("nowhere");
    draft.place = posted.get("place").to_owned();
    draft.dong = posted.opt("dong").and_then(|code| code.parse().ok());
    let point = degrees_e7(posted.get("lat")).zip(degrees_e7(posted.get("long")));
    (draft.lat_e7, draft.lon_e7) = (point.map(|it| it.0), point.map(|it| it.1));
    if draft.nowhere {
        (draft.lat_e7, draft.lon_e7, draft.dong) = (None, None, None);
    } else if let Some(point) = point {
        match know.locate(point) {
            Ok(_) => {}
            Err(refusal) => {
                errors.refuse(visit.lang(), &refusal);
                (draft.lat_e7, draft.lon_e7) = (None, None);
            }
        }
    } else if draft.dong.is_none() && draft.place.is_empty() {
        errors.add(
            "place",
            visit.t(
                "어디인지 알려 주세요. 지도에서 누르거나, 동을 고르거나, 장소를 적으면 돼요.",
                "Please tell us where. Tap the map, choose a dong, or write the place.",
            ),
        );
    }
    if draft.place.chars().count() > LONGEST_PLACE {
        errors.add(
            "place",
            visit.t("장소는 200자까지 적을 수 있어요.", "The place may have up to 200 letters."),
        );
    }
    save(&visit, &know, Some(opened.id), &opened.draft).await?;
    if errors.is_empty() {
        return Ok(visit.redirect(&format!("/report/{}/send", opened.id)));
    }
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &WherePage::new(&visit, &know, opened, errors))
}
