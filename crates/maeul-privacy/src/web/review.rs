//! The monthly review: who looked how often, what is unusual, and that somebody has read it.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::ToSpan;
use jiff::civil::Date;
use maeul_base::{Failure, Fault, StaffId, seoul};
use maeul_cases::Knowledge;
use maeul_people::{Staff, all_staff, first_look, looks_between};
use maeul_web::{Errors, Fields, PageCtx, PageResult, Posted, Visit, WebError, page_with};

use super::status;
use crate::erasure::PrivacyRefusal;
use crate::review::{self, Marks};
use crate::{Shelf, act, store};

struct Line {
    name: String,
    unit: String,
    role: &'static str,
    opens: i64,
    contacts: i64,
    files: i64,
    unusual: Vec<String>,
}

struct Past {
    when: String,
    who: String,
    note: String,
    looks: i64,
    marked: i64,
    seq: i64,
}

struct MonthOption {
    value: String,
    name: String,
    reviewed: bool,
}

#[derive(Template)]
#[template(path = "privacy/review.html")]
struct ReviewPage {
    c: PageCtx,
    month: String,
    month_name: String,
    months: Vec<MonthOption>,
    lines: Vec<Line>,
    looks: i64,
    marked: usize,
    past: Vec<Past>,
    marks: [String; 3],
    note: String,
    errors: Errors,
}

/// `2026-06` as the first day of that month.
fn month_of(text: &str) -> Option<Date> {
    format!("{text}-01").parse().ok()
}

