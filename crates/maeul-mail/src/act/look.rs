//! Look: somebody opens the sealed original of a letter, says why, and the look is written down.

use maeul_base::{Ctx, Failure, Lang, Refusal};
use maeul_cases::permissions::COORDINATE;
use maeul_cases::read::case_brief;
use maeul_cases::{CaseRefusal, Knowledge};
use maeul_db::Tx;
use maeul_people::{LookAct, RevealRefusal, log_look};

use crate::MailId;
use crate::store::{self, Mail};

/// Why the original is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookRefusal {
    /// There is no such letter, or it is another's.
    NoMail,
    /// What any act on its case may answer.
    Case(CaseRefusal),
    /// What the log of looks says.
    Log(RevealRefusal),
}

impl Refusal for LookRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoMail => "mail.not_found",
            Self::Case(refusal) => refusal.code(),
            Self::Log(refusal) => refusal.code(),
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NoMail => {
                lang.t("그런 전자우편이 없습니다.", "There is no such letter.").to_owned()
            }
            Self::Case(refusal) => refusal.say(lang),
            Self::Log(refusal) => refusal.say(lang),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Log(refusal) => refusal.field(),
            Self::NoMail | Self::Case(_) => None,
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::NoMail => 404,
            Self::Case(refusal) => refusal.status(),
            Self::Log(refusal) => refusal.status(),
        }
    }
}

/// Which letter, and why.
#[derive(Clone, Debug)]
pub struct Look {
    /// Which.
    pub mail: MailId,
    /// Why, in the officer's words.
    pub reason: String,
    /// From where.
    pub address: Option<String>,
}

/// An original: what is known of the letter, the sender of its envelope, and its bytes.
pub type Original = (Mail, String, Vec<u8>);

/// Opens the original for whoever works its case; one that belongs to no case, for the coordinator.
pub fn look(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Look,
) -> Result<Original, Failure<LookRefusal>> {
    let mail = store::mail(tx, know.seal(), ctx.office, input.mail)?;
    let mail = mail.ok_or(Failure::Refused(LookRefusal::NoMail))?;
    match (mail.case, ctx.actor.staff()) {
        (_, Some(_)) if ctx.actor.may(&COORDINATE) => {}
        (Some(case), Some(_)) => {
            case_brief(tx, ctx, know, case).map_err(|it| it.map(LookRefusal::Case))?;
        }
        _ => return Err(Failure::Refused(LookRefusal::NoMail)),
    }
    let look = maeul_people::Look {
        act: LookAct::Reveal,
        what_kind: "mail_message",
        what_id: mail.id.into(),
        case: mail.case,
        owner: None,
        people: 1,
        fields: &["original"],
        reason: &input.reason,
        address: input.address.as_deref(),
    };
    log_look(tx, ctx, &look).map_err(|it| it.map(LookRefusal::Log))?;
    let (sent_by, raw) = store::raw(tx, know.seal(), ctx.office, mail.id)?;
    Ok((mail, sent_by, raw))
}
