//! What came of a step is written, and mirrored into the case.

use maeul_base::{Ctx, Fault};
use maeul_cases::Bilingual;
use maeul_cases::act::{Hear, TransferAccepted, hear, transfer_accepted};
use maeul_db::Tx;
use maeul_wire::open311::{Receipt, Request, Status, Update};

use super::only_fault;
use super::step::Heard;
use crate::agency::Agency;
use crate::check::said;
use crate::client::Trouble;
use crate::id::TransferId;
use crate::state::{
    FAILED_LOOKS, LOOKS, TransferState, ask_token_again, look_again, send_again, watch_again,
};
use crate::store::{self, Transfer};

/// Writes what was heard. Where a person changed the transfer meanwhile, only what they could not
/// know is added: that the agency has it after all.
pub(super) fn settle(
    tx: &mut Tx,
    ctx: &Ctx,
    id: TransferId,
    version: i64,
    agency: &Agency,
    heard: &Heard,
) -> Result<(), Fault> {
    let found = store::transfer(tx, ctx.office, id)?;
    let mut it = found.ok_or_else(|| Fault::other("a transfer that was there is gone"))?;
    let held = it.version == version;
    match heard {
        Heard::Posted(Ok(receipt)) => posted(tx, ctx, &mut it, agency, receipt, held)?,
        Heard::Looked(Ok(Some(reference))) | Heard::Numbered(Ok(Some(reference))) => {
            accepted(tx, ctx, &mut it, agency, reference, held)?;
        }
        _ if !held => return Ok(()),
        Heard::Posted(Err(trouble)) => not_posted(tx, ctx, &mut it, agency, trouble)?,
        Heard::Looked(Ok(None)) => {
            it.looks += 1;
            it.set_why(None);
            if it.looks >= LOOKS {
                // It is not there, and was not a moment ago: sending it again makes no second one.
                it.state = TransferState::Sending;
                it.next_at = Some(ctx.now + send_again(it.tries));
            } else {
                it.next_at = Some(ctx.now + look_again(it.looks));
            }
        }
        Heard::Looked(Err(trouble)) => not_looked(ctx, &mut it, trouble),
        Heard::Numbered(Ok(None)) => {
            it.quiet += 1;
            it.heard_at = Some(ctx.now);
            it.set_why(None);
            it.next_at = Some(ctx.now + ask_token_again(it.quiet));
        }
        Heard::Numbered(Err(trouble)) => {
            it.quiet += 1;
            it.set_why(Some(said(trouble)));
            it.next_at = Some(ctx.now + ask_token_again(it.quiet));
        }
        Heard::Watched(Ok((request, updates))) => {
            watched(tx, ctx, &mut it, agency, request, updates)?;
        }
        Heard::Watched(Err(trouble)) => {
            it.quiet += 1;
            it.set_why(Some(said(trouble)));
            it.next_at = Some(ctx.now + watch_again(it.quiet));
        }
    }
    store::update(tx, ctx, &mut it)
}

fn posted(
    tx: &mut Tx,
    ctx: &Ctx,
    it: &mut Transfer,
    agency: &Agency,
    receipt: &Receipt,
    held: bool,
) -> Result<(), Fault> {
    if let Some(reference) = &receipt.service_request_id {
        accepted(tx, ctx, it, agency, reference, held)?;
    } else if let Some(token) = &receipt.token {
        it.token.clone_from(token);
        if held {
            it.state = TransferState::Token;
            it.quiet = 0;
            it.heard_at = Some(ctx.now);
            it.set_why(None);
            it.next_at = Some(ctx.now + ask_token_again(0));
        }
    } else if held {
        it.state = TransferState::Stuck;
        it.next_at = None;
        it.set_why(Some(Bilingual::new(
            "상대 기관이 받았다고 했지만 번호를 주지 않았습니다. 전화로 확인해 주십시오.",
            "The agency took it but gave no number. Please ask by telephone.",
        )));
    }
    if let Some(notice) = &receipt.service_notice {
        tell(tx, ctx, it, agency, (None, None), notice, false)?;
    }
    Ok(())
}

