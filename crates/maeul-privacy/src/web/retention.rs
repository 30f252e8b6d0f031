//! Retention: for how long each kind is kept, what is on hold, and the register of what was destroyed.

use askama::Template;
use axum::http::StatusCode;
use maeul_base::{Failure, Fault, Lang, seoul};
use maeul_web::{Errors, Fields, PageCtx, PageResult, Posted, Visit, WebError, page_with};
use uuid::Uuid;

use super::status;
use crate::erasure::{Done, PrivacyRefusal};
use crate::retention::{Rule, in_force};
use crate::{Shelf, act, store};

/// Lines of the register shown.
const LINES: i64 = 100;

struct KindLine {
    kind: &'static str,
    name: &'static str,
    what: &'static str,
    since: &'static str,
    now: String,
    in_force: bool,
    basis: String,
    coming: String,
    proposed: i32,
}

struct HoldLine {
    id: String,
    number: String,
    reason: String,
    since: String,
}

struct DestroyedLine {
    when: String,
    name: String,
    before: String,
    records: i64,
    held: i64,
    busy: i64,
    basis: String,
}

#[derive(Template)]
#[template(path = "privacy/retention.html")]
struct RetentionPage {
    c: PageCtx,
    kinds: Vec<KindLine>,
    holds: Vec<HoldLine>,
    register: Vec<DestroyedLine>,
    today: String,
    typed: Fields,
    form: &'static str,
    errors: Errors,
}

impl RetentionPage {
    fn of(&self, form: &str, field: &str) -> &str {
        if self.form == form { self.errors.of(field) } else { "" }
    }

    fn typed(&self, form: &str, field: &str) -> &str {
        if self.form == form { self.typed.get(field) } else { "" }
    }
}

/// So many months, as people read them.
pub(super) fn months_text(lang: Lang, months: Option<i32>) -> String {
    match (months, lang) {
        (None, _) => lang.t("계속 보존", "Kept").to_owned(),
        (Some(12), Lang::En) => "1 year".to_owned(),
        (Some(months), Lang::Ko) if months % 12 == 0 => format!("{}년", months / 12),
        (Some(months), Lang::En) if months % 12 == 0 => format!("{} years", months / 12),
        (Some(months), Lang::Ko) => format!("{months}개월"),
        (Some(months), Lang::En) => format!("{months} months"),
    }
}

async fn build(visit: &Visit) -> Result<RetentionPage, WebError> {
    let (shelf, _) = Shelf::of(visit).await?;
    let office = visit.office().id;
    let (rules, holds, register) = visit
        .site()
        .db()
        .read(move |tx| {
            Ok::<_, Fault>((
                store::rules(tx, office)?,
                store::holds(tx, office)?,
                store::destroyed(tx, office, LINES)?,
            ))
        })
        .await?;
    let lang = visit.lang();
    let today = seoul::date(visit.now());
    let kinds = shelf
        .keeps()
        .iter()
        .map(|it| {
            let rule = in_force(&rules, it.kind, today);
            let coming = rules.iter().rfind(|rule| rule.kind == it.kind && rule.valid_from > today);
            KindLine {
                kind: it.kind,
                name: lang.t(it.name[0], it.name[1]),
                what: lang.t(it.what[0], it.what[1]),
                since: lang.t(it.since[0], it.since[1]),
                now: rule.map_or_else(
                    || visit.t("정하지 않음 (보존)", "Not decided (kept)").to_owned(),
                    |rule| months_text(lang, rule.months),
                ),
                in_force: rule.is_some(),
                basis: rule.map(|rule| rule.basis.clone()).unwrap_or_default(),
                coming: coming
                    .map(|rule| {
                        let day = seoul::day_text(rule.valid_from, lang);
                        format!("{day}: {}", months_text(lang, rule.months))
                    })
                    .unwrap_or_default(),
                proposed: it.months,
            }
        })
        .collect();
    Ok(RetentionPage {
        c: visit.page("admin"),
        kinds,
        holds: holds
            .into_iter()
            .map(|it| HoldLine {
                id: it.id.to_string(),
                number: it.number,
                reason: it.reason,
                since: seoul::time_text(it.since, lang),
            })
            .collect(),
        register: register
            .into_iter()
            .map(|it| DestroyedLine {
                when: seoul::time_text(it.at, lang),
                name: shelf
                    .keeping(&it.kind)
                    .map_or(it.kind, |keeping| lang.t(keeping.name[0], keeping.name[1]).to_owned()),
                before: seoul::day_text(seoul::date(it.before), lang),
                records: it.records,
                held: it.held,
                busy: it.busy,
                basis: format!("{} · {}", months_text(lang, Some(it.months)), it.basis),
            })
            .collect(),
        today: today.to_string(),
        typed: Fields::default(),
        form: "",
        errors: Errors::default(),
    })
}

