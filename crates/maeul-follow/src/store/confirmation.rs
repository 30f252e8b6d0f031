//! Links and codes on their way, and how many went to an address on a day.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, OfficeId};
use maeul_db::{Tx, args, row};

use crate::id::{PersonId, SubscriptionId};
use crate::words::Rhythm;

row! {
    /// What proves an address, and how it shall be once proven.
    #[derive(Clone, Debug)]
    pub(crate) struct Confirmation {
        pub(crate) of: SubscriptionId,
        pub(crate) secret_hash: Vec<u8>,
        pub(crate) expires_at: Timestamp,
        pub(crate) tries: i32,
        pub(crate) rhythm: Rhythm,
        pub(crate) lang: String,
    }
}

pub(crate) fn put_confirmation(
    tx: &mut Tx,
    office: OfficeId,
    it: &Confirmation,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO follow_confirmation (office_id, subscription_id, secret_hash, expires_at,
            tries, rhythm, lang)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (office_id, subscription_id)
         DO UPDATE SET secret_hash = excluded.secret_hash, expires_at = excluded.expires_at,
            tries = excluded.tries, rhythm = excluded.rhythm, lang = excluded.lang",
        args![office, it.of, it.secret_hash, it.expires_at, it.tries, it.rhythm, it.lang],
    )
}

/// The one of that link, if it is still good.
pub(crate) fn live_by_secret(
    tx: &mut Tx,
    ctx: &Ctx,
    secret_hash: &[u8],
) -> Result<Option<Confirmation>, Fault> {
    tx.get(
        "SELECT subscription_id, secret_hash, expires_at, tries, rhythm, lang
           FROM follow_confirmation
          WHERE office_id = $1 AND secret_hash = $2 AND expires_at > $3",
        args![ctx.office, secret_hash.to_vec(), ctx.now],
    )
}

/// All of this person that are still good.
pub(crate) fn live_of_person(
    tx: &mut Tx,
    ctx: &Ctx,
    person: PersonId,
) -> Result<Vec<Confirmation>, Fault> {
    tx.all(
        "SELECT c.subscription_id, c.secret_hash, c.expires_at, c.tries, c.rhythm, c.lang
           FROM follow_confirmation c
           JOIN follow_subscription s ON s.office_id = c.office_id AND s.id = c.subscription_id
          WHERE c.office_id = $1 AND s.person_id = $2 AND c.expires_at > $3
          ORDER BY c.subscription_id",
        args![ctx.office, person, ctx.now],
    )
}

pub(crate) fn count_try(tx: &mut Tx, office: OfficeId, of: SubscriptionId) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE follow_confirmation SET tries = tries + 1
          WHERE office_id = $1 AND subscription_id = $2",
        args![office, of],
    )
}

pub(crate) fn drop_confirmation(
    tx: &mut Tx,
    office: OfficeId,
    of: SubscriptionId,
) -> Result<(), Fault> {
    tx.exec(
        "DELETE FROM follow_confirmation WHERE office_id = $1 AND subscription_id = $2",
        args![office, of],
    )?;
    Ok(())
}

/// Counts a confirmation to that address today; false where it had its share.
pub(crate) fn may_confirm(
    tx: &mut Tx,
    ctx: &Ctx,
    contact_hash: &[u8],
    most: i32,
) -> Result<bool, Fault> {
    let (asked,): (i32,) = tx.one(
        "INSERT INTO follow_asked (office_id, contact_hash, on_day, asked) VALUES ($1, $2, $3, 1)
         ON CONFLICT (office_id, contact_hash, on_day)
         DO UPDATE SET asked = follow_asked.asked + 1 RETURNING asked",
        args![ctx.office, contact_hash.to_vec(), ctx.today()],
    )?;
    Ok(asked <= most)
}

/// Forgets links and codes that are no good any more, and what was counted before today.
pub(crate) fn drop_expired(tx: &mut Tx, ctx: &Ctx) -> Result<(), Fault> {
    tx.exec(
        "DELETE FROM follow_confirmation WHERE office_id = $1 AND expires_at <= $2",
        args![ctx.office, ctx.now],
    )?;
    tx.exec(
        "DELETE FROM follow_asked WHERE office_id = $1 AND on_day < $2",
        args![ctx.office, ctx.today()],
    )?;
    Ok(())
}
