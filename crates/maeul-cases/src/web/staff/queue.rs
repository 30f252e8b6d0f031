//! The queues: what is due first, with counts that are never counted on the page.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use maeul_base::{CaseId, Cursor, Held, Scope};
use maeul_web::{PageCtx, PageResult, Visit, WebError, page};
use serde::Deserialize;

use super::line::{Line, lines};
use super::suggested::{self, Panel};
use super::{colleagues, export, units, which};
use crate::permissions::COORDINATE;
use crate::read::{self, Queue};
use crate::web::desk::{self, know};

/// How many rows a page has: what one looks through before a break.
const PAGE: usize = 50;
/// Fewer where each row comes with suggestions to think about.
const PAGE_SUGGESTED: usize = 25;

/// A tab with its number.
struct Tab {
    href: String,
    name: String,
    count: String,
    late: bool,
    here: bool,
}

#[derive(Template)]
#[template(path = "cases/staff/queue.html")]
struct QueuePage {
    c: PageCtx,
    /// What is suggested for each row, in the coordinator's queue.
    suggested: Vec<Suggested>,
    slug: String,
    name: String,
    total: String,
    late: bool,
    tabs: Vec<Tab>,
    rows: Vec<Line>,
    colleagues: Vec<(String, String)>,
    units: Vec<(String, String)>,
    coordinating: bool,
    prev: String,
    next: String,
    range: String,
    csv: String,
    empty_title: &'static str,
    empty_text: &'static str,
    printed: String,
}

/// What is suggested for a case of the coordinator's queue.
struct Suggested {
    id: String,
    version: i64,
    panel: Panel,
}

impl QueuePage {
    /// What is suggested for the row of that case.
    fn advice(&self, id: &str) -> Option<&Suggested> {
        self.suggested.iter().find(|it| it.id == id)
    }
}

/// Where in the queue the reader is.
#[derive(Deserialize, Default)]
pub(crate) struct At {
    /// The row after which the page begins.
    after: Option<String>,
    /// The beginnings of the pages before, so that one can go back.
    back: Option<String>,
}

/// `GET /staff/queue/{queue}?after=…`, and the same as a table file under `{queue}.csv`.
pub(crate) async fn show(
    visit: Visit,
    Path(slug): Path<String>,
    Query(at): Query<At>,
) -> PageResult {
    if let Some(slug) = slug.strip_suffix(".csv") {
        let queue = which::parse(slug).ok_or_else(WebError::not_found)?;
        return export::queue(visit, queue, cursor(at.after.as_deref())?).await;
    }
    let queue = which::parse(&slug).ok_or_else(WebError::not_found)?;
    render(visit, queue, at).await
}

fn cursor(text: Option<&str>) -> Result<Option<Cursor>, WebError> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| WebError::not_found())).transpose()
}

/// Whether this reader has the coordinator's queue.
pub(crate) fn coordinates(visit: &Visit) -> bool {
    visit.staff().is_some_and(|staff| staff.rights.has(&COORDINATE))
}

async fn render(visit: Visit, queue: Queue, at: At) -> Result<Response, WebError> {
    let know = know(&visit).await?;
    let after = cursor(at.after.as_deref())?;
    let coordinator = coordinates(&visit);
    let coordinating = coordinator && queue == Queue::Unassigned;
    let each = if coordinating { PAGE_SUGGESTED } else { PAGE };
    let found = desk::read(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        let rows = read::queue(tx, ctx, know, queue, after, each)?;
        let asked: Vec<CaseId> =
            rows.rows.iter().filter(|_| coordinating).map(|row| row.id).collect();
        let advice = read::advice_of(tx, ctx, know, &asked)?;
        Ok((rows, advice, read::counts(tx, ctx, know)?, colleagues(tx, ctx, know)?))
    })
    .await?;
    let (rows, advice, counts, people) = found;
    let suggested = rows
        .rows
        .iter()
        .filter_map(|row| {
            let (_, advice) = advice.iter().find(|(id, _)| *id == row.id)?;
            let panel = suggested::panel(&visit, &know, row.dong.as_ref(), advice);
            let version = row.version;
            (!panel.rows.is_empty()).then(|| Suggested { id: row.id.to_string(), version, panel })
        })
        .collect();
    let lang = visit.lang();
    let slug = which::slug(queue);
    let here = format!("{}/staff/queue/{slug}", visit.base());
    let total = which::count(queue, &counts);
    let (empty_title, empty_text) = which::empty(queue, coordinator, lang);
    let next = rows.next;
    let pages = Pages { each, ..Pages::new(&here, at.after.as_deref(), at.back.as_deref()) };
    page(&QueuePage {
        c: visit.page(which::nav(queue)),
        suggested,
        name: which::name(queue, coordinator, lang),
        total: total.map(|count| count.to_string()).unwrap_or_default(),
        late: queue == Queue::Overdue && counts.overdue > 0,
        tabs: tabs(&visit, queue, &counts),
        range: pages.range(rows.rows.len(), total),
        prev: pages.prev(),
        next: next.map(|next| pages.next(&next.to_string())).unwrap_or_default(),
        csv: format!("{here}.csv{}", pages.query()),
        rows: lines(&visit, &know, rows.rows),
        colleagues: people.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        units: if coordinating { units(&visit, &know) } else { Vec::new() },
        coordinating,
        empty_title,
        empty_text,
        printed: maeul_base::seoul::time_text(visit.now(), lang),
        slug,
    })
}

