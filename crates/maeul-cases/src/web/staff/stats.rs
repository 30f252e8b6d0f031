//! The figures of my unit, from the counters; every figure opens to the cases behind it.

use askama::Template;
use jiff::civil::Date;
use maeul_base::seoul;
use maeul_web::{PageCtx, PageResult, Visit, page};

use super::which;
use crate::read::{self, Queue};
use crate::web::desk::{self, know};
use crate::words::State;

/// A figure with its list.
struct Figure {
    name: String,
    n: i64,
    /// Empty where there is no list: answered cases are found by search.
    href: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "cases/staff/stats.html")]
struct StatsPage {
    c: PageCtx,
    unit: String,
    at: String,
    open: i64,
    overdue: i64,
    states: Vec<Figure>,
    days: Vec<Figure>,
}

/// `GET /staff/stats`
pub(crate) async fn show(visit: Visit) -> PageResult {
    let know = know(&visit).await?;
    let figures = desk::read(&visit, visit.ctx(), &know, read::figures).await?;
    let lang = visit.lang();
    let today = seoul::date(visit.now());
    let list = |queue: Queue| format!("{}/staff/queue/{}", visit.base(), which::slug(queue));
    let states = State::ALL
        .iter()
        .map(|state| Figure {
            name: state.name(lang).to_owned(),
            n: figures.iter().filter(|one| one.state == *state).map(|one| one.n).sum(),
            href: if state.is_open() { list(Queue::InState(*state)) } else { String::new() },
            late: false,
        })
        .collect();
    let mut by_day: std::collections::BTreeMap<Option<Date>, i64> =
        std::collections::BTreeMap::new();
    for one in figures.iter().filter(|one| one.state.is_open()) {
        *by_day.entry(one.due_on).or_default() += one.n;
    }
    let overdue =
        by_day.iter().filter(|(day, _)| day.is_some_and(|day| day < today)).map(|(_, n)| *n).sum();
    // Days run from the longest overdue to the latest; cases without a day come last.
    let without = by_day.remove(&None);
    let days = by_day
        .into_iter()
        .filter(|(_, n)| *n != 0)
        .map(|(day, n)| Figure {
            name: day.map(|day| seoul::day_text(day, lang)).unwrap_or_default(),
            n,
            href: list(Queue::DueOn(day)),
            late: day.is_some_and(|day| day < today),
        })
        .chain(without.filter(|n| *n != 0).map(|n| Figure {
            name: lang.t("기한 없음", "No due day").to_owned(),
            n,
            href: list(Queue::DueOn(None)),
            late: false,
        }))
        .collect();
    let staff = visit.require_staff()?;
    page(&StatsPage {
        unit: lang.t(&staff.unit_ko, &staff.unit_en).to_owned(),
        at: seoul::time_text(visit.now(), lang),
        open: figures.iter().filter(|one| one.state.is_open()).map(|one| one.n).sum(),
        overdue,
        states,
        days,
        c: visit.page("stats"),
    })
}
