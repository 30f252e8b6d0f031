//! Traces for OpenTelemetry: spans of requests, acts, reads and jobs go to a collector by OTLP over HTTP,
//! as JSON (OpenTelemetry protocol 1.x, `POST /v1/traces`; ids in hexadecimal, 64-bit numbers as text).
//!
//! What is told of a span is a fixed list of its fields, so that a field somebody adds for the log does
//! not leave the house. Whatever becomes of the collector, nobody who is served waits for it: a full
//! queue drops spans, and a batch that cannot be handed over is dropped and counted.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use maeul_base::{Clock, Ids};
use reqwest::{Method, header};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::http::{Http, HttpError, Reach};

/// Ended spans that may wait to be sent; more are dropped.
const WAITING: usize = 8_192;
/// Spans sent together, and the longest one waits for company.
const TOGETHER: usize = 512;
const COMPANY: Duration = Duration::from_secs(2);
/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the last spans may take when the process ends.
const LAST: Duration = Duration::from_secs(2);
/// The most bytes of an answer that are read.
const ANSWER: usize = 64 * 1_024;
/// How often a collector that takes nothing is told of in the log.
const TOLD: Duration = Duration::from_secs(60);

/// The spans that are told, and of each the fields, with their names there. Nothing else is.
const TOLD_OF: [(&str, &[(&str, &str)]); 4] = [
    (
        "request",
        &[
            ("method", "http.request.method"),
            ("route", "http.route"),
            ("status", "http.response.status_code"),
            ("office", "maeul.office"),
            ("id", "maeul.request"),
        ],
    ),
    ("act", &[("name", "code.function.name"), ("ended", "maeul.ended")]),
    ("read", &[("name", "code.function.name")]),
    (
        "job",
        &[
            ("kind", "maeul.job"),
            ("office", "maeul.office"),
            ("attempt", "maeul.attempt"),
            ("ended", "maeul.ended"),
        ],
    ),
];

