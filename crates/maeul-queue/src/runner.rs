//! Runs jobs in a loop: claims what is due, hands each to its handler, and writes what became of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use jiff::SignedDuration;
use maeul_base::{Actor, Clock, Ctx, Fault, FaultKind, Ids, Lang, OfficeId};
use maeul_db::{Db, Tx};
use maeul_measure::{Counter, Family, Histogram, Pulse};
use tokio::task::JoinSet;
use tracing::Instrument as _;
use tracing::field::Empty;

use crate::handler::{Act, Handler, JobCtx, JobError};
use crate::job::Rank;
use crate::life::{Claim, Failed, Kinds, claim_some, finish_all};
use crate::{Job, Schedule, fail, finish, next_due, schedule, wake};

/// While more acts than this wait to be written, people are waiting: jobs give way to them.
const CROWD: usize = 8;
/// For how long at most, so that jobs go on under any load.
const GIVE_WAY: Duration = Duration::from_secs(1);
/// Where a look found less than it had room for, what comes meanwhile is gathered for so long: a few jobs
/// at a time cost as many commits as many.
const GATHER: Duration = Duration::from_millis(100);
/// How long until it is looked at again.
const MOMENT: Duration = Duration::from_millis(20);

/// At most this many acts share a transaction: more gain little, and hold up who writes meanwhile.
const SHARED: usize = 32;

type Offices = Arc<dyn Fn(&mut Tx) -> Result<Vec<OfficeId>, Fault> + Send + Sync>;

/// How long after a look the next one has to wait, while so many acts wait to be written, where the
/// last look took all it had room for (`full`) or not.
fn patience(waiting: usize, full: bool) -> Duration {
    match waiting > CROWD {
        true => GIVE_WAY,
        false if full => Duration::ZERO,
        false => GATHER,
    }
}

/// What [`Runner::drain`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// How many jobs were run.
    pub ran: usize,
    /// Those that failed and wait for another try: kind and why.
    pub failed: Vec<String>,
}

/// What a worker counts since it was made.
#[derive(Debug, Default)]
pub struct Measures {
    /// Attempts by kind of job and end: `done`, `again` or `dead`.
    pub ended: Family<(String, &'static str), Counter>,
    /// How long attempts took, by kind of job.
    pub took: Family<String, Histogram>,
    /// Beats at every look for work, even while every hand is busy.
    pub pulse: Pulse,
}

/// The worker of one process.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    clock: Clock,
    ids: Ids,
    handlers: BTreeMap<String, Handler>,
    schedules: Vec<Schedule>,
    offices: Offices,
    measures: Arc<Measures>,
    turn: Arc<Mutex<Option<OfficeId>>>,
    /// How many jobs run at once.
    pub concurrency: usize,
    /// The longest time between two looks.
    pub poll: Duration,
    /// The longest a job may run; then it has failed, and others may claim it.
    pub lease: SignedDuration,
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("kinds", &self.handlers.keys()).finish_non_exhaustive()
    }
}

