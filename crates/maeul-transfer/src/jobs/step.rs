//! One step of one transfer: what is about to be done, asking, and handing the answer on.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, OfficeId};
use maeul_db::{Seal, Tx};
use maeul_queue::{JobCtx, JobError};
use maeul_wire::open311::{Receipt, Request, Update};

use super::settle::settle;
use super::{Means, Which};
use crate::agency::Agency;
use crate::client::{Client, Trouble};
use crate::id::TransferId;
use crate::state::{LOOK_AFTER, TransferState};
use crate::store::{self, Transfer};

/// What is asked now.
pub(super) enum Plan {
    /// To take the case.
    Post(Vec<(String, String)>),
    /// Whether the case is in their list.
    Look(Timestamp),
    /// For the number behind the token.
    Token,
    /// How it stands, and since when news are wanted.
    Watch(Timestamp),
}

/// What was heard.
pub(super) enum Heard {
    Posted(Result<Receipt, Trouble>),
    Looked(Result<Option<String>, Trouble>),
    Numbered(Result<Option<String>, Trouble>),
    Watched(Result<(Box<Request>, Vec<Update>), Trouble>),
}

struct Begun {
    transfer: Transfer,
    agency: Agency,
    key: String,
    plan: Plan,
}

pub(super) async fn step(job: JobCtx, means: Means) -> Result<(), JobError> {
    let Which { transfer: id } = job.job.payload()?;
    let (ctx, seal) = (job.ctx.clone(), means.seal.clone());
    let begun = job.db.write(move |tx| begin(tx, &ctx, &seal, id)).await?;
    let Some(begun) = begun else { return Ok(()) };
    let heard = ask(&begun, &means, job.ctx.now).await;
    let ctx = job.ctx.clone();
    let (version, agency) = (begun.transfer.version, begun.agency);
    job.db.write(move |tx| settle(tx, &ctx, id, version, &agency, &heard)).await?;
    Ok(())
}

/// Loads what the step needs, and keeps what it is about to do.
fn begin(tx: &mut Tx, ctx: &Ctx, seal: &Seal, id: TransferId) -> Result<Option<Begun>, Fault> {
    let office: OfficeId = ctx.office;
    let Some(mut transfer) = store::transfer(tx, office, id)? else { return Ok(None) };
    let waits = transfer.next_at.is_none_or(|at| at > ctx.now);
    if transfer.ended_at.is_some() || waits {
        return Ok(None);
    }
    let answered = maeul_cases::read::case_now(tx, office, transfer.case)?
        .is_none_or(|case| !case.state.is_open());
    if answered {
        transfer.state = TransferState::Done;
        transfer.next_at = None;
        transfer.ended_at = Some(ctx.now);
        store::update(tx, ctx, &mut transfer)?;
        return Ok(None);
    }
    let found = store::agency_with_key(tx, office, seal, transfer.agency)?;
    let (agency, key) = found.ok_or_else(|| Fault::other("a transfer without its agency"))?;
    let since = transfer.sent_at.unwrap_or(transfer.created_at);
    let plan = match transfer.state {
        TransferState::Sending => {
            // Written before it is done: whoever comes after a crash looks before sending again.
            transfer.state = TransferState::Unsure;
            transfer.tries += 1;
            transfer.looks = 0;
            transfer.sent_at.get_or_insert(ctx.now);
            transfer.next_at = Some(ctx.now + LOOK_AFTER);
            store::update(tx, ctx, &mut transfer)?;
            Plan::Post(store::request(tx, office, seal, id)?)
        }
        TransferState::Unsure => Plan::Look(since),
        TransferState::Token => Plan::Token,
        TransferState::Accepted | TransferState::Closed => {
            Plan::Watch(transfer.heard_at.unwrap_or(since).max(since))
        }
        TransferState::Stuck
        | TransferState::Refused
        | TransferState::Ended
        | TransferState::Done => return Ok(None),
    };
    Ok(Some(Begun { transfer, agency, key, plan }))
}

async fn ask(begun: &Begun, means: &Means, now: Timestamp) -> Heard {
    let Begun { transfer, agency, key, plan } = begun;
    let client = Client::new(means.line.as_ref(), agency, key);
    match plan {
        Plan::Post(form) => Heard::Posted(client.post(form, &transfer.id.to_string()).await),
        Plan::Look(since) => {
            let found = client.find(&transfer.service, &transfer.number, (*since, now));
            Heard::Looked(found.await)
        }
        Plan::Token => Heard::Numbered(client.number_of(&transfer.token).await),
        Plan::Watch(since) => Heard::Watched(watch(&client, begun, (*since, now)).await),
    }
}

/// The request itself, and the updates where the agency has them. Updates that cannot be had do
/// not hide how the request stands.
async fn watch(
    client: &Client<'_>,
    begun: &Begun,
    window: (Timestamp, Timestamp),
) -> Result<(Box<Request>, Vec<Update>), Trouble> {
    let reference = &begun.transfer.reference;
    let request = Box::new(client.request(reference).await?);
    if !begun.agency.updates {
        return Ok((request, Vec::new()));
    }
    let updates = client.updates(reference, window).await.unwrap_or_else(|trouble| {
        tracing::warn!(transfer = %begun.transfer.id, why = trouble.say(), "no updates");
        Vec::new()
    });
    Ok((request, updates))
}