/// The agency has it, under that number.
fn accepted(
    tx: &mut Tx,
    ctx: &Ctx,
    it: &mut Transfer,
    agency: &Agency,
    reference: &str,
    held: bool,
) -> Result<(), Fault> {
    it.heard_at = Some(ctx.now);
    if it.reference == reference {
        // Heard by another way a moment ago.
        return Ok(());
    }
    reference.clone_into(&mut it.reference);
    if !held && it.ended_at.is_some() {
        let text = format!(
            "거둔 뒤에 상대 기관이 접수했습니다: {reference}. 전화로 취소를 부탁해 주십시오."
        );
        return tell(tx, ctx, it, agency, (None, None), &text, false);
    }
    it.state = TransferState::Accepted;
    it.quiet = 0;
    it.set_why(None);
    it.next_at = Some(ctx.now + watch_again(0));
    let accepted = TransferAccepted {
        case: it.case,
        agency: agency.name.clone(),
        reference: reference.to_owned(),
    };
    transfer_accepted(tx, ctx, &accepted).map_err(only_fault)?;
    Ok(())
}

fn not_posted(
    tx: &mut Tx,
    ctx: &Ctx,
    it: &mut Transfer,
    agency: &Agency,
    trouble: &Trouble,
) -> Result<(), Fault> {
    it.set_why(Some(said(trouble)));
    match trouble {
        Trouble::NotDone(_) => {
            it.state = TransferState::Sending;
            it.next_at = Some(ctx.now + send_again(it.tries));
        }
        // The state says "perhaps sent" since before it was sent.
        Trouble::Lost(_) => {}
        Trouble::Refused { .. } => {
            it.state = TransferState::Refused;
            it.next_at = None;
            tell(tx, ctx, it, agency, (None, None), &trouble.say(), false)?;
        }
    }
    Ok(())
}

fn not_looked(ctx: &Ctx, it: &mut Transfer, trouble: &Trouble) {
    it.looks += 1;
    let never = matches!(trouble, Trouble::Refused { .. });
    if never || it.looks >= FAILED_LOOKS {
        it.state = TransferState::Stuck;
        it.next_at = None;
        let why = trouble.say();
        it.set_why(Some(Bilingual::new(
            format!(
                "보낸 뒤 답을 받지 못했고, 상대 기관의 목록에서도 확인할 수 없습니다({why}). 전화로 \
                 확인하십시오. 도착하지 않았으면 다시 보내고, 도착했으면 거두지 말고 그대로 두십시오."
            ),
            format!(
                "No answer came, and their list cannot be searched ({why}). Please ask by telephone: \
                 if it did not arrive, send it again."
            ),
        )));
    } else {
        it.set_why(Some(said(trouble)));
        it.next_at = Some(ctx.now + look_again(it.looks));
    }
}

fn watched(
    tx: &mut Tx,
    ctx: &Ctx,
    it: &mut Transfer,
    agency: &Agency,
    request: &Request,
    updates: &[Update],
) -> Result<(), Fault> {
    it.heard_at = Some(ctx.now);
    it.set_why(None);
    let mut news = false;
    for update in updates {
        if store::hear_once(tx, ctx, it.id, &update.update_id)? {
            news = true;
            let word = (Some(update.update_id.as_str()), Some(update.status.word()));
            tell(tx, ctx, it, agency, word, &update.description, false)?;
        }
    }
    let notes = request.status_notes.clone().unwrap_or_default();
    let status = request.status.word();
    let moved = it.remote_status != status || it.remote_notes != notes;
    let first_open =
        it.remote_status.is_empty() && request.status == Status::Open && notes.is_empty();
    let done = request.status == Status::Closed;
    if moved && !first_open {
        news = true;
        // Some say only in an update what they did.
        let words = if notes.is_empty() && done {
            updates.last().map_or("", |update| update.description.as_str())
        } else {
            notes.as_str()
        };
        tell(tx, ctx, it, agency, (None, Some(status)), words, done)?;
    }
    status.clone_into(&mut it.remote_status);
    it.remote_notes = notes;
    it.state = if done { TransferState::Closed } else { TransferState::Accepted };
    it.quiet = if news { 0 } else { it.quiet.saturating_add(1) };
    it.next_at = Some(ctx.now + watch_again(it.quiet));
    Ok(())
}

/// Mirrors what the agency says into the case.
fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    it: &Transfer,
    agency: &Agency,
    (update, status): (Option<&str>, Option<&str>),
    text: &str,
    done: bool,
) -> Result<(), Fault> {
    let told = Hear {
        case: it.case,
        agency: agency.name.clone(),
        update: update.map(str::to_owned),
        status: status.map(str::to_owned),
        text: text.to_owned(),
        done,
    };
    hear(tx, ctx, &told).map_err(only_fault)?;
    Ok(())
}
