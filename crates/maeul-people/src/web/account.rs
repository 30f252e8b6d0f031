//! Accounts, what each may do now and could do before, and giving and ending it.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use jiff::civil::Date;
use maeul_base::{Failure, Fault, Refusal, Role, StaffId, seoul};
use maeul_web::{Errors, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};
use serde::Deserialize;

use super::words::{Line, Names, days};
use crate::act::grant::{GrantRefusal, NewGrant};
use crate::grant::{Grant, GrantScope};
use crate::id::GrantId;
use crate::{Staff, all_rights, end_grant, grant, grants, read};

#[derive(Deserialize, Default)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
}

struct Person {
    href: String,
    name: String,
    login: String,
    unit: String,
    roles: String,
    ended: bool,
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct ListPage {
    c: PageCtx,
    q: String,
    people: Vec<Person>,
}

/// `GET /staff/admin/people?q=`
pub(super) async fn list(visit: Visit, Query(wanted): Query<Wanted>) -> PageResult {
    let (office, lang, today) = (visit.office().id, visit.lang(), seoul::date(visit.now()));
    let (staff, rights, names) = visit
        .site()
        .db()
        .read(move |tx| {
            Ok::<_, Fault>((
                read::all_staff(tx, office)?,
                all_rights(tx, office, today)?,
                Names::load(tx, office, today)?,
            ))
        })
        .await?;
    let q = wanted.q.trim().to_lowercase();
    let people = staff.into_iter().map(|it| Person {
        href: format!("{}/staff/admin/people/{}", visit.base(), it.id),
        unit: names.unit(it.unit, lang).to_owned(),
        roles: rights.get(&it.id).map_or_else(String::new, |rights| {
            let roles = rights.roles();
            roles.iter().map(|role| role.name(lang)).collect::<Vec<_>>().join(" · ")
        }),
        ended: !it.in_force(today),
        name: it.name,
        login: it.login,
    });
    let fits = |it: &Person| {
        [&it.name, &it.login, &it.unit, &it.roles]
            .iter()
            .any(|text| text.to_lowercase().contains(&q))
    };
    page(&ListPage { c: visit.page("admin"), people: people.filter(fits).collect(), q: wanted.q })
}

/// What is typed into the form.
#[derive(Clone, Default)]
struct Typed {
    role: String,
    scope: String,
    unit: String,
    dong: String,
    from: String,
    last: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "people/account.html")]
struct AccountPage {
    c: PageCtx,
    here: String,
    name: String,
    login: String,
    unit: String,
    position: &'static str,
    period: String,
    oneself: bool,
    ended: bool,
    lines: Vec<Line>,
    roles: Vec<(&'static str, &'static str)>,
    units: Vec<(String, String)>,
    dongs: Vec<(String, String)>,
    typed: Typed,
    errors: Errors,
}

impl AccountPage {
    fn none_now(&self) -> bool {
        self.lines.iter().all(|it| it.over)
    }

    fn some_over(&self) -> bool {
        self.lines.iter().any(|it| it.over)
    }
}

/// The person with everything they were given.
async fn load(visit: &Visit, id: StaffId) -> Result<(Staff, Vec<Grant>, Names), WebError> {
    let (office, today) = (visit.office().id, seoul::date(visit.now()));
    let (staff, grants, names) = visit
        .site()
        .db()
        .read(move |tx| {
            Ok::<_, Fault>((
                read::staff_by_id(tx, office, id)?,
                grants(tx, office, id)?,
                Names::load(tx, office, today)?,
            ))
        })
        .await?;
    Ok((staff.ok_or_else(WebError::not_found)?, grants, names))
}

