//! SQLite's one writer thread: many acts, each a savepoint, share one durable COMMIT.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use maeul_base::{Fault, FaultKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::measure::Load;
use crate::tx::Conn;
use crate::{DbOptions, Tx, lite, lite_checkpoint};

/// At most this many acts wait for one COMMIT: 256 gained little over 64 when measured.
const BATCH: usize = 64;

/// A SQLite file: the way to its writer thread, and its readers.
#[derive(Debug)]
pub(crate) struct Lite {
    writer: mpsc::Sender<Box<dyn Job>>,
    readers: Readers,
}

impl Lite {
    /// Opens the file and starts the writer; it ends when the last handle is dropped and the queue
    /// is empty.
    pub(crate) fn open(path: &Path, options: &DbOptions) -> Result<Self, Fault> {
        let mut conn = lite::open(path, options, false)?;
        lite_checkpoint::beside(&mut conn, path.to_owned(), options)?;
        let (writer, queue) = mpsc::channel(4 * BATCH);
        thread::Builder::new()
            .name("maeul-writer".to_owned())
            .spawn(move || serve(Tx::new(Conn::Lite(conn)), queue))
            .map_err(|error| Fault::from_error("start the writer thread", error))?;
        let readers = Readers {
            path: path.to_owned(),
            options: options.clone(),
            idle: Arc::default(),
            turns: Arc::new(Semaphore::new(most_readers(options))),
        };
        Ok(Self { writer, readers })
    }

    /// Who is at work just now.
    pub(crate) fn load(&self) -> Load {
        let size = most_readers(&self.readers.options);
        Load {
            busy: size.saturating_sub(self.readers.turns.available_permits()),
            size,
            waiting: self.writer.max_capacity().saturating_sub(self.writer.capacity()),
        }
    }

    /// Queues an act and waits until what it did is on the disk.
    pub(crate) async fn write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Act { act, result: None, reply });
        let gone = || Fault::new(FaultKind::Unavailable, "the writer thread is gone");
        self.writer.send(job).await.map_err(|_| gone())?;
        answer.await.unwrap_or_else(|_| Err(gone().into()))
    }

    /// Reads on one consistent snapshot.
    pub(crate) async fn read<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        self.readers.read(act).await
    }

    /// As [`Lite::read`], on the caller's own thread.
    pub(crate) async fn glance<T, E, F>(&self, act: F) -> Result<T, E>
    where
        E: From<Fault>,
        F: Fn(&mut Tx) -> Result<T, E>,
    {
        let _turn = self.readers.turn().await?;
        self.readers.look(act)
    }
}

/// More readers than that only share the cores and the caches.
fn most_readers(options: &DbOptions) -> usize {
    options.pool_size.clamp(1, 8)
}

#[derive(Clone, Debug)]
struct Readers {
    path: PathBuf,
    options: DbOptions,
    idle: Arc<Mutex<Vec<Tx>>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    async fn read<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let turn = self.turn().await?;
        let readers = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = readers.look(act);
            drop(turn);
            result
        });
        done.await.unwrap_or_else(|error| Err(Fault::from_error("a reader's thread", error).into()))
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Fault> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        turn.map_err(|error| Fault::from_error("wait for a reader", error))
    }

    /// Reads here and now; the caller has a turn.
    fn look<T, E, F>(&self, act: F) -> Result<T, E>
    where
        E: From<Fault>,
        F: FnOnce(&mut Tx) -> Result<T, E>,
    {
        let reused = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut tx = match reused {
            Some(tx) => tx,
            None => Tx::new(Conn::Lite(lite::open(&self.path, &self.options, true)?)),
        };
        tx.reset();
        tx.control("BEGIN DEFERRED")?;
        let result = match catch_unwind(AssertUnwindSafe(|| act(&mut tx))) {
            Ok(result) => tx.whole(result),
            Err(_) => Err(panicked().into()),
        };
        tx.reset();
        if tx.control("ROLLBACK").is_ok() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(tx);
        }
        result
    }
}

