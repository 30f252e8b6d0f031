//! Purge: what a case holds of people is taken out for good, in its row, its history, its photos and
//! its messages. What happened and when stays, without words; the purge itself is an event.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::{Tx, search};

use crate::act::work::{begin, may, record, words_or};
use crate::case::Case;
use crate::event::{Event, Purged};
use crate::knowledge::Knowledge;
use crate::permissions::CASES_PURGE;
use crate::read::TABLE;
use crate::refusal::{CaseRefusal, refusals};
use crate::store;

/// Which case, what of it, why.
#[derive(Clone, Debug)]
pub struct Purge {
    /// The case.
    pub case: CaseId,
    /// Title, body, answers, letters and every other text; the messages that were sent.
    pub words: bool,
    /// Names, telephones, e-mail addresses, and the links by which they follow the case.
    pub contacts: bool,
    /// The photos.
    pub photos: bool,
    /// Why: which retention period ended, or whose request it is.
    pub reason: String,
}

refusals! {
    /// Why nothing is purged.
    PurgeRefusal {
        /// No reason is given.
        ReasonMissing = "purge.reason_missing", 422, Some("reason"),
            "지우는 까닭을 적어 주십시오. 기록에 남습니다.", "Please give the reason; it stays in the history.";
        /// The reason is too long.
        ReasonTooLong = "purge.reason_too_long", 422, Some("reason"),
            "까닭은 1,000자 안으로 적어 주십시오.", "Please keep the reason to 1,000 characters.";
        /// Nothing is named.
        Nothing = "purge.nothing", 422, None,
            "무엇을 지울지 고르십시오: 글, 연락처, 사진.", "Choose what to purge: words, contacts, photos.";
        /// An answer is owed, and cannot be given without words and contacts.
        Open = "purge.open", 409, None,
            "아직 답하지 않은 민원의 글과 연락처는 지울 수 없습니다. 사진은 지울 수 있습니다.",
            "Words and contacts of a case that is not answered yet cannot be purged; photos can.";
        /// A message is on its way.
        Sending = "purge.sending", 409, None,
            "아직 나가지 않은 안내가 있습니다. 모두 나간 뒤에 다시 해 주십시오.",
            "A message is still on its way. Please try again when all have gone out.";
        /// Only heads and coordinators may.
        NotAllowed = "purge.not_allowed", 403, None,
            "팀장·과장이나 민원조정관만 지울 수 있습니다.", "Only heads and coordinators can purge.";
    }
}

/// Takes it out for good. It cannot be undone; copies in backups end with the backups.
pub fn purge(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Purge,
) -> Result<Case, Failure<PurgeRefusal>> {
    let reason =
        words_or(&input.reason, 1_000, PurgeRefusal::ReasonMissing, PurgeRefusal::ReasonTooLong)?;
    if !(input.words || input.contacts || input.photos) {
        return Err(Failure::Refused(PurgeRefusal::Nothing));
    }
    let work = begin::<PurgeRefusal>(tx, ctx, know, input.case, None)?;
    if !may(ctx, know, &CASES_PURGE, &work.case) {
        return Err(Failure::Refused(PurgeRefusal::NotAllowed));
    }
    if work.case.state.is_open() && (input.words || input.contacts) {
        return Err(Failure::Refused(PurgeRefusal::Open));
    }
    let purged =
        Purged { words: input.words, contacts: input.contacts, photos: input.photos, reason };
    take_out(tx, ctx, work.case, purged)
}

/// Takes it out of a case that is answered because a rule of retention says so, or because the person
/// asked for it and it was granted: whoever calls has looked whether it may be.
pub fn purge_by_rule(
    tx: &mut Tx,
    ctx: &Ctx,
    id: CaseId,
    purged: Purged,
) -> Result<Case, Failure<PurgeRefusal>> {
    let case = store::load(tx, ctx.office, id)?
        .ok_or(Failure::Refused(PurgeRefusal::Case(CaseRefusal::NotFound)))?;
    if case.state.is_open() {
        return Err(Failure::Refused(PurgeRefusal::Open));
    }
    take_out(tx, ctx, case, purged)
}

fn take_out(
    tx: &mut Tx,
    ctx: &Ctx,
    mut case: Case,
    purged: Purged,
) -> Result<Case, Failure<PurgeRefusal>> {
    if purged.words {
        case = store::purge_words(tx, ctx.office, case.id)?;
        search::remove(tx, TABLE, ctx.office, case.id)?;
    }
    if (purged.words || purged.contacts) && maeul_notice::purge_case(tx, ctx.office, case.id)? > 0 {
        return Err(Failure::Refused(PurgeRefusal::Sending));
    }
    if purged.contacts {
        store::purge_contacts(tx, ctx.office, case.id)?;
    }
    if purged.photos {
        store::delete_case_photos(tx, ctx.office, case.id)?;
    }
    record::<PurgeRefusal>(tx, ctx, &mut case, [Event::Purged(purged)])?;
    Ok(case)
}