impl Runner {
    /// A runner without handlers.
    pub fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        Self {
            db,
            clock,
            ids,
            handlers: BTreeMap::new(),
            schedules: vec![],
            offices: Arc::new(|_| Ok(vec![])),
            measures: Arc::default(),
            turn: Arc::default(),
            concurrency: 4,
            poll: Duration::from_secs(2),
            lease: SignedDuration::from_mins(5),
        }
    }

    /// Takes on the jobs of a kind; one handler for each kind.
    pub fn handle(&mut self, kind: impl Into<String>, handler: Handler) -> Result<(), Fault> {
        let kind = kind.into();
        if self.handlers.contains_key(&kind) {
            return Err(Fault::other(format!("two handlers for jobs of kind {kind}")));
        }
        self.handlers.insert(kind, handler);
        Ok(())
    }

    /// Queues a schedule's jobs.
    pub fn schedule(&mut self, schedule: Schedule) {
        self.schedules.push(schedule);
    }

    /// How to find the offices for which schedules are queued.
    pub fn offices(
        &mut self,
        offices: impl Fn(&mut Tx) -> Result<Vec<OfficeId>, Fault> + Send + Sync + 'static,
    ) {
        self.offices = Arc::new(offices);
    }

    /// The kinds it has handlers for.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.handlers.keys().map(String::as_str)
    }

    /// The schedules it looks after.
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    /// What it counts; shared by its clones.
    pub fn measures(&self) -> Arc<Measures> {
        Arc::clone(&self.measures)
    }

    /// Works until `stop` resolves, then waits for the jobs that are running.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        let mut running: JoinSet<bool> = JoinSet::new();
        // One round of acts at a time, so that the other hands are left for what may take long.
        let mut acting = false;
        let mut stop = std::pin::pin!(stop.fuse());
        // Whether the last look took all it had room for.
        let mut full = false;
        let (mut ticked, mut began): (Option<Instant>, Option<Instant>) = (None, None);
        loop {
            self.measures.pulse.beat();
            let rest = patience(self.db.load().waiting, full);
            if began.is_some_and(|at| at.elapsed() < rest) {
                tokio::select! {
                    () = &mut stop => break,
                    () = tokio::time::sleep(MOMENT) => continue,
                }
            }
            began = Some(Instant::now());
            // No schedule is finer than a look, however often there is room for another job.
            if ticked.is_none_or(|at| at.elapsed() >= self.poll) {
                self.tick_or_tell().await;
                ticked = Some(Instant::now());
            }
            while let Some(ended) = running.try_join_next() {
                acting &= matches!(ended, Ok(false));
            }
            let free = self.concurrency.saturating_sub(running.len());
            let begun = match self.begin(free, !acting).await {
                Ok(begun) => begun,
                Err(fault) => {
                    tracing::error!(fault = fault.chain(), "the queue could not be read");
                    Begun::default()
                }
            };
            let more = !begun.is_empty() && begun.len() == free;
            full = more || begun.acts.iter().any(|acts| acts.len() == SHARED);
            for job in begun.tasks {
                let runner = self.clone();
                running.spawn(async move {
                    runner.work(job).await;
                    false
                });
            }
            for acts in begun.acts {
                acting = true;
                let runner = self.clone();
                running.spawn(async move {
                    runner.work_together(acts).await;
                    true
                });
            }
            if more && running.len() < self.concurrency {
                continue;
            }
            tokio::select! {
                () = &mut stop => break,
                Some(ended) = running.join_next() => acting &= matches!(ended, Ok(false)),
                () = wake::wait(self.poll), if running.len() < self.concurrency => {}
                () = tokio::time::sleep(self.poll), if running.len() >= self.concurrency => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// For tests: runs what is due, one after another, until nothing is; a job that died is a fault.
    pub async fn drain(&self) -> Result<Drained, Fault> {
        let mut drained = Drained::default();
        loop {
            self.tick().await?;
            let begun = self.begin(64, true).await?;
            if begun.is_empty() {
                return Ok(drained);
            }
            let mut ended = Vec::new();
            for acts in begun.acts {
                ended.extend(self.work_together(acts).await);
            }
            for job in begun.tasks {
                ended.push((job.kind.clone(), self.work(job).await));
            }
            for (kind, end) in ended {
                drained.ran += 1;
                match end {
                    Ended::Done => {}
                    Ended::Failed(Failed::Dead, why) => {
                        return Err(Fault::other(format!("job {kind} died: {why}")));
                    }
                    Ended::Failed(_, why) => drained.failed.push(format!("{kind}: {why}")),
                }
            }
        }
    }

    /// Claims what is due, of one office after the other; acts of one office only, and only where none
    /// are being done.
    async fn begin(&self, limit: usize, with_acts: bool) -> Result<Begun, Fault> {
        let mut begun = Begun::default();
        if limit == 0 {
            return Ok(begun);
        }
        let now = self.clock.now();
        let mut seen = BTreeSet::new();
        while begun.len() < limit {
            let last = self.turn();
            let Some(office) = self.db.read(move |tx| next_due(tx, now, last)).await? else {
                break;
            };
            // Round once: what is still due there, another worker is about to lease.
            if !seen.insert(office) {
                break;
            }
            self.set_turn(office);
            let wanted = Claim { office, now, limit: limit - begun.len(), lease: self.lease };
            let (acts, with_acts) = (self.acts(), with_acts && begun.acts.is_empty());
            let found = self.db.write(move |tx| claim_begun(tx, &wanted, &acts, with_acts)).await?;
            begun.tasks.extend(found.tasks);
            begun.acts.extend(found.acts);
        }
        Ok(begun)
    }

    /// The kinds of which several share a transaction.
    fn acts(&self) -> Vec<String> {
        let is_act = |it: &(&String, &Handler)| matches!(it.1, Handler::Act(_));
        self.handlers.iter().filter(is_act).map(|(kind, _)| kind.clone()).collect()
    }

    /// The office whose jobs were claimed last.
    fn turn(&self) -> Option<OfficeId> {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_turn(&self, office: OfficeId) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = Some(office);
    }

    async fn tick_or_tell(&self) {
        if let Err(fault) = self.tick().await {
            tracing::error!(fault = fault.chain(), "the schedules could not be read");
        }
    }

    /// Queues what the schedules say.
    async fn tick(&self) -> Result<(), Fault> {
        if self.schedules.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let (offices, schedules) = (Arc::clone(&self.offices), self.schedules.clone());
        let due = self
            .db
            .read(move |tx| {
                let offices = offices(tx)?;
                schedule::due(tx, &offices, now, &schedules)
            })
            .await?;
        for (office, schedule) in due {
            let ctx = self.ctx(office);
            self.db.write(move |tx| schedule::tick(tx, &ctx, &schedule)).await?;
        }
        Ok(())
    }

    /// Runs one claimed job to its end and writes that down.
    async fn work(&self, job: Job) -> Ended {
        let began = Instant::now();
        let span = tracing::debug_span!(
            "job",
            kind = job.kind,
            office = %job.office.0,
            attempt = job.attempts,
            ended = Empty
        );
        let attempted = self.attempt(&job).instrument(span.clone()).await;
        self.measures.took.of(&job.kind).observe(began.elapsed());
        let ended = match attempted {
            Ok(()) => {
                let (done, now) = (job.clone(), self.clock.now());
                let finished = self.db.write(move |tx| finish(tx, &done, now)).await;
                finished.map(|_| Ended::Done)
            }
            Err(error) => self.failed(&job, error).await,
        };
        let ended = ended.unwrap_or_else(|fault| {
            // Its lease runs out and it is run again.
            let why = fault.chain();
            tracing::error!(kind = job.kind, job = %job.id, fault = why, "the end of a job was not written");
            Ended::Failed(Failed::NotOurs, why)
        });
        let end = match &ended {
            Ended::Done => "done",
            Ended::Failed(Failed::Dead, _) => "dead",
            Ended::Failed(..) => "again",
        };
        span.record("ended", end);
        self.measures.ended.of(&(job.kind, end)).add();
        ended
    }

    /// Runs acts of one office in one transaction, in which they are marked done too.
    async fn work_together(&self, jobs: Vec<Job>) -> Vec<(String, Ended)> {
        let Some(office) = jobs.first().map(|job| job.office) else { return Vec::new() };
        let (began, ctx) = (Instant::now(), self.ctx(office));
        let mut kinds: BTreeMap<&str, Vec<Job>> = BTreeMap::new();
        for job in &jobs {
            kinds.entry(&job.kind).or_default().push(job.clone());
        }
        let acts: Vec<(Act, Vec<Job>)> = kinds
            .into_iter()
            .filter_map(|(kind, jobs)| match self.handlers.get(kind) {
                Some(Handler::Act(act)) => Some((act.clone(), jobs)),
                _ => None,
            })
            .collect();
        let span = tracing::debug_span!("jobs", count = jobs.len());
        let done = self.db.write(move |tx| {
            for (act, jobs) in &acts {
                act(tx, &ctx, jobs)?;
                finish_all(tx, office, jobs, ctx.now)?;
            }
            Ok::<_, JobError>(())
        });
        let mut ended = Vec::new();
        match done.instrument(span).await {
            Ok(()) => {
                let share =
                    u32::try_from(jobs.len()).map_or(Duration::ZERO, |n| began.elapsed() / n);
                for job in jobs {
                    self.measures.took.of(&job.kind).observe(share);
                    self.measures.ended.of(&(job.kind.clone(), "done")).add();
                    ended.push((job.kind, Ended::Done));
                }
            }
            // One of them cannot be done: that one must not hold up the others.
            Err(_) => {
                for job in jobs {
                    ended.push((job.kind.clone(), self.work(job).await));
                }
            }
        }
        ended
    }

    async fn attempt(&self, job: &Job) -> Result<(), JobError> {
        let Some(handler) = self.handlers.get(&job.kind) else {
            // A fact that concerns nobody has been taken note of.
            if job.kind.starts_with("fact:") {
                return Ok(());
            }
            return Err(JobError::GiveUp(Fault::other("no handler for this kind of job")));
        };
        let ctx = self.ctx(job.office);
        let begun = JobCtx { db: self.db.clone(), job: job.clone(), ctx };
        let running = AssertUnwindSafe(handler.run(begun)).catch_unwind();
        let longest = Duration::try_from(self.lease).unwrap_or(Duration::from_secs(60));
        match tokio::time::timeout(longest, running).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(JobError::Again(Fault::other("the handler panicked"))),
            Err(_) => Err(JobError::Again(Fault::new(
                FaultKind::Unavailable,
                "the handler ran longer than its lease",
            ))),
        }
    }

    async fn failed(&self, job: &Job, error: JobError) -> Result<Ended, Fault> {
        let (fault, give_up) = match error {
            JobError::Again(fault) => (fault, false),
            JobError::GiveUp(fault) => (fault, true),
        };
        let why = fault.chain();
        let (failed, said, now) = (job.clone(), why.clone(), self.clock.now());
        let became = self.db.write(move |tx| fail(tx, &failed, now, &said, give_up)).await?;
        let attempts = job.attempts;
        match became {
            Failed::Dead => {
                tracing::error!(kind = job.kind, job = %job.id, attempts, fault = why, "a job died");
            }
            _ => {
                tracing::warn!(kind = job.kind, job = %job.id, attempts, fault = why, "a job failed");
            }
        }
        Ok(Ended::Failed(became, why))
    }

    fn ctx(&self, office: OfficeId) -> Ctx {
        Ctx {
            office,
            actor: Actor::System,
            lang: Lang::Ko,
            now: self.clock.now(),
            ids: self.ids.clone(),
        }
    }
}

