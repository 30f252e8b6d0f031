//! Relay: another system sends a report, or tells what happened to one.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;
use maeul_people::ApiClientId;

use crate::act::media::{KeepPhoto, KeepPhotoRefusal, keep_photo, want_media};
use crate::act::receive::{Judged, Receipt, ReceiveRefusal, receive_judged};
use crate::act::reopen::{ReopenRefusal, open_again};
use crate::act::resident::reopen_until;
use crate::act::work::{LONGEST_TEXT, clean, record};
use crate::disclosure::Reader;
use crate::event::{Event, ReopenedBy, Told};
use crate::knowledge::Knowledge;
use crate::refusal::{CaseRefusal, refusals, refused};
use crate::store;
use crate::words::Bilingual;

/// A report from another system.
#[derive(Clone, Debug)]
pub struct RelayedCase {
    /// The report.
    pub report: Judged,
    /// The system that sends it.
    pub client: ApiClientId,
    /// What that system is called.
    pub client_name: String,
    /// Addresses of pictures it names.
    pub media: Vec<String>,
}

/// What the system is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Relayed {
    /// The receipt.
    pub receipt: Receipt,
    /// What is exchanged for the number by systems that want a token.
    pub token: String,
}

/// Receives a report from another system: the same as any other, and kept is who sent it.
pub fn relay_case(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &RelayedCase,
) -> Result<Relayed, Failure<ReceiveRefusal>> {
    let receipt = receive_judged(tx, ctx, know, &input.report)?;
    let token = store::relay_token(know.seal(), ctx.office, receipt.case);
    if !receipt.again {
        store::insert_relay(tx, ctx, receipt.case, input.client, &token, &input.media)?;
        if !input.media.is_empty()
            && let Some(mut case) = store::load(tx, ctx.office, receipt.case)?
        {
            let told = Told {
                by: input.client_name.clone(),
                update: None,
                status: None,
                text: input.media.join("\n"),
            };
            record::<ReceiveRefusal>(tx, ctx, &mut case, [Event::Told(Box::new(told))])?;
            want_media(tx, ctx, case.id, &input.client_name, &input.media)?;
        }
    }
    Ok(Relayed { receipt, token })
}

/// What another system tells about a case.
#[derive(Clone, Debug)]
pub struct Tell {
    /// The case.
    pub case: CaseId,
    /// The system.
    pub client: ApiClientId,
    /// What the system is called.
    pub client_name: String,
    /// What it may read: it says nothing about what it may not.
    pub reader: Reader,
    /// Its own id of what it tells.
    pub update: String,
    /// Its word for where the case stands.
    pub status: String,
    /// Whether by that word work is still owed.
    pub open: Option<bool>,
    /// In words.
    pub text: String,
}

/// Keeps what came with an update of another system: its files as photos, and the pictures at its
/// addresses once they are fetched. Called in the same transaction as [`tell`], after it.
pub fn tell_media(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Tell,
    files: &[KeepPhoto],
    addresses: &[String],
) -> Result<(), Failure<KeepPhotoRefusal>> {
    for file in files {
        keep_photo(tx, ctx, know, &KeepPhoto { case: input.case, ..file.clone() })?;
    }
    Ok(want_media(tx, ctx, input.case, &input.client_name, addresses)?)
}

refusals! {
    /// Why an update of another system is not taken.
    TellRefusal {
        /// It is too long.
        TooLong = "tell.too_long", 422, Some("description"),
            "내용은 4,000자 안으로 보내 주십시오.", "Keep the description to 4,000 characters.";
        /// Nobody works on the case any more, and opening it again is not asked for.
        Answered = "tell.answered", 409, Some("status"),
            "이미 답변이 나간 민원이라 내용만으로는 아무도 보지 않습니다. 다시 살펴봐야 하면 status를 OPEN이나 REOPEN으로 보내 주십시오.",
            "This request has been answered, and nobody would read more words. If it should be looked at again, send the status OPEN or REOPEN.";
        /// The time for opening it again is over.
        TooLate = "tell.too_late", 409, Some("status"),
            "답변한 지 30일이 지나 다시 열 수 없습니다. 새 신고로 보내 주십시오.",
            "The answer is more than 30 days old. Please send a new request.";
    }
}

/// Keeps what another system tells; told twice under one id it is kept once. Gives the event's
/// place in the case's history.
///
/// It changes no state by itself: an officer reads it. Only an answered case is opened again, for
/// otherwise nobody would.
pub fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Tell,
) -> Result<i64, Failure<TellRefusal>> {
    let before = store::relay_update(tx, ctx.office, input.client, &input.update)?;
    if let Some((_, seq)) = before.filter(|(case, _)| *case == input.case) {
        return Ok(seq);
    }
    let mut case =
        store::load(tx, ctx.office, input.case)?.ok_or_else(|| refused(CaseRefusal::NotFound))?;
    if !input.reader.may_read(store::relay_client(tx, ctx.office, case.id)?) {
        return Err(refused(CaseRefusal::NotFound));
    }
    let text = clean(&input.text);
    if text.chars().count() > LONGEST_TEXT {
        return Err(Failure::Refused(TellRefusal::TooLong));
    }
    let again = !case.state.is_open();
    if again && input.open != Some(true) {
        return Err(Failure::Refused(TellRefusal::Answered));
    }
    if again && reopen_until(&case).is_none_or(|until| until < ctx.today()) {
        return Err(Failure::Refused(TellRefusal::TooLate));
    }
    let told = Told {
        by: input.client_name.clone(),
        update: Some(input.update.clone()),
        status: Some(input.status.clone()),
        text,
    };
    record::<TellRefusal>(tx, ctx, &mut case, [Event::Told(Box::new(told))])?;
    let seq = case.version;
    store::insert_relay_update(tx, ctx, input.client, &input.update, case.id, seq)?;
    if again {
        // Whose words these are is not known for sure: no party reads them.
        let reason = Bilingual::new(
            "다른 시스템을 통해 다시 살펴봐 달라는 요청이 왔어요.",
            "Through another system it was asked to be looked at again.",
        );
        let by = ReopenedBy::Resident;
        open_again::<ReopenRefusal>(tx, ctx, know, &mut case, by, None, &reason).map_err(
            |failure| match failure {
                Failure::Refused(ReopenRefusal::Case(refusal)) => refused(refusal),
                Failure::Refused(_) => refused(CaseRefusal::ChangedMeanwhile),
                Failure::Fault(fault) => Failure::Fault(fault),
            },
        )?;
    }
    Ok(seq)
}
