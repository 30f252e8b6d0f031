//! Whether this process can take work: what a balancer asks before it sends anybody here.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maeul_base::Fault;
use maeul_db::{Db, Migration};
use maeul_measure::Pulse;
use tokio::sync::Mutex;

/// An answer serves everybody for so long: a flood of questions is not a flood of probes.
const FRESH: Duration = Duration::from_secs(1);
/// The longest a single probe may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// The worker looks every two seconds; after this it counts as gone.
const WORKER_GONE: Duration = Duration::from_secs(30);
/// The name of the file written and removed again.
const PROBE: &str = ".maeul-can-write";

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// `database`, `migrations`, `worker`, `disk`, `serving`.
    pub name: &'static str,
    /// Whether it is as it must be.
    pub ok: bool,
}

/// What readiness is judged by.
#[derive(Clone)]
pub struct Readiness(Arc<Inner>);

struct Inner {
    db: Db,
    steps: Vec<Migration>,
    worker: Pulse,
    folders: Vec<PathBuf>,
    stopping: AtomicBool,
    last: Mutex<Option<(Instant, Vec<Probe>)>>,
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Readiness")
    }
}

impl Readiness {
    /// Judges by this database with these steps, this worker, and these folders.
    pub fn new(db: Db, steps: Vec<Migration>, worker: Pulse, folders: Vec<PathBuf>) -> Self {
        let (stopping, last) = (AtomicBool::new(false), Mutex::new(None));
        Self(Arc::new(Inner { db, steps, worker, folders, stopping, last }))
    }

    /// From now on no new work is to be sent here.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    /// Looks at everything, or tells what was seen within the last second.
    pub async fn probes(&self) -> Vec<Probe> {
        let mut last = self.0.last.lock().await;
        let mut probes = match &*last {
            Some((at, probes)) if at.elapsed() < FRESH => probes.clone(),
            _ => {
                let probes = self.look().await;
                *last = Some((Instant::now(), probes.clone()));
                probes
            }
        };
        let ok = !self.0.stopping.load(Ordering::Relaxed);
        probes.push(Probe { name: "serving", ok });
        probes
    }

    async fn look(&self) -> Vec<Probe> {
        let inner = &self.0;
        let database = within(inner.db.ping()).await.is_some();
        let standing = within(inner.db.standing(&inner.steps)).await;
        let migrations = standing.is_some_and(|standing| standing.is_current());
        let worker = inner.worker.since().is_some_and(|since| since < WORKER_GONE);
        let folders = inner.folders.clone();
        let disk = tokio::task::spawn_blocking(move || {
            folders.iter().try_for_each(|folder| can_write(folder))
        });
        let disk = match tokio::time::timeout(PATIENCE, disk).await {
            Ok(Ok(Ok(()))) => true,
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "the data folder cannot be written");
                false
            }
            _ => false,
        };
        vec![
            Probe { name: "database", ok: database },
            Probe { name: "migrations", ok: migrations },
            Probe { name: "worker", ok: worker },
            Probe { name: "disk", ok: disk },
        ]
    }

    /// The answer of `/readyz`: 200 where everything is as it must be, else 503; which probe failed,
    /// but not why: that is in the log.
    pub async fn answer(&self) -> Response {
        let probes = self.probes().await;
        let ready = probes.iter().all(|probe| probe.ok);
        let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        let checks: serde_json::Map<_, _> =
            probes.iter().map(|probe| (probe.name.to_owned(), probe.ok.into())).collect();
        (status, Json(serde_json::json!({ "ready": ready, "checks": checks }))).into_response()
    }
}

/// The value, if it came in time and well.
async fn within<T>(work: impl Future<Output = Result<T, Fault>>) -> Option<T> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(value)) => Some(value),
        Ok(Err(fault)) => {
            tracing::error!(fault = fault.chain(), "the database does not answer");
            None
        }
        Err(_) => {
            tracing::error!("the database does not answer in time");
            None
        }
    }
}

/// Writes a small file to the disk itself and removes it again.
pub fn can_write(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(PROBE);
    let written = std::fs::File::create(&path).and_then(|mut file| {
        std::io::Write::write_all(&mut file, b"ok\n")?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&path);
    written.and(removed)
}
