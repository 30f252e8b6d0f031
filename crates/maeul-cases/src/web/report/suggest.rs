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
    /// The words that spoke for it, where it was suggested.
    pub(crate) words: String,
}

/// What is less likely than this, per mille, is not offered to residents.
const OFFERED_FROM: u32 = 30;

/// The services offered, and whether the words do not clearly speak of one.
pub(crate) struct Offers {
    pub(crate) offers: Vec<Offer>,
    pub(crate) unsure: bool,
}

/// The likeliest services, at most three, each with the words that spoke for it.
pub(crate) fn offers(visit: &Visit, know: &Knowledge, text: &str) -> Offers {
    let advice = know.advise(text);
    let offers = advice
        .candidates
        .iter()
        .filter(|it| it.confidence >= OFFERED_FROM)
        .filter_map(|it| {
            let words = it.because.join(", ");
            Some(Offer { words, ..offer(visit, know.service(&it.service)?) })
        })
        .collect();
    Offers { offers, unsure: advice.unsure }
}

pub(crate) fn offer(visit: &Visit, service: &crate::service::Service) -> Offer {
    Offer {
        code: service.code.clone(),
        name: service.name.get(visit.lang()).to_owned(),
        description: service.description.get(visit.lang()).to_owned(),
        words: String::new(),
    }
}

#[derive(Template)]
#[template(path = "cases/suggest.html")]
struct SuggestFragment {
    c: PageCtx,
    offers: Vec<Offer>,
    unsure: bool,
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
    let Offers { offers, unsure } = offers(&visit, &know, &text);
    page(&SuggestFragment { c: visit.page("report"), offers, unsure })
}
