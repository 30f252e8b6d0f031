//! PostgreSQL: one transaction on a connection of the pool, and errors.

use std::error::Error as _;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use deadpool::Runtime;
use deadpool::managed::{PoolError, QueueMode, Timeouts};
use futures_util::TryStreamExt as _;
use futures_util::future::try_join_all;
use maeul_base::{Fault, FaultKind};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Statement};

use crate::pg_pool::{self, Pool, Threads};
use crate::pg_session::{PATIENCE, Session, Way};
use crate::pg_tls::{self, TlsPlan};
use crate::row::{FromRow, Row, Source};
use crate::tx::{Conn as AnyConn, brief};
use crate::{DbOptions, Tx, Value};

/// How many rows that nobody waits for are gathered before they are sent.
const UNHEARD: usize = 64;

/// How a transaction begins. One act sees one snapshot, and the first of two that change the same
/// row wins (the other is run again); the decision record says why not SERIALIZABLE.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode {
    Write,
    Read,
    /// As `Read`, but what is asked first is asked by itself: where nothing follows, there is nothing to begin
    /// and to end.
    Glance,
    /// Each statement sees what was committed before it: for steps that first wait for a lock.
    Migrate,
}

impl Mode {
    const fn begin(self) -> &'static str {
        match self {
            Self::Write => "BEGIN ISOLATION LEVEL REPEATABLE READ",
            Self::Read | Self::Glance => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Migrate => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }
}

/// Prepares the pool and proves that the server answers.
pub(crate) async fn open(url: &str, options: &DbOptions) -> Result<(Pool, TlsPlan), Fault> {
    let (way, plan) = way(url, options)?;
    let wait = Some(PATIENCE);
    let pool = Pool::builder(Threads(way))
        .max_size(options.pool_size)
        // The one used last knows its statements and plans best.
        .queue_mode(QueueMode::Lifo)
        .runtime(Runtime::Tokio1)
        .timeouts(Timeouts { wait, create: wait, recycle: wait })
        .build()
        .map_err(|error| Fault::from_error("the pool of PostgreSQL connections", error))?;
    drop(pool.get().await.map_err(pool_fault)?);
    Ok((pool, plan))
}

/// How the database of that address is reached.
pub(crate) fn way(url: &str, options: &DbOptions) -> Result<(Way, TlsPlan), Fault> {
    let (mut config, plan) = pg_tls::read(url)?;
    let mut settings = config.get_options().unwrap_or_default().to_owned();
    if let Some(schema) = &options.schema {
        settings.push_str(&format!(" -c search_path={schema}"));
    }
    if !options.durable {
        settings.push_str(" -c synchronous_commit=off");
    }
    config.options(settings.trim());
    config.application_name("maeul");
    let tls = pg_tls::connector(&plan)?;
    Ok((Way { config, tls }, plan))
}

/// Runs statements outside any transaction, on a connection of their own.
pub(crate) async fn batch(url: &str, sql: &str) -> Result<(), Fault> {
    let (pool, _) = open(url, &DbOptions { pool_size: 1, ..DbOptions::default() }).await?;
    let thread = pool.get().await.map_err(pool_fault)?;
    let sql = sql.to_owned();
    pg_pool::work(thread, move |mut session| {
        let client = session.client();
        let done = session.carry(client.batch_execute(&sql));
        (Some(session), done.map_err(|error| fault(&error, &sql)))
    })
    .await?
}

/// Runs an act once in its own transaction on a connection's thread; gives the act back for another try.
pub(crate) async fn run<T, E, F>(pool: &Pool, mode: Mode, act: F) -> (Option<F>, Result<T, E>)
where
    T: Send + 'static,
    E: From<Fault> + Send + 'static,
    F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
{
    let mut act = act;
    // At most all of them have ended while nobody used them: those that are tried last are new.
    for _ in 0..=pool.status().max_size {
        let thread = match pool.get().await {
            Ok(thread) => thread,
            Err(error) => return (Some(act), Err(pool_fault(error).into())),
        };
        match pg_pool::work(thread, move |session| on_session(session, mode, act)).await {
            Ok(Done::Ended(act, result)) => return (Some(act), result),
            Ok(Done::NotBegun(back)) => act = back,
            Err(fault) => return (None, Err(fault.into())),
        }
    }
    (Some(act), Err(pg_pool::gone().into()))
}

