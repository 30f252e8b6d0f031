//! What the page of a person shows.

use maeul_base::{CaseId, Ctx, Fault};
use maeul_cases::Knowledge;
use maeul_db::Tx;
use maeul_notice::Channel;
use maeul_public::read::{PublicCase, shown};
use maeul_wire::Contact;

use crate::id::SubscriptionId;
use crate::store;
use crate::wish::{What, Wish};
use crate::words::Rhythm;

/// One thing somebody follows.
#[derive(Clone, Debug)]
pub struct Followed {
    /// Its id.
    pub id: SubscriptionId,
    /// What it is.
    pub wish: Wish,
    /// How often they are told.
    pub rhythm: Rhythm,
    /// The case, where it is one and can be seen.
    pub case: Option<PublicCase>,
}

/// The page of a person.
#[derive(Clone, Debug)]
pub struct Mine {
    /// The address, masked.
    pub to: String,
    /// By which way they are told.
    pub channel: Channel,
    /// What they follow.
    pub followed: Vec<Followed>,
}

/// What the holder of this link follows; `None` where there is no such link (any more).
pub fn mine(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, link: &str) -> Result<Option<Mine>, Fault> {
    let Some(person) = store::person_by_link(tx, know.seal(), ctx.office, link)? else {
        return Ok(None);
    };
    let (contact, _) = store::contact_of(tx, know.seal(), ctx.office, person.id)?;
    let to = contact.parse::<Contact>().map(|it| it.masked()).unwrap_or_default();
    let kept = store::of_person(tx, ctx.office, person.id)?;
    let cases: Vec<CaseId> = kept
        .iter()
        .filter_map(|it| match it.wish.what {
            What::Case(case) => Some(case),
            _ => None,
        })
        .collect();
    let cases = shown(tx, ctx.office, &cases)?;
    let followed = kept
        .into_iter()
        .map(|it| Followed {
            id: it.id,
            rhythm: it.rhythm,
            case: match it.wish.what {
                What::Case(id) => cases.iter().find(|case| case.picture.case == id).cloned(),
                _ => None,
            },
            wish: it.wish,
        })
        .collect();
    Ok(Some(Mine { to, channel: person.channel, followed }))
}

/// What a public case is called: its published title, or its service.
pub(crate) fn title(know: &Knowledge, case: &PublicCase, lang: maeul_base::Lang) -> String {
    match (&case.text, &case.picture.service) {
        (Some(text), _) => text.title.clone(),
        (None, Some(service)) => know.service_name(service, lang).to_owned(),
        (None, None) => lang.t("민원", "A case").to_owned(),
    }
}
