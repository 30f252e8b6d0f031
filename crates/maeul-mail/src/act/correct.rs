//! Correct: an officer makes a case of a letter that joined another or was only filed, or joins it
//! to the case it belongs to.

use maeul_base::{CaseId, Ctx, Failure, Fault, Lang, Refusal};
use maeul_cases::act::{self as cases, JoinRefusal, Note, note};
use maeul_cases::read::{access_by_email, case_brief, case_of_number};
use maeul_cases::{CaseRefusal, Knowledge};
use maeul_db::Tx;
use maeul_wire::Email;

use super::sort::{Sorting, join, make_case};
use crate::MailId;
use crate::state::{MailState, Why};
use crate::store::{self, Mail};

/// Why a letter cannot be corrected so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorrectRefusal {
    /// What any act on a case may answer.
    Case(CaseRefusal),
    /// There is no such letter.
    NoMail,
    /// It cannot be read, so there is nothing to make a case of.
    Unreadable,
    /// It is a case already.
    IsCase,
    /// There is no case of that number.
    NoCase,
    /// That case takes nothing more.
    Closed,
    /// The intake said no.
    Intake,
}

impl From<CaseRefusal> for CorrectRefusal {
    fn from(refusal: CaseRefusal) -> Self {
        Self::Case(refusal)
    }
}

impl Refusal for CorrectRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Case(refusal) => refusal.code(),
            Self::NoMail => "mail.not_found",
            Self::Unreadable => "mail.unreadable",
            Self::IsCase => "mail.is_case",
            Self::NoCase => "mail.no_case",
            Self::Closed => "mail.closed",
            Self::Intake => "mail.intake",
        }
    }

    fn say(&self, lang: Lang) -> String {
        let (ko, en) = match self {
            Self::Case(refusal) => return refusal.say(lang),
            Self::NoMail => ("그런 전자우편이 없습니다.", "There is no such letter."),
            Self::Unreadable => (
                "읽을 수 없는 전자우편이라 민원으로 만들 수 없습니다.",
                "The letter cannot be read, so no case can be made of it.",
            ),
            Self::IsCase => ("이미 새 민원이 된 전자우편입니다.", "The letter is a case already."),
            Self::NoCase => (
                "그 접수번호의 민원이 없습니다. 번호를 확인해 주십시오.",
                "There is no case of that number. Please check it.",
            ),
            Self::Closed => (
                "답변이 끝나 더 붙일 수 없는 민원입니다. 새 민원으로 만들어 주십시오.",
                "That case is over. Please make a new case of the letter.",
            ),
            Self::Intake => (
                "보낸 사람의 주소나 내용이 접수할 수 없는 것입니다. 창구 접수로 넣어 주십시오.",
                "Its address or words cannot be received. Please enter it at the counter.",
            ),
        };
        lang.t(ko, en).to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        matches!(self, Self::NoCase | Self::Closed).then_some("number")
    }

    fn status(&self) -> u16 {
        match self {
            Self::Case(refusal) => refusal.status(),
            Self::NoMail => 404,
            Self::IsCase => 409,
            _ => 422,
        }
    }
}

fn found(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: MailId,
) -> Result<Mail, Failure<CorrectRefusal>> {
    if ctx.actor.staff().is_none() {
        return Err(Failure::Refused(CaseRefusal::StaffOnly.into()));
    }
    let mail = store::mail(tx, know.seal(), ctx.office, id)?;
    mail.ok_or(Failure::Refused(CorrectRefusal::NoMail))
}

/// Makes a case of the letter; its sender is told as anybody who reports.
pub fn split(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Sorting,
) -> Result<Mail, Failure<CorrectRefusal>> {
    let mail = found(tx, ctx, know, input.mail)?;
    if mail.state == MailState::Case {
        return Err(Failure::Refused(CorrectRefusal::IsCase));
    }
    let letter = input.letter.as_ref().ok_or(Failure::Refused(CorrectRefusal::Unreadable))?;
    make_case(tx, ctx, know, &mail, letter, input, Why::Officer)?;
    let made = found(tx, ctx, know, input.mail)?;
    if made.state == MailState::Case {
        Ok(made)
    } else {
        Err(Failure::Refused(CorrectRefusal::Intake))
    }
}

/// Which letter joins which case.
#[derive(Clone)]
pub struct JoinTo {
    /// The letter, read.
    pub letter: Sorting,
    /// The case's number.
    pub number: String,
}

/// Joins the letter to a case: as its sender's words where they are a party to it, else as a note of
/// the officer. A case that the letter had become is answered together with it.
pub fn join_to(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &JoinTo,
) -> Result<Mail, Failure<CorrectRefusal>> {
    let mail = found(tx, ctx, know, input.letter.mail)?;
    let refuse = Failure::Refused;
    let letter = input.letter.letter.as_ref().ok_or(refuse(CorrectRefusal::Unreadable))?;
    let case = case_of_number(tx, ctx, input.number.trim())?;
    let case = case.ok_or(refuse(CorrectRefusal::NoCase))?;
    let case = case_brief(tx, ctx, know, case).map_err(|it| it.map(CorrectRefusal::Case))?;
    let party = match letter.from.parse::<Email>() {
        Ok(from) => access_by_email(tx, ctx, know, case.id, &from)?,
        Err(_) => None,
    };
    if let Some(access) = party {
        let photos = &input.letter.photos;
        if !join(tx, ctx, know, &mail, letter, &access, photos, Why::Officer)? {
            return Err(refuse(CorrectRefusal::Closed));
        }
    } else {
        let text = format!("전자우편으로 온 말 ({}):\n{}", letter.subject, letter.words);
        let text = text.chars().take(4_000).collect();
        note(tx, ctx, know, &Note { case: case.id, text }).map_err(|failure| match failure {
            Failure::Fault(fault) => Failure::Fault(fault),
            Failure::Refused(_) => Failure::Fault(Fault::other("a note was refused")),
        })?;
        let case = Some((case.id, case.number.as_str()));
        store::put_state(tx, ctx, mail.id, (MailState::Joined, Why::Officer), case)?;
    }
    if mail.state == MailState::Case
        && let Some(made) = mail.case
    {
        answer_together(tx, ctx, know, made, case.id)?;
    }
    found(tx, ctx, know, mail.id)
}

/// What the letter had become keeps its number, its clock and its right to an answer, and gets it with
/// the case the letter belongs to. One that is over already stays as it is.
fn answer_together(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    made: CaseId,
    lead: CaseId,
) -> Result<(), Failure<CorrectRefusal>> {
    let own = case_brief(tx, ctx, know, made).map_err(|it| it.map(CorrectRefusal::Case))?;
    if !own.state.is_open() {
        return Ok(());
    }
    match cases::join(tx, ctx, know, &cases::Join { case: made, lead }) {
        Ok(_) | Err(Failure::Refused(JoinRefusal::Already | JoinRefusal::Itself)) => Ok(()),
        Err(Failure::Refused(JoinRefusal::Case(CaseRefusal::AlreadyAnswered))) => {
            Err(Failure::Refused(CorrectRefusal::Closed))
        }
        Err(Failure::Refused(JoinRefusal::Case(refusal))) => {
            Err(Failure::Refused(CorrectRefusal::Case(refusal)))
        }
        Err(Failure::Refused(JoinRefusal::NotJoined)) => {
            Err(Failure::Fault(Fault::other("a case that joins was asked to part")))
        }
        Err(Failure::Fault(fault)) => Err(Failure::Fault(fault)),
    }
}
