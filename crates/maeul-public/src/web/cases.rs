//! The list of cases everybody may see.

use askama::Template;
use axum::extract::RawQuery;
use maeul_base::Cursor;
use maeul_cases::Outcome;
use maeul_web::{PageCtx, PageResult, Visit, WebError, page};

use super::asked::{Choices, asked, choices};
use super::line::{Line, line};
use super::shelf::Shelf;
use super::words::say_count;
use crate::read::{self, Which};
use crate::words::PublicState;

/// How many cases a page has.
const PAGE: usize = 30;
/// How far a list is counted; the figures count further.
const COUNTED: usize = 1_000;
/// How far a list found by words is counted: each has to be looked up.
const COUNTED_WORDS: usize = 100;

#[derive(Template)]
#[template(path = "public/cases.html")]
struct CasesPage {
    c: PageCtx,
    choices: Choices,
    states: Vec<(&'static str, &'static str)>,
    outcomes: Vec<(&'static str, &'static str)>,
    dong: String,
    service: String,
    state: String,
    outcome: String,
    from: String,
    to: String,
    q: String,
    wrong: Vec<(String, String)>,
    all: bool,
    count: String,
    many: bool,
    rows: Vec<Line>,
    first: String,
    next: String,
    /// The same conditions for files and the map: `?dong=…`, or nothing.
    query: String,
}

/// `GET /cases`
pub(crate) async fn show(visit: Visit, RawQuery(query): RawQuery) -> PageResult {
    let (_, know) = Shelf::of(&visit).await?;
    let lang = visit.lang();
    let asked = asked(lang, &know, query.as_deref());
    let after: Option<Cursor> = asked
        .fields
        .opt("after")
        .map(|after| after.parse().map_err(|_| WebError::not_found()))
        .transpose()?;
    let (office, filter) = (visit.office().id, asked.filter.clone());
    let most = if filter.words.trim().is_empty() { COUNTED } else { COUNTED_WORDS };
    let (found, count) = visit
        .site()
        .db()
        .read(move |tx| read::page_and_count(tx, office, &filter, after, PAGE, most + 1))
        .await?;
    let same = asked.query();
    let all = asked.is_all();
    let here = format!("{}/cases", visit.base());
    let mark = |query: &str| if query.is_empty() { String::new() } else { format!("?{query}") };
    let typed = |name: &str| asked.fields.get(name).to_owned();
    page(&CasesPage {
        c: visit.page("cases"),
        choices: choices(&visit, &know, true),
        states: [(Which::Open.as_str(), lang.t("답변 전 모두", "Not answered yet"))]
            .into_iter()
            .chain(PublicState::ALL.iter().map(|it| (it.as_str(), it.name(lang))))
            .collect(),
        outcomes: Outcome::ALL.iter().map(|it| (it.as_str(), it.name(lang))).collect(),
        dong: typed("dong"),
        service: typed("service"),
        state: typed("state"),
        outcome: typed("outcome"),
        from: typed("from"),
        to: typed("to"),
        q: typed("q"),
        all,
        wrong: asked.wrong.clone(),
        count: say_count(i64::try_from(count.min(most)).unwrap_or_default()),
        many: count > most,
        rows: found.rows.iter().map(|case| line(&visit, &know, case)).collect(),
        first: after.map(|_| format!("{here}{}", mark(&same))).unwrap_or_default(),
        next: found
            .next
            .map(|next| {
                let joint = if same.is_empty() { "" } else { "&" };
                format!("{here}?{same}{joint}after={next}")
            })
            .unwrap_or_default(),
        query: mark(&same),
    })
}
