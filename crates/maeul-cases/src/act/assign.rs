//! Assign: a case is given to an officer of its unit.

use maeul_base::{CaseId, Ctx, Failure, StaffId};
use maeul_db::Tx;

use crate::act::work::{begin_open, record};
use crate::case::Case;
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::permissions::CASES_WORK;
use crate::reach::Reach;
use crate::refusal::refusals;

/// Which case, to whom.
#[derive(Clone, Copy, Debug)]
pub struct Assign {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// The officer.
    pub to: StaffId,
}

refusals! {
    /// Why a case cannot be given to that officer.
    AssignRefusal {
        /// It stands in no unit's queue.
        NoUnit = "assign.no_unit", 409, None,
            "담당 부서가 아직 없는 민원입니다. 먼저 부서를 정해 주십시오.",
            "This case has no unit yet. Please choose a unit first.";
        /// There is no such officer in the unit today.
        NotOfUnit = "assign.not_of_unit", 422, Some("to"),
            "이 부서에서 지금 일하는 담당자를 골라 주십시오.",
            "Please choose an officer who works in this unit now.";
        /// An administrator works no cases.
        WorksNoCases = "assign.works_no_cases", 422, Some("to"),
            "전산 담당에게는 민원을 맡길 수 없습니다.",
            "An administrator cannot be given a case.";
    }
}

/// Gives a case to an officer of its unit.
pub fn assign(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Assign,
) -> Result<Case, Failure<AssignRefusal>> {
    let work = begin_open::<AssignRefusal>(tx, ctx, know, input.case, input.version)?;
    let mut case = work.case;
    let unit = case.unit.ok_or(Failure::Refused(AssignRefusal::NoUnit))?;
    if case.assignee == Some(input.to) {
        return Ok(case);
    }
    let officer = maeul_people::staff_by_id(tx, ctx.office, input.to)?;
    let today = ctx.today();
    let officer = officer
        .filter(|staff| staff.valid_from <= today && staff.valid_to.is_none_or(|to| today < to))
        .ok_or(Failure::Refused(AssignRefusal::NotOfUnit))?;
    let rights = maeul_people::rights(tx, ctx.office, officer.id, officer.unit, today)?;
    if !rights.has(&CASES_WORK) {
        return Err(Failure::Refused(AssignRefusal::WorksNoCases));
    }
    // Who works the whole office is given what their own unit works.
    let near = know.units_around(officer.unit).contains(&unit);
    let reach = Reach::of_rights(officer.id, &rights, know, &CASES_WORK);
    if !(reach.has(&case) && (near || !reach.is_office())) {
        return Err(Failure::Refused(AssignRefusal::NotOfUnit));
    }
    record::<AssignRefusal>(tx, ctx, &mut case, [Event::Assigned { to: officer.id }])?;
    Ok(case)
}