/// `GET /staff/privacy/retention`
pub(super) async fn show(visit: Visit) -> PageResult {
    page_with(StatusCode::OK, &build(&visit).await?)
}

async fn answered(
    visit: &Visit,
    posted: Posted,
    form: &'static str,
    done: Done<()>,
    said: &str,
) -> PageResult {
    match done {
        Ok(()) => Ok(visit.redirect_with("/staff/privacy/retention", said)),
        Err(Failure::Refused(refusal)) => refused(visit, posted, form, &refusal).await,
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

async fn refused(
    visit: &Visit,
    posted: Posted,
    form: &'static str,
    refusal: &PrivacyRefusal,
) -> PageResult {
    let mut template = build(visit).await?;
    template.typed = posted.fields;
    template.form = form;
    template.errors = Errors::refused(visit.lang(), refusal, "main");
    let code = match status(refusal) {
        StatusCode::NOT_FOUND => StatusCode::CONFLICT,
        other => other,
    };
    page_with(code, &template)
}

/// `POST /staff/privacy/retention`: kind, months (empty: keep), valid_from, basis.
pub(super) async fn set_rule(visit: Visit, posted: Posted) -> PageResult {
    let (shelf, _) = Shelf::of(&visit).await?;
    let months = posted.get("months").trim();
    let months = match months {
        "" => Ok(None),
        text => text.parse::<i32>().map(Some).map_err(|_| PrivacyRefusal::Wrong("months")),
    };
    let day = posted.get("valid_from").parse().map_err(|_| PrivacyRefusal::Wrong("valid_from"));
    let (months, valid_from) = match (months, day) {
        (Ok(months), Ok(day)) => (months, day),
        (Err(refusal), _) | (_, Err(refusal)) => {
            return refused(&visit, posted, "rule", &refusal).await;
        }
    };
    let ctx = visit.ctx();
    let (kind, basis) = (posted.get("kind").to_owned(), posted.get("basis").to_owned());
    let rule = Rule { kind, valid_from, months, basis, set_at: ctx.now };
    let done = visit.site().db().write(move |tx| act::set_rule(tx, &ctx, &shelf, &rule)).await;
    let said = visit.t("보존기간을 정했습니다.", "The rule has been put in force.");
    answered(&visit, posted, "rule", done, said).await
}

/// `POST /staff/privacy/hold`: number, reason.
pub(super) async fn hold(visit: Visit, posted: Posted) -> PageResult {
    let (_, know) = Shelf::of(&visit).await?;
    let (ctx, number) = (visit.ctx(), posted.get("number").to_owned());
    let reason = posted.get("reason").to_owned();
    let done =
        visit.site().db().write(move |tx| act::hold(tx, &ctx, &know, &number, &reason)).await;
    let said = visit.t("보존하기로 했습니다.", "The case is on hold.");
    answered(&visit, posted, "hold", done, said).await
}

/// `POST /staff/privacy/release`: hold.
pub(super) async fn release(visit: Visit, posted: Posted) -> PageResult {
    let id: Uuid = posted.get("hold").parse().unwrap_or_default();
    let ctx = visit.ctx();
    let done = visit.site().db().write(move |tx| act::release(tx, &ctx, id)).await;
    let said = visit.t("보존을 끝냈습니다.", "The hold has ended.");
    answered(&visit, posted, "release", done, said).await
}
