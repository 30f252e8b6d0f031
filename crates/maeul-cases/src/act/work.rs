//! What all acts on a case begin and end with: load, may they, still as seen; record.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Failure, Fault, Permission, StaffId};
use maeul_db::Tx;

use crate::case::Case;
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::permissions::{CASES_SEE, CASES_WORK};
use crate::reach::Reach;
use crate::refusal::{CaseRefusal, refused};
use crate::store;

/// A case in the hands of a member of staff.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) case: Case,
    pub(crate) staff: StaffId,
}

/// Loads the case for a member of staff who may see it. For anybody else there is no such case.
pub(crate) fn see<R: From<CaseRefusal>>(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: CaseId,
) -> Result<Work, Failure<R>> {
    let (staff, _) = ctx.actor.staff().ok_or_else(|| refused(CaseRefusal::StaffOnly))?;
    let case = store::load(tx, ctx.office, id)?.ok_or_else(|| refused(CaseRefusal::NotFound))?;
    if may(ctx, know, &CASES_SEE, &case) || opened_to(tx, ctx, id)?.is_some() {
        Ok(Work { case, staff })
    } else {
        Err(refused(CaseRefusal::NotFound))
    }
}

/// Loads the case for the acting member of staff, who works it.
///
/// `seen` is the version their page showed: if the case went on since, they are told.
pub(crate) fn begin<R: From<CaseRefusal>>(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: CaseId,
    seen: Option<i64>,
) -> Result<Work, Failure<R>> {
    let work = see(tx, ctx, know, id)?;
    if !may(ctx, know, &CASES_WORK, &work.case) {
        return Err(refused(CaseRefusal::NotYours));
    }
    if seen.is_some_and(|seen| seen != work.case.version) {
        return Err(refused(CaseRefusal::ChangedMeanwhile));
    }
    Ok(work)
}

/// Until when the case stands open to the acting member of staff in an emergency, if it does.
pub(crate) fn opened_to(tx: &mut Tx, ctx: &Ctx, id: CaseId) -> Result<Option<Timestamp>, Fault> {
    let Some(staff) = ctx.actor.staff_id() else { return Ok(None) };
    maeul_people::open_until(tx, ctx.office, staff, (OPENED, id.0), ctx.now)
}

/// The kind under which openings of cases are kept.
pub(crate) const OPENED: &str = "case";

/// Whether the acting member of staff has the permission over this case.
pub(crate) fn may(ctx: &Ctx, know: &Knowledge, permission: &Permission, case: &Case) -> bool {
    Reach::of(ctx, know, permission).has(case)
}

/// As [`begin`], for what can only be done while an answer is owed.
pub(crate) fn begin_open<R: From<CaseRefusal>>(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: CaseId,
    seen: Option<i64>,
) -> Result<Work, Failure<R>> {
    let work = begin(tx, ctx, know, id, seen)?;
    if work.case.state.is_open() { Ok(work) } else { Err(refused(CaseRefusal::AlreadyAnswered)) }
}

/// Records the events and makes them part of the case.
pub(crate) fn record<R: From<CaseRefusal>>(
    tx: &mut Tx,
    ctx: &Ctx,
    case: &mut Case,
    events: impl IntoIterator<Item = Event>,
) -> Result<(), Failure<R>> {
    store::append(tx, ctx, case, events)?.map_err(|changed| refused(changed.into()))
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextProblem {
    Missing,
    TooLong,
}

/// A text as it is kept: line breaks of one kind, no control characters, no spaces around.
pub(crate) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text
        .chars()
        .filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
        .collect();
    kept.trim().to_owned()
}

/// A text that must be there and not be longer than `most` letters.
pub(crate) fn words(text: &str, most: usize) -> Result<String, TextProblem> {
    let text = clean(text);
    if text.is_empty() {
        Err(TextProblem::Missing)
    } else if text.chars().count() > most {
        Err(TextProblem::TooLong)
    } else {
        Ok(text)
    }
}

/// As [`words`], as an act's own refusals.
pub(crate) fn words_or<R>(
    text: &str,
    most: usize,
    missing: R,
    too_long: R,
) -> Result<String, Failure<R>> {
    words(text, most).map_err(|problem| {
        Failure::Refused(match problem {
            TextProblem::Missing => missing,
            TextProblem::TooLong => too_long,
        })
    })
}

/// The most letters of a message, a note or a reason.
pub(crate) const LONGEST_TEXT: usize = 4_000;
