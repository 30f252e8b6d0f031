//! The right to have one's data erased: asked for on the resident's page, decided by a person with a
//! reason. A law may require that data be kept (개인정보보호법 21 ①); the reason names it.

use maeul_base::{CaseId, Ctx, Failure, Fault, Lang, Refusal};
use maeul_cases::act::purge_by_rule;
use maeul_cases::read::{Access, case_now};
use maeul_cases::{Knowledge, Purged, Reach};
use maeul_db::{Seal, Tx};
use uuid::Uuid;

use crate::permissions::DECIDE;
use crate::store::{self, Erasure, ErasureState};

/// The most letters of what is asked or answered.
const MOST: usize = 1_000;

/// Why nothing is erased, or held, or set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivacyRefusal {
    /// A text is missing that must be there.
    Missing(&'static str),
    /// A text is too long.
    TooLong(&'static str),
    /// A day or a number is none.
    Wrong(&'static str),
    /// It was asked for already, or the case is held already.
    Already,
    /// There is no such thing, or somebody else was quicker.
    NotFound,
    /// The case is held: nothing of it may go.
    Held,
    /// What the case itself says.
    Case {
        /// Its code.
        code: &'static str,
        /// In Korean.
        ko: String,
        /// In English.
        en: String,
        /// Its status.
        status: u16,
    },
}

impl Refusal for PrivacyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "privacy.missing",
            Self::TooLong(_) => "privacy.too_long",
            Self::Wrong(_) => "privacy.wrong",
            Self::Already => "privacy.already",
            Self::NotFound => "privacy.not_found",
            Self::Held => "privacy.held",
            Self::Case { code, .. } => code,
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Missing(_) => lang.t("적어 주십시오.", "Please fill this in."),
            Self::TooLong(_) => {
                lang.t("1,000자 안으로 적어 주십시오.", "Please keep it to 1,000 characters.")
            }
            Self::Wrong(_) => lang.t("값을 확인해 주십시오.", "Please check the value."),
            Self::Already => lang.t("이미 되어 있습니다.", "That stands already."),
            Self::NotFound => lang.t(
                "찾을 수 없습니다. 다른 사람이 먼저 처리했을 수 있습니다.",
                "It is not there; somebody else may have been quicker.",
            ),
            Self::Held => lang.t(
                "보존이 정해진 민원입니다. 먼저 보존을 끝내 주십시오.",
                "The case is on hold. Please end the hold first.",
            ),
            Self::Case { ko, en, .. } => lang.t(ko, en),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing(field) | Self::TooLong(field) | Self::Wrong(field) => Some(field),
            _ => None,
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Already | Self::Held => 409,
            Self::NotFound => 404,
            Self::Case { status, .. } => *status,
            _ => 422,
        }
    }
}

pub(crate) type Done<T> = Result<T, Failure<PrivacyRefusal>>;

pub(crate) fn refused<T>(refusal: PrivacyRefusal) -> Done<T> {
    Err(Failure::Refused(refusal))
}

/// A text that must be there, without spaces around.
pub(crate) fn words(text: &str, field: &'static str) -> Done<String> {
    let text = optional(text, field)?;
    if text.is_empty() { refused(PrivacyRefusal::Missing(field)) } else { Ok(text) }
}

/// A text that may be missing.
pub(crate) fn optional(text: &str, field: &'static str) -> Done<String> {
    let kept: String =
        text.replace("\r\n", "\n").chars().filter(|it| !it.is_control() || *it == '\n').collect();
    let kept = kept.trim();
    if kept.chars().count() > MOST {
        return refused(PrivacyRefusal::TooLong(field));
    }
    Ok(kept.to_owned())
}

/// A person asks that what is held about them in a case be erased.
pub fn ask(tx: &mut Tx, ctx: &Ctx, seal: &Seal, access: Access, said: &str) -> Done<()> {
    let said = optional(said, "words")?;
    let Some(case) = case_now(tx, ctx.office, access.case)? else {
        return refused(PrivacyRefusal::NotFound);
    };
    let new = store::insert_erasure(tx, ctx, seal, access.case, access.party, &case.number, &said)?;
    if new { Ok(()) } else { refused(PrivacyRefusal::Already) }
}

/// What an officer decides.
#[derive(Clone, Debug)]
pub struct Decide {
    /// Which request.
    pub id: Uuid,
    /// Whether it is done.
    pub erase: bool,
    /// Why; told to the person, and where it is refused with the law that requires it.
    pub reason: String,
}

/// Whether the acting member of staff decides what is asked about that case. For anybody else there is
/// no such request.
pub fn is_theirs(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, case: CaseId) -> Result<bool, Fault> {
    let reach = Reach::of(ctx, know, &DECIDE);
    if reach.is_office() {
        return Ok(true);
    }
    Ok(case_now(tx, ctx.office, case)?.is_some_and(|case| reach.has(&case)))
}

/// Decides. What is granted is erased in the same transaction: contacts, words and photos.
pub fn decide(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, input: &Decide) -> Done<Erasure> {
    let seal = know.seal();
    let Some(by) = ctx.actor.staff_id() else { return refused(PrivacyRefusal::NotFound) };
    let reason = words(&input.reason, "reason")?;
    let Some(erasure) = store::erasure(tx, ctx.office, seal, input.id)?
        .filter(|it| it.state == ErasureState::Asked)
    else {
        return refused(PrivacyRefusal::NotFound);
    };
    if !is_theirs(tx, ctx, know, erasure.case)? {
        return refused(PrivacyRefusal::NotFound);
    }
    if input.erase {
        if store::held(tx, ctx.office)?.contains(&erasure.case) {
            return refused(PrivacyRefusal::Held);
        }
        let purged = Purged { words: true, contacts: true, photos: true, reason: reason.clone() };
        purge_by_rule(tx, ctx, erasure.case, purged).map_err(|failure| match failure {
            Failure::Refused(refusal) => Failure::Refused(PrivacyRefusal::Case {
                code: refusal.code(),
                ko: refusal.say(Lang::Ko),
                en: refusal.say(Lang::En),
                status: refusal.status(),
            }),
            Failure::Fault(fault) => Failure::Fault(fault),
        })?;
    }
    let state = if input.erase { ErasureState::Erased } else { ErasureState::Refused };
    if store::decide_erasure(tx, ctx, seal, by, erasure.id, state, &reason)? == 0 {
        return refused(PrivacyRefusal::NotFound);
    }
    let decided = store::erasure(tx, ctx.office, seal, erasure.id)?;
    decided.ok_or_else(|| Fault::other("a decision vanished while it was made").into())
}
