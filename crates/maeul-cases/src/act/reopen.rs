//! Reopen: an answered case is worked again, with a due time counted anew.

use maeul_base::{CaseId, Ctx, Failure, PartyId};
use maeul_db::Tx;

use crate::act::work::{begin, record, words_or};
use crate::case::Case;
use crate::due::ExplainedDue;
use crate::event::{Event, Reopened, ReopenedBy};
use crate::knowledge::Knowledge;
use crate::refusal::{CaseRefusal, refusals};
use crate::words::Bilingual;
use crate::{notify, texts};

/// Which case, why.
#[derive(Clone, Debug)]
pub struct Reopen {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// Why.
    pub reason: String,
}

refusals! {
    /// Why a case cannot be opened again.
    ReopenRefusal {
        /// No reason is given.
        ReasonMissing = "reopen.reason_missing", 422, Some("reason"),
            "다시 처리해야 하는 까닭을 적어 주세요.", "Please say why it should be looked at again.";
        /// The reason is too long.
        ReasonTooLong = "reopen.reason_too_long", 422, Some("reason"),
            "까닭은 4,000자 안으로 적어 주세요.", "Please keep the reason to 4,000 characters.";
        /// It is open.
        StillOpen = "reopen.still_open", 409, None,
            "아직 처리하고 있어요. 덧붙일 말은 메시지로 보내 주세요.",
            "It is still being worked on. Please send a message instead.";
        /// The time for it is over.
        TooLate = "reopen.too_late", 409, None,
            "답변한 지 30일이 지나 다시 열 수 없어요. 새로 신고해 주세요.",
            "The answer is more than 30 days old. Please send a new report.";
    }
}

/// Opens an answered case again, by staff.
pub fn reopen(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Reopen,
) -> Result<Case, Failure<ReopenRefusal>> {
    let reason =
        words_or(&input.reason, 4_000, ReopenRefusal::ReasonMissing, ReopenRefusal::ReasonTooLong)?;
    let mut case = begin::<ReopenRefusal>(tx, ctx, know, input.case, input.version)?.case;
    if case.state.is_open() {
        return Err(Failure::Refused(ReopenRefusal::StillOpen));
    }
    let words = Bilingual::new(reason.clone(), reason);
    open_again(tx, ctx, know, &mut case, ReopenedBy::Staff, None, &words)?;
    Ok(case)
}

/// Opens it, counts anew, sends it to whoever stands in its unit's place today, tells the parties.
pub(crate) fn open_again<R: From<CaseRefusal>>(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: &mut Case,
    by: ReopenedBy,
    party: Option<PartyId>,
    reason: &Bilingual,
) -> Result<(), Failure<R>> {
    let service = case.service.as_deref().and_then(|code| know.service(code));
    let due = ExplainedDue::for_case(
        know.calendar(),
        ctx.now,
        service,
        case.petition_kind,
        case.anonymous,
    );
    let reopened = Reopened { by, party, reason: reason.get(case.lang).to_owned(), due };
    let moved = successor(ctx, know, case);
    let events = [Event::Reopened(Box::new(reopened))].into_iter().chain(moved);
    record::<R>(tx, ctx, case, events)?;
    let effect = format!("reopened {}", case.version);
    let due = case.due.as_ref();
    // What one resident wrote is not passed on to the others.
    let asked = Bilingual::new(
        "답변이 부족하다는 요청이 있었어요.",
        "A resident asked for a better answer.",
    );
    let told = if by == ReopenedBy::Resident { &asked } else { reason };
    notify::tell_all(tx, ctx, know, case, &effect, |lang, about| {
        texts::reopened(lang, about, due, told.get(lang))
    })?;
    Ok(())
}

/// The unit may have ended since.
fn successor(ctx: &Ctx, know: &Knowledge, case: &Case) -> Option<Event> {
    let today = ctx.today();
    let unit = case.unit?;
    if know.chart().unit(unit).is_some_and(|unit| unit.in_force(today)) {
        return None;
    }
    let duty = case
        .service
        .as_deref()
        .and_then(|code| know.service(code))
        .map(|service| service.duty.as_str());
    let next = know.chart().successor(unit, duty, today).map(|unit| unit.id);
    let why = Bilingual::new(
        "담당 부서가 바뀌어 일을 이어받은 부서로 보냅니다.",
        "The unit has ended; its successor takes over.",
    );
    Some(Event::Routed { unit: next, why })
}
