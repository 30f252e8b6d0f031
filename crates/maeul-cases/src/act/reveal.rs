//! Reveal: an officer sees a resident's contact, and the access log keeps that they did.

use maeul_base::{CaseId, Ctx, Failure, Lang, PartyId, Refusal};
use maeul_db::Tx;
use maeul_people::{Look, LookAct, RevealRefusal, log_look};

use crate::act::work::{may, opened_to, see};
use crate::contact::Contact;
use crate::knowledge::Knowledge;
use crate::permissions::CASES_REVEAL;
use crate::refusal::{CaseRefusal, refused};
use crate::store;

/// Whose contact, why.
#[derive(Clone, Debug)]
pub struct RevealContact {
    /// The case.
    pub case: CaseId,
    /// The party.
    pub party: PartyId,
    /// Why it is needed.
    pub reason: String,
    /// From which network address.
    pub address: Option<String>,
}

/// Why a contact cannot be shown.
#[derive(Debug)]
pub enum RevealContactRefusal {
    /// What any act on a case may answer.
    Case(CaseRefusal),
    /// The access log does not take it.
    Log(RevealRefusal),
}

impl From<CaseRefusal> for RevealContactRefusal {
    fn from(refusal: CaseRefusal) -> Self {
        Self::Case(refusal)
    }
}

impl Refusal for RevealContactRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Case(refusal) => refusal.code(),
            Self::Log(refusal) => refusal.code(),
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Case(refusal) => refusal.say(lang),
            Self::Log(refusal) => refusal.say(lang),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Case(refusal) => refusal.field(),
            Self::Log(refusal) => refusal.field(),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Case(refusal) => refusal.status(),
            Self::Log(refusal) => refusal.status(),
        }
    }
}

/// Shows a party's contact to an officer who works the case, and logs it in the same transaction.
pub fn reveal_contact(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &RevealContact,
) -> Result<Contact, Failure<RevealContactRefusal>> {
    let case = see::<RevealContactRefusal>(tx, ctx, know, input.case)?.case;
    let opened = opened_to(tx, ctx, case.id)?.is_some();
    if !(opened || may(ctx, know, &CASES_REVEAL, &case)) {
        return Err(refused(CaseRefusal::NotYours));
    }
    let party = store::party(tx, ctx.office, input.party)?
        .filter(|party| party.case == case.id && !party.anonymous)
        .ok_or_else(|| refused(CaseRefusal::NotFound))?;
    let look = Look {
        act: LookAct::Reveal,
        what_kind: "case_party",
        what_id: party.id.into(),
        case: Some(case.id),
        owner: case.unit,
        fields: &["name", "phone", "email"],
        people: 1,
        reason: &input.reason,
        address: input.address.as_deref(),
    };
    log_look(tx, ctx, &look).map_err(|failure| failure.map(RevealContactRefusal::Log))?;
    Ok(party.open(know.seal())?)
}
