//! A sign-in by the office's own identity provider: it says who somebody is, the account says whether
//! and as what they come in. Nobody is let in whom the office did not enter as staff.

use maeul_base::{Ctx, Fault, StaffId};
use maeul_db::{Seal, Tx};

use crate::act::sign_in::{
    Began, SignInFrom, SignInOutcome, SignInRefusal, count_failure, judge_code, lock_of, open,
};
use crate::id::VouchedId;
use crate::passkey::{Ticket, TicketKind, browser_hash};
use crate::read::normal;
use crate::staff::later;
use crate::store::{self, passkey as rows, vouched as words};
use crate::{SignInPolicy, Vouched, read};

/// What came of what the provider said.
#[derive(Clone, Debug)]
pub enum ProviderOutcome {
    /// Signed in, or refused.
    Done(SignInOutcome),
    /// The one-time code is still asked for.
    CodeWanted(Ticket),
    /// The code was not right; it is asked for once more.
    CodeAgain(Ticket),
}

/// Whom a provider vouches for, and how they go on.
#[derive(Clone, Copy, Debug)]
pub struct ProviderSignIn<'a> {
    /// The sign-in name.
    pub login: &'a str,
    /// Whether our code is still asked for.
    pub code_wanted: bool,
    /// What the way on needs.
    pub detail: &'a str,
    /// Which provider, and its word.
    pub vouched: &'a Vouched,
}

/// Somebody sets out for the provider; `detail` is what the way back needs.
pub fn set_out(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    browser: &str,
    detail: &str,
) -> Result<Ticket, Fault> {
    hand_out(tx, ctx, seal, TicketKind::Provider, (None, browser, detail))
}

/// Hands a ticket out to a browser.
pub(crate) fn hand_out(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    kind: TicketKind,
    (staff, browser, detail): (Option<StaffId>, &str, &str),
) -> Result<Ticket, Fault> {
    let ticket = Ticket::random(&ctx.ids);
    let browser = browser_hash(seal, ctx.office, browser);
    rows::insert_ticket(tx, ctx, kind, &ticket, (staff, &browser, detail))?;
    Ok(ticket)
}

/// Somebody comes back: what they set out with, once, in the same browser, in time.
pub fn come_back(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    ticket: &Ticket,
    from: &SignInFrom,
) -> Result<Option<String>, Fault> {
    let browser = browser_hash(seal, ctx.office, &from.browser);
    let taken = rows::take_ticket(tx, ctx, TicketKind::Provider, ticket, &browser)?;
    if taken.is_none() {
        let nobody = seal.lookup_hash(ctx.office, "a provider's answer of nobody");
        let address = from.address.as_deref();
        store::log_sign_in(tx, ctx, &nobody, None, "provider_stale", address)?;
    }
    Ok(taken.map(|(_, detail)| detail))
}

/// Whether somebody who left a provider is back: in the same browser, once, in time.
pub fn has_left(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    ticket: &Ticket,
    browser: &str,
) -> Result<bool, Fault> {
    let browser = browser_hash(seal, ctx.office, browser);
    Ok(rows::take_ticket(tx, ctx, TicketKind::ProviderLeft, ticket, &browser)?.is_some())
}

/// The provider vouches for that sign-in name; where it does not ask for two factors, our code is still
/// wanted.
pub fn sign_in_by_provider(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    policy: &SignInPolicy,
    who: ProviderSignIn<'_>,
    from: &SignInFrom,
) -> Result<ProviderOutcome, Fault> {
    let ProviderSignIn { login, code_wanted, detail, vouched } = who;
    let address = from.address.as_deref();
    let hash = seal.lookup_hash(ctx.office, &normal(login));
    let done = |refusal| Ok(ProviderOutcome::Done(SignInOutcome::Refused(refusal)));
    if let Err(until) = lock_of(tx, ctx, &hash)? {
        store::log_sign_in(tx, ctx, &hash, None, "locked", address)?;
        return done(SignInRefusal::Locked { until });
    }
    let person = read::staff_by_login(tx, ctx.office, login)?;
    let person = match person {
        Some(person) if person.in_force(ctx.today()) => person,
        other => {
            let why = if other.is_some() { "account_ended" } else { "unknown_name" };
            store::log_sign_in(tx, ctx, &hash, other.map(|it| it.id), why, address)?;
            return done(SignInRefusal::Nobody);
        }
    };
    let kind = TicketKind::ProviderCode;
    let word = words::insert_vouched(tx, ctx, seal, vouched, later(ctx.now, kind.holds()))?;
    if code_wanted {
        let detail = format!("{word} {detail}");
        let to = (Some(person.id), from.browser.as_str(), detail.as_str());
        return Ok(ProviderOutcome::CodeWanted(hand_out(tx, ctx, seal, kind, to)?));
    }
    let began = Began { by: "provider", from };
    let signed_in = enter(tx, ctx, seal, policy, (&hash, person.id, Some(word)), &began)?;
    Ok(ProviderOutcome::Done(signed_in))
}

