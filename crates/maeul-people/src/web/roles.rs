//! What each role may do, and what the office changed of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use jiff::civil::Date;
use maeul_base::{Failure, Fault, Lang, Permission, Refusal, Role, seoul};
use maeul_web::{Errors, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

use super::words::{Names, days};
use crate::act::role::{NewRoleChange, RoleRefusal, change_role, end_role_change};
use crate::grant::Standing;
use crate::id::RoleChangeId;
use crate::role::RoleChangeEntry;
use crate::store::role::role_changes;

/// Every permission that the rooms of this house declare.
#[derive(Clone, Debug)]
pub struct Declared(pub Arc<[&'static Permission]>);

impl Declared {
    /// The one of that name.
    pub fn named(&self, name: &str) -> Option<&'static Permission> {
        self.0.iter().copied().find(|it| it.name == name)
    }
}

/// A permission with a cell for each role.
struct Row {
    what: &'static str,
    name: &'static str,
    cells: Vec<Cell>,
}

struct Cell {
    /// ●, +, − or nothing.
    mark: &'static str,
    /// The same for who does not see the mark.
    said: &'static str,
}

struct Line {
    href: String,
    what: String,
    role: &'static str,
    change: &'static str,
    days: String,
    standing: &'static str,
    badge: &'static str,
    over: bool,
    by: String,
    reason: String,
    ended: String,
}

/// What is typed into the form.
#[derive(Clone, Default)]
struct Typed {
    role: String,
    permission: String,
    act: String,
    from: String,
    last: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "people/roles.html")]
struct RolesPage {
    c: PageCtx,
    roles: Vec<(&'static str, &'static str)>,
    rows: Vec<Row>,
    lines: Vec<Line>,
    typed: Typed,
    errors: Errors,
}

fn cell(permission: &Permission, role: Role, in_force: &[&RoleChangeEntry], lang: Lang) -> Cell {
    let changed = in_force.iter().find(|it| it.role == role && it.permission == permission.name);
    let (mark, said) = match (changed.map(|it| it.given), permission.roles.contains(&role)) {
        (Some(true), _) => ("＋", lang.t("기관이 줌", "given by the office")),
        (Some(false), _) => ("−", lang.t("기관이 뗌", "taken away by the office")),
        (None, true) => ("●", lang.t("있음", "yes")),
        (None, false) => ("", ""),
    };
    Cell { mark, said }
}

fn line(
    it: &RoleChangeEntry,
    declared: &Declared,
    names: &Names,
    base: &str,
    (today, lang): (Date, Lang),
) -> Line {
    let standing = it.standing(today);
    let what = declared.named(&it.permission);
    let who = |id| names.who(id, lang);
    let ended = it.ended_at.map(|at| {
        let why = it.end_reason.as_deref().unwrap_or_default();
        format!("{} · {} · {why}", seoul::time_text(at, lang), who(it.ended_by))
    });
    Line {
        href: format!("{base}/staff/admin/roles/{}", it.id),
        what: what.map_or(it.permission.as_str(), |it| lang.t(it.what.0, it.what.1)).to_owned(),
        role: it.role.name(lang),
        change: if it.given { lang.t("더함", "Given") } else { lang.t("뗌", "Taken away") },
        days: days(it.from, it.until, lang),
        standing: standing.name(lang),
        badge: match standing {
            Standing::Ahead => "badge-wait",
            Standing::InForce => "badge-done",
            Standing::Over => "badge-plain",
        },
        over: standing == Standing::Over,
        by: format!("{} · {}", seoul::time_text(it.changed_at, lang), who(it.changed_by)),
        reason: it.reason.clone(),
        ended: ended.unwrap_or_default(),
    }
}

async fn load(visit: &Visit) -> Result<(Vec<RoleChangeEntry>, Names), WebError> {
    let (office, today) = (visit.office().id, seoul::date(visit.now()));
    Ok(visit
        .site()
        .db()
        .read(move |tx| {
            Ok::<_, Fault>((role_changes(tx, office)?, Names::load(tx, office, today)?))
        })
        .await?)
}

async fn build(visit: &Visit, typed: Typed) -> Result<RolesPage, WebError> {
    let declared = visit.site().room::<Declared>()?;
    let (changes, names) = load(visit).await?;
    let (lang, today) = (visit.lang(), seoul::date(visit.now()));
    let in_force: Vec<_> =
        changes.iter().filter(|it| it.standing(today) == Standing::InForce).collect();
    let rows = declared.0.iter().map(|it| Row {
        what: lang.t(it.what.0, it.what.1),
        name: it.name,
        cells: Role::ALL.iter().map(|role| cell(it, *role, &in_force, lang)).collect(),
    });
    let lines = changes.iter().map(|it| line(it, declared, &names, visit.base(), (today, lang)));
    Ok(RolesPage {
        c: visit.page("admin"),
        roles: Role::ALL.iter().map(|role| (role.as_str(), role.name(lang))).collect(),
        rows: rows.collect(),
        lines: lines.collect(),
        typed,
        errors: Errors::default(),
    })
}

/// `GET /staff/admin/roles`
pub(super) async fn show(visit: Visit) -> PageResult {
    let from = seoul::date(visit.now()).to_string();
    page(&build(&visit, Typed { from, act: "take".to_owned(), ..Typed::default() }).await?)
}

fn asked(
    visit: &Visit,
    declared: &Declared,
    typed: &Typed,
) -> Result<NewRoleChange, (&'static str, String)> {
    let wrong = |field, ko, en| (field, visit.t(ko, en).to_owned());
    let day = |field, text: &str| {
        text.parse::<Date>().map_err(|_| {
            wrong(field, "날짜를 2026-10-02처럼 적어 주십시오.", "Write the date as 2026-10-02.")
        })
    };
    let role = Role::parse(&typed.role)
        .ok_or_else(|| wrong("role", "역할을 골라 주십시오.", "Please choose a role."))?;
    let permission = declared
        .named(&typed.permission)
        .ok_or_else(|| ("permission", RoleRefusal::NoPermission.say(visit.lang())))?;
    let from = day("from", &typed.from)?;
    let until = match typed.last.as_str() {
        "" => None,
        last => day("until", last)?.tomorrow().ok(),
    };
    let (given, reason) = (typed.act == "give", typed.reason.clone());
    Ok(NewRoleChange { role, permission, given, from, until, reason })
}

/// `POST /staff/admin/roles`: role, permission, act (give | take), from, until, reason.
pub(super) async fn submit(visit: Visit, posted: Posted) -> PageResult {
    let field = |name: &str| posted.get(name).to_owned();
    let typed = Typed {
        role: field("role"),
        permission: field("permission"),
        act: field("act"),
        from: field("from"),
        last: field("until"),
        reason: field("reason"),
    };
    let declared = visit.site().room::<Declared>()?.clone();
    let told = match asked(&visit, &declared, &typed) {
        Err((field, text)) => (422, field, text),
        Ok(new) => {
            let ctx = visit.ctx();
            let done = visit.site().db().write(move |tx| change_role(tx, &ctx, &new)).await;
            match done {
                Ok(_) => {
                    let said = visit
                        .t("역할을 바꾸었습니다. 바로 적용됩니다.", "Changed. It holds at once.");
                    return Ok(visit.redirect_with("/staff/admin/roles", said));
                }
                Err(Failure::Refused(refusal)) => {
                    let field = refusal.field().unwrap_or("role");
                    (refusal.status(), field, refusal.say(visit.lang()))
                }
                Err(Failure::Fault(fault)) => return Err(fault.into()),
            }
        }
    };
    let (status, field, text) = told;
    let mut template = build(&visit, typed).await?;
    template.errors = Errors::one(field, text);
    page_with(StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &template)
}

#[derive(Template)]
#[template(path = "people/role_end.html")]
struct EndPage {
    c: PageCtx,
    line: Line,
    reason: String,
    error: String,
}

async fn end_page(
    visit: &Visit,
    id: RoleChangeId,
    (reason, error): (String, String),
) -> Result<EndPage, WebError> {
    let declared = visit.site().room::<Declared>()?;
    let (changes, names) = load(visit).await?;
    let found = changes.iter().find(|it| it.id == id).ok_or_else(WebError::not_found)?;
    let at = (seoul::date(visit.now()), visit.lang());
    let line = line(found, declared, &names, visit.base(), at);
    Ok(EndPage { c: visit.page("admin"), line, reason, error })
}

/// `GET /staff/admin/roles/{change}`: what ends, before it ends.
pub(super) async fn confirm_end(visit: Visit, Path(id): Path<RoleChangeId>) -> PageResult {
    page(&end_page(&visit, id, Default::default()).await?)
}

/// `POST /staff/admin/roles/{change}`: reason.
pub(super) async fn end(visit: Visit, Path(id): Path<RoleChangeId>, posted: Posted) -> PageResult {
    let (ctx, reason) = (visit.ctx(), posted.get("reason").to_owned());
    let why = reason.clone();
    match visit.site().db().write(move |tx| end_role_change(tx, &ctx, id, &why)).await {
        Ok(_) => {
            let said = visit.t(
                "변경을 끝냈습니다. 역할은 바로 처음대로입니다.",
                "Ended. The role is at once as it was.",
            );
            Ok(visit.redirect_with("/staff/admin/roles", said))
        }
        Err(Failure::Refused(refusal)) => {
            let status = StatusCode::from_u16(refusal.status());
            let told = (reason, refusal.say(visit.lang()));
            let template = end_page(&visit, id, told).await?;
            page_with(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &template)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
