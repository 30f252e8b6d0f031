//! Draft an answer, and hand it in for approval.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;

use crate::act::answer::{AnswerRefusal, check_answer, trim_answer};
use crate::act::work::{begin_open, record};
use crate::case::Case;
use crate::event::{Answer, Event};
use crate::knowledge::Knowledge;
use crate::words::State;

/// The draft of an answer, complete or not.
#[derive(Clone, Debug)]
pub struct DraftAnswer {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// The draft.
    pub answer: Answer,
}

/// Which draft is handed in.
#[derive(Clone, Copy, Debug)]
pub struct Submit {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
}

/// Keeps a draft; it may still lack parts.
pub fn draft_answer(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &DraftAnswer,
) -> Result<Case, Failure<AnswerRefusal>> {
    let answer = trim_answer(&input.answer).map_err(Failure::Refused)?;
    let work = begin_open::<AnswerRefusal>(tx, ctx, know, input.case, input.version)?;
    let mut case = work.case;
    if case.unit.is_none() {
        return Err(Failure::Refused(AnswerRefusal::NoUnit));
    }
    // The same draft saved again is no news, unless it waits for approval and so comes back.
    if case.draft.as_ref() == Some(&answer) && case.state != State::Approval {
        return Ok(case);
    }
    let taken = case.assignee.is_none().then_some(Event::Taken { by: work.staff });
    let drafted = Event::Drafted { answer };
    record::<AnswerRefusal>(tx, ctx, &mut case, taken.into_iter().chain([drafted]))?;
    Ok(case)
}

/// Hands the draft in; every required part must be there.
pub fn submit_for_approval(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Submit,
) -> Result<Case, Failure<AnswerRefusal>> {
    let work = begin_open::<AnswerRefusal>(tx, ctx, know, input.case, input.version)?;
    let mut case = work.case;
    let draft = case.draft.as_ref().ok_or(Failure::Refused(AnswerRefusal::NoDraft))?;
    check_answer(draft, ctx.today()).map_err(Failure::Refused)?;
    if case.unit.is_none() {
        return Err(Failure::Refused(AnswerRefusal::NoUnit));
    }
    if case.state == State::Approval {
        return Ok(case);
    }
    record::<AnswerRefusal>(tx, ctx, &mut case, [Event::Submitted])?;
    Ok(case)
}
