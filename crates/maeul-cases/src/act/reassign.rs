//! Reassign: a case is passed on to another unit, with a reason that stays in its history.

use maeul_base::{CaseId, Ctx, Failure, UnitId};
use maeul_db::Tx;

use crate::act::work::{begin_open, record, words_or};
use crate::case::Case;
use crate::event::{Event, Reassigned};
use crate::hours::{TRANSFER_LIMIT_MINUTES, working_minutes};
use crate::knowledge::Knowledge;
use crate::permissions::COORDINATE;
use crate::refusal::refusals;

/// The hop that goes to the coordinator instead of a third unit: nobody's case wanders for ever.
pub const LAST_HOP: i32 = 3;

/// Longest reason, in letters.
const LONGEST_REASON: usize = 1_000;

/// Which case, to which unit, why.
#[derive(Clone, Debug)]
pub struct Reassign {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// The unit; none: the coordinator decides.
    pub to: Option<UnitId>,
    /// Why.
    pub reason: String,
}

refusals! {
    /// Why a case cannot be passed on.
    ReassignRefusal {
        /// No reason is given.
        ReasonMissing = "reassign.reason_missing", 422, Some("reason"),
            "넘기는 까닭을 적어 주십시오. 다음 부서와 민원인이 볼 기록에 남습니다.",
            "Please give the reason: it stays in the history for the next unit.";
        /// The reason is too long.
        ReasonTooLong = "reassign.reason_too_long", 422, Some("reason"),
            "까닭은 1,000자 안으로 적어 주십시오.", "Please keep the reason to 1,000 characters.";
        /// It is there already.
        SameUnit = "reassign.same_unit", 422, Some("to"),
            "이미 그 부서의 민원입니다. 다른 부서를 골라 주십시오.",
            "The case is already with that unit. Please choose another.";
        /// There is no such unit today.
        NoSuchUnit = "reassign.no_such_unit", 422, Some("to"),
            "지금 있는 부서를 골라 주십시오.", "Please choose a unit that exists today.";
    }
}

/// Passes a case on. The third hop goes to the coordinator, whatever unit was asked for, unless
/// the coordinator does it.
pub fn reassign(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Reassign,
) -> Result<Case, Failure<ReassignRefusal>> {
    let reason = words_or(
        &input.reason,
        LONGEST_REASON,
        ReassignRefusal::ReasonMissing,
        ReassignRefusal::ReasonTooLong,
    )?;
    let work = begin_open::<ReassignRefusal>(tx, ctx, know, input.case, input.version)?;
    let mut case = work.case;
    if input.to == case.unit {
        return Err(Failure::Refused(ReassignRefusal::SameUnit));
    }
    if let Some(to) = input.to
        && !know.chart().unit(to).is_some_and(|unit| unit.in_force(ctx.today()))
    {
        return Err(Failure::Refused(ReassignRefusal::NoSuchUnit));
    }
    let coordinates = ctx.actor.may(&COORDINATE);
    let hop = case.hops + i32::from(!coordinates);
    let stopped = !coordinates && hop >= LAST_HOP && input.to.is_some();
    let passed = Reassigned {
        from: case.unit,
        to: if stopped { None } else { input.to },
        proposed: if stopped { input.to } else { None },
        reason,
        hop,
        held_minutes: working_minutes(know.calendar(), case.unit_since, ctx.now),
        limit_minutes: TRANSFER_LIMIT_MINUTES,
    };
    record::<ReassignRefusal>(tx, ctx, &mut case, [Event::Reassigned(Box::new(passed))])?;
    Ok(case)
}
