//! Writes judged rows, many to a transaction.

use std::sync::Arc;

use maeul_base::{Ctx, Fault};
use maeul_db::{Db, Tx};

use super::OldCase;
use crate::act::bring;
use crate::knowledge::Knowledge;
use crate::number::CaseNumber;
use crate::store::{self, NumberLease};

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// Cases that are new.
    pub new: usize,
    /// Cases that were there already.
    pub before: usize,
}

/// Brings the cases in, whole or not at all. Those brought before are left as they are, so that
/// an interrupted import is simply begun again.
pub async fn bring_batch(
    db: &Db,
    numbers: &NumberLease,
    ctx: &Ctx,
    know: &Knowledge,
    cases: Vec<OldCase>,
) -> Result<Brought, Fault> {
    bring_batch_and(db, numbers, ctx, know, cases, |_, _| Ok(())).await
}

/// As [`bring_batch`], with something more to be written in the same transaction: how far it is.
pub(crate) async fn bring_batch_and(
    db: &Db,
    numbers: &NumberLease,
    ctx: &Ctx,
    know: &Knowledge,
    cases: Vec<OldCase>,
    also: impl Fn(&mut Tx, Brought) -> Result<(), Fault> + Send + 'static,
) -> Result<Brought, Fault> {
    let cases = Arc::new(cases);
    let (office, asked) = (ctx.office, Arc::clone(&cases));
    let known = db
        .read(move |tx| {
            asked
                .iter()
                .map(|old| Ok(store::id_by_client_key(tx, office, &old.key)?.is_some()))
                .collect::<Result<Vec<bool>, Fault>>()
        })
        .await?;
    // A number bears the year in which the case came in.
    let mut given: Vec<Option<CaseNumber>> = Vec::with_capacity(cases.len());
    for (old, known) in cases.iter().zip(known) {
        given.push(match known {
            true => None,
            false => {
                let then = Ctx { now: old.received_at, ..ctx.clone() };
                Some(numbers.next(db, &then, know).await?)
            }
        });
    }
    let (ctx, know) = (ctx.clone(), know.clone());
    db.write(move |tx| {
        let mut brought = Brought::default();
        for (old, number) in cases.iter().zip(&given) {
            let is_new = match number {
                Some(number) => bring(tx, &ctx, &know, number, old)?,
                None => false,
            };
            match is_new {
                true => brought.new += 1,
                false => brought.before += 1,
            }
        }
        also(tx, brought)?;
        Ok::<_, Fault>(brought)
    })
    .await
}
