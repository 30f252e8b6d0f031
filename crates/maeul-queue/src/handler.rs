//! What a room hands over to have its jobs run.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use maeul_base::{Ctx, Failure, Fault, Refusal};
use maeul_db::{Db, Tx};

use crate::Job;

/// A job and what its handler may use.
#[derive(Clone, Debug)]
pub struct JobCtx {
    /// The database.
    pub db: Db,
    /// The job.
    pub job: Job,
    /// The job's office, Maeul itself as the actor, and the instant it was begun.
    pub ctx: Ctx,
}

/// How a job fails.
#[derive(Debug)]
pub enum JobError {
    /// It may go better later.
    Again(Fault),
    /// It never will.
    GiveUp(Fault),
}

impl From<Fault> for JobError {
    fn from(fault: Fault) -> Self {
        Self::Again(fault)
    }
}

impl<R: Refusal> From<Failure<R>> for JobError {
    /// A refusal is the same tomorrow; a fault may pass.
    fn from(failure: Failure<R>) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::GiveUp(Fault::other(refusal.code())),
            Failure::Fault(fault) => Self::Again(fault),
        }
    }
}

impl maeul_db::Transient for JobError {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Again(fault) | Self::GiveUp(fault) => Some(fault),
        }
    }
}

/// What runs the jobs of one kind.
#[derive(Clone)]
pub enum Handler {
    /// Work that may take its time: it reads, writes and calls the world outside as it likes.
    Task(Task),
    /// One act in the database and nothing else. Where many wait, several of an office share one
    /// transaction, in which they are also marked done.
    Act(Act),
}

/// An asynchronous function of a job.
pub type Task = Arc<dyn Fn(JobCtx) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;

/// What jobs of one kind and one office do inside a transaction, perhaps more than once.
pub type Act = Arc<dyn Fn(&mut Tx, &Ctx, &[Job]) -> Result<(), JobError> + Send + Sync>;

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Task(_) => "Task",
            Self::Act(_) => "Act",
        })
    }
}

impl Handler {
    /// Runs one job.
    pub async fn run(&self, job: JobCtx) -> Result<(), JobError> {
        match self {
            Self::Task(run) => run(job).await,
            Self::Act(run) => {
                let JobCtx { db, job, ctx } = job;
                let run = Arc::clone(run);
                db.write(move |tx| run(tx, &ctx, std::slice::from_ref(&job))).await
            }
        }
    }
}

/// Makes a handler of an asynchronous function.
pub fn handler<F, Fut>(run: F) -> Handler
where
    F: Fn(JobCtx) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), JobError>> + Send + 'static,
{
    Handler::Task(Arc::new(move |job| run(job).boxed()))
}

/// Makes a handler of an act. It gets as many jobs as wait together; if it fails, it gets each of them alone, and
/// the one that cannot be done must fail there.
pub fn act<F>(run: F) -> Handler
where
    F: Fn(&mut Tx, &Ctx, &[Job]) -> Result<(), JobError> + Send + Sync + 'static,
{
    Handler::Act(Arc::new(run))
}
