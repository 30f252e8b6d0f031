//! A sign-in with a passkey: both factors at once, no name typed. Locks, ends, logs and new browsers are
//! those of every sign-in.

use maeul_base::{Ctx, Fault};
use maeul_db::{Seal, Tx};

use crate::act::sign_in::{
    Began, SignInFrom, SignInOutcome, SignInRefusal, count_failure, lock_of, open,
};
use crate::passkey::{PasskeyRow, Ticket, TicketKind, browser_hash, user_handle};
use crate::signature::{PublicKey, from_base64url};
use crate::store::{self, passkey as rows};
use crate::webauthn::{self, Asserted, RelyingParty};
use crate::{SignInPolicy, read};

/// What the browser sent, in base64url.
#[derive(Clone, Debug)]
pub struct PasskeySignIn {
    /// `id`
    pub credential: String,
    /// `response.clientDataJSON`
    pub client_data: String,
    /// `response.authenticatorData`
    pub authenticator: String,
    /// `response.signature`
    pub signature: String,
    /// `response.userHandle`; empty where there is none.
    pub user_handle: String,
}

/// Hands out the challenge of a sign-in.
pub fn challenge(tx: &mut Tx, ctx: &Ctx, seal: &Seal, browser: &str) -> Result<Ticket, Fault> {
    let ticket = Ticket::random(&ctx.ids);
    let browser = browser_hash(seal, ctx.office, browser);
    rows::insert_ticket(tx, ctx, TicketKind::Passkey, &ticket, (None, &browser, ""))?;
    Ok(ticket)
}

/// Judges what came back, counts failures, and opens a session.
pub fn sign_in_with_passkey(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    policy: &SignInPolicy,
    party: &RelyingParty,
    (sent, from): (&PasskeySignIn, &SignInFrom),
) -> Result<SignInOutcome, Fault> {
    let address = from.address.as_deref();
    let nobody = seal.lookup_hash(ctx.office, "a passkey of nobody");
    let browser = browser_hash(seal, ctx.office, &from.browser);
    let ticket = webauthn::challenge_of(&sent.client_data).and_then(|it| Ticket::from_bytes(&it));
    let taken = match ticket {
        Some(it) => rows::take_ticket(tx, ctx, TicketKind::Passkey, &it, &browser)?,
        None => None,
    };
    if taken.is_none() {
        store::log_sign_in(tx, ctx, &nobody, None, "passkey_stale", address)?;
        return Ok(SignInOutcome::Refused(SignInRefusal::Stale));
    }
    let credential = from_base64url(&sent.credential).unwrap_or_default();
    let found = rows::passkey_of(tx, ctx.office, &credential)?;
    let person = match &found {
        Some(it) => read::staff_by_id(tx, ctx.office, it.staff)?,
        None => None,
    };
    let (Some(passkey), Some(person)) = (found, person) else {
        store::log_sign_in(tx, ctx, &nobody, None, "passkey_unknown", address)?;
        return Ok(SignInOutcome::Refused(SignInRefusal::Passkey));
    };
    let hash = seal.lookup_hash(ctx.office, &person.login);
    let guard = match lock_of(tx, ctx, &hash)? {
        Ok(guard) => guard,
        Err(until) => {
            store::log_sign_in(tx, ctx, &hash, Some(person.id), "locked", address)?;
            return Ok(SignInOutcome::Refused(SignInRefusal::Locked { until }));
        }
    };
    let judged = judge(ctx, sent, party, &passkey)
        .and_then(|counter| person.in_force(ctx.today()).then_some(counter).ok_or("account_ended"));
    let counter = match judged {
        Ok(counter) => counter,
        Err(why) => {
            store::log_sign_in(tx, ctx, &hash, Some(person.id), why, address)?;
            let locked = count_failure(tx, ctx, policy, &hash, guard)?;
            let refusal = locked.unwrap_or(SignInRefusal::Passkey);
            return Ok(SignInOutcome::Refused(refusal));
        }
    };
    // An authenticator that counts never counts back: two of them hold the same key.
    if (counter > 0 || passkey.counter > 0) && i64::from(counter) <= passkey.counter {
        rows::end_passkey(tx, ctx, person.id, passkey.id, "cloned")?;
        store::log_account(tx, ctx, person.id, "passkey_cloned", &passkey.id.to_string())?;
        store::log_sign_in(tx, ctx, &hash, Some(person.id), "passkey_cloned", address)?;
        return Ok(SignInOutcome::Refused(SignInRefusal::Cloned));
    }
    rows::use_passkey(tx, ctx, &passkey, counter)?;
    store::clear_guard(tx, ctx.office, &hash)?;
    store::log_sign_in(tx, ctx, &hash, Some(person.id), "signed_in_passkey", address)?;
    let began = Began { by: "passkey", from };
    let signed_in = open(tx, ctx, seal, policy, person.id, &began)?;
    Ok(SignInOutcome::SignedIn(Box::new(signed_in)))
}

/// How often the authenticator was used; or what the log is told.
fn judge(
    ctx: &Ctx,
    sent: &PasskeySignIn,
    party: &RelyingParty,
    passkey: &PasskeyRow,
) -> Result<u32, &'static str> {
    let key =
        PublicKey::from_bytes(&passkey.algorithm, &passkey.key).ok_or("passkey_unreadable")?;
    let handle = from_base64url(&sent.user_handle);
    let own = user_handle(ctx.office, passkey.staff);
    if !sent.user_handle.is_empty() && handle != Some(own) {
        return Err("passkey_wrong");
    }
    let asserted = Asserted {
        client_data: &sent.client_data,
        authenticator: &sent.authenticator,
        signature: &sent.signature,
    };
    webauthn::asserted(&asserted, party, &key).map_err(|_| "passkey_wrong")
}

/// Forgets tickets nobody brought back, and what providers said of sessions that are over; run by a
/// schedule.
pub fn forget_tickets(tx: &mut Tx, ctx: &Ctx) -> Result<u64, Fault> {
    let tickets = rows::delete_tickets(tx, ctx.office, ctx.now)?;
    Ok(tickets + store::vouched::delete_stale_vouched(tx, ctx.office, ctx.now)?)
}
