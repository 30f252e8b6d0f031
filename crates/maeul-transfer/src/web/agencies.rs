//! The administrator's page of agencies: the list with what does not fit, keys, and the file.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Failure, Fault, Refusal, seoul};
use maeul_web::{Errors, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

use super::{know, read, write};
use crate::act;
use crate::agency::Agency;
use crate::id::AgencyId;
use crate::import::{apply_agencies, plan_agencies, preview_agencies};
use crate::store;

struct Line {
    id: String,
    code: String,
    name: String,
    phone: String,
    endpoint: String,
    jurisdiction: String,
    format: &'static str,
    updates: bool,
    alarm_hours: i32,
    has_key: bool,
    active: bool,
    mapped: Vec<(String, String)>,
    /// What does not fit, and whether a case can be sent all the same.
    gaps: Vec<(String, String, bool)>,
    checked: String,
    failed: String,
}

#[derive(Template)]
#[template(path = "transfer/agencies.html")]
struct AgenciesPage {
    c: PageCtx,
    lines: Vec<Line>,
    text: String,
    tried: String,
    wrong: Vec<String>,
    errors: Errors,
}

async fn build(visit: &Visit) -> Result<AgenciesPage, WebError> {
    let know = know(visit).await?;
    let found = read(visit, &know, |tx, ctx, _| store::agencies(tx, ctx.office));
    let found: Vec<Agency> = found.await.map_err(|fault: Fault| WebError::fault(fault))?;
    let lang = visit.lang();
    let line = |it: Agency| Line {
        gaps: it
            .gaps()
            .into_iter()
            .map(|gap| {
                let service = know.service_name(&gap.service, lang).to_owned();
                (service, gap.what.get(lang).to_owned(), gap.passable)
            })
            .collect(),
        mapped: it
            .mapping
            .iter()
            .map(|mapped| {
                let ours = know.service_name(&mapped.service, lang).to_owned();
                let name = it.offer(&mapped.code).map_or("", |offer| offer.name.as_str());
                (ours, format!("{} {name}", mapped.code).trim().to_owned())
            })
            .collect(),
        checked: it.checked_at.map(|at| seoul::time_text(at, lang)).unwrap_or_default(),
        failed: it.check_failed.map(|why| why.get(lang).to_owned()).unwrap_or_default(),
        id: it.id.to_string(),
        name: it.name.get(lang).to_owned(),
        code: it.code,
        phone: it.phone,
        endpoint: it.endpoint,
        jurisdiction: it.jurisdiction,
        format: it.format.as_str(),
        updates: it.updates,
        alarm_hours: it.alarm_hours,
        has_key: it.has_key,
        active: it.active,
    };
    Ok(AgenciesPage {
        c: visit.page("admin"),
        lines: found.into_iter().map(line).collect(),
        text: String::new(),
        tried: String::new(),
        wrong: Vec::new(),
        errors: Errors::default(),
    })
}

/// `GET /staff/admin/agencies`
pub(super) async fn show(visit: Visit) -> PageResult {
    page(&build(&visit).await?)
}

/// `POST /staff/admin/agencies`: text, do = try | save. The file as `maeul import agencies` takes it.
pub(super) async fn import(visit: Visit, posted: Posted) -> PageResult {
    let (text, save) = (posted.get("text").to_owned(), posted.get("do") == "save");
    match take(&visit, &text, save).await? {
        Ok(_) if save => {
            let said = visit.t(
                "저장했습니다. 기관마다 목록을 확인하는 중입니다.",
                "Saved; each agency is being asked for its list.",
            );
            Ok(visit.redirect_with("/staff/admin/agencies", said))
        }
        Ok(report) => {
            let mut template = build(&visit).await?;
            template.text = text;
            template.tried = report.say(visit.lang());
            page(&template)
        }
        Err(wrong) => {
            let mut template = build(&visit).await?;
            template.text = text;
            template.wrong = wrong.iter().map(|it| it.say(visit.lang())).collect();
            let said = visit.t(
                "파일에 고칠 곳이 있습니다. 아무것도 저장하지 않았습니다.",
                "The file has lines to correct; nothing was saved.",
            );
            template.errors = Errors::one("text", said);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
    }
}

/// Tries the file out, or takes it.
async fn take(
    visit: &Visit,
    text: &str,
    save: bool,
) -> Result<Result<ImportReport, Vec<LineRefusal>>, WebError> {
    let file = match plan_agencies(text) {
        Ok(file) => file,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let know = know(visit).await?;
    let seal = visit.site().seal().clone();
    let done = if save {
        write(visit, &know, move |tx, ctx, _| apply_agencies(tx, ctx, &seal, &file)).await
    } else {
        read(visit, &know, move |tx, ctx, _| preview_agencies(tx, ctx.office, &file)).await
    };
    match done {
        Ok(report) => Ok(Ok(report)),
        Err(Failure::Refused(refused)) => Ok(Err(refused.0)),
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /staff/admin/agencies/{agency}/key`: key.
pub(super) async fn key(visit: Visit, Path(id): Path<AgencyId>, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let (key, seal) = (posted.get("key").to_owned(), visit.site().seal().clone());
    let done = write(&visit, &know, move |tx, ctx, _| act::set_key(tx, ctx, &seal, id, &key)).await;
    match done {
        Ok(agency) => {
            let said = visit.t("열쇠를 바꾸었습니다", "The key was changed");
            let name = agency.name(visit.lang());
            Ok(visit.redirect_with("/staff/admin/agencies", &format!("{said}: {name}")))
        }
        Err(Failure::Refused(refusal)) if refusal.field().is_some() => {
            let mut template = build(&visit).await?;
            template.errors = Errors::one(&format!("key-{id}"), refusal.say(visit.lang()));
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /staff/admin/agencies/{agency}/check`
pub(super) async fn check(visit: Visit, Path(id): Path<AgencyId>, _: Posted) -> PageResult {
    let know = know(&visit).await?;
    let agency = write(&visit, &know, move |tx, ctx, _| act::ask_agency(tx, ctx, id)).await?;
    let said = visit.t(
        "목록을 물었습니다. 잠시 뒤 이 화면을 새로 열어 보십시오",
        "The agency is being asked. Open this page again in a moment",
    );
    let name = agency.name(visit.lang());
    Ok(visit.redirect_with("/staff/admin/agencies", &format!("{said}: {name}")))
}
