//! What the handlers of this room share, and the two ways they call an act or a read.

use maeul_base::{Ctx, Failure, Fault};
use maeul_db::Tx;
use maeul_web::{Visit, WebError};

use crate::{Knowledge, KnowledgeCache, NumberLease};

/// The room's part of the site's state.
#[derive(Clone)]
pub struct Desk {
    /// What is known of each office, kept for a few seconds.
    pub knowledge: KnowledgeCache,
    /// The receipt numbers leased to this process.
    pub numbers: NumberLease,
}

impl Desk {
    /// The desk of this visit's site and what is known of its office.
    pub(crate) async fn of(visit: &Visit) -> Result<(Self, Knowledge), WebError> {
        let desk = visit.site().room::<Self>()?.clone();
        let know = desk.knowledge.get(visit.site().db(), visit.office().id, visit.now()).await?;
        Ok((desk, know))
    }
}

/// What is known of the visit's office.
pub(crate) async fn know(visit: &Visit) -> Result<Knowledge, WebError> {
    Ok(Desk::of(visit).await?.1)
}

/// Runs an act in a transaction of its own.
pub(crate) async fn write<T, R, F>(
    visit: &Visit,
    ctx: Ctx,
    know: &Knowledge,
    act: F,
) -> Result<T, Failure<R>>
where
    T: Send + 'static,
    R: Send + 'static,
    F: Fn(&mut Tx, &Ctx, &Knowledge) -> Result<T, Failure<R>> + Send + Sync + 'static,
{
    let know = know.clone();
    visit.site().db().write(move |tx| act(tx, &ctx, &know)).await
}

/// Runs a read on one snapshot.
pub(crate) async fn read<T, F>(
    visit: &Visit,
    ctx: Ctx,
    know: &Knowledge,
    read: F,
) -> Result<T, Fault>
where
    T: Send + 'static,
    F: Fn(&mut Tx, &Ctx, &Knowledge) -> Result<T, Fault> + Send + Sync + 'static,
{
    let know = know.clone();
    visit.site().db().read(move |tx| read(tx, &ctx, &know)).await
}
