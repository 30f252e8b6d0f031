//! Jobs, schedules and the outbox of facts: rows written in the caller's own transaction, so that a
//! job exists exactly if the act that wanted it was kept.
//!
//! **At least once.** A job is leased, run and then marked done; a server that dies in between lets
//! the lease run out and the job runs again. So every handler is idempotent: it looks whether its
//! work is done already, or does it together with [`finish_in`] in one transaction (exactly once),
//! or hands the world outside a key by which it can tell a repetition.
//!
//! Reading order: [`enqueue`] and [`emit`] write; [`claim`], [`finish_in`] and [`fail`] are the life
//! of a job; [`Runner`] does it in a loop, office by office; [`Schedule`] makes jobs by the clock.

mod handler;
mod job;
mod life;
mod runner;
mod schedule;
mod wake;

pub use handler::{Act, Handler, JobCtx, JobError, Task, act, handler};
pub use job::{Job, NewJob, emit, enqueue};
pub use life::{
    Claim, Dead, Failed, Pending, claim, dead, fail, finish, finish_in, next_due, pending_counts,
    purge_done, revive,
};
pub use runner::{Drained, Measures, Runner};
pub use schedule::{Schedule, tick};

use maeul_db::{Migration, migration};

/// The tables of jobs and schedules.
pub const MIGRATIONS: &[Migration] = &[
    migration!("queue", "0001_start"),
    migration!("queue", "0002_waiting"),
    migration!("queue", "0003_rank"),
];
