//! What made-up history leaves waiting is worked off: words are indexed, messages to nobody are
//! not sent, facts of the past concern no one any more.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use maeul_base::{Fault, OfficeId};
use maeul_cases::{KnowledgeCache, NumberLease};
use maeul_notice::{Gateway, Gateways, Message, Receipt, Sending};
use maeul_queue::{Claim, Handler, Job, JobCtx, JobError, NewJob};
use maeul_web::Site;

/// How many jobs are taken at a time.
const AT_A_TIME: usize = 1_000;
/// How many run at once; they share commits.
const AT_ONCE: usize = 64;

/// Takes messages and lets them go nowhere.
struct Nowhere;

impl Gateway for Nowhere {
    fn send<'a>(&'a self, _: &'a Message) -> Sending<'a> {
        Box::pin(async { Ok(Receipt { reference: "demonstration".to_owned() }) })
    }
}

/// Works off every job that waits, as of `now`.
pub(crate) async fn settle(
    site: &Site,
    knowledge: &KnowledgeCache,
    offices: &[OfficeId],
    now: Timestamp,
) -> Result<(), Fault> {
    for office in offices {
        let ctx = maeul_base::Ctx { now, ..site.system_ctx(*office) };
        site.db()
            .write(move |tx| {
                let kind = maeul_cases::jobs::FOLD_COUNTS;
                maeul_queue::enqueue(tx, &ctx, &NewJob::now(&ctx, kind, serde_json::json!({})))
            })
            .await?;
    }
    let mut handlers: BTreeMap<&'static str, Handler> =
        maeul_cases::jobs::handlers(knowledge, &NumberLease::new()).into_iter().collect();
    let nowhere = Arc::new(Gateways::both(Nowhere));
    let seal = site.seal().clone();
    let sender = maeul_notice::sender_unless(seal.clone(), nowhere, maeul_text::stops(seal));
    handlers.insert(maeul_notice::SEND, sender);
    while let Some(office) = site.db().read(move |tx| maeul_queue::next_due(tx, now, None)).await? {
        let lease = SignedDuration::from_mins(10);
        let wanted = Claim { office, now, limit: AT_A_TIME, lease };
        let jobs = site.db().write(move |tx| maeul_queue::claim(tx, &wanted)).await?;
        if jobs.is_empty() {
            break;
        }
        stream::iter(&jobs)
            .map(|job| run(site, &handlers, job))
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        site.db()
            .write(move |tx| {
                for job in &jobs {
                    maeul_queue::finish(tx, job, now)?;
                }
                Ok::<_, Fault>(())
            })
            .await?;
    }
    // Done before the demonstration began: nobody will ask for them.
    let after = now + SignedDuration::from_secs(1);
    site.db().write(move |tx| maeul_queue::purge_done(tx, after)).await?;
    Ok(())
}

async fn run(
    site: &Site,
    handlers: &BTreeMap<&'static str, Handler>,
    job: &Job,
) -> Result<(), Fault> {
    // A fact of the past: the cases it spoke of have long gone on.
    let Some(handler) = handlers.get(job.kind.as_str()).filter(|_| !job.kind.starts_with("fact:"))
    else {
        return Ok(());
    };
    let ctx = maeul_base::Ctx { now: job.created_at, ..site.system_ctx(job.office) };
    let begun = JobCtx { db: site.db().clone(), job: job.clone(), ctx };
    handler.run(begun).await.map_err(|error| match error {
        JobError::Again(fault) | JobError::GiveUp(fault) => fault,
    })
}
