//! What happens by itself: sums are folded, words indexed, drafts ended, reviews begun, and due
//! times counted again when the days they rest on change.

mod import;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use maeul_base::{CaseId, Ctx, Failure, Fault, seoul};
use maeul_calendar::Calendar;
use maeul_db::{Tx, search};
use maeul_facts::Fact;
use maeul_language::grams;
use maeul_queue::{Handler, Job, JobCtx, JobError, Schedule, act, handler};
use serde::Deserialize;

use crate::act::{RecomputeDue, recompute_due, review};
use crate::knowledge::KnowledgeCache;
use crate::outbox::INDEX;
use crate::read::{self, TABLE};
use crate::store::{self, NumberLease};
use crate::words::Bilingual;

/// Adds the changes of the queues' numbers to their sums: every minute, and after some 256 of them,
/// for whoever looks at a queue adds up what has not been.
pub const FOLD_COUNTS: &str = "cases.fold_counts";
/// Ends drafts nobody finished, ways in whose time is over, and files nobody had taken in.
pub const EXPIRE_DRAFTS: &str = "cases.expire_drafts";
/// Looks for open cases that are likely about one matter.
pub const FIND_GROUPS: &str = "cases.find_groups";
/// Works on a file of another system's cases.
pub const IMPORT: &str = "cases.import";
/// Opens cases whose review day has come.
pub const REVIEW_DUE: &str = "cases.review_due";

/// Cases worked on in one transaction by a job that goes through many.
const BATCH: i64 = 100;

/// The jobs that come round.
const SCHEDULES: &[Schedule] = &[
    Schedule {
        name: FOLD_COUNTS,
        kind: FOLD_COUNTS,
        every: SignedDuration::from_mins(1),
        after_midnight: SignedDuration::ZERO,
    },
    Schedule {
        name: EXPIRE_DRAFTS,
        kind: EXPIRE_DRAFTS,
        every: SignedDuration::from_hours(1),
        after_midnight: SignedDuration::from_mins(20),
    },
    Schedule {
        name: FIND_GROUPS,
        kind: FIND_GROUPS,
        every: SignedDuration::from_mins(5),
        after_midnight: SignedDuration::from_mins(2),
    },
    Schedule {
        name: REVIEW_DUE,
        kind: REVIEW_DUE,
        every: SignedDuration::from_hours(24),
        after_midnight: SignedDuration::from_hours(6),
    },
];

/// The jobs that come round.
pub fn schedules() -> Vec<Schedule> {
    SCHEDULES.to_vec()
}

/// What runs the jobs of this room, by kind.
pub fn handlers(cache: &KnowledgeCache, numbers: &NumberLease) -> Vec<(&'static str, Handler)> {
    let (for_review, for_end, for_import) = (cache.clone(), cache.clone(), cache.clone());
    let numbers = numbers.clone();
    vec![
        (IMPORT, handler(move |job| import::import(job, for_import.clone(), numbers.clone()))),
        (FOLD_COUNTS, handler(fold_counts)),
        (INDEX, act(index)),
        (EXPIRE_DRAFTS, handler(move |job| expire(job, for_end.clone()))),
        (FIND_GROUPS, handler(find_groups)),
        (REVIEW_DUE, handler(move |job| review_due(job, for_review.clone()))),
    ]
}

/// The reaction to [`Fact::HolidaysChanged`]: open cases are counted again, and who waits is told.
pub fn holidays_changed(cache: &KnowledgeCache) -> Handler {
    let cache = cache.clone();
    handler(move |job| recount(job, cache.clone()))
}

async fn fold_counts(job: JobCtx) -> Result<(), JobError> {
    let office = job.ctx.office;
    while job.db.write(move |tx| store::fold(tx, office)).await? > 0 {}
    Ok(())
}

#[derive(Deserialize)]
struct Which {
    case: CaseId,
}

fn index(tx: &mut Tx, ctx: &Ctx, jobs: &[Job]) -> Result<(), JobError> {
    let cases: BTreeSet<CaseId> = jobs
        .iter()
        .map(|job| job.payload::<Which>().map(|which| which.case))
        .collect::<Result<_, _>>()?;
    let cases: Vec<CaseId> = cases.into_iter().collect();
    for case in store::load_all(tx, ctx.office, &cases)? {
        let words = format!("{}\n{}\n{}", case.title, case.body, case.place.text);
        let entry =
            search::Entry { at: case.received_at, tags: &read::tags(&case), grams: &grams(&words) };
        search::put(tx, TABLE, ctx.office, case.id, entry)?;
    }
    Ok(())
}