fn month_text(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn month_name(visit: &Visit, day: Date) -> String {
    visit
        .t(&format!("{}년 {}월", day.year(), day.month()), &day.strftime("%B %Y").to_string())
        .to_owned()
}

/// The month asked for; this month where none is.
fn asked(visit: &Visit, fields: &Fields) -> Result<Date, WebError> {
    let today = seoul::date(visit.now());
    match fields.opt("month") {
        Some(text) => month_of(text).ok_or_else(WebError::not_found),
        None => Ok(today.first_of_month()),
    }
}

/// What was typed and refused.
#[derive(Default)]
struct Typed {
    note: String,
    marks: Option<[String; 3]>,
    errors: Errors,
}

async fn build(visit: &Visit, month: Date, typed: Typed) -> Result<ReviewPage, WebError> {
    let (_, know) = Shelf::of(visit).await?;
    let (office, inner) = (visit.office().id, know.clone());
    let found = visit
        .site()
        .db()
        .read(move |tx| {
            Ok::<_, Fault>((
                review::month(tx, office, &inner, month)?,
                store::marks(tx, office)?,
                store::reviews(tx, office, month)?,
                store::reviewed_months(tx, office)?,
                first_look(tx, office)?,
                all_staff(tx, office)?,
            ))
        })
        .await?;
    let (sum, marks, past, reviewed, first, staff) = found;
    let lang = visit.lang();
    let mut lines: Vec<Line> = sum
        .lookers()
        .iter()
        .map(|(id, it)| {
            let (name, unit, role) = person(visit, &know, &staff, *id);
            let unusual = it.unusual(&marks).into_iter().map(|it| it.say(lang)).collect();
            let (opens, contacts, files) = (it.opens, it.contacts, it.files);
            Line { name, unit, role, opens, contacts, files, unusual }
        })
        .collect();
    lines.sort_by(|a, b| {
        (a.unusual.is_empty(), -a.contacts, &a.name).cmp(&(
            b.unusual.is_empty(),
            -b.contacts,
            &b.name,
        ))
    });
    let this = seoul::date(visit.now()).first_of_month();
    let earliest = first.map_or(this, Date::first_of_month).min(month);
    let mut months = Vec::new();
    let mut at = this.max(month);
    while at >= earliest && months.len() < 36 {
        months.push(MonthOption {
            value: month_text(at),
            name: month_name(visit, at),
            reviewed: reviewed.contains(&at),
        });
        let Ok(before) = at.checked_sub(1.month()) else { break };
        at = before;
    }
    Ok(ReviewPage {
        c: visit.page("admin"),
        month: month_text(month),
        month_name: month_name(visit, month),
        months,
        looks: sum.lookers().values().map(review::Looker::all).sum(),
        marked: lines.iter().filter(|it| !it.unusual.is_empty()).count(),
        lines,
        past: past
            .into_iter()
            .map(|it| Past {
                when: seoul::time_text(it.at, lang),
                who: it.name,
                note: it.note,
                looks: it.looks,
                marked: it.marked,
                seq: it.head_seq,
            })
            .collect(),
        marks: typed.marks.unwrap_or_else(|| {
            [marks.many_opens, marks.many_contacts, marks.same_case].map(|it| it.to_string())
        }),
        note: typed.note,
        errors: typed.errors,
    })
}

/// Name, unit and role of an officer as of today.
fn person(
    visit: &Visit,
    know: &Knowledge,
    staff: &[Staff],
    id: StaffId,
) -> (String, String, &'static str) {
    let Some(it) = staff.iter().find(|it| it.id == id) else {
        return (id.to_string(), String::new(), "");
    };
    let unit = know.unit_name(Some(it.unit), visit.lang()).to_owned();
    (it.name.clone(), unit, super::record::role_name(visit.lang(), it.role.as_str()))
}

/// `GET /staff/privacy?month=2026-06`
pub(super) async fn show(visit: Visit, RawQuery(query): RawQuery) -> PageResult {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let month = asked(&visit, &fields)?;
    page_with(StatusCode::OK, &build(&visit, month, Typed::default()).await?)
}

async fn again(visit: &Visit, month: Date, typed: Typed, refusal: &PrivacyRefusal) -> PageResult {
    let typed = Typed { errors: Errors::refused(visit.lang(), refusal, "main"), ..typed };
    page_with(status(refusal), &build(visit, month, typed).await?)
}

/// `POST /staff/privacy`: month, note.
pub(super) async fn submit(visit: Visit, posted: Posted) -> PageResult {
    let month = asked(&visit, &posted.fields)?;
    let (_, know) = Shelf::of(&visit).await?;
    let (ctx, note) = (visit.ctx(), posted.get("note").to_owned());
    let said = note.clone();
    let done = visit.site().db().write(move |tx| act::review(tx, &ctx, &know, month, &said)).await;
    match done {
        Ok(()) => Ok(visit.redirect_with(
            &format!("/staff/privacy?month={}", month_text(month)),
            visit.t("검토한 것으로 적었습니다.", "The review has been written down."),
        )),
        Err(Failure::Refused(refusal)) => {
            again(&visit, month, Typed { note, ..Typed::default() }, &refusal).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /staff/privacy/marks`: month, many_opens, many_contacts, same_case.
pub(super) async fn set_marks(visit: Visit, posted: Posted) -> PageResult {
    let month = asked(&visit, &posted.fields)?;
    let typed = ["many_opens", "many_contacts", "same_case"].map(|it| posted.get(it).to_owned());
    // What is no number is none that may be.
    let [many_opens, many_contacts, same_case] =
        [&typed[0], &typed[1], &typed[2]].map(|it| it.trim().parse().unwrap_or(0));
    let marks = Marks { many_opens, many_contacts, same_case };
    let ctx = visit.ctx();
    let done = visit.site().db().write(move |tx| act::set_marks(tx, &ctx, &marks)).await;
    match done {
        Ok(()) => Ok(visit.redirect_with(
            &format!("/staff/privacy?month={}", month_text(month)),
            visit.t("기준을 바꾸었습니다.", "The figures have been changed."),
        )),
        Err(Failure::Refused(refusal)) => {
            let typed = Typed { marks: Some(typed), ..Typed::default() };
            again(&visit, month, typed, &refusal).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// Looks in one read of the file.
const PAGE: i64 = 2_000;

/// `GET /staff/privacy/looks.csv?month=2026-06`: every look of the month, for a spreadsheet.
pub(super) async fn csv(visit: Visit, RawQuery(query): RawQuery) -> PageResult {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let month = asked(&visit, &fields)?;
    let (_, know) = Shelf::of(&visit).await?;
    let office = visit.office().id;
    let staff = visit.site().db().read(move |tx| all_staff(tx, office)).await?;
    let (from, until) = review::span(month)?;
    let mut out = String::from("\u{feff}");
    cells(
        &mut out,
        &[
            "at",
            "login",
            "name",
            "unit",
            "role",
            "act",
            "what",
            "id",
            "case",
            "fields",
            "people",
            "reason",
            "address",
            "outside_hours",
            "other_unit",
        ],
    );
    let mut after = None;
    loop {
        let page = visit
            .site()
            .db()
            .read(move |tx| looks_between(tx, office, from, until, after, PAGE))
            .await
            .map_err(|fault: Fault| fault)?;
        for it in &page {
            let who = staff.iter().find(|one| one.id == it.staff);
            let yes = |is: bool| if is { "1" } else { "0" };
            cells(
                &mut out,
                &[
                    &seoul::iso(it.at),
                    who.map_or("", |it| it.login.as_str()),
                    who.map_or("", |it| it.name.as_str()),
                    it.unit.map_or("", |unit| know.unit_name(Some(unit), visit.lang())),
                    &it.role,
                    it.act.as_str(),
                    &it.what_kind,
                    &it.what_id.to_string(),
                    &it.case.map(|case| case.to_string()).unwrap_or_default(),
                    &it.fields,
                    &it.people.to_string(),
                    &it.reason,
                    it.address.as_deref().unwrap_or_default(),
                    yes(review::is_outside(know.calendar(), it.at)),
                    yes(review::is_elsewhere(&know, it)),
                ],
            );
        }
        after = page.last().map(|it| (it.at, it.id));
        if page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            break;
        }
    }
    let name = format!("attachment; filename=\"maeul-looks-{}.csv\"", month_text(month));
    let kind = "text/csv; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], out).into_response())
}

/// One line. A cell that a spreadsheet would take for a formula is made text.
fn cells(out: &mut String, cells: &[&str]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push('"');
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            out.push('\'');
        }
        out.push_str(&cell.replace('"', "\"\"").replace(['\n', '\r'], " "));
        out.push('"');
    }
    out.push_str("\r\n");
}
