//! A resident reports in three screens: what, where, and how to reach them. What is typed is kept
//! on the server between screens, so that nothing is lost and no script is needed; the contact is
//! asked last and never kept in the draft.

pub(crate) mod place;
pub(crate) mod send;
pub(crate) mod suggest;
pub(crate) mod what;

use std::collections::BTreeMap;

use maeul_base::{DongCode, DraftId, Lang};
use maeul_web::{Visit, WebError};
use serde::{Deserialize, Serialize};

use super::desk;
use crate::{Knowledge, PhotoView, act, read};

/// What a draft holds between the screens.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// In the resident's words.
    pub(crate) text: String,
    /// The service chosen; none means "I am not sure".
    pub(crate) service: Option<String>,
    /// Whether the resident has been asked for the service at all.
    pub(crate) service_asked: bool,
    /// Latitude, degrees × 10^7.
    pub(crate) lat_e7: Option<i64>,
    /// Longitude, degrees × 10^7.
    pub(crate) lon_e7: Option<i64>,
    /// The 동 chosen from the list.
    pub(crate) dong: Option<DongCode>,
    /// The place in words.
    pub(crate) place: String,
    /// The matter has no place.
    pub(crate) nowhere: bool,
    /// Answers to the service's questions.
    pub(crate) answers: BTreeMap<String, Vec<String>>,
}

/// A draft as it stands, with its photos.
pub(crate) struct Open {
    pub(crate) id: DraftId,
    pub(crate) draft: Draft,
    pub(crate) photos: Vec<PhotoView>,
}

/// The names of the three screens.
pub(crate) fn steps(lang: Lang) -> [&'static str; 3] {
    [lang.t("무슨 일", "What"), lang.t("어디", "Where"), lang.t("확인·보내기", "Check and send")]
}

/// Finds the draft of this address.
pub(crate) async fn open(visit: &Visit, know: &Knowledge, id: &str) -> Result<Open, WebError> {
    let id: DraftId = id.parse().map_err(|_| gone())?;
    let found = desk::read(visit, visit.resident_ctx(), know, move |tx, ctx, know| {
        read::draft(tx, ctx, know, id)
    })
    .await?
    .ok_or_else(gone)?;
    let draft = serde_json::from_value(found.body).map_err(|_| gone())?;
    Ok(Open { id, draft, photos: found.photos })
}

/// Keeps the draft.
pub(crate) async fn save(
    visit: &Visit,
    know: &Knowledge,
    id: Option<DraftId>,
    draft: &Draft,
) -> Result<DraftId, WebError> {
    let body = serde_json::to_value(draft)
        .map_err(|error| maeul_base::Fault::from_error("write a draft", error))?;
    let input = act::SaveDraft { draft: id, body };
    Ok(desk::write(visit, visit.resident_ctx(), know, move |tx, ctx, know| {
        act::save_draft(tx, ctx, know, &input)
    })
    .await?)
}

fn gone() -> WebError {
    WebError::refused(
        axum::http::StatusCode::NOT_FOUND,
        "draft.gone",
        "쓰던 신고가 없어요. 하루가 지났거나 이미 보냈어요. 다시 신고하거나 '내 민원'에서 찾아 주세요.",
        "There is no such unfinished report. It is over a day old or has been sent. Report again, or look under My case.",
    )
}