async fn expire(job: JobCtx, cache: KnowledgeCache) -> Result<(), JobError> {
    let ctx = job.ctx;
    let know = cache.get(&job.db, ctx.office, ctx.now).await?;
    let before = ctx.now.checked_sub(know.import_settings().keep).unwrap_or(ctx.now);
    job.db
        .write(move |tx| {
            store::expire_drafts(tx, ctx.office, ctx.now)?;
            store::delete_expired_access(tx, ctx.office, ctx.now)?;
            store::forget_import_parts(tx, &ctx, before)?;
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(())
}

/// Reads, thinks outside every transaction, and writes only where something changed.
async fn find_groups(job: JobCtx) -> Result<(), JobError> {
    let ctx = job.ctx.clone();
    let compared = job.db.read(move |tx| read::to_compare(tx, &ctx)).await?;
    let found = tokio::task::spawn_blocking(move || read::find(&compared))
        .await
        .map_err(|error| Fault::from_error("look for groups", error))?;
    let office = job.ctx.office;
    job.db
        .write(move |tx| {
            // The same order as they are read back in.
            let known = store::groups(tx, office)?;
            if known != found { store::replace_groups(tx, office, &found) } else { Ok(()) }
        })
        .await
        .map_err(|fault: Fault| JobError::from(fault))
}

async fn review_due(job: JobCtx, cache: KnowledgeCache) -> Result<(), JobError> {
    loop {
        let (ctx, cache) = (job.ctx.clone(), cache.clone());
        let more = job.db.write(move |tx| review_some(tx, &ctx, &cache)).await?;
        if !more {
            return Ok(());
        }
    }
}

fn review_some(tx: &mut Tx, ctx: &Ctx, cache: &KnowledgeCache) -> Result<bool, Fault> {
    let due = store::to_review(tx, ctx.office, ctx.today(), BATCH)?;
    if due.is_empty() {
        return Ok(false);
    }
    let know = cache.current(tx, ctx.office, ctx.today())?;
    for case in due {
        review(tx, ctx, &know, case).map_err(only_fault)?;
    }
    Ok(true)
}

async fn recount(job: JobCtx, cache: KnowledgeCache) -> Result<(), JobError> {
    let Fact::HolidaysChanged { from } = job.job.payload()? else {
        return Err(JobError::GiveUp(Fault::other("another fact than the kind of its job")));
    };
    // A case due before the first day concerned was not counted on it.
    let since = seoul::instant(from.at(0, 0, 0, 0));
    let mut after = (since, uuid::Uuid::nil());
    loop {
        let (ctx, cache, from) = (job.ctx.clone(), cache.clone(), from);
        let next = job.db.write(move |tx| recount_some(tx, &ctx, &cache, from, after)).await?;
        match next {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}

type After = (jiff::Timestamp, uuid::Uuid);

/// Counts some cases again; where the next ones begin. A case whose due time moves later may be
/// met twice, and then nothing is left to do.
fn recount_some(
    tx: &mut Tx,
    ctx: &Ctx,
    cache: &KnowledgeCache,
    from: jiff::civil::Date,
    after: After,
) -> Result<Option<After>, Fault> {
    let open = store::open_due_after(tx, ctx.office, after, BATCH)?;
    let next = open.last().map(|(id, due_at)| (*due_at, id.0));
    if open.is_empty() {
        return Ok(None);
    }
    let know = cache.current(tx, ctx.office, ctx.today())?;
    let reason = reason(know.calendar(), from);
    for (case, _) in open {
        let input = RecomputeDue { case, reason: reason.clone() };
        recompute_due(tx, ctx, &know, &input).map_err(only_fault)?;
    }
    Ok(next)
}

fn reason(calendar: &Calendar, from: jiff::civil::Date) -> Bilingual {
    let lang = maeul_base::Lang::Ko;
    let en = maeul_base::Lang::En;
    let (day_ko, day_en) = (seoul::day_text(from, lang), seoul::day_text(from, en));
    match calendar.closed(from) {
        Some(closed) => Bilingual::new(
            format!("{day_ko}이 쉬는 날({})로 정해졌어요.", closed.text(lang)),
            format!("{day_en} became a day off ({}).", closed.text(en)),
        ),
        None => Bilingual::new(
            format!("{day_ko}부터의 휴일이 바뀌었어요."),
            format!("The days off from {day_en} on were changed."),
        ),
    }
}

/// Between choosing a case and working on it nobody else can act inside one transaction, so a
/// refusal here is our mistake.
fn only_fault<R: maeul_base::Refusal>(failure: Failure<R>) -> Fault {
    match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::other(format!("a job was refused: {}", refusal.code())),
    }
}
