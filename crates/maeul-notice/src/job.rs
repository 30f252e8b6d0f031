//! The job that hands a message to its gateway.

use std::sync::Arc;

use maeul_base::{Ctx, Fault, NoticeId};
use maeul_db::{Seal, Tx};
use maeul_queue::{Handler, JobCtx, JobError, NewJob, enqueue as enqueue_job, finish_in, handler};
use serde::Deserialize;
use serde_json::json;

use crate::gateway::Gateways;
use crate::message::MessageState;
use crate::store;

/// The kind of the job.
pub const SEND: &str = "notice.send";

#[derive(Deserialize)]
struct Which {
    notice: NoticeId,
}

/// Puts the message's job beside it.
pub(crate) fn enqueue(tx: &mut Tx, ctx: &Ctx, id: NoticeId) -> Result<(), Fault> {
    let job = NewJob::now(ctx, SEND, json!({ "notice": id }));
    enqueue_job(tx, ctx, &job.once(format!("{SEND}:{id}"))).map(|_| ())
}

/// Sends a message once its turn comes. A gateway that says "later" is tried again with growing
/// pauses; one that says "never", or "later" for the last time, ends the message as failed, which
/// its case shows.
pub fn sender(seal: Seal, gateways: Arc<Gateways>) -> Handler {
    handler(move |begun: JobCtx| {
        let (seal, gateways) = (seal.clone(), Arc::clone(&gateways));
        async move { send(begun, seal, &gateways).await }
    })
}

async fn send(begun: JobCtx, seal: Seal, gateways: &Gateways) -> Result<(), JobError> {
    let JobCtx { db, job, ctx } = begun;
    let Which { notice: id } = job.payload()?;
    let office = ctx.office;
    let message = db.read(move |tx| store::waiting(tx, &seal, office, id)).await?;
    // Sent already, by a run that died before its job was marked done.
    let Some(message) = message else { return Ok(()) };
    let (state, reference, again) = match gateways.of(message.channel).send(&message).await {
        Ok(receipt) => (MessageState::Sent, receipt.reference, None),
        Err(error) if error.retry && !job.is_last_try() => {
            (MessageState::Queued, error.reason.clone(), Some(error))
        }
        Err(error) => {
            tracing::warn!(notice = %id, reason = error.reason, "a message cannot be delivered");
            (MessageState::Failed, error.reason, None)
        }
    };
    let ended = again.is_none();
    db.write(move |tx| {
        store::tried(tx, &ctx, id, state, &reference)?;
        if ended {
            finish_in(tx, &job, ctx.now)?;
        }
        Ok::<_, Fault>(())
    })
    .await?;
    match again {
        Some(error) => Err(JobError::Again(Fault::from_error("hand over a message", error))),
        None => Ok(()),
    }
}