fn tabs(visit: &Visit, here: Queue, counts: &read::QueueCounts) -> Vec<Tab> {
    let coordinator = coordinates(visit);
    let in_a_dong = |held: &Held| matches!(held.scope, Scope::Dong(_));
    let has_dong = visit.staff().is_some_and(|staff| staff.rights.held().iter().any(in_a_dong));
    which::TABS
        .into_iter()
        .filter(|queue| has_dong || *queue != Queue::Dong)
        .map(|queue| Tab {
            href: format!("{}/staff/queue/{}", visit.base(), which::slug(queue)),
            name: which::name(queue, coordinator, visit.lang()),
            count: which::count(queue, counts).map(|it| it.to_string()).unwrap_or_default(),
            late: queue == Queue::Overdue && counts.overdue > 0,
            here: queue == here,
        })
        .collect()
}

/// Addresses of the pages before and after, without counting rows.
struct Pages<'a> {
    here: &'a str,
    after: Option<&'a str>,
    back: Vec<&'a str>,
    /// How many rows each has.
    each: usize,
}

impl<'a> Pages<'a> {
    fn new(here: &'a str, after: Option<&'a str>, back: Option<&'a str>) -> Self {
        let after = after.filter(|after| !after.is_empty());
        // What was made elsewhere is not put into addresses.
        let known = |cursor: &&str| cursor.parse::<Cursor>().is_ok();
        let back = back.unwrap_or_default().split('~').filter(known).collect();
        Self { here, after, back, each: PAGE }
    }

    fn address(&self, after: Option<&str>, back: &[&str]) -> String {
        let Some(after) = after else { return self.here.to_owned() };
        let mut address = format!("{}?after={after}", self.here);
        if !back.is_empty() {
            address.push_str("&back=");
            address.push_str(&back.join("~"));
        }
        address
    }

    fn prev(&self) -> String {
        match (self.after, self.back.split_last()) {
            (None, _) => String::new(),
            (Some(_), None) => self.address(None, &[]),
            (Some(_), Some((last, before))) => self.address(Some(last), before),
        }
    }

    fn next(&self, cursor: &str) -> String {
        let back: Vec<&str> = self.back.iter().copied().chain(self.after).collect();
        // An address stays short: after forty pages the way back begins later.
        let from = back.len().saturating_sub(40);
        self.address(Some(cursor), back.get(from..).unwrap_or_default())
    }

    fn query(&self) -> String {
        self.after.map(|after| format!("?after={after}")).unwrap_or_default()
    }

    /// `51–100 / 213`
    fn range(&self, rows: usize, total: Option<i64>) -> String {
        if rows == 0 {
            return String::new();
        }
        let before = (self.back.len() + usize::from(self.after.is_some())) * self.each;
        let (from, to) = (before + 1, before + rows);
        total.map_or_else(|| format!("{from}–{to}"), |total| format!("{from}–{to} / {total}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_can_go_on_and_back() {
        let cursor = |n: u8| format!("1000000-{}", format!("{n:02x}").repeat(16));
        let (one, two) = (cursor(1), cursor(2));
        let first = Pages::new("/q", None, None);
        assert_eq!(first.prev(), "");
        assert_eq!(first.range(50, Some(120)), "1–50 / 120");
        assert_eq!(first.next(&one), format!("/q?after={one}"));
        let second = Pages::new("/q", Some(&one), None);
        assert_eq!(second.prev(), "/q");
        assert_eq!(second.next(&two), format!("/q?after={two}&back={one}"));
        let third = Pages::new("/q", Some(&two), Some(&one));
        assert_eq!(third.prev(), format!("/q?after={one}"));
        assert_eq!(third.range(20, None), "101–120");
        assert!(Pages::new("/q", Some(&two), Some("\"><script>")).back.is_empty());
    }
}