fn told_of(metadata: &Metadata<'_>) -> Option<&'static [(&'static str, &'static str)]> {
    let ours = metadata.is_span() && metadata.target().starts_with("maeul");
    let found = TOLD_OF.iter().find(|(name, _)| ours && *name == metadata.name());
    found.map(|(_, fields)| *fields)
}

/// Whether a span is one of those that are told: what the layer is to be filtered by.
pub fn is_told(metadata: &Metadata<'_>) -> bool {
    told_of(metadata).is_some()
}

/// Where traces go, and how many.
#[derive(Clone, Debug)]
pub struct OtlpSettings {
    /// The collector, without `/v1/traces`: `http://127.0.0.1:4318`.
    pub endpoint: String,
    /// What the service is called there.
    pub service: String,
    /// Of traces that begin here, one in so many; a caller's own decision is kept to.
    pub one_in: u64,
}

/// A span that is open.
struct Open {
    trace: u128,
    span: u64,
    parent: u64,
    sampled: bool,
    began: Timestamp,
    fields: &'static [(&'static str, &'static str)],
    said: BTreeMap<&'static str, Value>,
    /// The caller's, as it stands in `traceparent`.
    caller: Option<String>,
}

impl Visit for Open {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, Value::from(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "traceparent" {
            self.caller = Some(value.to_owned());
        }
        self.put(field, Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, Value::from(value));
    }
}

impl Open {
    fn put(&mut self, field: &Field, value: Value) {
        if let Some((_, name)) = self.fields.iter().find(|(ours, _)| *ours == field.name()) {
            self.said.insert(name, value);
        }
    }

    /// Goes on with the caller's trace.
    fn follow(&mut self) {
        let Some(caller) = self.caller.take() else { return };
        let mut parts = caller.split('-').skip(1);
        let trace = parts.next().and_then(|it| u128::from_str_radix(it, 16).ok());
        let span = parts.next().and_then(|it| u64::from_str_radix(it, 16).ok());
        let flags = parts.next().and_then(|it| u8::from_str_radix(it, 16).ok());
        if let (Some(trace @ 1..), Some(span @ 1..), Some(flags)) = (trace, span, flags) {
            (self.trace, self.parent, self.sampled) = (trace, span, flags & 1 == 1);
        }
    }

    /// As the protocol has it.
    fn ended(self, name: &str, at: Timestamp) -> Value {
        let status = self.said.get("http.response.status_code").and_then(Value::as_i64);
        let ended = self.said.get("maeul.ended").and_then(Value::as_str);
        let failed = status.is_some_and(|it| it >= 500) || matches!(ended, Some("fault" | "dead"));
        // A span is called by its pattern: `GET /c/{token}`, `act maeul_cases::…`, `job notice.send`.
        let text = |key: &str| self.said.get(key).and_then(Value::as_str);
        let called = match name {
            "request" => {
                let method = text("http.request.method").unwrap_or("HTTP");
                text("http.route").map_or_else(|| method.to_owned(), |it| format!("{method} {it}"))
            }
            "job" => format!("job {}", text("maeul.job").unwrap_or_default()),
            _ => format!("{name} {}", text("code.function.name").unwrap_or_default()),
        };
        let kind = match name {
            "request" => 2, // SERVER
            "job" => 5,     // CONSUMER
            _ => 1,         // INTERNAL
        };
        let attributes: Vec<Value> = self
            .said
            .iter()
            .map(|(key, value)| {
                let value = match value {
                    Value::Number(number) => json!({ "intValue": number.to_string() }),
                    other => json!({ "stringValue": other.as_str().unwrap_or_default() }),
                };
                json!({ "key": key, "value": value })
            })
            .collect();
        let mut span = json!({
            "traceId": format!("{:032x}", self.trace),
            "spanId": format!("{:016x}", self.span),
            "name": called,
            "kind": kind,
            "startTimeUnixNano": self.began.as_nanosecond().to_string(),
            "endTimeUnixNano": at.as_nanosecond().max(self.began.as_nanosecond()).to_string(),
            "attributes": attributes,
            "status": if failed { json!({ "code": 2 }) } else { json!({}) },
        });
        if let (true, Some(span)) = (self.parent != 0, span.as_object_mut()) {
            span.insert("parentSpanId".to_owned(), format!("{:016x}", self.parent).into());
        }
        span
    }
}

/// What the layer and the exporter count.
#[derive(Debug, Default)]
struct Counts {
    dropped: AtomicU64,
}

/// Gathers spans; give it to the registry filtered by [`is_told`].
pub struct OtlpLayer {
    out: mpsc::Sender<Value>,
    clock: Clock,
    /// Numbers of traces and spans: mixed from a secret beginning, so that no two processes meet.
    next: AtomicU64,
    key: [u64; 2],
    one_in: u64,
    counts: Arc<Counts>,
}

impl fmt::Debug for OtlpLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtlpLayer").finish_non_exhaustive()
    }
}

