//! What happens by itself: the picture follows the facts, published summaries appear when their delay
//! is over, and after an upgrade every case gets in.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use maeul_base::{CaseId, Ctx, Cursor, Fault};
use maeul_cases::KnowledgeCache;
use maeul_db::Tx;
use maeul_facts::Fact;
use maeul_queue::{Handler, Job, JobCtx, JobError, NewJob, Schedule, act, handler};
use serde::Deserialize;

use crate::act::{PROJECTION, refresh_page, refresh_some, tighten};
use crate::{Settings, store};

/// Shows what was published and whose delay is over.
pub(crate) const APPEAR: &str = "public.appear";
/// Makes all pictures of an office anew, some at a time.
pub const REBUILD: &str = "public.rebuild";
/// Begins a rebuild where an older program made the pictures.
pub const CATCH_UP: &str = "public.catch_up";

/// Cases in one transaction of a rebuild.
const BATCH: usize = 100;
/// Transactions in one job of a rebuild; the next job goes on.
const BATCHES: usize = 50;

/// The jobs that come round.
const SCHEDULES: &[Schedule] = &[Schedule {
    name: CATCH_UP,
    kind: CATCH_UP,
    every: SignedDuration::from_hours(1),
    after_midnight: SignedDuration::from_mins(10),
}];

/// The jobs that come round.
pub fn schedules() -> Vec<Schedule> {
    SCHEDULES.to_vec()
}

/// What runs the jobs of this room, by kind.
pub fn handlers(cache: &KnowledgeCache, settings: Settings) -> Vec<(&'static str, Handler)> {
    let (shown, all) = (cache.clone(), cache.clone());
    vec![
        (
            APPEAR,
            act(move |tx, ctx, jobs| {
                let case = |job: &Job| Ok(job.payload::<Which>()?.case);
                some(tx, ctx, &shown, &settings, jobs.iter().map(case))
            }),
        ),
        (REBUILD, handler(move |job| rebuild(job, all.clone(), settings))),
        (CATCH_UP, handler(catch_up)),
    ]
}

/// The reaction to everything that happens to a case.
pub fn case_changed(cache: &KnowledgeCache, settings: Settings) -> Handler {
    let cache = cache.clone();
    act(move |tx, ctx, jobs| some(tx, ctx, &cache, &settings, jobs.iter().map(case_of)))
}

/// The reaction to [`Fact::ServicesChanged`]: what may no longer be shown goes at once, then every
/// picture is made anew.
pub fn services_changed(cache: &KnowledgeCache) -> Handler {
    let cache = cache.clone();
    handler(move |job| loosen_or_tighten(job, cache.clone()))
}

#[derive(Deserialize)]
struct Which {
    case: CaseId,
}

/// The case a fact is about.
fn case_of(job: &Job) -> Result<CaseId, JobError> {
    match job.payload()? {
        Fact::CaseReceived { case, .. }
        | Fact::CaseChanged { case }
        | Fact::CaseAnswered { case } => Ok(case),
        _ => Err(JobError::GiveUp(Fault::other("a fact that is about no case"))),
    }
}

fn some(
    tx: &mut Tx,
    ctx: &Ctx,
    cache: &KnowledgeCache,
    settings: &Settings,
    cases: impl Iterator<Item = Result<CaseId, JobError>>,
) -> Result<(), JobError> {
    let cases: BTreeSet<CaseId> = cases.collect::<Result<_, _>>()?;
    let cases: Vec<CaseId> = cases.into_iter().collect();
    let know = cache.current(tx, ctx.office, ctx.today())?;
    refresh_some(tx, ctx, &know, settings, &cases)?;
    Ok(())
}

async fn loosen_or_tighten(job: JobCtx, cache: KnowledgeCache) -> Result<(), JobError> {
    let ctx = job.ctx;
    job.db
        .write(move |tx| {
            let know = cache.current(tx, ctx.office, ctx.today())?;
            tighten(tx, &ctx, &know)?;
            begin_rebuild(tx, &ctx)
        })
        .await?;
    Ok(())
}

/// Has all pictures of the context's office made anew.
pub fn begin_rebuild(tx: &mut Tx, ctx: &Ctx) -> Result<(), Fault> {
    let from_the_first = serde_json::json!({ "after": null });
    maeul_queue::enqueue(tx, ctx, &NewJob::now(ctx, REBUILD, from_the_first))?;
    Ok(())
}

#[derive(Deserialize)]
struct Begin {
    after: Option<String>,
}

async fn rebuild(job: JobCtx, cache: KnowledgeCache, settings: Settings) -> Result<(), JobError> {
    let Begin { after } = job.job.payload()?;
    let wrong = |_| JobError::GiveUp(Fault::other("not a place to begin at"));
    let mut after: Option<Cursor> = after.map(|text| text.parse()).transpose().map_err(wrong)?;
    for _ in 0..BATCHES {
        let (ctx, cache, from) = (job.ctx.clone(), cache.clone(), after);
        let (_, next) = job
            .db
            .write(move |tx| {
                let know = cache.current(tx, ctx.office, ctx.today())?;
                refresh_page(tx, &ctx, &know, &settings, from, BATCH)
            })
            .await?;
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
    let (ctx, place) = (job.ctx, after.map(|cursor| cursor.to_string()));
    job.db
        .write(move |tx| {
            let payload = serde_json::json!({ "after": place });
            maeul_queue::enqueue(tx, &ctx, &NewJob::now(&ctx, REBUILD, payload))
        })
        .await?;
    Ok(())
}

async fn catch_up(job: JobCtx) -> Result<(), JobError> {
    let ctx = job.ctx;
    job.db
        .write(move |tx| {
            if store::built(tx, ctx.office)? == Some(PROJECTION) {
                return Ok::<_, Fault>(());
            }
            begin_rebuild(tx, &ctx)
        })
        .await?;
    Ok(())
}
