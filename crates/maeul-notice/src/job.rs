//! The job that hands a message to its gateway.

use maeul_base::{Ctx, Fault, NoticeId};
use maeul_db::Tx;

/// Puts the message's job beside it.
pub(crate) fn enqueue(_tx: &mut Tx, _ctx: &Ctx, _id: NoticeId) -> Result<(), Fault> {
    Ok(())
}
