//! Finding a case by its number or by words.

use askama::Template;
use axum::extract::Query;
use maeul_base::{Cursor, Refusal};
use maeul_web::{PageCtx, PageResult, Visit, WebError, encode, page};
use serde::Deserialize;

use super::line::{Line, lines};
use crate::number::{CaseNumber, WrongNumber};
use crate::permissions::CASES_OPEN;
use crate::read;
use crate::web::desk::{self, know};

/// How many rows a page has.
const PAGE: usize = 50;
/// The most letters that are looked for.
const LONGEST: usize = 100;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "cases/staff/search.html")]
struct SearchPage {
    c: PageCtx,
    q: String,
    asked: bool,
    /// Why a number that was typed cannot be one.
    number_note: String,
    rows: Vec<Line>,
    first: String,
    next: String,
    /// Whether the reader may open a case in an emergency.
    may_open: bool,
}

/// `GET /staff/search?q=`
pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> PageResult {
    let know = know(&visit).await?;
    let q: String = wanted.q.trim().chars().filter(|it| !it.is_control()).take(LONGEST).collect();
    let after: Option<Cursor> = wanted
        .after
        .as_deref()
        .filter(|after| !after.is_empty())
        .map(|after| after.parse().map_err(|_| WebError::not_found()))
        .transpose()?;
    let mut number_note = String::new();
    let looks_like_number = q.chars().any(|it| it.is_ascii_digit());
    if looks_like_number
        && let Err(wrong @ WrongNumber::CheckDigit) =
            CaseNumber::parse(&q, know.office().short(maeul_base::Lang::Ko))
    {
        number_note = wrong.say(visit.lang());
    }
    let (mut rows, mut next) = (Vec::new(), String::new());
    let here = format!("{}/staff/search?q={}", visit.base(), encode(&q));
    if !q.is_empty() {
        let text = q.clone();
        let found = desk::read(&visit, visit.ctx(), &know, move |tx, ctx, know| {
            read::search(tx, ctx, know, &text, after, PAGE)
        })
        .await?;
        next = found.next.map(|next| format!("{here}&after={next}")).unwrap_or_default();
        rows = lines(&visit, &know, found.rows);
    }
    page(&SearchPage {
        c: visit.page("search"),
        asked: !q.is_empty(),
        may_open: visit.staff().is_some_and(|it| it.rights.has(&CASES_OPEN)),
        q,
        number_note,
        rows,
        first: after.map(|_| here).unwrap_or_default(),
        next,
    })
}
