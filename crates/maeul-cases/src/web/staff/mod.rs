//! The officers' desk: queues, the case page, answering, counter entry, search and figures.

mod acts;
mod answer;
mod bulk;
mod case;
mod counter;
mod export;
mod groups;
mod import;
mod line;
mod open;
mod place;
mod queue;
mod reveal;
mod said;
mod search;
mod stats;
mod suggested;
mod which;

use maeul_base::{CaseId, Failure, Fault, StaffId};
use maeul_db::Tx;
use maeul_web::{Access, Routes, Visit, WebError};

use super::{Opened, note_open};
use crate::permissions::{
    ANSWER_APPROVE, CASES_ENTER, CASES_OPEN, CASES_REVEAL, CASES_SEE, CASES_WORK,
};
use crate::{CaseRefusal, Knowledge, read};

/// Every page of the desk with who may use it.
pub(crate) fn routes() -> Routes {
    let see = Access::Staff(&CASES_SEE);
    let work = Access::Staff(&CASES_WORK);
    let reveal = Access::Staff(&CASES_REVEAL);
    let emergency = Access::Staff(&CASES_OPEN);
    let enter = Access::Staff(&CASES_ENTER);
    let approve = Access::Staff(&ANSWER_APPROVE);
    Routes::new()
        .get("/staff/queue/{queue}", see, queue::show)
        .post("/staff/queue/bulk", work, bulk::submit)
        .post("/staff/queue/accept", work, suggested::accept_in_queue)
        .get("/staff/groups", work, groups::show)
        .post("/staff/groups", work, groups::submit)
        .get("/staff/search", see, search::show)
        .get("/staff/open", emergency, open::form)
        .post("/staff/open", emergency, open::submit)
        .get("/staff/stats", see, stats::show)
        .get("/staff/counter", enter, counter::form)
        .get("/staff/counter/suggest", enter, counter::suggest)
        .post("/staff/counter", enter, counter::submit)
        .get("/staff/case/{case}", see, case::show)
        .get("/staff/case/{case}/photo/{photo}", see, case::photo)
        .post("/staff/case/{case}/take", work, acts::take)
        .post("/staff/case/{case}/assign", work, acts::assign)
        .post("/staff/case/{case}/reassign", work, acts::reassign)
        .post("/staff/case/{case}/note", work, acts::note)
        .post("/staff/case/{case}/ask", work, acts::ask)
        .post("/staff/case/{case}/reclassify", work, acts::reclassify)
        .post("/staff/case/{case}/suggested", work, suggested::accept)
        .post("/staff/case/{case}/part", work, groups::part)
        .post("/staff/case/{case}/reopen", work, acts::reopen)
        .post("/staff/case/{case}/approve", approve, acts::approve)
        .post("/staff/case/{case}/return", approve, acts::return_draft)
        .get("/staff/case/{case}/place", work, place::form)
        .post("/staff/case/{case}/place", work, place::submit)
        .post("/staff/case/{case}/reveal", reveal, reveal::submit)
        .get("/staff/case/{case}/answer", work, answer::form)
        .post("/staff/case/{case}/answer", work, answer::submit)
        .merge(import::routes())
}

/// The case as its staff page shows it; a refusal becomes a page of its own.
async fn load(visit: &Visit, know: &Knowledge, case: CaseId) -> Result<read::CasePage, WebError> {
    let (ctx, know) = (visit.ctx(), know.clone());
    let found = visit.site().db().read(move |tx| read::case_page(tx, &ctx, &know, case)).await;
    found.map_err(|failure: Failure<CaseRefusal>| failure.into())
}

/// The case, and that its words were read.
async fn open(visit: &Visit, know: &Knowledge, case: CaseId) -> Result<read::CasePage, WebError> {
    let found = load(visit, know, case).await?;
    note(visit, &found).await?;
    Ok(found)
}

/// As [`open()`], for a page on which the case is worked: who only sees it is told so.
async fn open_to_work(
    visit: &Visit,
    know: &Knowledge,
    case: CaseId,
) -> Result<read::CasePage, WebError> {
    let found = load(visit, know, case).await?;
    if !found.rights.work {
        return Err(WebError::refusal(&CaseRefusal::NotYours));
    }
    note(visit, &found).await?;
    Ok(found)
}

async fn note(visit: &Visit, found: &read::CasePage) -> Result<(), WebError> {
    let case = found.case.id;
    let fields: &[&str] = if found.case.photos > 0 { &["words", "photos"] } else { &["words"] };
    let opened =
        Opened { kind: "case", id: case.0, case: Some(case), owner: found.case.unit, fields };
    note_open(visit, opened).await?;
    Ok(())
}

/// The colleagues who work the same cases, for a list.
fn colleagues(
    tx: &mut Tx,
    ctx: &maeul_base::Ctx,
    know: &Knowledge,
) -> Result<Vec<(StaffId, String)>, Fault> {
    let Some((_, unit)) = ctx.actor.staff() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for unit in know.units_around(unit) {
        let people = maeul_people::staff_of_unit(tx, ctx.office, unit, ctx.today())?;
        found.extend(people.into_iter().map(|one| (one.id, one.name)));
    }
    Ok(found)
}

/// Id and name of every unit in force, for a list.
fn units(visit: &Visit, know: &Knowledge) -> Vec<(String, String)> {
    let today = maeul_base::seoul::date(visit.now());
    let mut units: Vec<_> = know.chart().units().filter(|unit| unit.in_force(today)).collect();
    units.sort_by(|a, b| a.code.cmp(&b.code));
    units
        .into_iter()
        .map(|unit| (unit.id.to_string(), unit.name(visit.lang()).to_owned()))
        .collect()
}