/// What was claimed: what is run each by itself, and what is run together.
#[derive(Debug, Default)]
struct Begun {
    tasks: Vec<Job>,
    acts: Vec<Vec<Job>>,
}

impl Begun {
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many hands it needs.
    fn len(&self) -> usize {
        self.tasks.len() + self.acts.len()
    }
}

/// Claims what is urgent, then one round of acts, then of the others as many as there is room for.
fn claim_begun(
    tx: &mut Tx,
    wanted: &Claim,
    acts: &[String],
    with_acts: bool,
) -> Result<Begun, Fault> {
    let mut tasks = claim_some(tx, wanted, Rank::First, Kinds::Any)?;
    let mut together = Vec::new();
    if with_acts && !acts.is_empty() && tasks.len() < wanted.limit {
        let shared = Claim { limit: SHARED, ..wanted.clone() };
        let found = claim_some(tx, &shared, Rank::InTurn, Kinds::Only(acts))?;
        together.extend((!found.is_empty()).then_some(found));
    }
    let limit = wanted.limit.saturating_sub(tasks.len() + together.len());
    let kinds = if acts.is_empty() { Kinds::Any } else { Kinds::But(acts) };
    tasks.extend(claim_some(tx, &Claim { limit, ..wanted.clone() }, Rank::InTurn, kinds)?);
    Ok(Begun { tasks, acts: together })
}

enum Ended {
    Done,
    Failed(Failed, String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_give_way_to_a_crowd() {
        for (waiting, full, rest) in [
            // A long queue is worked off without a rest, what comes one by one is gathered.
            (0, true, Duration::ZERO),
            (0, false, GATHER),
            (CROWD, true, Duration::ZERO),
            // A crowd is let by, whatever waits here.
            (CROWD + 1, true, GIVE_WAY),
            (CROWD + 1, false, GIVE_WAY),
        ] {
            assert_eq!(patience(waiting, full), rest, "{waiting} {full}");
        }
    }
}
