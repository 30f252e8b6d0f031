//! Take: an officer makes a case their own.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;

use crate::act::work::{begin_open, record};
use crate::case::Case;
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::refusal::refusals;

/// Which case.
#[derive(Clone, Copy, Debug)]
pub struct Take {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
}

refusals! {
    /// Why a case cannot be taken.
    TakeRefusal {
        /// It stands in no unit's queue.
        NoUnit = "take.no_unit", 409, None,
            "담당 부서가 아직 없는 민원입니다. 먼저 부서를 정해 주십시오.",
            "This case has no unit yet. Please choose a unit first.";
        /// Someone else has it.
        Taken = "take.taken", 409, None,
            "다른 담당자가 이미 맡은 민원입니다. 바꾸려면 '담당자 지정'을 쓰십시오.",
            "Another officer already has this case. Use \u{201c}assign\u{201d} to change that.";
    }
}

/// Takes a case; one's own again changes nothing.
pub fn take(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Take,
) -> Result<Case, Failure<TakeRefusal>> {
    let work = begin_open::<TakeRefusal>(tx, ctx, know, input.case, input.version)?;
    let mut case = work.case;
    if case.unit.is_none() {
        return Err(Failure::Refused(TakeRefusal::NoUnit));
    }
    match case.assignee {
        Some(officer) if officer == work.staff => Ok(case),
        Some(_) => Err(Failure::Refused(TakeRefusal::Taken)),
        None => {
            record::<TakeRefusal>(tx, ctx, &mut case, [Event::Taken { by: work.staff }])?;
            Ok(case)
        }
    }
}
