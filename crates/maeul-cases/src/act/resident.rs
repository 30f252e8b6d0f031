//! What a party to a case can do by their link: reply, rate the answer, have it opened again.

use jiff::ToSpan;
use jiff::civil::Date;
use maeul_base::{Ctx, Failure, PartyId, seoul};
use maeul_db::Tx;

use crate::act::reopen::{ReopenRefusal, open_again};
use crate::act::work::{LONGEST_TEXT, clean, record, words_or};
use crate::case::Case;
use crate::event::{Event, ReopenedBy};
use crate::knowledge::Knowledge;
use crate::read::Access;
use crate::refusal::{CaseRefusal, refusals, refused};
use crate::store;
use crate::words::Bilingual;

/// Days after the answer within which a party may have a case opened again. No law sets it.
pub const REOPEN_DAYS: i64 = 30;

/// What a party writes.
#[derive(Clone, Debug)]
pub struct ResidentReply {
    /// Their right to the case.
    pub access: Access,
    /// What.
    pub text: String,
}

/// How a party finds the answer.
#[derive(Clone, Debug)]
pub struct Rate {
    /// Their right to the case.
    pub access: Access,
    /// One (very dissatisfied) to five (very satisfied).
    pub score: i32,
    /// In their words.
    pub text: String,
}

/// Why a party wants it opened again.
#[derive(Clone, Debug)]
pub struct ResidentReopen {
    /// Their right to the case.
    pub access: Access,
    /// Why.
    pub reason: String,
}

refusals! {
    /// Why a reply cannot be taken.
    ReplyRefusal {
        /// Nothing is written.
        Missing = "reply.missing", 422, Some("text"),
            "보낼 내용을 적어 주세요.", "Please write your message.";
        /// It is too long.
        TooLong = "reply.too_long", 422, Some("text"),
            "내용은 4,000자 안으로 적어 주세요.", "Please keep to 4,000 characters.";
        /// It has been answered.
        Answered = "reply.answered", 409, None,
            "이미 답변이 나갔어요. 답변이 부족하면 '다시 살펴봐 주세요'를 눌러 주세요.",
            "It has been answered. If the answer is not enough, ask for it to be opened again.";
    }
}

refusals! {
    /// Why a rating cannot be taken.
    RateRefusal {
        /// There is no answer to rate.
        NotAnswered = "rate.not_answered", 409, None,
            "아직 답변이 나오지 않았어요.", "There is no answer yet.";
        /// The score is none of the five.
        NoSuchScore = "rate.no_such_score", 422, Some("score"),
            "만족도를 다섯 가지 가운데 하나로 골라 주세요.", "Please choose one of the five levels.";
        /// The words are too many.
        TooLong = "rate.too_long", 422, Some("text"),
            "의견은 1,000자 안으로 적어 주세요.", "Please keep to 1,000 characters.";
        /// This party has rated this answer.
        Again = "rate.again", 409, None,
            "이 답변은 이미 평가해 주셨어요. 고맙습니다.", "You have rated this answer. Thank you.";
    }
}

/// Loads the case behind a party's right.
fn theirs<R: From<CaseRefusal>>(
    tx: &mut Tx,
    ctx: &Ctx,
    access: &Access,
) -> Result<Case, Failure<R>> {
    store::load(tx, ctx.office, access.case)?.ok_or_else(|| refused(CaseRefusal::NotFound))
}

/// Takes a party's message; it also ends waiting for them.
pub fn resident_reply(
    tx: &mut Tx,
    ctx: &Ctx,
    _know: &Knowledge,
    input: &ResidentReply,
) -> Result<Case, Failure<ReplyRefusal>> {
    let text = words_or(&input.text, LONGEST_TEXT, ReplyRefusal::Missing, ReplyRefusal::TooLong)?;
    let mut case = theirs::<ReplyRefusal>(tx, ctx, &input.access)?;
    if !case.state.is_open() {
        return Err(Failure::Refused(ReplyRefusal::Answered));
    }
    let replied = Event::Replied { party: input.access.party, text };
    record::<ReplyRefusal>(tx, ctx, &mut case, [replied])?;
    Ok(case)
}

/// Takes a party's rating of the last answer, once.
pub fn rate(
    tx: &mut Tx,
    ctx: &Ctx,
    _know: &Knowledge,
    input: &Rate,
) -> Result<Case, Failure<RateRefusal>> {
    if !(1..=5).contains(&input.score) {
        return Err(Failure::Refused(RateRefusal::NoSuchScore));
    }
    let text = clean(&input.text);
    if text.chars().count() > 1_000 {
        return Err(Failure::Refused(RateRefusal::TooLong));
    }
    let mut case = theirs::<RateRefusal>(tx, ctx, &input.access)?;
    if case.state.is_open() {
        return Err(Failure::Refused(RateRefusal::NotAnswered));
    }
    let party = input.access.party;
    let events = store::events(tx, ctx.office, case.id)?;
    if rating_of(&events, party).is_some() {
        return Err(Failure::Refused(RateRefusal::Again));
    }
    let rated = Event::Rated { party, score: input.score, text };
    record::<RateRefusal>(tx, ctx, &mut case, [rated])?;
    Ok(case)
}

/// The party's rating of the last answer.
pub(crate) fn rating_of(events: &[crate::event::Recorded], party: PartyId) -> Option<i32> {
    let answered =
        events.iter().rposition(|it| matches!(it.event, Event::Answered(_))).unwrap_or(0);
    events.iter().skip(answered).find_map(|it| match &it.event {
        Event::Rated { party: by, score, .. } if *by == party => Some(*score),
        _ => None,
    })
}

/// The last day on which a party may have the case opened again.
pub(crate) fn reopen_until(case: &Case) -> Option<Date> {
    let closed = seoul::date(case.closed_at?);
    closed.checked_add(REOPEN_DAYS.days()).ok()
}

/// Opens the case again for a party who found the answer wanting.
pub fn resident_reopen(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &ResidentReopen,
) -> Result<Case, Failure<ReopenRefusal>> {
    let reason = words_or(
        &input.reason,
        LONGEST_TEXT,
        ReopenRefusal::ReasonMissing,
        ReopenRefusal::ReasonTooLong,
    )?;
    let mut case = theirs::<ReopenRefusal>(tx, ctx, &input.access)?;
    if case.state.is_open() {
        return Err(Failure::Refused(ReopenRefusal::StillOpen));
    }
    if reopen_until(&case).is_none_or(|until| until < ctx.today()) {
        return Err(Failure::Refused(ReopenRefusal::TooLate));
    }
    let words = Bilingual::new(reason.clone(), reason);
    let party = Some(input.access.party);
    open_again(tx, ctx, know, &mut case, ReopenedBy::Resident, party, &words)?;
    Ok(case)
}
