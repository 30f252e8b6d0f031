//! Follow ("me too"): another resident joins a case and gets its answer as well.

use maeul_base::{CaseId, Ctx, DraftId, Failure, Fault, Lang, PartyId, Refusal};
use maeul_db::Tx;

use crate::act::receive::{Receipt, receipt};
use crate::act::work::{LONGEST_TEXT, clean, record};
use crate::contact::{ContactInput, ContactRefusal};
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::notify;
use crate::refusal::{CaseRefusal, refused};
use crate::store::{self, NewParty};
use crate::texts;
use crate::words::PartyKind;

/// A resident who has the same concern.
#[derive(Clone, Debug)]
pub struct NewFollower {
    /// The case they join.
    pub case: CaseId,
    /// How the answer reaches them.
    pub contact: ContactInput,
    /// What they add, if anything.
    pub text: String,
    /// Their language.
    pub lang: Lang,
    /// The draft their photos are in.
    pub draft: Option<DraftId>,
}

/// Why they cannot join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowRefusal {
    /// What any act on a case may answer.
    Case(CaseRefusal),
    /// The contact cannot be taken.
    Contact(ContactRefusal),
    /// What they add is too long.
    TooLong,
}

impl From<CaseRefusal> for FollowRefusal {
    fn from(refusal: CaseRefusal) -> Self {
        Self::Case(refusal)
    }
}

impl Refusal for FollowRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Case(refusal) => refusal.code(),
            Self::Contact(refusal) => refusal.code(),
            Self::TooLong => "follow.too_long",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Case(refusal) => refusal.say(lang),
            Self::Contact(refusal) => refusal.say(lang),
            Self::TooLong => lang
                .t("내용은 4,000자 안으로 적어 주세요.", "Please keep to 4,000 characters.")
                .to_owned(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Case(refusal) => refusal.field(),
            Self::Contact(refusal) => refusal.field(),
            Self::TooLong => Some("body"),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Case(refusal) => refusal.status(),
            _ => 422,
        }
    }
}

/// Lets another resident join.
///
/// A contact that was only typed proves nothing. Where it belongs to someone of this case already,
/// whoever typed it gets a link of their own and learns neither that nor the other's link; the
/// contact itself gets no second copy of anything, and is not counted twice.
pub fn follow(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    new: &NewFollower,
) -> Result<Receipt, Failure<FollowRefusal>> {
    let contact =
        new.contact.parse(true).map_err(|why| Failure::Refused(FollowRefusal::Contact(why)))?;
    if let Some(draft) = new.draft
        && let Some(receipt) = joined(tx, ctx, know, draft)?
    {
        return Ok(receipt);
    }
    let text = clean(&new.text);
    if text.chars().count() > LONGEST_TEXT {
        return Err(Failure::Refused(FollowRefusal::TooLong));
    }
    let mut case =
        store::load(tx, ctx.office, new.case)?.ok_or_else(|| refused(CaseRefusal::NotFound))?;
    let known = store::party_with(tx, ctx.office, know.seal(), case.id, &contact)?.is_some();
    if !case.state.is_open() {
        return Err(refused(CaseRefusal::AlreadyAnswered));
    }
    let party = new.draft.map_or_else(|| ctx.id(), party_of);
    let photos = match new.draft {
        Some(draft) if !known => store::move_photos(tx, ctx.office, draft, case.id, case.photos)?,
        _ => 0,
    };
    let event = (!known).then_some(Event::Followed { party, photos });
    let words = (!text.is_empty()).then_some(Event::Replied { party, text });
    record::<FollowRefusal>(tx, ctx, &mut case, event.into_iter().chain(words))?;
    let row = NewParty {
        id: party,
        case: case.id,
        kind: PartyKind::Follower,
        contact: (!known).then_some(&contact),
        lang: new.lang,
    };
    let written = store::seal_party(ctx, know.seal(), &row)?;
    store::insert_party(tx, ctx.office, &written)?;
    let token = store::token_of(know.seal(), ctx.office, case.id, party);
    store::insert_access(tx, ctx.office, &token, case.id, party, None)?;
    if let Some(draft) = new.draft {
        store::delete_draft(tx, ctx.office, draft)?;
    }
    if !known {
        let due = case.due.as_ref();
        notify::tell(tx, ctx, know, &case, &written.party, "followed", |lang, about| {
            texts::followed(lang, about, due)
        })?;
    }
    Ok(followed(tx, know, &case, party, false)?)
}

/// Who joins from a draft bears its id, so that sending it twice cannot make two of them.
fn party_of(draft: DraftId) -> PartyId {
    PartyId(draft.0)
}

/// The receipt of whoever joined from this draft, if somebody did: for a browser that sends again
/// what it did not see answered.
pub fn joined(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    draft: DraftId,
) -> Result<Option<Receipt>, Fault> {
    let Some(party) = store::party(tx, ctx.office, party_of(draft))? else { return Ok(None) };
    let case = store::load(tx, ctx.office, party.case)?;
    case.map(|case| followed(tx, know, &case, party.id, true)).transpose()
}

/// A follower is named even where the petitioner is not.
fn followed(
    tx: &mut Tx,
    know: &Knowledge,
    case: &crate::case::Case,
    party: PartyId,
    again: bool,
) -> Result<Receipt, Fault> {
    Ok(Receipt { anonymous: false, ..receipt(tx, know, case, party, again)? })
}
