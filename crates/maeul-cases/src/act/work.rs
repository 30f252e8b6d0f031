//! What all acts on a case begin and end with: load, may they, still as seen; record.

use maeul_base::{CaseId, Ctx, Failure, Role, StaffId, UnitId};
use maeul_db::Tx;

use crate::case::Case;
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::refusal::{CaseRefusal, refused};
use crate::store;

/// A case in the hands of a member of staff.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) case: Case,
    pub(crate) staff: StaffId,
    pub(crate) role: Role,
}

/// Loads the case for the acting member of staff.
///
/// `seen` is the version their page showed: if the case went on since, they are told.
pub(crate) fn begin<R: From<CaseRefusal>>(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: CaseId,
    seen: Option<i64>,
) -> Result<Work, Failure<R>> {
    let (staff, unit, role) = ctx.actor.staff().ok_or_else(|| refused(CaseRefusal::StaffOnly))?;
    if role == Role::Administrator {
        return Err(refused(CaseRefusal::NotFound));
    }
    let case = store::load(tx, ctx.office, id)?.ok_or_else(|| refused(CaseRefusal::NotFound))?;
    if !may_work(know, role, unit, &case) {
        return Err(refused(CaseRefusal::NotYours));
    }
    if seen.is_some_and(|seen| seen != case.version) {
        return Err(refused(CaseRefusal::ChangedMeanwhile));
    }
    Ok(Work { case, staff, role })
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

/// Whether someone of that role and unit works this case: the coordinator any, the others those of
/// their own unit and its parts.
pub(crate) fn may_work(know: &Knowledge, role: Role, unit: UnitId, case: &Case) -> bool {
    may_work_unit(know, role, unit, case.unit)
}

/// As [`may_work`], of a case whose unit is `of`.
pub(crate) fn may_work_unit(
    know: &Knowledge,
    role: Role,
    unit: UnitId,
    of: Option<UnitId>,
) -> bool {
    match role {
        Role::Coordinator => true,
        Role::Administrator => false,
        Role::Officer | Role::Head => of.is_some_and(|of| know.units_around(unit).contains(&of)),
    }
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