async fn build(visit: &Visit, id: StaffId, typed: Typed) -> Result<AccountPage, WebError> {
    let (staff, grants, names) = load(visit, id).await?;
    let (lang, today) = (visit.lang(), seoul::date(visit.now()));
    Ok(AccountPage {
        c: visit.page("admin"),
        here: format!("{}/staff/admin/people/{id}", visit.base()),
        unit: names.unit(staff.unit, lang).to_owned(),
        position: staff.role.name(lang),
        period: days(staff.valid_from, staff.valid_to, lang),
        oneself: visit.staff().is_some_and(|it| it.id == id),
        ended: !staff.in_force(today),
        lines: grants.iter().map(|it| Line::of(it, &names, today, lang)).collect(),
        roles: Role::ALL.iter().map(|role| (role.as_str(), role.name(lang))).collect(),
        units: names
            .units
            .iter()
            .map(|it| (it.0.to_string(), lang.t(&it.1, &it.2).to_owned()))
            .collect(),
        dongs: names
            .dongs
            .iter()
            .map(|it| (it.0.clone(), lang.t(&it.1, &it.2).to_owned()))
            .collect(),
        name: staff.name,
        login: staff.login,
        typed,
        errors: Errors::default(),
    })
}

/// `GET /staff/admin/people/{staff}`
pub(super) async fn show(visit: Visit, Path(id): Path<StaffId>) -> PageResult {
    let from = seoul::date(visit.now()).to_string();
    let typed = Typed { scope: "own_unit".to_owned(), from, ..Typed::default() };
    page(&build(&visit, id, typed).await?)
}

async fn refuse(
    visit: &Visit,
    id: StaffId,
    typed: Typed,
    (status, field, text): (u16, &str, String),
) -> PageResult {
    let mut template = build(visit, id, typed).await?;
    template.errors = Errors::one(field, text);
    page_with(StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &template)
}

#[derive(Template)]
#[template(path = "people/grant_confirm.html")]
struct ConfirmPage {
    c: PageCtx,
    here: String,
    name: String,
    role: &'static str,
    scope: String,
    days: String,
    typed: Typed,
}

/// What the form asks for, or which field is wrong.
fn asked(visit: &Visit, staff: StaffId, typed: &Typed) -> Result<NewGrant, (&'static str, String)> {
    let wrong = |field, ko, en| (field, visit.t(ko, en).to_owned());
    let day = |field, text: &str| {
        text.parse::<Date>().map_err(|_| {
            wrong(field, "날짜를 2026-10-02처럼 적어 주십시오.", "Write the date as 2026-10-02.")
        })
    };
    let role = Role::parse(&typed.role)
        .ok_or_else(|| wrong("role", "역할을 골라 주십시오.", "Please choose a role."))?;
    let scope = match typed.scope.as_str() {
        "own" => GrantScope::Own,
        "own_unit" => GrantScope::OwnUnit,
        "office" => GrantScope::Office,
        "unit" => GrantScope::Unit(
            typed
                .unit
                .parse()
                .map_err(|_| wrong("unit", "부서를 골라 주십시오.", "Please choose a unit."))?,
        ),
        "dong" => GrantScope::Dong(
            typed
                .dong
                .parse()
                .map_err(|_| wrong("dong", "동을 골라 주십시오.", "Please choose a dong."))?,
        ),
        _ => return Err(wrong("scope", "범위를 골라 주십시오.", "Please choose over what.")),
    };
    let from = day("from", &typed.from)?;
    let until = match typed.last.as_str() {
        "" => None,
        last => day("until", last)?.tomorrow().ok(),
    };
    Ok(NewGrant { staff, role, scope, from, until, reason: typed.reason.clone() })
}

