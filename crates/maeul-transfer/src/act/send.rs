//! Send: an officer sends a case to the agency whose duty it is. Decision, notice to the petitioner
//! and the job that sends are one transaction.

use std::collections::BTreeMap;

use maeul_base::{CaseId, Ctx, Failure, Lang, Refusal};
use maeul_cases::act::{
    RevealContact, RevealContactRefusal, TransferOut, TransferRefusal, reveal_contact, transfer_out,
};
use maeul_cases::{CaseRefusal, Knowledge, read};
use maeul_db::{Seal, Tx};
use maeul_wire::open311::NewRequest;

use crate::agency::Agency;
use crate::compose::{Chosen, compose, room_for_words};
use crate::id::{AgencyId, TransferId};
use crate::jobs;
use crate::store::{self, Transfer};

/// Which case, to whom, with what.
#[derive(Clone, Debug)]
pub struct Send {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// The agency.
    pub agency: AgencyId,
    /// The agency's service.
    pub service: String,
    /// The answers to its questions.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// What is told, in words.
    pub words: String,
    /// Whether the photos' addresses go along.
    pub photos: bool,
    /// Whether the petitioner's name and contact go along.
    pub with_contact: bool,
    /// How the petitioner agreed to that.
    pub consent: String,
    /// Why it is that agency's duty.
    pub reason: String,
    /// Where our own Open311 endpoint is, for addresses of photos.
    pub endpoint: String,
    /// From which network address.
    pub address: Option<String>,
}

/// Why a case cannot be sent.
#[derive(Clone, Debug)]
pub enum SendRefusal {
    /// What the decision itself may answer.
    Transfer(TransferRefusal),
    /// There is no such agency, or nothing more is sent to it.
    NoAgency,
    /// The agency's service is not among those mapped.
    NoService,
    /// It is with an agency already.
    Away,
    /// Nothing is told.
    WordsMissing,
    /// More words than fit.
    WordsTooLong {
        /// How many letters fit.
        most: usize,
    },
    /// A question that must be answered is not.
    Unanswered {
        /// Its code.
        code: String,
        /// In words.
        label: String,
    },
    /// How the petitioner agreed is not said.
    NoConsent,
    /// There is no contact to send.
    NoContact,
}

impl From<CaseRefusal> for SendRefusal {
    fn from(refusal: CaseRefusal) -> Self {
        Self::Transfer(refusal.into())
    }
}

impl Refusal for SendRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Transfer(refusal) => refusal.code(),
            Self::NoAgency => "transfer.no_agency",
            Self::NoService => "transfer.no_service",
            Self::Away => "transfer.away",
            Self::WordsMissing => "transfer.words_missing",
            Self::WordsTooLong { .. } => "transfer.words_too_long",
            Self::Unanswered { .. } => "transfer.unanswered",
            Self::NoConsent => "transfer.no_consent",
            Self::NoContact => "transfer.no_contact",
        }
    }

    fn say(&self, lang: Lang) -> String {
        let said = match self {
            Self::Transfer(refusal) => return refusal.say(lang),
            Self::WordsTooLong { most } => {
                return match lang {
                    Lang::Ko => format!("{most}자 안으로 적어 주십시오."),
                    Lang::En => format!("Please keep it to {most} characters."),
                };
            }
            Self::Unanswered { label, .. } => {
                return match lang {
                    Lang::Ko => format!("꼭 답해야 하는 질문입니다: {label}"),
                    Lang::En => format!("This must be answered: {label}"),
                };
            }
            Self::NoAgency => (
                "보낼 수 있는 기관을 골라 주십시오.",
                "Please choose an agency that can be sent to.",
            ),
            Self::NoService => {
                ("그 기관의 서비스를 골라 주십시오.", "Please choose a service of that agency.")
            }
            Self::Away => (
                "이미 다른 기관에 보낸 민원입니다. 먼저 거둔 뒤 다시 보내 주십시오.",
                "The case is with an agency already. Take it back before you send it again.",
            ),
            Self::WordsMissing => {
                ("상대 기관에 보낼 내용을 적어 주십시오.", "Please write what the agency is told.")
            }
            Self::NoConsent => (
                "민원인이 언제 어떻게 동의했는지 적어 주십시오. 동의가 없으면 연락처를 빼고 보냅니다.",
                "Please say when and how the petitioner agreed. Without consent, send it without the contact.",
            ),
            Self::NoContact => (
                "연락처가 없는 민원입니다. 연락처를 빼고 보내 주십시오.",
                "This case has no contact. Please send it without.",
            ),
        };
        lang.t(said.0, said.1).to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Transfer(refusal) => refusal.field(),
            Self::NoAgency | Self::Away => Some("agency"),
            Self::NoService | Self::Unanswered { .. } => Some("service"),
            Self::WordsMissing | Self::WordsTooLong { .. } => Some("words"),
            Self::NoConsent => Some("consent"),
            Self::NoContact => Some("with_contact"),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Transfer(refusal) => refusal.status(),
            Self::Away => 409,
            _ => 422,
        }
    }
}

