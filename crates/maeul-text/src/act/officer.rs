//! What an officer decides about a conversation: split, join, make a case of praise, look at what
//! was set aside, see the number, set the promise.

use maeul_base::{Actor, CaseId, Ctx, Failure, Fault, Lang, UnitId};
use maeul_cases::act::{self, Note, ResidentReply};
use maeul_cases::read::case_now;
use maeul_cases::{Case, CaseNumber, Knowledge, Reach};
use maeul_db::Tx;
use maeul_people::{Look, LookAct, RevealRefusal, log_look};

use crate::act::NumberNeeded;
use crate::act::file;
use crate::id::{TalkId, TextId};
use crate::permissions::{TEXTS_PROMISE, TEXTS_WORK};
use crate::promise::Promise;
use crate::read::may_see;
use crate::refusal::{TextRefusal, of_case};
use crate::store::{self, NewTalk, Number, Talk};
use crate::words::Kind;

type Done<T> = Result<T, Failure<TextRefusal>>;

/// Whether the acting member of staff works conversations of that unit; without a unit, it is for
/// those who work the whole office.
pub fn may_work(ctx: &Ctx, know: &Knowledge, unit: Option<UnitId>) -> bool {
    Reach::of(ctx, know, &TEXTS_WORK).covers(unit, None, None)
}

fn theirs(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, id: TalkId) -> Done<Talk> {
    let talk = store::talk(tx, ctx.office, id)?.ok_or(Failure::Refused(TextRefusal::NotFound))?;
    if may_work(ctx, know, talk.unit) {
        Ok(talk)
    } else if may_see(know, ctx, talk.unit) {
        Err(Failure::Refused(TextRefusal::NotYours))
    } else {
        Err(Failure::Refused(TextRefusal::NotFound))
    }
}

fn number_of(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, talk: &Talk) -> Done<Number> {
    store::number(tx, know.seal(), ctx.office, talk.number)?
        .ok_or_else(|| Failure::Fault(Fault::other("a conversation without its number")))
}

fn until(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, at: jiff::Timestamp) -> Done<jiff::Timestamp> {
    file::until(tx, ctx, know, at).map_err(only_fault)
}

fn only_fault(failure: Failure<NumberNeeded>) -> Failure<TextRefusal> {
    failure.map(|NumberNeeded| TextRefusal::ChangedMeanwhile)
}

/// Which text is taken out of its conversation.
#[derive(Clone, Debug)]
pub struct Split {
    /// The conversation.
    pub talk: TalkId,
    /// The text.
    pub text: TextId,
    /// The number of the case it becomes.
    pub number: CaseNumber,
}

/// Makes a case of its own of a text that was taken for a reply, as of when it came. What the old
/// case knows of it stays there, with a note.
pub fn split(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, input: &Split) -> Done<TalkId> {
    let talk = theirs(tx, ctx, know, input.talk)?;
    let texts = store::texts(tx, know.seal(), ctx.office, talk.id)?;
    let place = texts.iter().position(|text| text.id == input.text);
    let place = place.ok_or(Failure::Refused(TextRefusal::ChangedMeanwhile))?;
    if place == 0 {
        return Err(Failure::Refused(TextRefusal::FirstText));
    }
    let text = texts.into_iter().nth(place).ok_or(Failure::Refused(TextRefusal::NotFound))?;
    let from = number_of(tx, ctx, know, &talk)?;
    let service = file::suggested(know, &text.body);
    let key = format!("text split {}", text.id);
    let named = (&input.number, key);
    let at = text.received_at;
    let receipt =
        of_case(file::receive(tx, ctx, know, &from, &text.body, service.clone(), named, at))?;
    let new = NewTalk {
        number: from.id,
        kind: Kind::Matter,
        aside: None,
        case: Some(receipt.case),
        unit: receipt.unit,
        service,
        lang: talk.lang(),
        opened_at: at,
        promised_at: until(tx, ctx, know, at)?,
        settled_at: None,
    };
    let fresh = store::insert_talk(tx, ctx, &new)?;
    store::move_text(tx, ctx, text.id, talk.id, fresh)?;
    if let Some(case) = talk.case {
        let note = match ctx.lang {
            Lang::Ko => format!("문자 한 건을 떼어 새 민원 {}로 접수했습니다.", receipt.number),
            Lang::En => format!("One text was split off as the new case {}.", receipt.number),
        };
        of_case(act::note(tx, ctx, know, &Note { case, text: note }))?;
    }
    Ok(fresh)
}

/// Which conversation goes into which.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// The one that ends.
    pub talk: TalkId,
    /// The one it goes into.
    pub into: TalkId,
}