/// What became of an act on one connection.
enum Done<F, R> {
    Ended(F, R),
    /// The connection had ended before.
    NotBegun(F),
}

fn on_session<T, E, F>(
    mut session: Session,
    mode: Mode,
    act: F,
) -> (Option<Session>, Done<F, Result<T, E>>)
where
    E: From<Fault>,
    F: Fn(&mut Tx) -> Result<T, E>,
{
    if !session.stands() {
        return (None, Done::NotBegun(act));
    }
    let conn = Conn { session: Some(session), mode, begun: false, asked: false, unheard: vec![] };
    let mut tx = Tx::new(AnyConn::Pg(conn));
    let result = match catch_unwind(AssertUnwindSafe(|| act(&mut tx))) {
        Ok(result) => tx.whole(result),
        Err(_) => Err(Fault::other("an act panicked").into()),
    };
    let AnyConn::Pg(conn) = &mut tx.conn else { return (None, Done::Ended(act, result)) };
    let ended = conn.end(result.is_ok());
    let result = result.and_then(|value| ended.map(|()| value).map_err(E::from));
    // One whose transaction has not ended goes down with it, and the server rolls back.
    let clean = if conn.begun { None } else { conn.session.take() };
    (clean, Done::Ended(act, result))
}

/// A statement that was sent, and what it was.
struct Unheard {
    answer: Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>,
    sql: String,
}

/// One connection and the transaction on it.
pub(crate) struct Conn {
    /// `None` once it has been given up.
    session: Option<Session>,
    mode: Mode,
    /// BEGIN travels with the first statement, which saves a round trip.
    begun: bool,
    /// Whether anything was asked.
    asked: bool,
    /// Rows inserted since the last answer. The server answers in order, and refuses everything after
    /// a failure: any later answer that is good says that these are too.
    unheard: Vec<Unheard>,
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conn").field("mode", &self.mode).finish_non_exhaustive()
    }
}

impl Conn {
    pub(crate) fn exec(&mut self, sql: &str, args: &[Value]) -> Result<u64, Fault> {
        let statement = self.statement(sql)?;
        self.send(sql, async |client| client.execute(&statement, &params(args)).await)
    }

    /// Puts an INSERT beside what is to be sent next and goes on; see [`Tx::insert`].
    pub(crate) fn insert(&mut self, sql: &str, args: Vec<Value>) -> Result<(), Fault> {
        // Known from an earlier transaction as a rule.
        let statement = self.statement(sql)?;
        let client = self.session()?.client();
        if !self.begun {
            let (begin, client) = (self.mode.begin(), Arc::clone(&client));
            self.tell(begin, async move { client.batch_execute(begin).await });
            self.begun = true;
        }
        self.tell(sql, async move { client.execute(&statement, &params(&args)).await.map(|_| ()) });
        if self.unheard.len().is_multiple_of(UNHEARD) {
            self.session()?.post();
        }
        Ok(())
    }

    /// Polled once, a statement stands in the row of those to be sent.
    fn tell(
        &mut self,
        sql: &str,
        answer: impl Future<Output = Result<(), Error>> + Send + 'static,
    ) {
        let mut answer: Pin<Box<dyn Future<Output = Result<(), Error>> + Send>> = Box::pin(answer);
        let mut answered = None;
        if let Poll::Ready(at_once) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        {
            answered = Some(at_once);
        }
        let answer = match answered {
            Some(at_once) => Box::pin(async move { at_once }),
            None => answer,
        };
        self.unheard.push(Unheard { answer, sql: sql.to_owned() });
    }

