//! Return a draft: the head sends it back to its officer with what to change.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;

use crate::act::work::{begin_open, may, record, words_or};
use crate::case::Case;
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::permissions::ANSWER_APPROVE;
use crate::refusal::refusals;
use crate::words::State;

/// Which draft, why.
#[derive(Clone, Debug)]
pub struct ReturnDraft {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// What to change.
    pub reason: String,
}

refusals! {
    /// Why a draft cannot be returned.
    ReturnRefusal {
        /// No reason is given.
        ReasonMissing = "return.reason_missing", 422, Some("reason"),
            "무엇을 고쳐야 하는지 적어 주십시오.", "Please say what should be changed.";
        /// The reason is too long.
        ReasonTooLong = "return.reason_too_long", 422, Some("reason"),
            "까닭은 1,000자 안으로 적어 주십시오.", "Please keep the reason to 1,000 characters.";
        /// Nothing waits for approval.
        NotSubmitted = "return.not_submitted", 409, None,
            "승인을 기다리는 답변이 없습니다.", "No answer is waiting for approval.";
        /// Only a head or the coordinator returns drafts.
        NotAllowed = "return.not_allowed", 403, None,
            "답변 초안은 팀장·과장이나 민원조정관이 돌려보낼 수 있습니다.",
            "Only a head or the coordinator can return a draft.";
    }
}

/// Sends the draft back.
pub fn return_draft(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &ReturnDraft,
) -> Result<Case, Failure<ReturnRefusal>> {
    let reason =
        words_or(&input.reason, 1_000, ReturnRefusal::ReasonMissing, ReturnRefusal::ReasonTooLong)?;
    let work = begin_open::<ReturnRefusal>(tx, ctx, know, input.case, input.version)?;
    if !may(ctx, know, &ANSWER_APPROVE, &work.case) {
        return Err(Failure::Refused(ReturnRefusal::NotAllowed));
    }
    let mut case = work.case;
    if case.state != State::Approval {
        return Err(Failure::Refused(ReturnRefusal::NotSubmitted));
    }
    record::<ReturnRefusal>(tx, ctx, &mut case, [Event::Returned { reason }])?;
    Ok(case)
}
