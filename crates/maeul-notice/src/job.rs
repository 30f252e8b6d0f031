//! The job that hands a message to its gateway.

use std::sync::Arc;

use maeul_base::{Ctx, Fault, NoticeId, OfficeId};
use maeul_db::{Seal, Tx};
use maeul_queue::{Handler, JobCtx, JobError, NewJob, enqueue as enqueue_job, finish_in, handler};
use serde::Deserialize;
use serde_json::json;

use crate::gateway::Gateways;
use crate::message::{Channel, Message, MessageState};
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

/// Asked before a text goes out: whether its recipient wants none. Given by whoever keeps such
/// wishes; see [`nobody_stops`].
pub type Stops = Arc<dyn Fn(&mut Tx, OfficeId, &Message) -> Result<bool, Fault> + Send + Sync>;

/// Nobody has said to want no texts.
pub fn nobody_stops() -> Stops {
    Arc::new(|_, _, _| Ok(false))
}

/// Sends a message once its turn comes. A gateway that says "later" is tried again with growing
/// pauses; one that says "never", or "later" for the last time, ends the message as failed, which
/// its case shows.
pub fn sender(seal: Seal, gateways: Arc<Gateways>) -> Handler {
    sender_unless(seal, gateways, nobody_stops())
}

/// As [`sender`]; a text whose recipient wants none ends as stopped.
pub fn sender_unless(seal: Seal, gateways: Arc<Gateways>, stops: Stops) -> Handler {
    handler(move |begun: JobCtx| {
        let (seal, gateways, stops) = (seal.clone(), Arc::clone(&gateways), Arc::clone(&stops));
        async move { send(begun, seal, &gateways, stops).await }
    })
}

async fn send(
    begun: JobCtx,
    seal: Seal,
    gateways: &Gateways,
    stops: Stops,
) -> Result<(), JobError> {
    let JobCtx { db, job, ctx } = begun;
    let Which { notice: id } = job.payload()?;
    let office = ctx.office;
    let found = db
        .read(move |tx| {
            let Some(message) = store::waiting(tx, &seal, office, id)? else { return Ok(None) };
            let stopped = message.channel == Channel::Sms && stops(tx, office, &message)?;
            Ok::<_, Fault>(Some((message, stopped)))
        })
        .await?;
    // Sent already: by a run that died before its job was marked done, or by one whose answer was
    // lost and of which the gateway reported since.
    let Some((message, stopped)) = found else { return Ok(()) };
    if stopped {
        db.write(move |tx| {
            store::tried(tx, &ctx, id, MessageState::Stopped, "")?;
            finish_in(tx, &job, ctx.now)
        })
        .await?;
        return Ok(());
    }
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
