//! A member of staff signs out, here or everywhere.

use maeul_base::{Ctx, Fault, SessionId, StaffId};
use maeul_db::Tx;

use crate::store;

/// Ends one session; one that has ended already stays so.
pub fn sign_out(tx: &mut Tx, ctx: &Ctx, session: SessionId) -> Result<(), Fault> {
    store::end_session(tx, ctx.office, session, ctx.now)?;
    Ok(())
}

/// Ends all sessions of a person; how many were open.
pub fn sign_out_everywhere(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<u64, Fault> {
    store::end_sessions(tx, ctx.office, staff, None, ctx.now)
}
