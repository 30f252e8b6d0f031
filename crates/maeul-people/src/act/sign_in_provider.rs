//! A sign-in by the office's own identity provider: it says who somebody is, the account says whether
//! and as what they come in. Nobody is let in whom the office did not enter as staff.

use maeul_base::{Ctx, Fault, StaffId};
use maeul_db::{Seal, Tx};

use crate::act::sign_in::{
    Began, SignInFrom, SignInOutcome, SignInRefusal, count_failure, judge_code, lock_of, open,
};
use crate::passkey::{Ticket, TicketKind, browser_hash};
use crate::read::normal;
use crate::store::{self, passkey as rows};
use crate::{SignInPolicy, read};

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

fn hand_out(
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

/// The provider vouches for that sign-in name. `detail` is `KEY` of the provider and what the way on
/// needs; where the provider does not ask for two factors, our code is still wanted.
pub fn sign_in_by_provider(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    policy: &SignInPolicy,
    (login, code_wanted, detail): (&str, bool, &str),
    from: &SignInFrom,
) -> Result<ProviderOutcome, Fault> {
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
    if code_wanted {
        let kind = TicketKind::ProviderCode;
        let to = (Some(person.id), from.browser.as_str(), detail);
        return Ok(ProviderOutcome::CodeWanted(hand_out(tx, ctx, seal, kind, to)?));
    }
    let began = Began { by: "provider", from };
    let signed_in = enter(tx, ctx, seal, policy, (&hash, person.id), &began)?;
    Ok(ProviderOutcome::Done(signed_in))
}

fn enter(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    policy: &SignInPolicy,
    (hash, staff): (&[u8], StaffId),
    began: &Began<'_>,
) -> Result<SignInOutcome, Fault> {
    store::clear_guard(tx, ctx.office, hash)?;
    let address = began.from.address.as_deref();
    store::log_sign_in(tx, ctx, hash, Some(staff), "signed_in_provider", address)?;
    Ok(SignInOutcome::SignedIn(Box::new(open(tx, ctx, seal, policy, staff, began)?)))
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
    let done =
        |refusal, detail| Ok((ProviderOutcome::Done(SignInOutcome::Refused(refusal)), detail));
    let browser = browser_hash(seal, ctx.office, &from.browser);
    let taken = rows::take_ticket(tx, ctx, TicketKind::ProviderCode, ticket, &browser)?;
    let Some((Some(staff), detail)) = taken else {
        return done(SignInRefusal::Stale, String::new());
    };
    let person = read::staff_by_id(tx, ctx.office, staff)?;
    let Some(person) = person.filter(|it| it.in_force(ctx.today())) else {
        return done(SignInRefusal::Nobody, detail);
    };
    let hash = seal.lookup_hash(ctx.office, &person.login);
    let guard = match lock_of(tx, ctx, &hash)? {
        Ok(guard) => guard,
        Err(until) => {
            store::log_sign_in(tx, ctx, &hash, Some(staff), "locked", address)?;
            return done(SignInRefusal::Locked { until }, detail);
        }
    };
    match judge_code(tx, ctx, seal, staff, code)? {
        Ok(step) => {
            store::use_step(tx, ctx.office, staff, step)?;
            let began = Began { by: "provider", from };
            let outcome = enter(tx, ctx, seal, policy, (&hash, staff), &began)?;
            Ok((ProviderOutcome::Done(outcome), detail))
        }
        Err(why) => {
            store::log_sign_in(tx, ctx, &hash, Some(staff), why, address)?;
            if let Some(locked) = count_failure(tx, ctx, policy, &hash, guard)? {
                return done(locked, detail);
            }
            let kind = TicketKind::ProviderCode;
            let to = (Some(staff), from.browser.as_str(), detail.as_str());
            let again = hand_out(tx, ctx, seal, kind, to)?;
            Ok((ProviderOutcome::CodeAgain(again), detail))
        }
    }
}
