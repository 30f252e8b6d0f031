//! Services suggested from the words: a fragment for the page that is being typed in.

use askama::Template;
use axum::extract::Query;
use maeul_web::{PageCtx, PageResult, Visit, page};
use serde::Deserialize;

use crate::Knowledge;
use crate::web::desk::know;

/// A service offered to the resident.
pub(crate) struct Offer {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) description: String,
}

/// The likeliest services, at most three.
pub(crate) fn offers(visit: &Visit, know: &Knowledge, text: &str) -> Vec<Offer> {
    let found = know.suggest(text);
    found.into_iter().take(3).map(|service| offer(visit, service)).collect()
}

pub(crate) fn offer(visit: &Visit, service: &crate::service::Service) -> Offer {
    Offer {
        code: service.code.clone(),
        name: service.name.get(visit.lang()).to_owned(),
        description: service.description.get(visit.lang()).to_owned(),
    }
}

#[derive(Template)]
#[template(path = "cases/suggest.html")]
struct SuggestFragment {
    c: PageCtx,
    offers: Vec<Offer>,
}

#[derive(Deserialize)]
pub(crate) struct Words {
    #[serde(default)]
    q: String,
}

/// `GET /report/suggest?q=…`: an HTML fragment; empty where nothing fits.
pub(crate) async fn suggest(visit: Visit, Query(words): Query<Words>) -> PageResult {
    let know = know(&visit).await?;
    let text: String = words.q.chars().take(500).collect();
    page(&SuggestFragment { c: visit.page("report"), offers: offers(&visit, &know, &text) })
}
