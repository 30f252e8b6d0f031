//! Everything that is measured, as one page for a monitoring system. It holds names of routes, acts,
//! jobs and offices, and numbers: nothing of a person.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maeul_base::{Fault, seoul};
use maeul_db::Tx;
use maeul_measure::Exposition;
use maeul_queue::Pending;

use crate::House;

/// What is read from the database for one page.
struct Stock {
    jobs: Vec<Pending>,
    /// Code of the office, open cases, overdue ones.
    cases: Vec<(String, i64, i64)>,
}

fn stock(tx: &mut Tx, now: Timestamp) -> Result<Stock, Fault> {
    let today = seoul::date(now);
    let jobs = maeul_queue::pending_counts(tx)?;
    let mut cases = vec![];
    for office in maeul_org::offices(tx)? {
        let (open, overdue) = maeul_cases::read::open_and_overdue(tx, office.id, today)?;
        cases.push((office.code, open, overdue));
    }
    Ok(Stock { jobs, cases })
}

impl House {
    /// The page of `/metrics`. A database that does not answer is said, and the rest still told.
    pub async fn metrics(&self) -> Response {
        let now = self.site.clock().now();
        let mut page = Exposition::new();
        page.gauges(
            "maeul_build_info",
            "The version that runs.",
            [(&[("version", env!("CARGO_PKG_VERSION"))][..], 1)],
        );
        self.requests(&mut page);
        self.database(&mut page);
        self.jobs_done(&mut page);
        let read = self.site.db().read(move |tx| stock(tx, now)).await;
        let answers = [(&[][..], u8::from(read.is_ok()))];
        page.gauges("maeul_db_up", "Whether the database answered just now.", answers);
        match read {
            Ok(stock) => in_stock(&mut page, &stock, now),
            Err(fault) => tracing::error!(fault = fault.chain(), "the metrics could not be read"),
        }
        if let Some(bytes) = resident() {
            let used = [(&[][..], bytes)];
            page.gauges("process_resident_memory_bytes", "Memory in use.", used);
        }
        ([(CONTENT_TYPE, Exposition::CONTENT_TYPE)], page.text()).into_response()
    }

    fn requests(&self, page: &mut Exposition) {
        let all = self.site.measures().requests.all();
        let labelled: Vec<_> = all
            .iter()
            .map(|((method, route, status), took)| (*method, *route, status.to_string(), took))
            .collect();
        let labels: Vec<_> = labelled
            .iter()
            .map(|(method, route, status, _)| {
                [("method", *method), ("route", *route), ("status", status.as_str())]
            })
            .collect();
        page.histogram(
            "maeul_http_request_seconds",
            "From the request to the beginning of its answer, by pattern of the route.",
            labels.iter().zip(&labelled).map(|(labels, (.., took))| (&labels[..], &***took)),
        );
    }

    fn database(&self, page: &mut Exposition) {
        let db = self.site.db();
        let measures = db.measures();
        let acts = measures.acts.all();
        let labels: Vec<_> =
            acts.iter().map(|((act, ended), _)| [("act", *act), ("ended", *ended)]).collect();
        page.counters(
            "maeul_acts_total",
            "Transactions that write, by where they are called and how they ended.",
            labels.iter().zip(&acts).map(|(labels, (_, count))| (&labels[..], count.get())),
        );
        page.histogram(
            "maeul_db_write_seconds",
            "From the call of an act until it is on the disk.",
            [(&[][..], &measures.writes)],
        );
        page.histogram(
            "maeul_db_read_seconds",
            "From the call of a read to its result.",
            [(&[][..], &measures.reads)],
        );
        page.counters(
            "maeul_db_retries_total",
            "Acts run again because the database asked for it.",
            [(&[][..], measures.again.get())],
        );
        let load = db.load();
        page.gauges(
            "maeul_db_connections",
            "Connections (or readers of a file) by use, and how many there may be.",
            [(&[("state", "busy")][..], load.busy), (&[("state", "limit")][..], load.size)],
        );
        page.gauges(
            "maeul_db_waiting",
            "Who waits for a connection, or for the writer.",
            [(&[][..], load.waiting)],
        );
    }

    fn jobs_done(&self, page: &mut Exposition) {
        let measures = self.runner.measures();
        let ended = measures.ended.all();
        let labels: Vec<_> = ended
            .iter()
            .map(|((kind, end), _)| [("kind", kind.as_str()), ("ended", *end)])
            .collect();
        page.counters(
            "maeul_job_attempts_total",
            "Attempts at jobs by this process, and how they ended.",
            labels.iter().zip(&ended).map(|(labels, (_, count))| (&labels[..], count.get())),
        );
        let took = measures.took.all();
        let labels: Vec<_> = took.iter().map(|(kind, _)| [("kind", kind.as_str())]).collect();
        page.histogram(
            "maeul_job_seconds",
            "How long attempts at jobs took.",
            labels.iter().zip(&took).map(|(labels, (_, took))| (&labels[..], &**took)),
        );
        if let Some(since) = measures.pulse.since() {
            page.gauges(
                "maeul_worker_last_look_seconds",
                "How long ago the worker of jobs last looked for work.",
                [(&[][..], since.as_secs())],
            );
        }
    }
}

fn in_stock(page: &mut Exposition, stock: &Stock, now: Timestamp) {
    let labels: Vec<_> = stock
        .jobs
        .iter()
        .map(|it| [("kind", it.kind.as_str()), ("state", it.state.as_str())])
        .collect();
    page.gauges(
        "maeul_jobs",
        "Jobs that wait (ready) or were given up (dead), over all servers.",
        labels.iter().zip(&stock.jobs).map(|(labels, it)| (&labels[..], it.count)),
    );
    let age = |it: &Pending| now.duration_since(it.oldest).as_secs().max(0);
    page.gauges(
        "maeul_job_age_seconds",
        "How long the oldest of them has been due.",
        labels.iter().zip(&stock.jobs).map(|(labels, it)| (&labels[..], age(it))),
    );
    let facts = stock.jobs.iter().filter(|it| it.state == "ready" && it.kind.starts_with("fact:"));
    page.gauges(
        "maeul_outbox_depth",
        "Facts written that nobody has reacted to yet.",
        [(&[][..], facts.map(|it| it.count).sum::<i64>())],
    );
    let labels: Vec<_> =
        stock.cases.iter().map(|(office, ..)| [("office", office.as_str())]).collect();
    page.gauges(
        "maeul_cases_open",
        "Cases that are not closed, by office.",
        labels.iter().zip(&stock.cases).map(|(labels, (_, open, _))| (&labels[..], *open)),
    );
    page.gauges(
        "maeul_cases_overdue",
        "Open cases past their due day, by office.",
        labels.iter().zip(&stock.cases).map(|(labels, (.., overdue))| (&labels[..], *overdue)),
    );
}

/// Memory in use as Linux tells it; elsewhere unknown.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
