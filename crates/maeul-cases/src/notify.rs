//! Puts messages to the parties of a case into the outbox, in the language and by the way each chose.

use maeul_base::{Ctx, Fault, Lang, PartyId};
use maeul_db::Tx;
use maeul_language::mask;
use maeul_notice::NewNotice;

use crate::case::Case;
use crate::contact::Contact;
use crate::knowledge::Knowledge;
use crate::store::{self, Party};
use crate::texts::{About, Words};
use crate::words::Prefers;

/// Tells one party; nothing happens where no message can reach them.
///
/// `effect` names what is told: told twice of the same effect, they get one message.
pub(crate) fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: &Case,
    party: &Party,
    effect: &str,
    words: impl Fn(Lang, &About<'_>) -> Words,
) -> Result<(), Fault> {
    if party.anonymous {
        return Ok(());
    }
    let contact = party.open(know.seal())?;
    let lang = party.lang;
    let token = store::token_of(know.seal(), case.office, case.id, party.id);
    let link = know.link(&token);
    let officer = officer_name(tx, case)?;
    let title = title_for(case, party.id);
    let about = About {
        office: know.office().name(lang),
        number: &case.number,
        title: &title,
        unit: know.unit_name(case.unit, lang),
        phone: know.unit_phone(case.unit),
        officer: officer.as_deref(),
        link: &link,
    };
    let dedupe = format!("case {} {effect} {}", case.id, party.id);
    send(tx, ctx, know, Some(case.id), &contact, lang, words(lang, &about), dedupe)
}

/// The title as that party may read it: what another resident wrote is masked.
pub(crate) fn title_for(case: &Case, party: PartyId) -> String {
    if party == case.petitioner { case.title.clone() } else { mask(&case.title).text }
}

/// Tells all parties.
pub(crate) fn tell_all(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: &Case,
    effect: &str,
    words: impl Fn(Lang, &About<'_>) -> Words,
) -> Result<(), Fault> {
    for party in store::parties(tx, case.office, case.id)? {
        tell(tx, ctx, know, case, &party, effect, &words)?;
    }
    Ok(())
}

/// The name of the officer who has the case.
pub(crate) fn officer_name(tx: &mut Tx, case: &Case) -> Result<Option<String>, Fault> {
    let Some(id) = case.assignee else { return Ok(None) };
    Ok(maeul_people::staff_by_id(tx, case.office, id)?.map(|staff| staff.name))
}

/// Queues the words by the way the contact prefers.
#[expect(clippy::too_many_arguments, reason = "each is one plain fact of the message")]
pub(crate) fn send(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: Option<maeul_base::CaseId>,
    contact: &Contact,
    lang: Lang,
    words: Words,
    dedupe: String,
) -> Result<(), Fault> {
    let (channel, to, body) = match (contact.prefers, &contact.phone, &contact.email) {
        (Some(Prefers::Sms), Some(phone), _) => {
            (maeul_notice::Channel::Sms, phone.digits().to_owned(), words.sms)
        }
        (Some(Prefers::Email), _, Some(email)) => {
            (maeul_notice::Channel::Email, email.as_str().to_owned(), words.email)
        }
        _ => return Ok(()),
    };
    let notice = NewNotice { case, channel, to, subject: words.subject, body, lang, dedupe };
    maeul_notice::queue_notice(tx, ctx, know.seal(), &notice)?;
    Ok(())
}
