//! A case as a line of a list, in the reader's language.

use maeul_base::{Lang, seoul};
use maeul_cases::{Knowledge, Outcome};
use maeul_web::Visit;

use crate::read::PublicCase;
use crate::words::PublicState;

pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) meta: String,
    pub(crate) body: String,
    pub(crate) badge: &'static str,
    pub(crate) state: &'static str,
    pub(crate) late: bool,
}

/// The longest beginning of a summary in a list, in letters.
const SNIPPET: usize = 90;

pub(crate) fn line(visit: &Visit, know: &Knowledge, case: &PublicCase) -> Line {
    let lang = visit.lang();
    let picture = &case.picture;
    let body = case.text.as_ref().map(|text| text.body.as_str()).unwrap_or_default();
    let cut: String = body.chars().take(SNIPPET).collect();
    let more = if body.chars().count() > SNIPPET { "…" } else { "" };
    let service = service_name(know, case, lang);
    let received = seoul::day_text(seoul::date(picture.received_at), lang);
    let dong = dong_name(know, case, lang);
    let with_service = if case.text.is_some() { service } else { String::new() };
    let meta: Vec<String> =
        [with_service, dong, received].into_iter().filter(|it| !it.is_empty()).collect();
    Line {
        id: case.id().to_owned(),
        href: format!("{}/cases/{}", visit.base(), case.id()),
        title: title(know, case, lang),
        meta: meta.join(" · "),
        body: if body.is_empty() { String::new() } else { format!("{cut}{more}") },
        badge: badge(picture.state, picture.outcome),
        state: state_name(picture.state, picture.outcome, lang),
        late: case.is_late(visit.now()),
    }
}

/// What a case is called: its published title, or its service.
pub(crate) fn title(know: &Knowledge, case: &PublicCase, lang: Lang) -> String {
    match &case.text {
        Some(text) => text.title.clone(),
        None => service_name(know, case, lang),
    }
}

pub(crate) fn service_name(know: &Knowledge, case: &PublicCase, lang: Lang) -> String {
    case.picture
        .service
        .as_deref()
        .map(|code| know.service_name(code, lang).to_owned())
        .unwrap_or_default()
}

pub(crate) fn dong_name(know: &Knowledge, case: &PublicCase, lang: Lang) -> String {
    case.picture.dong.as_ref().map(|code| know.dong_name(code, lang).to_owned()).unwrap_or_default()
}

/// An answer is called by how it ended.
pub(crate) fn state_name(state: PublicState, outcome: Option<Outcome>, lang: Lang) -> &'static str {
    match (state, outcome) {
        (PublicState::Answered, Some(outcome)) => outcome.name(lang),
        _ => state.name(lang),
    }
}

pub(crate) const fn badge(state: PublicState, outcome: Option<Outcome>) -> &'static str {
    match (state, outcome) {
        (PublicState::Received, _) => "badge-new",
        (PublicState::Working, _) => "badge-work",
        (PublicState::Answered, Some(Outcome::Refused)) => "badge-no",
        (PublicState::Answered, Some(Outcome::LongTerm | Outcome::NeedsBudget)) => "badge-wait",
        (PublicState::Answered, _) => "badge-done",
    }
}
