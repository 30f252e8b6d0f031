//! The administrator's page: the calendar of the office, and jobs that could not be done.

use askama::Template;
use axum::http::StatusCode;
use jiff::civil::Date;
use maeul_base::{Failure, JobId, Refusal, seoul};
use maeul_org::{HolidayKind, NewHoliday};
use maeul_web::{Errors, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

struct HolidayLine {
    day: String,
    name: String,
    kind: &'static str,
    basis: String,
}

struct DeadLine {
    id: String,
    kind: String,
    error: String,
    at: String,
}

#[derive(Default)]
struct Typed {
    on: String,
    name_ko: String,
    name_en: String,
    kind: String,
    basis: String,
}

#[derive(Template)]
#[template(path = "app/admin.html")]
struct AdminPage {
    c: PageCtx,
    holidays: Vec<HolidayLine>,
    dead: Vec<DeadLine>,
    waiting: i64,
    typed: Typed,
    errors: Errors,
}

async fn build(visit: &Visit) -> Result<AdminPage, WebError> {
    let (office, lang) = (visit.office().id, visit.lang());
    let (holidays, dead, pending) = visit
        .site()
        .db()
        .read(move |tx| {
            Ok::<_, maeul_base::Fault>((
                maeul_org::holidays(tx, office)?,
                maeul_queue::dead(tx, Some(office), 50)?,
                maeul_queue::pending_counts(tx)?,
            ))
        })
        .await?;
    Ok(AdminPage {
        c: visit.page("admin"),
        holidays: holidays
            .into_iter()
            .map(|day| HolidayLine {
                day: seoul::day_text(day.on_day, lang),
                name: lang.t(&day.name_ko, &day.name_en).to_owned(),
                kind: match day.kind {
                    HolidayKind::Temporary => lang.t("임시공휴일", "Temporary holiday"),
                    HolidayKind::Local => lang.t("지방공휴일", "Local holiday"),
                },
                basis: day.basis,
            })
            .collect(),
        dead: dead
            .into_iter()
            .map(|job| DeadLine {
                id: job.id.to_string(),
                kind: job.kind,
                error: job.last_error.unwrap_or_default(),
                at: seoul::time_text(job.done_at, lang),
            })
            .collect(),
        waiting: pending.iter().filter(|it| it.state == "ready").map(|it| it.count).sum(),
        typed: Typed::default(),
        errors: Errors::default(),
    })
}

/// `GET /staff/admin`
pub(crate) async fn show(visit: Visit) -> PageResult {
    page(&build(&visit).await?)
}

/// `POST /staff/admin/holiday`: on, name_ko, name_en, kind, basis. Open cases whose due time
/// moves are recomputed by a job, each with an event and a notice.
pub(crate) async fn add_holiday(visit: Visit, posted: Posted) -> PageResult {
    let typed = Typed {
        on: posted.get("on").to_owned(),
        name_ko: posted.get("name_ko").to_owned(),
        name_en: posted.get("name_en").to_owned(),
        kind: posted.get("kind").to_owned(),
        basis: posted.get("basis").to_owned(),
    };
    let Ok(on_day) = typed.on.parse::<Date>() else {
        let text = visit.t("날짜를 2026-10-02처럼 적어 주십시오.", "Write the date as 2026-10-02.");
        return refuse(&visit, typed, "on", text.to_owned()).await;
    };
    let new = NewHoliday {
        on_day,
        name_ko: typed.name_ko.clone(),
        name_en: typed.name_en.clone(),
        kind: if typed.kind == "local" { HolidayKind::Local } else { HolidayKind::Temporary },
        basis: typed.basis.clone(),
    };
    let ctx = visit.ctx();
    let done = visit.site().db().write(move |tx| maeul_org::add_holiday(tx, &ctx, &new)).await;
    match done {
        Ok(_) => Ok(visit.redirect_with(
            "/staff/admin",
            visit.t(
                "휴일을 넣었습니다. 처리 중인 민원의 기한을 다시 계산합니다.",
                "The holiday has been added. Running due times are being recomputed.",
            ),
        )),
        Err(Failure::Refused(refusal)) => {
            let field = refusal.field().unwrap_or("on").to_owned();
            refuse(&visit, typed, &field, refusal.say(visit.lang())).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

async fn refuse(visit: &Visit, typed: Typed, field: &str, text: String) -> PageResult {
    let mut template = build(visit).await?;
    template.typed = typed;
    template.errors = Errors::one(field, text);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

/// `POST /staff/admin/revive`: job. Tries a dead job again.
pub(crate) async fn revive(visit: Visit, posted: Posted) -> PageResult {
    let job: JobId = posted.get("job").parse().map_err(|_| WebError::not_found())?;
    let (office, now) = (visit.office().id, visit.now());
    visit.site().db().write(move |tx| maeul_queue::revive(tx, office, job, now)).await?;
    Ok(visit.redirect_with("/staff/admin", visit.t("다시 시도합니다.", "It will be tried again.")))
}
