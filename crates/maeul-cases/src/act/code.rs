//! The way in without the link: receipt number, contact, and a one-time code sent to that contact.
//! Nothing here tells whether such a case exists.

use jiff::ToSpan;
use maeul_base::{CaseId, Ctx, Failure, Fault, Lang, Refusal};
use maeul_db::Tx;
use maeul_wire::ContactError;
use subtle::ConstantTimeEq;

use crate::contact::Contact;
use crate::knowledge::Knowledge;
use crate::number::{CaseNumber, WrongNumber};
use crate::store::{self, CodeRow, Party};
use crate::words::Prefers;
use crate::{notify, texts};

/// Minutes a code is good for.
pub const CODE_MINUTES: i64 = 10;
/// Wrong tries after which a code is worth nothing.
pub const CODE_TRIES: i32 = 5;
/// The most codes sent to one party in an hour.
pub const CODES_AN_HOUR: i32 = 5;
/// Hours the way in stays open.
pub const ACCESS_HOURS: i64 = 2;
/// Digits of a code.
const DIGITS: u32 = 6;

/// Who wants in, to which case.
#[derive(Clone, Debug)]
pub struct RequestCode {
    /// The receipt number, as typed.
    pub number: String,
    /// The telephone or e-mail, as typed.
    pub contact: String,
}

/// The code that was sent.
#[derive(Clone, Debug)]
pub struct VerifyCode {
    /// The receipt number, as typed.
    pub number: String,
    /// The telephone or e-mail, as typed.
    pub contact: String,
    /// The code, as typed.
    pub code: String,
}

/// A code is on its way, if there is such a case of such a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSent {
    /// The contact, masked.
    pub to: String,
}

/// What came of a code. A refusal is kept too, because it counts as a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeOutcome {
    /// The secret by which the case can be read for some hours.
    Opened {
        /// The case.
        case: CaseId,
        /// The secret.
        token: String,
    },
    /// Not this one.
    Refused(CodeRefusal),
}

/// Why a code is not sent, or not good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeRefusal {
    /// The number is none.
    Number(WrongNumber),
    /// The contact is none.
    Contact(ContactError),
    /// A landline takes no code.
    NoMessages,
    /// Wrong, used, too old, or tried too often: all the same to whoever guesses.
    Wrong,
}

impl Refusal for CodeRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Number(refusal) => refusal.code(),
            Self::Contact(refusal) => refusal.code(),
            Self::NoMessages => "code.no_messages",
            Self::Wrong => "code.wrong",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Number(refusal) => return refusal.say(lang),
            Self::Contact(refusal) => return refusal.say(lang),
            Self::NoMessages => lang.t(
                "이 번호로는 문자를 보낼 수 없어요. 접수할 때 쓴 휴대전화 번호나 전자우편 주소를 적어 주세요.",
                "This number takes no text messages. Please enter the mobile number or e-mail \
                 address you gave.",
            ),
            Self::Wrong => lang.t(
                "확인번호가 맞지 않거나 시간이 지났어요. 번호를 확인하거나 새로 받아 주세요.",
                "The code is wrong or too old. Please check it, or ask for a new one.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Number(refusal) => refusal.field(),
            Self::Contact(_) | Self::NoMessages => Some("contact"),
            Self::Wrong => Some("code"),
        }
    }
}

/// What was typed, read.
struct Asked {
    number: CaseNumber,
    contact: maeul_wire::Contact,
    as_kept: Contact,
}

fn read(know: &Knowledge, number: &str, contact: &str) -> Result<Asked, CodeRefusal> {
    let number = CaseNumber::parse(number, &know.office().short_ko).map_err(CodeRefusal::Number)?;
    let contact: maeul_wire::Contact = contact.parse().map_err(CodeRefusal::Contact)?;
    if !contact.takes_messages() {
        return Err(CodeRefusal::NoMessages);
    }
    let as_kept = Contact {
        name: String::new(),
        phone: contact.phone().cloned(),
        email: contact.email().cloned(),
        prefers: Some(if contact.email().is_some() { Prefers::Email } else { Prefers::Sms }),
    };
    Ok(Asked { number, contact, as_kept })
}

fn find(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, asked: &Asked) -> Result<Option<Party>, Fault> {
    match store::id_by_number(tx, ctx.office, &asked.number.to_string())? {
        Some(case) => store::party_with(tx, ctx.office, know.seal(), case, &asked.as_kept),
        None => Ok(None),
    }
}

/// Sends a code to the contact, if it belongs to the case; says the same if it does not.
pub fn request_code(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &RequestCode,
) -> Result<CodeSent, Failure<CodeRefusal>> {
    let asked = read(know, &input.number, &input.contact).map_err(Failure::Refused)?;
    let sent = CodeSent { to: asked.contact.masked() };
    let Some(party) = find(tx, ctx, know, &asked)? else { return Ok(sent) };
    let before =
        store::code_row(tx, ctx.office, party.id)?.filter(|row| ctx.now < row.window_at + 1.hour());
    let so_far = before.as_ref().map_or(0, |row| row.sent);
    if so_far >= CODES_AN_HOUR {
        return Ok(sent);
    }
    let code = ctx.ids.code(DIGITS);
    let row = CodeRow {
        code_hash: store::code_hash(know.seal(), ctx.office, party.id, &code),
        expires_at: ctx.now + CODE_MINUTES.minutes(),
        attempts: 0,
        sent: so_far + 1,
        window_at: before.map_or(ctx.now, |row| row.window_at),
    };
    store::put_code(tx, ctx, party.id, &row)?;
    let words = texts::code(ctx.lang, know.office().short(ctx.lang), &code, CODE_MINUTES);
    let dedupe = format!("code {} {}", party.id, ctx.now.as_microsecond());
    notify::send(tx, ctx, know, Some(party.case), &asked.as_kept, ctx.lang, words, dedupe)?;
    Ok(sent)
}

/// Opens the case to whoever holds the code, for some hours.
pub fn verify_code(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &VerifyCode,
) -> Result<CodeOutcome, Failure<CodeRefusal>> {
    let asked = read(know, &input.number, &input.contact).map_err(Failure::Refused)?;
    let wrong = CodeOutcome::Refused(CodeRefusal::Wrong);
    let Some(party) = find(tx, ctx, know, &asked)? else { return Ok(wrong) };
    let Some(mut row) = store::code_row(tx, ctx.office, party.id)? else { return Ok(wrong) };
    if row.expires_at <= ctx.now || row.attempts >= CODE_TRIES {
        return Ok(wrong);
    }
    let typed: String = input.code.chars().filter(char::is_ascii_digit).collect();
    let typed = store::code_hash(know.seal(), ctx.office, party.id, &typed);
    if !bool::from(typed.ct_eq(&row.code_hash)) {
        row.attempts += 1;
        store::put_code(tx, ctx, party.id, &row)?;
        return Ok(wrong);
    }
    // A code opens once.
    row.expires_at = ctx.now;
    store::put_code(tx, ctx, party.id, &row)?;
    let token = ctx.ids.token();
    let until = ctx.now + ACCESS_HOURS.hours();
    store::insert_access(tx, ctx.office, &token, party.case, party.id, Some(until))?;
    Ok(CodeOutcome::Opened { case: party.case, token })
}
