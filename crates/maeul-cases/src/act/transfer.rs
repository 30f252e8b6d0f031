//! Transfer: a case whose duty lies with another agency is sent there (이송). It stays ours to answer
//! for until it is answered: what the agency says is kept here, and what it refuses is ours again.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;

use crate::act::work::{LONGEST_TEXT, begin_open, clean, record, words_or};
use crate::case::Case;
use crate::event::{Answer, Event, Told, TransferStep, Transferred};
use crate::hours::{AGENCY_LIMIT_MINUTES, working_minutes};
use crate::knowledge::Knowledge;
use crate::refusal::{CaseRefusal, refusals, refused};
use crate::words::{Bilingual, Outcome, State};
use crate::{notify, store, texts};

/// Longest reason, in letters.
const LONGEST_REASON: usize = 1_000;

/// Which case, to which agency, why.
#[derive(Clone, Debug)]
pub struct TransferOut {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// The agency.
    pub agency: Bilingual,
    /// Its telephone; may be empty.
    pub phone: String,
    /// Why its duty lies there; the petitioner reads it.
    pub reason: String,
    /// Whether the petitioner's contact goes along.
    pub with_contact: bool,
}

refusals! {
    /// Why a case cannot be sent to another agency.
    TransferRefusal {
        /// No reason is given.
        ReasonMissing = "transfer.reason_missing", 422, Some("reason"),
            "그 기관의 일인 까닭을 적어 주십시오. 민원인에게 그대로 알립니다.",
            "Please say why it is that agency's duty: the petitioner is told so.";
        /// The reason is too long.
        ReasonTooLong = "transfer.reason_too_long", 422, Some("reason"),
            "까닭은 1,000자 안으로 적어 주십시오.", "Please keep the reason to 1,000 characters.";
    }
}

/// Decides that another agency gets the case, and tells everyone on it. Sending is the caller's.
pub fn transfer_out(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &TransferOut,
) -> Result<Case, Failure<TransferRefusal>> {
    let reason = words_or(
        &input.reason,
        LONGEST_REASON,
        TransferRefusal::ReasonMissing,
        TransferRefusal::ReasonTooLong,
    )?;
    let work = begin_open::<TransferRefusal>(tx, ctx, know, input.case, input.version)?;
    let mut case = work.case;
    let step = TransferStep::Decided {
        phone: input.phone.clone(),
        with_contact: input.with_contact,
        held_minutes: working_minutes(know.calendar(), case.received_at, ctx.now),
        limit_minutes: AGENCY_LIMIT_MINUTES,
    };
    let decided = Transferred { agency: input.agency.clone(), step, reason: reason.clone() };
    // Whoever sends it on follows it.
    let taken =
        (case.assignee.is_none() && case.unit.is_some()).then_some(Event::Taken { by: work.staff });
    let decided = Event::Transferred(Box::new(decided));
    record::<TransferRefusal>(tx, ctx, &mut case, taken.into_iter().chain([decided]))?;
    let effect = format!("transferred {}", case.version);
    notify::tell_all(tx, ctx, know, &case, &effect, |lang, about| {
        let agency = input.agency.get(lang);
        texts::transferred(lang, about, agency, &input.phone, &reason, input.with_contact)
    })?;
    Ok(case)
}

/// Which case, what number the agency gave it.
#[derive(Clone, Debug)]
pub struct TransferAccepted {
    /// The case.
    pub case: CaseId,
    /// The agency.
    pub agency: Bilingual,
    /// Its number there.
    pub reference: String,
}

/// Keeps that the agency has the case.
pub fn transfer_accepted(
    tx: &mut Tx,
    ctx: &Ctx,
    input: &TransferAccepted,
) -> Result<Case, Failure<CaseRefusal>> {
    let mut case =
        store::load(tx, ctx.office, input.case)?.ok_or_else(|| refused(CaseRefusal::NotFound))?;
    let step = TransferStep::Accepted { reference: input.reference.clone() };
    let accepted = Transferred { agency: input.agency.clone(), step, reason: String::new() };
    let accepted = Event::Transferred(Box::new(accepted));
    record::<CaseRefusal>(tx, ctx, &mut case, [accepted])?;
    Ok(case)
}

/// Which case is taken back from which agency, why.
#[derive(Clone, Debug)]
pub struct TransferBack {
    /// The case.
    pub case: CaseId,
    /// The agency.
    pub agency: Bilingual,
    /// Why; the petitioner reads it.
    pub reason: String,
}

/// Takes the case back and tells everyone on it: they were told that another agency has it.
pub fn transfer_back(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &TransferBack,
) -> Result<Case, Failure<TransferRefusal>> {
    let reason = words_or(
        &input.reason,
        LONGEST_REASON,
        TransferRefusal::ReasonMissing,
        TransferRefusal::ReasonTooLong,
    )?;
    let mut case = begin_open::<TransferRefusal>(tx, ctx, know, input.case, None)?.case;
    let ended = Transferred {
        agency: input.agency.clone(),
        step: TransferStep::Ended,
        reason: reason.clone(),
    };
    let ended = Event::Transferred(Box::new(ended));
    record::<TransferRefusal>(tx, ctx, &mut case, [ended])?;
    let effect = format!("transfer ended {}", case.version);
    notify::tell_all(tx, ctx, know, &case, &effect, |lang, about| {
        texts::transfer_ended(lang, about, input.agency.get(lang), &reason)
    })?;
    Ok(case)
}

/// What an agency we sent a case to says about it.
#[derive(Clone, Debug)]
pub struct Hear {
    /// The case.
    pub case: CaseId,
    /// The agency.
    pub agency: Bilingual,
    /// Its own id of what it says.
    pub update: Option<String>,
    /// Its word for where the case stands there.
    pub status: Option<String>,
    /// In words.
    pub text: String,
    /// Whether it is done there: then its words become the draft of our answer, unless there is one.
    pub done: bool,
}

/// Keeps what the agency says. It decides nothing here: an officer reads it and answers.
pub fn hear(tx: &mut Tx, ctx: &Ctx, input: &Hear) -> Result<Case, Failure<CaseRefusal>> {
    let mut case =
        store::load(tx, ctx.office, input.case)?.ok_or_else(|| refused(CaseRefusal::NotFound))?;
    let text: String = clean(&input.text).chars().take(LONGEST_TEXT).collect();
    let told = Told {
        by: input.agency.get(case.lang).to_owned(),
        update: input.update.clone(),
        status: input.status.clone(),
        text: text.clone(),
    };
    let drafts = input.done
        && case.state.is_open()
        && case.state != State::Approval
        && case.unit.is_some()
        && case.draft.is_none();
    let drafted = drafts.then(|| Event::Drafted { answer: draft(&case, &input.agency, &text) });
    let told = Event::Told(Box::new(told));
    record::<CaseRefusal>(tx, ctx, &mut case, std::iter::once(told).chain(drafted))?;
    Ok(case)
}

/// Their words as ours to check: the outcome is a proposal, as every draft's is.
fn draft(case: &Case, agency: &Bilingual, text: &str) -> Answer {
    let agency = agency.get(case.lang);
    let head = match case.lang {
        maeul_base::Lang::Ko => format!("{agency}에서 처리한 결과를 알려 드립니다."),
        maeul_base::Lang::En => format!("This is what {agency} did about it."),
    };
    Answer {
        outcome: Outcome::Done,
        result: format!("{head}\n{text}").trim().chars().take(LONGEST_TEXT).collect(),
        reason: String::new(),
        remedy: String::new(),
        review_on: None,
        template: None,
    }
}