/// `POST /staff/admin/people/{staff}/grant`: role, scope, unit, dong, from, until, reason, sure. Without
/// `sure` it is only tried, and shown once more before it is done.
pub(super) async fn submit(visit: Visit, Path(id): Path<StaffId>, posted: Posted) -> PageResult {
    let field = |name: &str| posted.get(name).to_owned();
    let typed = Typed {
        role: field("role"),
        scope: field("scope"),
        unit: field("unit"),
        dong: field("dong"),
        from: field("from"),
        last: field("until"),
        reason: field("reason"),
    };
    let new = match asked(&visit, id, &typed) {
        Ok(new) => new,
        Err((field, text)) => return refuse(&visit, id, typed, (422, field, text)).await,
    };
    let sure = posted.has("sure");
    let (ctx, wanted) = (visit.ctx(), new.clone());
    let done = visit
        .site()
        .db()
        .write(move |tx| {
            if sure {
                return grant(tx, &ctx, &wanted).map(drop);
            }
            // Tried and undone: what would be refused is said before anybody confirms it.
            let tried = tx.attempt(|tx| match grant(tx, &ctx, &wanted) {
                Ok(_) => Err(Tried::Fits),
                Err(failure) => Err(Tried::Not(failure)),
            });
            match tried {
                Ok(()) | Err(Tried::Fits) => Ok(()),
                Err(Tried::Not(failure)) => Err(failure),
            }
        })
        .await;
    match done {
        Ok(()) if sure => {
            let said = visit.t("권한을 주었습니다. 바로 적용됩니다.", "Given. It holds at once.");
            Ok(visit.redirect_with(&format!("/staff/admin/people/{id}"), said))
        }
        Ok(()) => {
            let (staff, _, names) = load(&visit, id).await?;
            let lang = visit.lang();
            page(&ConfirmPage {
                c: visit.page("admin"),
                here: format!("{}/staff/admin/people/{id}", visit.base()),
                name: staff.name,
                role: new.role.name(lang),
                scope: names.scope(&new.scope, lang),
                days: days(new.from, new.until, lang),
                typed,
            })
        }
        Err(Failure::Refused(refusal)) => {
            let field = refusal.field().unwrap_or("role");
            let told = (refusal.status(), field, refusal.say(visit.lang()));
            refuse(&visit, id, typed, told).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// What came of a grant that was only tried.
enum Tried {
    Fits,
    Not(Failure<GrantRefusal>),
}

impl From<Fault> for Tried {
    fn from(fault: Fault) -> Self {
        Self::Not(fault.into())
    }
}

#[derive(Template)]
#[template(path = "people/grant_end.html")]
struct EndPage {
    c: PageCtx,
    here: String,
    back: String,
    name: String,
    line: Line,
    reason: String,
    error: String,
}

async fn end_page(
    visit: &Visit,
    (id, wanted): (StaffId, GrantId),
    reason: String,
    error: String,
) -> Result<EndPage, WebError> {
    let (staff, grants, names) = load(visit, id).await?;
    let found = grants.iter().find(|it| it.id == wanted).ok_or_else(WebError::not_found)?;
    let back = format!("{}/staff/admin/people/{id}", visit.base());
    Ok(EndPage {
        c: visit.page("admin"),
        here: format!("{back}/grants/{wanted}"),
        back,
        name: staff.name,
        line: Line::of(found, &names, seoul::date(visit.now()), visit.lang()),
        reason,
        error,
    })
}

/// `GET /staff/admin/people/{staff}/grants/{grant}`: what ends, before it ends.
pub(super) async fn confirm_end(visit: Visit, Path(which): Path<(StaffId, GrantId)>) -> PageResult {
    page(&end_page(&visit, which, String::new(), String::new()).await?)
}

/// `POST /staff/admin/people/{staff}/grants/{grant}`: reason.
pub(super) async fn end(
    visit: Visit,
    Path(which): Path<(StaffId, GrantId)>,
    posted: Posted,
) -> PageResult {
    let (staff, id) = which;
    // The address names both: a grant of somebody else is not ended from here.
    end_page(&visit, which, String::new(), String::new()).await?;
    let (ctx, reason) = (visit.ctx(), posted.get("reason").to_owned());
    let why = reason.clone();
    let done = visit.site().db().write(move |tx| end_grant(tx, &ctx, id, &why)).await;
    match done {
        Ok(_) => {
            let said = visit.t("권한을 끝냈습니다. 바로 적용됩니다.", "Ended. It holds at once.");
            Ok(visit.redirect_with(&format!("/staff/admin/people/{staff}"), said))
        }
        Err(Failure::Refused(refusal)) => {
            let status = StatusCode::from_u16(refusal.status());
            let template = end_page(&visit, which, reason, refusal.say(visit.lang())).await?;
            page_with(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &template)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
