//! `maeul serve`: pages, jobs and a graceful end, until told to stop.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use maeul_app::House;
use maeul_outside::LmtpListener;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};

use crate::config::Config;
use crate::end::{End, Told};
use crate::open;

/// How often the list of offices is read again, so that an import elsewhere is seen.
const REFRESH: Duration = Duration::from_secs(10);
/// How long requests and jobs under way may take to end.
const GRACE: Duration = Duration::from_secs(8);

/// 실제 운영. / Serve in earnest.
#[derive(clap::Args, Clone, Debug)]
pub struct ServeArgs {
    /// The configuration file; without it, the defaults (SQLite in `var`, port 8080).
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Runs the command.
pub(crate) async fn run(args: ServeArgs) -> Told {
    let config = match &args.config {
        Some(path) => Config::read(path, crate::env)?,
        None => Config::default(),
    };
    let (traces, exporter) = open::traces(&config)?;
    open::log(&config.log, traces)?;
    let listener = listen(&config.listen.to_string()).await?;
    let metrics = match &config.metrics_listen {
        Some(address) => Some(listen(&address.to_string()).await?),
        None => None,
    };
    can_be_written(&config)?;
    let house = open::open(&config).await?;
    if house.site.offices().is_empty() {
        tracing::warn!("there is no office yet: maeul import org FILE");
    }
    if let Some(metrics) = &metrics {
        say(&format!("metrics on http://{}/metrics", address(metrics)?));
    }
    let letters = letters(&config).await?;
    announce(&listener)?;
    let (told, ended) = oneshot::channel();
    let exporter = exporter.map(|exporter| tokio::spawn(exporter.run(ended)));
    let drain = Duration::from_secs(config.server.drain_seconds.into());
    let served = serve(house, listener, metrics, letters, drain).await;
    let _nobody = told.send(());
    if let Some(exporter) = exporter {
        let _ended = exporter.await;
    }
    served
}

/// A disk that cannot be written is told before anybody hands in a report: SQLite itself would open
/// the file for reading and say nothing.
fn can_be_written(config: &Config) -> Told {
    let mut folders = vec![config.data_dir.clone()];
    folders.extend(config.sqlite_file().and_then(|file| file.parent().map(PathBuf::from)));
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        maeul_app::can_write(folder).map_err(|error| {
            End::fault(format!(
                "{} cannot be written: {error}. See that the disk is neither full nor read-only and \
                 belongs to the user maeul runs as; maeul doctor says more",
                folder.display()
            ))
        })?;
    }
    Ok(())
}

/// Binds where mail servers hand letters over, if any are taken.
async fn letters(config: &Config) -> Result<Option<LmtpListener>, End> {
    let Some(inbound) = &config.mail.inbound else { return Ok(None) };
    let bound = LmtpListener::bind(&inbound.lmtp).await;
    bound
        .map(Some)
        .map_err(|error| End::fault(format!("mail.inbound.lmtp {}: {error}", inbound.lmtp)))
}

/// Binds the address, or says what to do.
pub(crate) async fn listen(address: &str) -> Result<TcpListener, End> {
    TcpListener::bind(address).await.map_err(|error| {
        End::fault(format!(
            "cannot listen on {address}: {error}. Choose another address, e.g. 127.0.0.1:0 for any \
             free port"
        ))
    })
}

/// Prints the one line that says that and where the server is ready.
pub(crate) fn announce(listener: &TcpListener) -> Told {
    say(&format!("listening on http://{}", address(listener)?));
    Ok(())
}

fn address(listener: &TcpListener) -> Result<SocketAddr, End> {
    listener.local_addr().map_err(End::doing("the address listened on"))
}

fn say(line: &str) {
    use io::Write as _;
    let mut out = io::stdout().lock();
    // Nobody may be reading; the server serves all the same.
    let _written = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Serves until SIGINT or SIGTERM, then says for `drain` that it is not ready and goes on; after that,
/// or told a second time, requests and jobs under way are finished, within bounds.
pub(crate) async fn serve(
    house: House,
    listener: TcpListener,
    metrics: Option<TcpListener>,
    letters: Option<LmtpListener>,
    drain: Duration,
) -> Told {
    let (stop, stopped) = watch::channel(false);
    let house = Arc::new(house);

    let ready = house.ready.clone();
    let signals = tokio::spawn(async move {
        let ended = told_to_stop().await;
        ready.stop();
        if !drain.is_zero() {
            tracing::info!(seconds = drain.as_secs(), "draining");
            tokio::select! {
                () = tokio::time::sleep(drain) => {}
                _ = told_to_stop() => {}
            }
        }
        tracing::info!("stopping");
        let _nobody = stop.send(true);
        ended
    });
    let worker = tokio::spawn({
        let (house, stopped) = (Arc::clone(&house), stopped.clone());
        async move { house.runner.run(until(stopped)).await }
    });
    let letters = letters.map(|letters| {
        let inbox: Arc<dyn maeul_mail::Inbox> = Arc::new(house.mailroom.clone());
        tokio::spawn(letters.serve(inbox, until(stopped.clone()), GRACE))
    });
    let offices = tokio::spawn({
        let (house, stopped) = (Arc::clone(&house), stopped.clone());
        async move {
            let mut stopped = std::pin::pin!(until(stopped));
            loop {
                tokio::select! {
                    () = &mut stopped => break,
                    () = tokio::time::sleep(REFRESH) => {}
                }
                if let Err(fault) = house.refresh().await {
                    tracing::error!(fault = fault.chain(), "the offices could not be read");
                }
            }
        }
    });
    let warm = tokio::spawn({
        let house = Arc::clone(&house);
        async move {
            if let Err(fault) = house.warm().await {
                tracing::error!(fault = fault.chain(), "the figures could not be counted");
            }
        }
    });
    let metrics = metrics.map(|listener| tokio::spawn(monitored(Arc::clone(&house), listener)));
    let pages = maeul_web::serve(listener, house.app.clone(), until(stopped.clone()));
    let pages = bounded(pages, until(stopped.clone()));
    let worker = bounded(worker, until(stopped));
    let (pages, worker) = tokio::join!(pages, worker);
    if let Some(letters) = letters {
        let _ended = letters.await;
    }
    signals.abort();
    offices.abort();
    warm.abort();
    if let Some(metrics) = metrics {
        metrics.abort();
    }
    if let Some(Err(error)) = worker {
        tracing::error!(%error, "the worker of jobs broke");
    }
    match pages {
        Some(served) => served.map_err(End::doing("serve")),
        None => {
            tracing::warn!("requests that did not end in time were cut off");
            Ok(())
        }
    }
}

/// What a monitoring system asks, on an address of its own: the numbers are not for everybody.
async fn monitored(house: Arc<House>, listener: TcpListener) -> io::Result<()> {
    let ready = house.ready.clone();
    let router = Router::new()
        .route("/metrics", get(move || async move { house.metrics().await }))
        .route("/readyz", get(move || async move { ready.answer().await }))
        .route("/healthz", get(|| async { "ok\n" }));
    axum::serve(listener, router).await
}

/// Resolves when the channel says so, or its sender is gone.
async fn until(mut stopped: watch::Receiver<bool>) {
    let _gone = stopped.wait_for(|stopped| *stopped).await;
}

/// The work's result; `None` if it goes on longer than [`GRACE`] after the stop.
async fn bounded<T>(work: impl Future<Output = T>, stop: impl Future<Output = ()>) -> Option<T> {
    let late = async {
        stop.await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        done = work => Some(done),
        () = late => None,
    }
}

async fn told_to_stop() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
