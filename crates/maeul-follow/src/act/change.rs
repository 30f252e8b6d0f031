//! Somebody changes how often they are told, or stops: by the link in every message, by a button of
//! their mail program, or by 수신거부.

use maeul_base::{Ctx, Failure, Fault, Lang, Refusal};
use maeul_cases::Knowledge;
use maeul_db::{Seal, Tx};
use maeul_wire::Contact;

use crate::id::SubscriptionId;
use crate::store;
use crate::words::{Rhythm, State};

/// Why nothing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// The link is none, or nothing is followed with it any more.
    Missing,
}

impl Refusal for ChangeRefusal {
    fn code(&self) -> &'static str {
        "follow.missing"
    }

    fn say(&self, lang: Lang) -> String {
        lang.t(
            "이 링크로 받는 소식이 없어요. 이미 그만 받으셨다면 더 보내지 않아요. 다시 받으시려면 소식 받기에서 시작해 주세요.",
            "Nothing is followed by this link. If you have stopped, nothing more is sent. To follow again, please start over.",
        )
        .to_owned()
    }

    fn status(&self) -> u16 {
        404
    }
}

/// Another rhythm for one of them. What was not told yet is told by the new one.
pub fn set_rhythm(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    link: &str,
    id: SubscriptionId,
    rhythm: Rhythm,
) -> Result<(), Failure<ChangeRefusal>> {
    let missing = || Failure::Refused(ChangeRefusal::Missing);
    let person = store::person_by_link(tx, know.seal(), ctx.office, link)?.ok_or_else(missing)?;
    let kept = store::subscription(tx, ctx.office, id)?
        .filter(|it| it.person == person.id && it.state == State::Active)
        .ok_or_else(missing)?;
    Ok(store::set_rhythm(tx, ctx.office, kept.id, rhythm)?)
}

/// Stops one of them; whoever stops the last is forgotten. Whether something is left.
pub fn stop(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    link: &str,
    id: SubscriptionId,
) -> Result<bool, Failure<ChangeRefusal>> {
    let missing = || Failure::Refused(ChangeRefusal::Missing);
    let person = store::person_by_link(tx, know.seal(), ctx.office, link)?.ok_or_else(missing)?;
    if !store::stop(tx, ctx, person.id, id)? {
        return Err(missing());
    }
    Ok(store::drop_lonely(tx, ctx.office, Some(person.id))? == 0)
}

/// Stops everything of the holder of this link and forgets them. An unknown link has nothing to stop:
/// mail programs post twice, and nobody learns whether a link was one.
pub fn stop_all(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, link: &str) -> Result<(), Fault> {
    let Some(person) = store::person_by_link(tx, know.seal(), ctx.office, link)? else {
        return Ok(());
    };
    store::stop_all(tx, ctx, person.id)?;
    store::drop_lonely(tx, ctx.office, Some(person.id))?;
    Ok(())
}

/// Stops everything that is sent to this address and forgets it: for whoever hears 수신거부 from it.
/// Whether anything was sent to it.
pub fn stop_contact(tx: &mut Tx, ctx: &Ctx, seal: &Seal, contact: &Contact) -> Result<bool, Fault> {
    let hash = seal.lookup_hash(ctx.office, &contact.lookup_key());
    let Some(person) = store::person_by_contact(tx, ctx.office, &hash)? else { return Ok(false) };
    store::stop_all(tx, ctx, person.id)?;
    store::drop_lonely(tx, ctx.office, Some(person.id))?;
    Ok(true)
}