/// One queued act, whatever it returns.
trait Job: Send {
    /// Runs it and keeps its result; whether its savepoint is to be kept.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Tells the caller: its own result if the batch was committed, else the batch's fault.
    fn answer(self: Box<Self>, lost: Option<&Lost>);
    /// Whether the caller still waits.
    fn wanted(&self) -> bool;
}

struct Act<F, T, E> {
    act: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Act<F, T, E>
where
    T: Send,
    E: From<Fault> + Send,
    F: Fn(&mut Tx) -> Result<T, E> + Send,
{
    fn run(&mut self, tx: &mut Tx) -> bool {
        let result = match catch_unwind(AssertUnwindSafe(|| (self.act)(tx))) {
            Ok(result) => tx.whole(result),
            Err(_) => Err(panicked().into()),
        };
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>, lost: Option<&Lost>) {
        let result = match (lost, self.result) {
            (Some(lost), _) => Err(lost.fault().into()),
            (None, Some(result)) => result,
            (None, None) => Err(Fault::other("an act was not run").into()),
        };
        // The caller may have gone away; what was committed stays committed.
        let _gone = self.reply.send(result);
    }

    fn wanted(&self) -> bool {
        !self.reply.is_closed()
    }
}

/// Why a whole batch was lost; every caller gets the same words.
struct Lost {
    kind: FaultKind,
    said: String,
}

impl Lost {
    fn new(what: &str, fault: &Fault) -> Self {
        let kind = match fault.kind() {
            FaultKind::Retry => FaultKind::Retry,
            _ => FaultKind::Unavailable,
        };
        Self { kind, said: format!("{what}: {}", fault.chain()) }
    }

    fn fault(&self) -> Fault {
        Fault::new(self.kind, self.said.clone())
    }
}

fn panicked() -> Fault {
    Fault::other("an act panicked")
}

fn serve(mut tx: Tx, mut queue: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = queue.blocking_recv() {
        let (jobs, committed) = batch(&mut tx, first, &mut queue);
        let lost = committed.err();
        for job in jobs {
            job.answer(lost.as_ref());
        }
    }
}

/// Runs the first act and those that queued up meanwhile, and commits as soon as none waits.
fn batch(
    tx: &mut Tx,
    first: Box<dyn Job>,
    queue: &mut mpsc::Receiver<Box<dyn Job>>,
) -> (Vec<Box<dyn Job>>, Result<(), Lost>) {
    tx.reset();
    let mut jobs = vec![];
    let mut next = Some(first);
    if let Err(fault) = tx.control("BEGIN IMMEDIATE") {
        jobs.extend(next);
        return (jobs, Err(Lost::new("begin", &fault)));
    }
    while let Some(mut job) = next {
        if job.wanted() {
            let ran = savepoint(tx, &mut *job);
            jobs.push(job);
            if let Err(fault) = ran {
                tx.reset();
                let _already_gone = tx.control("ROLLBACK");
                return (jobs, Err(Lost::new("the batch was rolled back", &fault)));
            }
        }
        next = if jobs.len() < BATCH { queue.try_recv().ok() } else { None };
    }
    tx.reset();
    let committed = tx.control("COMMIT").map_err(|fault| {
        tx.reset();
        let _already_gone = tx.control("ROLLBACK");
        Lost::new("commit", &fault)
    });
    (jobs, committed)
}

/// Runs one act in its savepoint; an error means that the whole batch is gone, as after a full disk.
fn savepoint(tx: &mut Tx, job: &mut dyn Job) -> Result<(), Fault> {
    tx.reset();
    tx.control("SAVEPOINT act")?;
    let keep = job.run(tx);
    tx.reset();
    if matches!(&tx.conn, Conn::Lite(conn) if conn.is_autocommit()) {
        return Err(Fault::new(FaultKind::Unavailable, "SQLite gave up the transaction"));
    }
    if !keep {
        tx.control("ROLLBACK TO act")?;
    }
    tx.control("RELEASE act")
}
