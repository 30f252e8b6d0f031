//! The same act on many cases: each succeeds or is refused by itself, and none is lost.

use maeul_base::{CaseId, Ctx, Failure, Fault, Refusal, StaffId, UnitId};
use maeul_db::Tx;

use crate::act::assign::{Assign, assign};
use crate::act::reassign::{Reassign, reassign};
use crate::act::take::{Take, take};
use crate::case::Case;
use crate::knowledge::Knowledge;
use crate::refusal::CaseRefusal;
use crate::store;

/// The most cases of one bulk act.
pub const MOST_AT_ONCE: usize = 200;

/// How one of many went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// The case.
    pub case: CaseId,
    /// Its receipt number, if there is such a case.
    pub number: Option<String>,
    /// Done, or why not, in the reader's language.
    pub done: Result<(), String>,
}

/// Many cases given to one officer.
#[derive(Clone, Debug)]
pub struct AssignMany {
    /// The cases.
    pub cases: Vec<CaseId>,
    /// The officer.
    pub to: StaffId,
}

/// Many cases passed to one unit.
#[derive(Clone, Debug)]
pub struct ReassignMany {
    /// The cases.
    pub cases: Vec<CaseId>,
    /// The unit; none: the coordinator decides.
    pub to: Option<UnitId>,
    /// Why.
    pub reason: String,
}

/// Takes each of the cases.
pub fn take_many(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    cases: &[CaseId],
) -> Result<Vec<Bulk>, Fault> {
    each(tx, ctx, cases, |tx, case| take(tx, ctx, know, &Take { case, version: None }))
}

/// Gives each of the cases to the officer.
pub fn assign_many(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &AssignMany,
) -> Result<Vec<Bulk>, Fault> {
    each(tx, ctx, &input.cases, |tx, case| {
        assign(tx, ctx, know, &Assign { case, version: None, to: input.to })
    })
}

/// Passes each of the cases on.
pub fn reassign_many(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &ReassignMany,
) -> Result<Vec<Bulk>, Fault> {
    each(tx, ctx, &input.cases, |tx, case| {
        let one = Reassign { case, version: None, to: input.to, reason: input.reason.clone() };
        reassign(tx, ctx, know, &one)
    })
}

pub(crate) fn each<R: Refusal>(
    tx: &mut Tx,
    ctx: &Ctx,
    cases: &[CaseId],
    act: impl Fn(&mut Tx, CaseId) -> Result<Case, Failure<R>>,
) -> Result<Vec<Bulk>, Fault> {
    let mut results = Vec::with_capacity(cases.len());
    for (index, &case) in cases.iter().enumerate() {
        if cases.iter().take(index).any(|before| *before == case) {
            continue;
        }
        if index >= MOST_AT_ONCE {
            let said = ctx.lang.t(
                "한 번에 200건까지 할 수 있습니다. 나머지는 다시 골라 주십시오.",
                "At most 200 at a time. Please select the rest again.",
            );
            results.push(Bulk { case, number: None, done: Err(said.to_owned()) });
            continue;
        }
        let (done, known) = match tx.attempt(|tx| act(tx, case)) {
            Ok(_) => (Ok(()), true),
            // What they may not know of has no number for them.
            Err(Failure::Refused(refusal)) => {
                (Err(refusal.say(ctx.lang)), refusal.code() != CaseRefusal::NotFound.code())
            }
            Err(Failure::Fault(fault)) => return Err(fault),
        };
        let number = if known { store::number_of(tx, ctx.office, case)? } else { None };
        results.push(Bulk { case, number, done });
    }
    Ok(results)
}
