//! A member of staff signs out, here or everywhere.

use maeul_base::{Ctx, Fault, SessionId, StaffId};
use maeul_db::{Seal, Tx};

use crate::act::sign_in_provider::hand_out;
use crate::passkey::{Ticket, TicketKind};
use crate::{Vouched, store};

/// Somebody who came by a provider has left here, and is still signed in there.
#[derive(Clone, Debug)]
pub struct LeftProvider {
    /// Which provider, and its word.
    pub vouched: Vouched,
    /// Comes back with them once they have signed out there too.
    pub ticket: Ticket,
}

/// Ends one session; one that has ended already stays so. Who came by a provider may go on to leave it
/// too, from this browser.
pub fn sign_out(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    session: SessionId,
    browser: &str,
) -> Result<Option<LeftProvider>, Fault> {
    let open = store::open_session(tx, ctx.office, session)?;
    let vouched = match open.filter(|it| it.began_by == "provider") {
        // Without a word of it where the session began before such words were kept.
        Some(_) => {
            Some(store::vouched::vouched_of(tx, seal, ctx.office, session)?.unwrap_or_default())
        }
        None => None,
    };
    store::end_session(tx, ctx.office, session, ctx.now)?;
    let Some(vouched) = vouched else { return Ok(None) };
    let ticket = hand_out(tx, ctx, seal, TicketKind::ProviderLeft, (None, browser, ""))?;
    Ok(Some(LeftProvider { vouched, ticket }))
}

/// Ends all sessions of a person; how many were open.
pub fn sign_out_everywhere(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<u64, Fault> {
    store::end_sessions(tx, ctx.office, staff, None, ctx.now)
}
