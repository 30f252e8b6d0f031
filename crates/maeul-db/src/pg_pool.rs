//! The connections of one database, each on a thread of its own that does one piece of work after another.
//!
//! As many threads as connections and never more: where threads are borrowed for each piece of work, a crowd
//! calls up ever new ones, and each keeps memory for itself.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use maeul_base::{Fault, FaultKind};
use tokio::sync::oneshot;

use crate::pg_session::{Session, Way};

/// The connections of one database.
pub(crate) type Pool = managed::Pool<Threads>;
/// One of them, given back when dropped.
pub(crate) type Object = managed::Object<Threads>;

/// Work for a connection, which gives it back unless it is to be closed.
type Job = Box<dyn FnOnce(Session) -> Option<Session> + Send>;

/// Makes the connections of a pool.
pub(crate) struct Threads(pub(crate) Way);

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Threads")
    }
}

impl managed::Manager for Threads {
    type Type = Thread;
    type Error = Fault;

    async fn create(&self) -> Result<Thread, Fault> {
        let way = self.0.clone();
        let (jobs, desk) = mpsc::channel::<Job>();
        let (tell, told) = oneshot::channel();
        let work = move || {
            let session = match Session::open(&way) {
                Ok(session) => session,
                Err(fault) => return drop(tell.send(Err(fault))),
            };
            drop(tell.send(Ok(())));
            let mut session = Some(session);
            while let Some(free) = session.take()
                && let Ok(job) = desk.recv()
            {
                session = job(free);
            }
        };
        thread::Builder::new()
            .name("maeul-pg".to_owned())
            .spawn(work)
            .map_err(|error| Fault::from_error("the thread of a connection", error))?;
        told.await.unwrap_or_else(|_| Err(gone()))?;
        Ok(Thread { jobs, free: AtomicBool::new(true) })
    }

    async fn recycle(&self, thread: &mut Thread, _: &Metrics) -> RecycleResult<Fault> {
        if thread.free.load(Ordering::Acquire) {
            Ok(())
        } else {
            Err(RecycleError::message("the connection was closed"))
        }
    }
}

/// A connection's thread.
#[derive(Debug)]
pub(crate) struct Thread {
    jobs: mpsc::Sender<Job>,
    /// Not while it works, and never again once its connection was closed.
    free: AtomicBool,
}

/// Has a connection do its work, and waits for what comes of it. The connection is free for the next before
/// that is heard.
pub(crate) async fn work<T: Send + 'static>(
    thread: Object,
    work: impl FnOnce(Session) -> (Option<Session>, T) + Send + 'static,
) -> Result<T, Fault> {
    let (tell, told) = oneshot::channel();
    let jobs = thread.jobs.clone();
    thread.free.store(false, Ordering::Release);
    let job: Job = Box::new(move |session| {
        let (session, done) = work(session);
        thread.free.store(session.is_some(), Ordering::Release);
        drop(thread);
        // Whoever asked may have gone away; it is done all the same.
        drop(tell.send(done));
        session
    });
    jobs.send(job).map_err(|_| gone())?;
    told.await.map_err(|_| gone())
}

pub(crate) fn gone() -> Fault {
    Fault::new(FaultKind::Unavailable, "the connection is gone")
}
