//! One act on many cases of a queue: each is done or tells why not, and none is lost.

use askama::Template;
use axum::http::StatusCode;
use maeul_base::{CaseId, Failure, Never, StaffId, UnitId};
use maeul_web::{PageCtx, PageResult, Posted, Visit, page, page_with};

use super::{colleagues, units, which};
use crate::web::desk::{self, know};
use crate::web::form::Errors;
use crate::{Knowledge, act, read};

/// The most cases of one press: two pages of a queue.
const MOST: usize = 100;

/// A case that could not be done.
struct Left {
    id: String,
    href: String,
    number: String,
    why: String,
}

#[derive(Template)]
#[template(path = "cases/staff/bulk.html")]
struct BulkPage {
    c: PageCtx,
    back: String,
    slug: String,
    /// What was pressed: take, assign, suggested or reassign.
    act: String,
    done: Vec<String>,
    left: Vec<Left>,
    /// The cases still to be done, to be sent again with what is missing.
    chosen: Vec<(String, String)>,
    asking: bool,
    colleagues: Vec<(String, String)>,
    units: Vec<(String, String)>,
    to: String,
    unit: String,
    reason: String,
    errors: Errors,
}

/// `POST /staff/queue/bulk`: queue, case (any number), act, to, unit, reason.
pub(crate) async fn submit(visit: Visit, posted: Posted) -> PageResult {
    let fields = &posted.fields;
    let slug = which::parse(fields.get("queue")).map_or_else(|| "mine".to_owned(), which::slug);
    let back = format!("/staff/queue/{slug}");
    let mut cases: Vec<CaseId> = Vec::new();
    for id in fields.all("case").filter_map(|id| id.parse().ok()) {
        if !cases.contains(&id) {
            cases.push(id);
        }
    }
    if cases.is_empty() {
        let text = visit.t("먼저 민원을 고르십시오.", "Choose some cases first.");
        return Ok(visit.redirect_with(&back, text));
    }
    let know = know(&visit).await?;
    let mut errors = Errors::default();
    if cases.len() > MOST {
        errors.add(
            "chosen",
            visit.t(
                "한 번에 100건까지 할 수 있습니다. 나누어 고르십시오.",
                "Up to 100 cases at a time, please.",
            ),
        );
        cases.truncate(MOST);
    }
    let wanted = wanted(&visit, fields, &mut errors);
    let (Some(wanted), true) = (wanted, errors.is_empty()) else {
        // A first press without a unit asks for it; a second one says what is missing.
        let status =
            if posted.has("asked") { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let errors = if posted.has("asked") { errors } else { Errors::default() };
        let chosen = named(&visit, &know, cases).await?;
        return page_with(status, &ask(&visit, &know, &posted, slug, chosen, errors).await?);
    };
    let results = desk::write(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        let done = match &wanted {
            Wanted::Take => act::take_many(tx, ctx, know, &cases),
            Wanted::Suggested => act::accept_many(tx, ctx, know, &cases),
            Wanted::Assign(to) => {
                let input = act::AssignMany { cases: cases.clone(), to: *to };
                act::assign_many(tx, ctx, know, &input)
            }
            Wanted::Reassign(to, reason) => {
                let input =
                    act::ReassignMany { cases: cases.clone(), to: *to, reason: reason.clone() };
                act::reassign_many(tx, ctx, know, &input)
            }
        };
        done.map_err(Failure::<Never>::from)
    })
    .await
    .map_err(maeul_web::WebError::from)?;
    let (mut done, mut left) = (Vec::new(), Vec::new());
    for one in results {
        let number = one.number.unwrap_or_else(|| visit.t("없는 민원", "No such case").to_owned());
        match one.done {
            Ok(()) => done.push(number),
            Err(why) => left.push(Left {
                href: format!("{}/staff/case/{}", visit.base(), one.case),
                id: one.case.to_string(),
                number,
                why,
            }),
        }
    }
    if left.is_empty() {
        return Ok(visit.redirect_with(&back, &all_done(&visit, done.len())));
    }
    let mut template = ask(&visit, &know, &posted, slug, Vec::new(), Errors::default()).await?;
    template.asking = false;
    template.done = done;
    template.left = left;
    page(&template)
}

fn all_done(visit: &Visit, n: usize) -> String {
    match visit.lang() {
        maeul_base::Lang::Ko => format!("{n}건을 모두 처리했습니다."),
        maeul_base::Lang::En => format!("All {n} done."),
    }
}

enum Wanted {
    Take,
    /// Each to the first suggestion, where it is sure.
    Suggested,
    Assign(StaffId),
    /// To a unit, or to the coordinator.
    Reassign(Option<UnitId>, String),
}

fn wanted(visit: &Visit, fields: &maeul_web::Fields, errors: &mut Errors) -> Option<Wanted> {
    match fields.get("act") {
        "take" => Some(Wanted::Take),
        "suggested" => Some(Wanted::Suggested),
        "assign" => {
            let to = fields.get("to").parse().ok().map(Wanted::Assign);
            if to.is_none() {
                errors.add("to", visit.t("누구에게 맡길지 고르십시오.", "Choose a colleague."));
            }
            to
        }
        _ => {
            let to = unit_of(fields.get("unit"));
            if to.is_none() {
                errors.add("unit", visit.t("어느 부서로 보낼지 고르십시오.", "Choose a unit."));
            }
            let reason = fields.get("reason").to_owned();
            if reason.is_empty() {
                errors.add(
                    "reason",
                    visit.t("옮기는 까닭을 적으십시오.", "Say why it is passed on."),
                );
            }
            to.map(|to| Wanted::Reassign(to, reason))
        }
    }
}

/// A unit chosen from the list; `coordinator` is nobody's queue.
pub(crate) fn unit_of(text: &str) -> Option<Option<UnitId>> {
    if text == "coordinator" { Some(None) } else { text.parse().ok().map(Some) }
}

/// Number and title of the chosen cases that the reader may see.
async fn named(
    visit: &Visit,
    know: &Knowledge,
    cases: Vec<CaseId>,
) -> Result<Vec<(String, String)>, maeul_web::WebError> {
    let named = desk::read(visit, visit.ctx(), know, move |tx, ctx, know| {
        let mut named = Vec::new();
        for id in &cases {
            match read::case_page(tx, ctx, know, *id) {
                Ok(found) => {
                    let text = format!("{} {}", found.case.number, found.case.title);
                    named.push((id.to_string(), text));
                }
                Err(Failure::Refused(_)) => {}
                Err(Failure::Fault(fault)) => return Err(fault),
            }
        }
        Ok(named)
    })
    .await?;
    Ok(named)
}

async fn ask(
    visit: &Visit,
    know: &Knowledge,
    posted: &Posted,
    slug: String,
    chosen: Vec<(String, String)>,
    errors: Errors,
) -> Result<BulkPage, maeul_web::WebError> {
    let people = desk::read(visit, visit.ctx(), know, colleagues).await?;
    let queue = which::parse(&slug).unwrap_or(read::Queue::Mine);
    Ok(BulkPage {
        c: visit.page(which::nav(queue)),
        back: format!("{}/staff/queue/{slug}", visit.base()),
        slug,
        act: posted.get("act").to_owned(),
        done: Vec::new(),
        left: Vec::new(),
        chosen,
        asking: true,
        colleagues: people.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        units: units(visit, know),
        to: posted.get("to").to_owned(),
        unit: posted.get("unit").to_owned(),
        reason: posted.get("reason").to_owned(),
        errors,
    })
}