impl OtlpLayer {
    /// A number nobody else has; never 0, which means none.
    fn number(&self) -> u64 {
        let [seed, other] = self.key;
        let step = self.next.fetch_add(1, Ordering::Relaxed);
        let mut mixed = seed ^ step.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31) ^ other).max(1)
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for OtlpLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let (Some(span), Some(fields)) = (context.span(id), told_of(attributes.metadata())) else {
            return;
        };
        let mut open = Open {
            trace: 0,
            span: self.number(),
            parent: 0,
            sampled: true,
            began: self.clock.now(),
            fields,
            said: BTreeMap::new(),
            caller: None,
        };
        let above = span
            .scope()
            .skip(1)
            .find_map(|it| it.extensions().get::<Open>().map(|it| (it.trace, it.span, it.sampled)));
        match above {
            Some((trace, parent, sampled)) => {
                (open.trace, open.parent, open.sampled) = (trace, parent, sampled);
            }
            None => {
                let (high, low) = (self.number(), self.number());
                open.trace = (u128::from(high) << 64) | u128::from(low);
                open.sampled = low % self.one_in.max(1) == 0;
            }
        }
        attributes.record(&mut open);
        open.follow();
        span.extensions_mut().insert(open);
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            record.record(open);
            open.follow();
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(open) = span.extensions_mut().remove::<Open>() else { return };
        if !open.sampled {
            return;
        }
        let ended = open.ended(span.name(), self.clock.now());
        if self.out.try_send(ended).is_err() {
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Hands gathered spans over; ends when told, after a last try.
#[derive(Debug)]
pub struct OtlpExporter {
    waiting: mpsc::Receiver<Value>,
    http: Http,
    address: String,
    resource: Value,
    counts: Arc<Counts>,
}

/// The layer that gathers and the exporter that sends; `version` is the program's.
pub fn otlp(
    settings: &OtlpSettings,
    version: &str,
    clock: Clock,
    ids: &Ids,
) -> Result<(OtlpLayer, OtlpExporter), HttpError> {
    let http = Http::patient(Reach::Anywhere, PATIENCE)?;
    let address = format!("{}/v1/traces", settings.endpoint.trim_end_matches('/'));
    // Tried now, so that a mistake is told at the start.
    let _request = http.request(Method::POST, &address)?;
    let (out, waiting) = mpsc::channel(WAITING);
    let counts = Arc::new(Counts::default());
    let key = [ids.bytes::<8>(), ids.bytes::<8>()].map(u64::from_le_bytes);
    let own = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
    let resource = json!({ "attributes": [
        own("service.name", &settings.service),
        own("service.version", version),
    ] });
    let layer = OtlpLayer {
        out,
        clock,
        next: AtomicU64::new(1),
        key,
        one_in: settings.one_in,
        counts: Arc::clone(&counts),
    };
    Ok((layer, OtlpExporter { waiting, http, address, resource, counts }))
}

impl OtlpExporter {
    /// Sends until `stop` says so, then what is still waiting.
    pub async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        let mut told: Option<Instant> = None;
        let mut going_on = true;
        while going_on {
            let mut batch = vec![];
            let full = tokio::select! {
                _ = &mut stop => { going_on = false; None }
                taken = self.waiting.recv_many(&mut batch, TOGETHER) => Some(taken),
            };
            match full {
                Some(0) => going_on = false,
                Some(_) => {
                    let until = Instant::now() + COMPANY;
                    while batch.len() < TOGETHER && going_on {
                        let room = TOGETHER - batch.len();
                        tokio::select! {
                            _ = &mut stop => going_on = false,
                            more = timeout_at(until, self.waiting.recv_many(&mut batch, room)) => {
                                if !matches!(more, Ok(1..)) { break }
                            }
                        }
                    }
                }
                None => {}
            }
            self.hand_over(batch, &mut told).await;
        }
        let last = async {
            while let Ok(span) = self.waiting.try_recv() {
                let mut batch = vec![span];
                while batch.len() < TOGETHER {
                    let Ok(span) = self.waiting.try_recv() else { break };
                    batch.push(span);
                }
                self.hand_over(batch, &mut told).await;
            }
        };
        let _in_time = tokio::time::timeout(LAST, last).await;
    }

    async fn hand_over(&self, batch: Vec<Value>, told: &mut Option<Instant>) {
        if batch.is_empty() {
            return;
        }
        let count = u64::try_from(batch.len()).unwrap_or(0);
        let body = json!({ "resourceSpans": [{
            "resource": self.resource,
            "scopeSpans": [{ "scope": { "name": "maeul" }, "spans": batch }],
        }] });
        let why = match self.send(&body).await {
            Ok(status) if (200..300).contains(&status) => return,
            Ok(status) => format!("it answered {status}"),
            Err(error) => error.to_string(),
        };
        let dropped = self.counts.dropped.fetch_add(count, Ordering::Relaxed) + count;
        if told.is_none_or(|at| at.elapsed() >= TOLD) {
            *told = Some(Instant::now());
            tracing::warn!(
                why,
                dropped,
                "the collector of traces takes nothing; spans are dropped"
            );
        }
    }

    async fn send(&self, body: &Value) -> Result<u16, HttpError> {
        let request = self
            .http
            .request(Method::POST, &self.address)?
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
        Ok(self.http.send(request, ANSWER).await?.status.as_u16())
    }
}