/// The provider's word and what the way on needs, of a ticket's detail. A release before words were kept
/// wrote none.
fn word_of(detail: &str) -> (Option<VouchedId>, &str) {
    let (first, rest) = detail.split_once(' ').unwrap_or(("", detail));
    match first.parse::<VouchedId>() {
        Ok(word) => (Some(word), rest),
        Err(_) => (None, detail),
    }
}

fn enter(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    policy: &SignInPolicy,
    (hash, staff, word): (&[u8], StaffId, Option<VouchedId>),
    began: &Began<'_>,
) -> Result<SignInOutcome, Fault> {
    store::clear_guard(tx, ctx.office, hash)?;
    let address = began.from.address.as_deref();
    store::log_sign_in(tx, ctx, hash, Some(staff), "signed_in_provider", address)?;
    let signed_in = open(tx, ctx, seal, policy, staff, began)?;
    if let Some(word) = word {
        let session = &signed_in.session;
        words::keep_vouched(tx, ctx.office, word, Some(session.session), session.absolute_until)?;
    }
    Ok(SignInOutcome::SignedIn(Box::new(signed_in)))
}

/// The code after the provider; with it the session, and what the way on needs.
pub fn sign_in_by_provider_code(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    policy: &SignInPolicy,
    (ticket, code): (&Ticket, &str),
    from: &SignInFrom,
) -> Result<(ProviderOutcome, String), Fault> {
    let address = from.address.as_deref();
    let done = |refusal, detail: &str| {
        Ok((ProviderOutcome::Done(SignInOutcome::Refused(refusal)), detail.to_owned()))
    };
    let browser = browser_hash(seal, ctx.office, &from.browser);
    let taken = rows::take_ticket(tx, ctx, TicketKind::ProviderCode, ticket, &browser)?;
    let Some((Some(staff), detail)) = taken else {
        return done(SignInRefusal::Stale, "");
    };
    let (word, back) = word_of(&detail);
    let person = read::staff_by_id(tx, ctx.office, staff)?;
    let Some(person) = person.filter(|it| it.in_force(ctx.today())) else {
        return done(SignInRefusal::Nobody, back);
    };
    let hash = seal.lookup_hash(ctx.office, &person.login);
    let guard = match lock_of(tx, ctx, &hash)? {
        Ok(guard) => guard,
        Err(until) => {
            store::log_sign_in(tx, ctx, &hash, Some(staff), "locked", address)?;
            return done(SignInRefusal::Locked { until }, back);
        }
    };
    match judge_code(tx, ctx, seal, staff, code)? {
        Ok(step) => {
            store::use_step(tx, ctx.office, staff, step)?;
            let began = Began { by: "provider", from };
            let outcome = enter(tx, ctx, seal, policy, (&hash, staff, word), &began)?;
            Ok((ProviderOutcome::Done(outcome), back.to_owned()))
        }
        Err(why) => {
            store::log_sign_in(tx, ctx, &hash, Some(staff), why, address)?;
            if let Some(locked) = count_failure(tx, ctx, policy, &hash, guard)? {
                return done(locked, back);
            }
            let kind = TicketKind::ProviderCode;
            if let Some(word) = word {
                let until = later(ctx.now, kind.holds());
                words::keep_vouched(tx, ctx.office, word, None, until)?;
            }
            let to = (Some(staff), from.browser.as_str(), detail.as_str());
            let again = hand_out(tx, ctx, seal, kind, to)?;
            Ok((ProviderOutcome::CodeAgain(again), back.to_owned()))
        }
    }
}
