//! A request keeps its session from ending for idleness.

use maeul_base::{Ctx, Fault, SessionId};
use maeul_db::Tx;

use crate::{SignInPolicy, store};

/// Moves the idle end; call it when
/// [`StaffSession::needs_touch`](crate::StaffSession::needs_touch) says so.
pub fn touch_session(
    tx: &mut Tx,
    ctx: &Ctx,
    policy: &SignInPolicy,
    session: SessionId,
) -> Result<(), Fault> {
    // Signed out meanwhile in another window: nothing to keep.
    let Some(open) = store::open_session(tx, ctx.office, session)? else { return Ok(()) };
    let absolute_until = open.absolute_until;
    let idle_until = policy.idle_until(ctx.now, absolute_until);
    store::touch_session(tx, ctx.office, session, ctx.now, idle_until)
}