/// What would be sent, and to whom: for the preview. Nothing is kept, no contact is opened.
pub fn preview(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Send,
) -> Result<(Agency, NewRequest), Failure<SendRefusal>> {
    let checked = check(tx, ctx, know, input)?;
    let request = checked.compose(know, input, None);
    Ok((checked.agency, request))
}

/// Sends the case.
pub fn send(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    seal: &Seal,
    input: &Send,
) -> Result<TransferId, Failure<SendRefusal>> {
    let checked = check(tx, ctx, know, input)?;
    let contact = if input.with_contact {
        let reveal = RevealContact {
            case: input.case,
            party: checked.page.case.petitioner,
            reason: format!("이송 동의: {}", input.consent.trim()),
            address: input.address.clone(),
        };
        let shown = reveal_contact(tx, ctx, know, &reveal).map_err(|failure| {
            failure.map(|refusal| match refusal {
                RevealContactRefusal::Case(refusal) => SendRefusal::from(refusal),
                RevealContactRefusal::Log(_) => SendRefusal::NoConsent,
            })
        })?;
        Some(shown)
    } else {
        None
    };
    let request = checked.compose(know, input, contact.as_ref());
    let staff =
        ctx.actor.staff_id().ok_or_else(|| Failure::Refused(CaseRefusal::StaffOnly.into()))?;
    let agency = checked.agency;
    let decided = TransferOut {
        case: input.case,
        version: input.version,
        agency: agency.name.clone(),
        phone: agency.phone.clone(),
        reason: input.reason.clone(),
        with_contact: input.with_contact,
    };
    let case = transfer_out(tx, ctx, know, &decided)
        .map_err(|failure| failure.map(SendRefusal::Transfer))?;
    let mut transfer = Transfer::begun(ctx, &case, agency.id, staff);
    transfer.service.clone_from(&input.service);
    transfer.with_contact = input.with_contact;
    store::insert(tx, ctx, seal, &transfer, &request.pairs())?;
    jobs::enqueue_step(tx, ctx, transfer.id, transfer.version)?;
    Ok(transfer.id)
}

struct Checked {
    agency: Agency,
    page: read::CasePage,
}

impl Checked {
    fn compose(
        &self,
        know: &Knowledge,
        input: &Send,
        contact: Option<&maeul_cases::Contact>,
    ) -> NewRequest {
        let chosen = Chosen {
            service: &input.service,
            attributes: &input.attributes,
            words: input.words.trim(),
            photos: input.photos,
            contact,
        };
        compose(know, &self.page.case, &self.page.photos, &input.endpoint, &chosen)
    }
}

fn check(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Send,
) -> Result<Checked, Failure<SendRefusal>> {
    let page = read::case_page(tx, ctx, know, input.case)
        .map_err(|failure| failure.map(SendRefusal::from))?;
    let refuse = Failure::Refused;
    if !page.case.state.is_open() {
        return Err(refuse(CaseRefusal::AlreadyAnswered.into()));
    }
    let away = store::of_case(tx, ctx.office, input.case)?;
    if away.iter().any(|it| it.ended_at.is_none()) {
        return Err(refuse(SendRefusal::Away));
    }
    let agency = store::agency(tx, ctx.office, input.agency)?.filter(|it| it.active);
    let agency = agency.ok_or(refuse(SendRefusal::NoAgency))?;
    if agency.mapping.iter().all(|it| it.code != input.service) {
        return Err(refuse(SendRefusal::NoService));
    }
    for asked in agency.questions(&input.service).into_iter().filter(|it| it.required) {
        let answered = input.attributes.get(&asked.code).is_some_and(|values| !values.is_empty());
        if !answered {
            let refusal = SendRefusal::Unanswered { code: asked.code, label: asked.label };
            return Err(refuse(refusal));
        }
    }
    let letters = input.words.trim().chars().count();
    if letters == 0 {
        return Err(refuse(SendRefusal::WordsMissing));
    }
    let most = room_for_words(know, &page.case.number);
    if letters > most {
        return Err(refuse(SendRefusal::WordsTooLong { most }));
    }
    if input.with_contact {
        if page.case.anonymous {
            return Err(refuse(SendRefusal::NoContact));
        }
        if input.consent.trim().is_empty() {
            return Err(refuse(SendRefusal::NoConsent));
        }
    }
    if input.reason.trim().is_empty() {
        return Err(refuse(SendRefusal::Transfer(TransferRefusal::ReasonMissing)));
    }
    Ok(Checked { agency, page })
}
