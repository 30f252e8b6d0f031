//! The job that hands a message to its gateway.

use std::sync::Arc;

use maeul_base::{CaseId, Ctx, Fault, NoticeId, OfficeId};
use maeul_db::{Seal, Tx};
use maeul_queue::{Handler, JobCtx, JobError, NewJob, enqueue as enqueue_job, finish_in, handler};
use serde::Deserialize;
use serde_json::json;

use crate::gateway::Gateways;
use crate::message::{Channel, Message, MessageState, Thread};
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

/// Asked before an e-mail about a case goes out: the Message-IDs, without brackets, of the letters in
/// which its recipient wrote about the case, the oldest first. Given by whoever keeps letters.
pub type Letters =
    Arc<dyn Fn(&mut Tx, OfficeId, CaseId, &str) -> Result<Vec<String>, Fault> + Send + Sync>;

/// What is asked of other rooms before a message goes out.
#[derive(Clone)]
pub struct Asked {
    /// Who wants no texts.
    pub stops: Stops,
    /// Which letters an e-mail answers.
    pub letters: Letters,
}

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
    sender_asking(seal, gateways, Asked { stops, letters: Arc::new(|_, _, _, _| Ok(Vec::new())) })
}

/// As [`sender_unless`]; an e-mail goes on with the letters it answers.
pub fn sender_asking(seal: Seal, gateways: Arc<Gateways>, asked: Asked) -> Handler {
    handler(move |begun: JobCtx| {
        let (seal, gateways, asked) = (seal.clone(), Arc::clone(&gateways), asked.clone());
        async move { send(begun, seal, &gateways, asked).await }
    })
}

async fn send(
    begun: JobCtx,
    seal: Seal,
    gateways: &Gateways,
    asked: Asked,
) -> Result<(), JobError> {
    let JobCtx { db, job, ctx } = begun;
    let Which { notice: id } = job.payload()?;
    let office = ctx.office;
    let found = db
        .read(move |tx| {
            let Some((mut message, case)) = store::waiting(tx, &seal, office, id)? else {
                return Ok(None);
            };
            let stopped = message.channel == Channel::Sms && (asked.stops)(tx, office, &message)?;
            if let Some(case) = case.filter(|_| message.channel == Channel::Email) {
                let letters = (asked.letters)(tx, office, case, &message.to)?;
                let ours = store::before(tx, &seal, &message, case)?;
                message.thread = Thread { letters, ours };
            }
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
