//! One connection to PostgreSQL, carried by the thread that uses it.
//!
//! tokio-postgres parts a connection into a client, which asks, and a future, which carries questions and
//! answers while somebody polls it. Polled elsewhere, every statement would wake another thread and be woken by
//! it again; here whoever asks carries too. A transaction thereby stays on one thread from BEGIN to COMMIT.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use maeul_base::{Fault, FaultKind};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::{Client, Config, Error, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::pg;

/// How long to wait for a connection: for a free one, and for a new one.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Carries what is asked and answered while it is polled; done when the connection ends.
pub(crate) type Carrier = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// How the server is reached.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) config: Config,
    pub(crate) tls: Option<MakeRustlsConnect>,
}

impl Way {
    /// What asks, and what is to be polled meanwhile.
    pub(crate) async fn connect(&self) -> Result<(Client, Carrier), Fault> {
        let refused = |error: Error| pg::fault(&error, "connect");
        Ok(match &self.tls {
            Some(tls) => {
                let (client, carrier) = self.config.connect(tls.clone()).await.map_err(refused)?;
                (client, Box::pin(carrier))
            }
            None => {
                let (client, carrier) = self.config.connect(NoTls).await.map_err(refused)?;
                (client, Box::pin(carrier))
            }
        })
    }
}

/// A connection, what it has prepared, and what wakes its thread.
pub(crate) struct Session {
    client: Arc<Client>,
    /// `None` once the connection has ended.
    carrier: Option<Carrier>,
    statements: HashMap<String, Statement>,
    /// Watches this connection's socket alone.
    runtime: Runtime,
}

impl Session {
    /// Connects; blocks the thread.
    pub(crate) fn open(way: &Way) -> Result<Self, Fault> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::from_error("a connection's own watch", error))?;
        let late = |_| Fault::new(FaultKind::Unavailable, "PostgreSQL does not answer");
        let connected = runtime.block_on(async { timeout(PATIENCE, way.connect()).await });
        let (client, carrier) = connected.map_err(late)??;
        let client = Arc::new(client);
        let mut session =
            Self { client, carrier: Some(carrier), statements: HashMap::new(), runtime };
        session.settle()?;
        Ok(session)
    }

    /// What every connection of ours wants otherwise than a server does by itself. No statement runs long
    /// enough to be worth a compiler, and a plan whose cost is overrated would start one each time.
    fn settle(&mut self) -> Result<(), Fault> {
        const SETTINGS: &str = "SET jit = off";
        let client = self.client();
        let settled = self.carry(async { timeout(PATIENCE, client.batch_execute(SETTINGS)).await });
        let late = |_| Fault::new(FaultKind::Unavailable, "PostgreSQL does not answer");
        settled.map_err(late)?.map_err(|error| pg::fault(&error, SETTINGS))
    }

    /// What asks.
    pub(crate) fn client(&self) -> Arc<Client> {
        Arc::clone(&self.client)
    }

    /// Blocks until the work is done, carrying what it asks and what it is answered. Where the connection
    /// ends meanwhile, what waits for an answer hears that it did.
    pub(crate) fn carry<T>(&mut self, work: impl Future<Output = T>) -> T {
        let Self { carrier, runtime, .. } = self;
        let mut work = pin!(work);
        runtime.block_on(poll_fn(|cx| {
            carry_once(carrier, cx);
            if let Poll::Ready(done) = work.as_mut().poll(cx) {
                return Poll::Ready(done);
            }
            // What was asked just now leaves at once.
            carry_once(carrier, cx);
            if carrier.is_some() { Poll::Pending } else { work.as_mut().poll(cx) }
        }))
    }

    /// Sends what was asked and not yet carried, and waits for nothing.
    pub(crate) fn post(&mut self) {
        carry_once(&mut self.carrier, &mut Context::from_waker(Waker::noop()));
    }

    /// Whether the connection still stands, by all that came meanwhile.
    pub(crate) fn stands(&mut self) -> bool {
        // Once round: the socket is looked at, then what was found there is read.
        self.carry(tokio::task::yield_now());
        self.carrier.is_some()
    }

    /// The statement, prepared when it is first met on this connection.
    pub(crate) fn statement(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let client = self.client();
        let statement = self.carry(client.prepare(sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Prepares everything afresh: a table has changed since.
    pub(crate) fn forget_statements(&mut self) {
        self.statements.clear();
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("stands", &self.carrier.is_some()).finish_non_exhaustive()
    }
}

fn carry_once(carrier: &mut Option<Carrier>, cx: &mut Context<'_>) {
    let Some(carrying) = carrier else { return };
    if let Poll::Ready(ended) = carrying.as_mut().poll(cx) {
        if let Err(error) = ended {
            let fault = pg::fault(&error, "wait for work");
            tracing::warn!(fault = fault.chain(), "a connection to PostgreSQL has ended");
        }
        // Whoever waits for an answer of it is woken by this.
        *carrier = None;
    }
}
