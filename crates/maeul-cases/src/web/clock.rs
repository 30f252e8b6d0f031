//! About the clock: the law in plain words, and a date to try.

use askama::Template;
use axum::extract::Query;
use maeul_base::{Lang, seoul};
use maeul_calendar::{DueInput, Period, WhenSpec};
use maeul_web::{PageCtx, PageResult, Visit, page};
use serde::Deserialize;

use super::desk::know;
use super::form::Errors;

#[derive(Deserialize, Default)]
pub(crate) struct Try {
    received: Option<String>,
    period: Option<String>,
}

struct Tried {
    at: String,
    iso: String,
    summary: String,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "cases/clock.html")]
struct ClockPage {
    c: PageCtx,
    received: String,
    period: String,
    periods: Vec<(&'static str, &'static str)>,
    tried: Option<Tried>,
    holidays: Vec<(String, String)>,
    errors: Errors,
}

fn periods(lang: Lang) -> Vec<(&'static str, &'static str)> {
    vec![
        (
            "즉시",
            lang.t(
                "즉시 — 생활 불편 신고, 간단한 안내",
                "Immediately — daily inconvenience, simple guidance",
            ),
        ),
        ("7d", lang.t("7일 — 제도·절차 질문, 고충민원", "7 days — how things work, grievances")),
        ("14d", lang.t("14일 — 건의, 법령 해석", "14 days — suggestions, questions of law")),
        ("3d", lang.t("3일", "3 days")),
        ("1month", lang.t("1개월", "1 month")),
    ]
}

/// `GET /clock?received=2026-06-08T10:30&period=7d`
pub(crate) async fn show(visit: Visit, Query(wanted): Query<Try>) -> PageResult {
    let know = know(&visit).await?;
    let lang = visit.lang();
    let wall = seoul::wall(visit.now());
    let mut errors = Errors::default();
    let received = wanted.received.unwrap_or_default();
    let period = wanted.period.unwrap_or_default();
    let mut tried = None;
    if !received.is_empty() {
        let when = received.parse::<WhenSpec>().map_err(|error| error.say(lang));
        let length = period.parse::<Period>().map_err(|error| error.say(lang));
        match (when, length) {
            (Ok(when), Ok(length)) => {
                match know.calendar().due(&DueInput::petition(when.start(), length)) {
                    Ok(due) => {
                        tried = Some(Tried {
                            at: seoul::time_text(due.at, lang),
                            iso: seoul::iso(due.at),
                            summary: due.summary(lang),
                            lines: due.explain(lang),
                        });
                    }
                    Err(refusal) => errors.refuse(lang, &refusal),
                }
            }
            (when, length) => {
                if let Err(text) = when {
                    errors.add("received", text);
                }
                if let Err(text) = length {
                    errors.add("period", text);
                }
            }
        }
    }
    let today = wall.date();
    let holidays = know
        .calendar()
        .holidays(today.year())
        .map(|(day, causes)| {
            let names: Vec<&str> = causes.iter().map(|cause| cause.name.t(lang)).collect();
            (seoul::day_text(day, lang), names.join(", "))
        })
        .collect();
    page(&ClockPage {
        c: visit.page("clock"),
        received: if received.is_empty() {
            wall.strftime("%Y-%m-%dT%H:%M").to_string()
        } else {
            received
        },
        period: if period.is_empty() { "7d".to_owned() } else { period },
        periods: periods(lang),
        tried,
        holidays,
        errors,
    })
}