/// Puts the texts of one conversation into another of the same number, as replies of its resident.
/// A case the first one has is answered together with the other's, in a letter of its own.
pub fn join(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, input: &Join) -> Done<TalkId> {
    let talk = theirs(tx, ctx, know, input.talk)?;
    let into = theirs(tx, ctx, know, input.into)?;
    if talk.id == into.id || talk.number != into.number {
        return Err(Failure::Refused(TextRefusal::OtherNumber));
    }
    if talk.joined_into.is_some() || into.joined_into.is_some() {
        return Err(Failure::Refused(TextRefusal::ChangedMeanwhile));
    }
    let case = match into.case {
        Some(case) => case_now(tx, ctx.office, case)?,
        None => None,
    };
    let case = case.filter(|case| case.state.is_open());
    let case = case.ok_or(Failure::Refused(TextRefusal::NoOpenCase))?;
    let resident = Ctx { actor: Actor::Resident, ..ctx.clone() };
    for text in store::texts(tx, know.seal(), ctx.office, talk.id)? {
        if text.body.trim().is_empty() {
            continue;
        }
        let reply = ResidentReply { access: file::right_of(&case), text: text.body };
        of_case(act::resident_reply(tx, &resident, know, &reply))?;
    }
    if let Some(other) = talk.case {
        answer_together(tx, ctx, know, other, &case)?;
    }
    store::join(tx, ctx, talk.id, into.id)?;
    Ok(into.id)
}

/// What the texts had become keeps its number, its clock and its right to an answer, and gets it with
/// the case they went into. One that is over already only says where its texts are.
fn answer_together(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    other: CaseId,
    lead: &Case,
) -> Done<()> {
    let Some(own) = case_now(tx, ctx.office, other)? else { return Ok(()) };
    let (here, there) = match ctx.lang {
        Lang::Ko => (
            format!("같은 번호의 민원 {}의 문자를 이 민원에 합쳤습니다.", own.number),
            format!("이 민원의 문자를 {}에 합쳤습니다.", lead.number),
        ),
        Lang::En => (
            format!("The texts of case {} of the same number were joined to this one.", own.number),
            format!("The texts were joined to {}.", lead.number),
        ),
    };
    of_case(act::note(tx, ctx, know, &Note { case: lead.id, text: here }))?;
    of_case(act::note(tx, ctx, know, &Note { case: other, text: there }))?;
    if !own.state.is_open() {
        return Ok(());
    }
    match act::join(tx, ctx, know, &act::Join { case: other, lead: lead.id }) {
        // It may have been joined to it by hand before.
        Ok(_) | Err(Failure::Refused(act::JoinRefusal::Already | act::JoinRefusal::Itself)) => {
            Ok(())
        }
        other => of_case(other.map(|_| ())),
    }
}

/// Makes a case of praise, or of what was set aside, as of when its first text came.
pub fn turn_into_case(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: TalkId,
    number: &CaseNumber,
) -> Done<TalkId> {
    let talk = theirs(tx, ctx, know, id)?;
    if talk.case.is_some() || talk.joined_into.is_some() {
        return Err(Failure::Refused(TextRefusal::HasCase));
    }
    let from = number_of(tx, ctx, know, &talk)?;
    let texts = store::texts(tx, know.seal(), ctx.office, talk.id)?;
    let words: Vec<&str> = texts.iter().map(|text| text.body.as_str()).collect();
    let key = format!("text turned {id}");
    let (service, named) = (file::suggested(know, &words.join("\n")), (number, key));
    let at = talk.opened_at;
    let receipt =
        of_case(file::receive(tx, ctx, know, &from, &words.join("\n"), service, named, at))?;
    let until = until(tx, ctx, know, at)?;
    store::become_case(tx, ctx, talk.id, receipt.case, receipt.unit, until)?;
    Ok(talk.id)
}

/// Marks what was set aside as looked at: nothing is owed.
pub fn look_at(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, id: TalkId) -> Done<()> {
    let talk = theirs(tx, ctx, know, id)?;
    if talk.case.is_some() {
        return Err(Failure::Refused(TextRefusal::HasCase));
    }
    Ok(store::settle(tx, ctx, talk.id)?)
}

/// Shows the whole number and the bytes that are no text, and logs that it was looked at in the same transaction.
pub fn reveal(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: TalkId,
    reason: &str,
    address: Option<&str>,
) -> Done<String> {
    let talk = theirs(tx, ctx, know, id)?;
    let texts = store::texts(tx, know.seal(), ctx.office, talk.id)?;
    // What could not be read is shown with it, byte by byte.
    let unread = texts.iter().any(|text| text.raw.is_some());
    let look = Look {
        act: LookAct::Reveal,
        what_kind: "text_talk",
        what_id: talk.id.into(),
        case: talk.case,
        owner: talk.unit,
        people: 1,
        fields: if unread { &["phone", "original"] } else { &["phone"] },
        reason,
        address,
    };
    log_look(tx, ctx, &look)
        .map_err(|failure| failure.map(|refusal: RevealRefusal| TextRefusal::of(&refusal)))?;
    Ok(number_of(tx, ctx, know, &talk)?.number)
}

/// Sets the office's promise; texts that came before keep what they were promised.
pub fn set_promise(tx: &mut Tx, ctx: &Ctx, promise: Promise) -> Done<()> {
    if !ctx.actor.may(&TEXTS_PROMISE) {
        return Err(Failure::Refused(TextRefusal::NotYours));
    }
    if !(1..=Promise::MOST_HOURS).contains(&promise.hours) {
        return Err(Failure::Refused(TextRefusal::Hours));
    }
    Ok(store::set_promise(tx, ctx, promise)?)
}
