//! The handle every room holds: opens a database, writes durably, reads consistently.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use maeul_base::{Failure, Fault, FaultKind};
use tracing::field::Empty;
use tracing::{Instrument as _, debug_span};

use crate::lite_writer::Lite;
use crate::measure::{Load, Measures, act_name};
use crate::pg::{self, Mode};
use crate::pg_pool::Pool;
use crate::pg_session::PATIENCE;
use crate::pg_tls::TlsPlan;
use crate::turns::Turns;
use crate::{Engine, Tx};

/// How often an act is tried on PostgreSQL before its fault is believed.
const TRIES: u32 = 8;

/// What the installation may choose.
#[derive(Clone, Debug)]
pub struct DbOptions {
    /// Connections to PostgreSQL, or readers of a SQLite file.
    pub pool_size: usize,
    /// The PostgreSQL schema to work in, instead of the server's default.
    pub schema: Option<String>,
    /// Whether COMMIT waits for the disk. Only tests may say no.
    pub durable: bool,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { pool_size: 16, schema: None, durable: true }
    }
}

/// An error that may carry a fault, so that [`Db`] can see whether to run the act again.
pub trait Transient {
    /// The fault it carries, if it is one of ours.
    fn fault(&self) -> Option<&Fault>;

    /// Whether the database asked for the act to be run again.
    fn retry(&self) -> bool {
        self.fault().is_some_and(|fault| fault.kind() == FaultKind::Retry)
    }
}

impl Transient for Fault {
    fn fault(&self) -> Option<&Fault> {
        Some(self)
    }
}

impl<R> Transient for Failure<R> {
    fn fault(&self) -> Option<&Fault> {
        Self::fault(self)
    }
}

/// A database; cheap to clone, shared by all clones.
#[derive(Clone, Debug)]
pub struct Db(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    backend: Backend,
    /// Feeds the jitter between tries, so that two acts do not collide in step.
    tries: AtomicU64,
    measures: Measures,
}

enum Backend {
    Lite(Lite),
    Pg(Pool, Turns, TlsPlan),
}

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Lite(_) => "Lite",
            Self::Pg(..) => "Pg",
        })
    }
}

impl Db {
    /// Opens `sqlite:PATH` (created if missing) or `postgres://…`.
    pub async fn open(url: &str, options: DbOptions) -> Result<Self, Fault> {
        let backend = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            Backend::Lite(Lite::open(Path::new(path), &options)?)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let (pool, plan) = pg::open(url, &options).await?;
            Backend::Pg(pool, Turns::of(options.pool_size, PATIENCE), plan)
        } else {
            return Err(Fault::other("a database address begins with sqlite: or postgres://"));
        };
        let tries = AtomicU64::new(std::process::id().into());
        Ok(Self(Arc::new(Inner { backend, tries, measures: Measures::default() })))
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match &self.0.backend {
            Backend::Lite(_) => Engine::Sqlite,
            Backend::Pg(..) => Engine::Postgres,
        }
    }

    /// How the way to PostgreSQL is to be protected; `None` for a file.
    pub fn tls_plan(&self) -> Option<&TlsPlan> {
        match &self.0.backend {
            Backend::Lite(_) => None,
            Backend::Pg(.., plan) => Some(plan),
        }
    }

    /// Runs an act in one durable transaction: kept whole if it returns `Ok`, undone if it does not.
    /// It may be run again, so it must do nothing but use its `Tx`.
    pub async fn write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Transient + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let began = Instant::now();
        let span = debug_span!("act", name = act_name::<F>(), ended = Empty);
        let work = async {
            match &self.0.backend {
                Backend::Lite(lite) => lite.write(act).await,
                Backend::Pg(pool, ..) => self.tried(pool, Mode::Write, act).await,
            }
        };
        let result = work.instrument(span.clone()).await;
        span.record("ended", self.0.measures.wrote::<F, T, E>(began, &result));
        result
    }

    /// Reads on one consistent snapshot; an attempt to write is a fault.
    pub async fn read<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Transient + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let began = Instant::now();
        let work = async {
            match &self.0.backend {
                Backend::Lite(lite) => lite.read(act).await,
                Backend::Pg(pool, turns, _) => self.in_turn(pool, turns, Mode::Read, act).await,
            }
        };
        let result = work.instrument(debug_span!("read", name = act_name::<F>())).await;
        self.0.measures.reads.observe(began.elapsed());
        result
    }

    /// As [`Db::read`], for a few rows found by their keys: on SQLite at once, on the caller's own
    /// thread, because to wake another costs more than such a look takes; on PostgreSQL without a transaction where
    /// one SELECT is all. What is asked after the first sees one snapshot, which may be newer than the first saw.
    pub async fn glance<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Transient + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let began = Instant::now();
        let work = async {
            match &self.0.backend {
                Backend::Lite(lite) => lite.glance(act).await,
                Backend::Pg(pool, turns, _) => self.in_turn(pool, turns, Mode::Glance, act).await,
            }
        };
        let result = work.instrument(debug_span!("read", name = act_name::<F>())).await;
        self.0.measures.reads.observe(began.elapsed());
        result
    }

    /// What was counted since it was opened.
    pub fn measures(&self) -> &Measures {
        &self.0.measures
    }

    /// Who is at work just now.
    pub fn load(&self) -> Load {
        match &self.0.backend {
            Backend::Lite(lite) => lite.load(),
            Backend::Pg(pool, turns, _) => {
                let status = pool.status();
                let busy = status.size.saturating_sub(status.available);
                Load { busy, size: status.max_size, waiting: status.waiting + turns.waiting() }
            }
        }
    }

    /// As [`Db::write`], for steps that wait for a lock and must then see what its holder did.
    pub(crate) async fn write_step<T, F>(&self, act: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Tx) -> Result<T, Fault> + Send + 'static,
    {
        match &self.0.backend {
            Backend::Lite(lite) => lite.write(act).await,
            Backend::Pg(pool, ..) => self.tried(pool, Mode::Migrate, act).await,
        }
    }

    /// As [`Db::tried`], for those who only read: each waits for its turn.
    async fn in_turn<T, E, F>(&self, pool: &Pool, turns: &Turns, mode: Mode, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Transient + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let _turn = turns.take().await?;
        self.tried(pool, mode, act).await
    }

    async fn tried<T, E, F>(&self, pool: &Pool, mode: Mode, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Transient + Send + 'static,
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let mut act = act;
        let mut tried = 1;
        let mut doubted = false;
        loop {
            let (back, result) = pg::run(pool, mode, act).await;
            let (Err(error), Some(again)) = (&result, back) else { return result };
            // Two acts that both saw "not yet there" and inserted the same key: the second, run
            // again, sees the first. A true double fails the same way once more.
            let unique = error.fault().is_some_and(|fault| fault.kind() == FaultKind::Unique);
            let race = unique && !doubted;
            doubted |= unique;
            if tried >= TRIES || !(error.retry() || race) {
                return result;
            }
            self.0.measures.again.add();
            tokio::time::sleep(self.pause(tried)).await;
            act = again;
            tried += 1;
        }
    }

    /// 4 ms doubled at each try, between half and one and a half times that.
    fn pause(&self, tried: u32) -> Duration {
        let mut mixed = self.0.tries.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let base = 4_000_u64 << tried.min(7);
        Duration::from_micros(base / 2 + (mixed ^ (mixed >> 31)) % base)
    }
}
