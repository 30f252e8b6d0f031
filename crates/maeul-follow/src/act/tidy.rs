//! What nobody needs any more is forgotten: requests that were never confirmed, addresses without
//! anything, messages that went out, news that everybody was told.

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Ctx, Fault};
use maeul_db::Tx;

use super::tell::OLDEST;
use crate::{Settings, store};

/// For so long it is known that there was a subscription, of which kind, and when it ended. 30 days.
const STOPPED: SignedDuration = SignedDuration::from_hours(30 * 24);
/// For so long the messages of this room stand in the outbox. 7 days.
const SENT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How much was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tidied {
    /// Requests nobody confirmed.
    pub unconfirmed: u64,
    /// Addresses.
    pub people: u64,
    /// Messages.
    pub messages: u64,
}

/// Forgets it.
pub fn tidy(tx: &mut Tx, ctx: &Ctx, settings: &Settings) -> Result<Tidied, Fault> {
    let before = |span: SignedDuration| ctx.now.checked_sub(span).unwrap_or(Timestamp::MIN);
    let days = SignedDuration::from_hours(24 * settings.unconfirmed_days);
    store::drop_expired(tx, ctx)?;
    let unconfirmed = store::drop_unconfirmed(tx, ctx.office, before(days))?;
    let people = store::drop_lonely(tx, ctx.office, None)?;
    store::drop_stopped(tx, ctx.office, before(STOPPED))?;
    store::tidy_news(tx, ctx.office, before(OLDEST))?;
    let messages = maeul_notice::forget_sent(tx, ctx.office, "follow", before(SENT))?;
    Ok(Tidied { unconfirmed, people, messages })
}
