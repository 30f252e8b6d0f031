//! What happens by itself: every minute what became public is noted and told to those who want it at
//! once, every morning the digests go out, every night what nobody needs is forgotten.

use jiff::SignedDuration;
use maeul_base::{Fault, OfficeId};
use maeul_db::{Seal, Tx};
use maeul_facts::Fact;
use maeul_queue::{Handler, JobCtx, JobError, Schedule, handler};
use maeul_wire::Contact;
use uuid::Uuid;

use crate::Shelf;
use crate::act::{self, collect, load_news, standing_by, tidy};
use crate::words::Rhythm;

/// Notes what became public and tells it.
pub const COLLECT: &str = "follow.collect";
/// Sends the digests of Monday, and with them those of the day: one message for both.
pub const WEEKLY: &str = "follow.weekly";
/// Sends the digests of the day.
pub const DAILY: &str = "follow.daily";
/// Forgets.
pub const TIDY: &str = "follow.tidy";

/// Transactions of a collection in one job; the next minute goes on.
const BATCHES: usize = 40;

/// The jobs that come round.
const SCHEDULES: &[Schedule] = &[
    Schedule {
        name: COLLECT,
        kind: COLLECT,
        every: SignedDuration::from_mins(1),
        after_midnight: SignedDuration::ZERO,
    },
    // Before the daily one, which then finds everything told. Its slots are Mondays, and one that was
    // missed is made up for.
    Schedule {
        name: WEEKLY,
        kind: WEEKLY,
        every: SignedDuration::from_hours(7 * 24),
        after_midnight: SignedDuration::from_hours(8),
    },
    Schedule {
        name: DAILY,
        kind: DAILY,
        every: SignedDuration::from_hours(24),
        after_midnight: SignedDuration::from_hours(8),
    },
    Schedule {
        name: TIDY,
        kind: TIDY,
        every: SignedDuration::from_hours(24),
        after_midnight: SignedDuration::from_mins(220),
    },
];

/// The jobs that come round.
pub fn schedules() -> Vec<Schedule> {
    SCHEDULES.to_vec()
}

/// What runs the jobs of this room, by kind.
pub fn handlers(shelf: &Shelf) -> Vec<(&'static str, Handler)> {
    let (now, weekly, daily, tidying) =
        (shelf.clone(), shelf.clone(), shelf.clone(), shelf.clone());
    vec![
        (COLLECT, handler(move |job| collected(job, now.clone()))),
        (
            WEEKLY,
            handler(move |job| digests(job, weekly.clone(), &[Rhythm::Daily, Rhythm::Weekly])),
        ),
        (DAILY, handler(move |job| digests(job, daily.clone(), &[Rhythm::Daily]))),
        (TIDY, handler(move |job| tidied(job, tidying.clone()))),
    ]
}

/// Whose number the fact speaks of; given by the room of text messages.
pub type NumberOf = fn(&mut Tx, &Seal, OfficeId, Uuid) -> Result<Option<Contact>, Fault>;

/// The reaction to [`Fact::TextsStopped`]: whoever answers 수신거부 follows nothing by text message any
/// more, and their number is forgotten here.
pub fn texts_stopped(shelf: &Shelf, number_of: NumberOf) -> Handler {
    let shelf = shelf.clone();
    handler(move |job: JobCtx| {
        let shelf = shelf.clone();
        async move {
            let Fact::TextsStopped { number } = job.job.payload()? else {
                return Err(JobError::GiveUp(Fault::other(
                    "another fact than the kind of its job",
                )));
            };
            let ctx = job.ctx;
            job.db
                .write(move |tx| {
                    let know = shelf.knowledge().current(tx, ctx.office, ctx.today())?;
                    match number_of(tx, know.seal(), ctx.office, number)? {
                        Some(contact) => act::stop_contact(tx, &ctx, know.seal(), &contact),
                        None => Ok(false),
                    }
                })
                .await?;
            Ok(())
        }
    })
}

async fn note(job: &JobCtx) -> Result<(), Fault> {
    let mut from = None;
    for _ in 0..BATCHES {
        let ctx = job.ctx.clone();
        let done = job.db.write(move |tx| collect(tx, &ctx, from)).await?;
        from = done.next;
        if from.is_none() {
            break;
        }
    }
    Ok(())
}

async fn collected(job: JobCtx, shelf: Shelf) -> Result<(), JobError> {
    note(&job).await?;
    let office = job.ctx.office;
    if job.db.read(move |tx| standing_by(tx, office)).await?.is_some() {
        told(&job, &shelf, &[Rhythm::Now]).await?;
    }
    Ok(())
}

async fn digests(job: JobCtx, shelf: Shelf, rhythms: &'static [Rhythm]) -> Result<(), JobError> {
    // What came in since the last minute belongs to this morning.
    note(&job).await?;
    told(&job, &shelf, rhythms).await?;
    Ok(())
}

async fn told(job: &JobCtx, shelf: &Shelf, rhythms: &'static [Rhythm]) -> Result<(), Fault> {
    let ctx = job.ctx.clone();
    let news = job.db.read(move |tx| load_news(tx, &ctx, rhythms)).await?;
    let Some(news) = news.map(std::sync::Arc::new) else { return Ok(()) };
    loop {
        let (ctx, shelf, news) = (job.ctx.clone(), shelf.clone(), std::sync::Arc::clone(&news));
        let done = job
            .db
            .write(move |tx| {
                let know = shelf.knowledge().current(tx, ctx.office, ctx.today())?;
                act::tell(tx, &ctx, &shelf, &know, rhythms, &news)
            })
            .await?;
        if done.seen == 0 {
            return Ok(());
        }
    }
}

async fn tidied(job: JobCtx, shelf: Shelf) -> Result<(), JobError> {
    let (ctx, settings) = (job.ctx, *shelf.settings());
    job.db.write(move |tx| tidy(tx, &ctx, &settings)).await?;
    Ok(())
}