    /// Waits for what was sent and not heard of; the first that failed.
    fn hear(&mut self) -> Result<(), Fault> {
        let unheard = mem::take(&mut self.unheard);
        if unheard.is_empty() {
            return Ok(());
        }
        let heard = self.session()?.carry(async {
            for Unheard { answer, sql } in unheard {
                answer.await.map_err(|error| (error, sql))?;
            }
            Ok(())
        });
        heard.map_err(|(error, sql)| self.failed(&error, &sql))
    }

    fn failed(&mut self, error: &Error, sql: &str) -> Fault {
        // Prepared before a migration changed its table: the next try prepares afresh.
        if let (Some(&SqlState::FEATURE_NOT_SUPPORTED), Some(session)) =
            (error.code(), &mut self.session)
        {
            session.forget_statements();
        }
        fault(error, sql)
    }

    /// Why a statement failed: itself, or what was sent before it.
    fn first_fault(&mut self, error: &Error, sql: &str) -> Fault {
        self.hear().err().unwrap_or_else(|| self.failed(error, sql))
    }

    fn session(&mut self) -> Result<&mut Session, Fault> {
        self.session.as_mut().ok_or_else(pg_pool::gone)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, Fault> {
        let prepared = self.session()?.statement(sql);
        prepared.map_err(|error| self.first_fault(&error, sql))
    }

    pub(crate) fn exec_many<A: AsRef<[Value]>>(
        &mut self,
        sql: &str,
        sets: impl IntoIterator<Item = A>,
    ) -> Result<u64, Fault> {
        let sets: Vec<A> = sets.into_iter().collect();
        let statement = &self.statement(sql)?;
        self.send(sql, async |client| {
            let mut touched = 0;
            // Some hundreds at a time keep the socket's buffers bounded.
            for part in sets.chunks(256) {
                let sent = part
                    .iter()
                    .map(async |set| client.execute(statement, &params(set.as_ref())).await);
                touched += try_join_all(sent).await?.iter().sum::<u64>();
            }
            Ok(touched)
        })
    }

    pub(crate) fn rows<T: FromRow>(
        &mut self,
        sql: &str,
        args: &[Value],
        limit: usize,
    ) -> Result<Vec<T>, Fault> {
        let statement = self.statement(sql)?;
        let rows = self.send(sql, async |client| client.query(&statement, &params(args)).await)?;
        rows.iter().take(limit).map(|row| T::checked(&Row(Source::Pg(row)))).collect()
    }

    /// Hands every row to `take` as it arrives.
    pub(crate) fn each(
        &mut self,
        sql: &str,
        args: &[Value],
        take: &mut dyn FnMut(&Row<'_>) -> Result<(), Fault>,
    ) -> Result<u64, Fault> {
        let statement = self.statement(sql)?;
        self.send(sql, async |client| {
            let rows = client.query_raw(&statement, params(args)).await?;
            let mut rows = std::pin::pin!(rows);
            let mut count = 0;
            while let Some(row) = rows.try_next().await? {
                if let Err(fault) = take(&Row(Source::Pg(&row))) {
                    return Ok(Err(fault));
                }
                count += 1;
            }
            Ok(Ok(count))
        })?
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        self.send(sql, async |client| client.batch_execute(sql).await)
    }

    /// Sends a statement, with BEGIN before the first, and waits for its answer.
    fn send<T>(
        &mut self,
        sql: &str,
        statement: impl AsyncFnOnce(&Client) -> Result<T, Error>,
    ) -> Result<T, Fault> {
        let first = !mem::replace(&mut self.asked, true);
        // A statement that begins with SELECT changes no row, so that it needs nothing to forbid it.
        let alone = first && matches!(self.mode, Mode::Glance) && sql.starts_with("SELECT");
        let begin = (!self.begun && !alone).then(|| self.mode.begin());
        self.begun |= !alone;
        let session = self.session()?;
        let client = &session.client();
        let sent = session.carry(async {
            match begin {
                // BEGIN is sent first because it is polled first.
                Some(begin) => {
                    let (begun, done) =
                        tokio::join!(biased; client.batch_execute(begin), statement(client));
                    begun.and(done)
                }
                None => statement(client).await,
            }
        });
        match sent {
            Ok(done) => {
                self.unheard.clear();
                Ok(done)
            }
            Err(error) => Err(self.first_fault(&error, sql)),
        }
    }

    /// Commits or gives up, and hands the connection back only if it is clean.
    fn end(&mut self, keep: bool) -> Result<(), Fault> {
        if !self.begun {
            return Ok(());
        }
        let sql = if keep { "COMMIT" } else { "ROLLBACK" };
        let client = self.session()?.client();
        if matches!(self.mode, Mode::Read | Mode::Glance) && self.unheard.is_empty() {
            // Nothing hangs on the answer, and whoever has the connection next is served after it.
            self.tell(sql, async move { client.batch_execute(sql).await });
            self.session()?.post();
            self.unheard.clear();
            self.begun = false;
            return Ok(());
        }
        let mut commit = Box::pin(async move { client.batch_execute(sql).await });
        // It travels with what is unheard of: after a failure the server takes COMMIT for ROLLBACK.
        let sent = commit.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let heard = self.hear();
        let ended = match sent {
            Poll::Ready(ended) => ended,
            Poll::Pending => self.session()?.carry(commit),
        };
        let ended = match (heard, ended) {
            (Err(fault), Ok(())) if keep => {
                self.begun = false;
                return Err(fault);
            }
            (_, ended) => ended.map_err(|error| fault(&error, sql)),
        };
        match &ended {
            Ok(()) => self.begun = false,
            Err(_) => self.discard(),
        }
        ended
    }

    /// Closes the connection instead of handing it back: the server then rolls back.
    fn discard(&mut self) {
        self.unheard.clear();
        self.session = None;
    }
}

fn params(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter()
        .map(|value| {
            let value: &(dyn ToSql + Sync) = value;
            value
        })
        .collect()
}

fn pool_fault(error: PoolError<Fault>) -> Fault {
    match error {
        PoolError::Backend(fault) => fault.kind_of(FaultKind::Unavailable),
        error => {
            Fault::from_error("no PostgreSQL connection", error).kind_of(FaultKind::Unavailable)
        }
    }
}

/// A fault from the server's error: code, message and constraint, but never DETAIL, which shows
/// the values of the row.
pub(crate) fn fault(error: &Error, sql: &str) -> Fault {
    let sql = brief(sql);
    let Some(db) = error.as_db_error() else {
        let why = error.source().map_or_else(String::new, |source| format!(": {source}"));
        let kind = if error.is_closed() || error.to_string().contains("connect") || is_io(error) {
            FaultKind::Unavailable
        } else {
            FaultKind::Other
        };
        return Fault::new(kind, format!("PostgreSQL: {error}{why}: {sql}"));
    };
    let code = db.code().code();
    let kind = match code {
        "23505" => FaultKind::Unique,
        "40001" | "40P01" | "55P03" => FaultKind::Retry,
        // See `Conn::send`.
        "0A000" if db.message().contains("cached plan") => FaultKind::Retry,
        "57P01" | "57P02" | "57P03" => FaultKind::Unavailable,
        _ if code.starts_with("23") => FaultKind::Constraint,
        _ if code.starts_with("08") || code.starts_with("53") => FaultKind::Unavailable,
        _ => FaultKind::Other,
    };
    let constraint = db.constraint().map_or_else(String::new, |name| format!(" ({name})"));
    Fault::new(kind, format!("PostgreSQL {code}: {}{constraint}: {sql}", db.message()))
}

fn is_io(error: &Error) -> bool {
    error.source().is_some_and(|source| source.is::<std::io::Error>())
}
