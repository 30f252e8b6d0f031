//! Every request gets a number, is counted by its route's pattern and timed: never by its address,
//! which may hold a secret and which a client chooses.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use maeul_measure::{Family, Histogram};

use crate::site::Site;

/// What a request is counted under: method, pattern of the route, status.
pub type RequestKind = (&'static str, &'static str, u16);

/// What the web side measures since it was put together.
#[derive(Debug)]
pub struct Measures {
    /// How long answers took to begin, by kind of request; their number is the number of requests.
    pub requests: Family<RequestKind, Histogram>,
    /// Tells this run of this process from others.
    run: u64,
    next: AtomicU64,
}

impl Measures {
    pub(crate) fn new(began: Timestamp) -> Self {
        let micros = u64::try_from(began.as_microsecond()).unwrap_or(0);
        let run = micros ^ (u64::from(std::process::id()) << 40);
        Self { requests: Family::default(), run, next: AtomicU64::new(1) }
    }

    /// The next number; no two are alike on one machine, nor, in practice, on several.
    fn number(&self) -> RequestNumber {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        RequestNumber(format!("{:x}-{next}", self.run & 0xffff_ffff_ffff).into())
    }
}

/// The number of a request: in its log lines, in the header `x-request-id` and on the page that
/// apologises, so that one can be found from the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestNumber(Arc<str>);

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the route that was found leaves its pattern for the layer around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found(Arc<OnceLock<&'static str>>);

impl Found {
    pub(crate) fn set(&self, pattern: &'static str) {
        let _first_stays = self.0.set(pattern);
        tracing::Span::current().record("route", pattern);
    }
}

/// Numbers, counts and times a request.
pub(crate) async fn layer(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let number = site.measures().number();
    let found = Found::default();
    let method = method(request.method());
    match request.uri().path() {
        "/healthz" => found.set("/healthz"),
        "/readyz" => found.set("/readyz"),
        "/settings" => found.set("/settings"),
        path if path.starts_with("/assets/") => found.set("/assets/{file}"),
        _ => {}
    }
    request.extensions_mut().insert(found.clone());
    request.extensions_mut().insert(number.clone());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&number.0) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    let route = found.0.get().copied().unwrap_or("none");
    let kind = (method, route, response.status().as_u16());
    site.measures().requests.of(&kind).observe(began.elapsed());
    response
}

/// The trace a caller is in (W3C Trace Context): only what has exactly that form, since it is told on.
pub(crate) fn traceparent(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get("traceparent")?.to_str().ok()?;
    let form = "00-tttttttttttttttttttttttttttttttt-ssssssssssssssss-ff";
    let fits = text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
            b'-' | b'0' => byte == form,
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        });
    fits.then_some(text)
}

/// A client may invent methods; they are counted as one.
pub(crate) fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_differ() {
        let measures = Measures::new(Timestamp::UNIX_EPOCH);
        assert_ne!(measures.number().to_string(), measures.number().to_string());
    }

    #[test]
    fn only_a_callers_trace_of_exactly_that_form_is_taken() {
        let taken = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("traceparent", HeaderValue::from_str(text).unwrap());
            traceparent(&headers).map(str::to_owned)
        };
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(taken(good).as_deref(), Some(good));
        assert_eq!(taken("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), None);
        assert_eq!(taken("00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01"), None);
        assert_eq!(taken("00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01"), None);
        assert_eq!(taken("010-1234-5678"), None);
    }

    #[test]
    fn an_invented_method_makes_no_label() {
        assert_eq!(method(&Method::from_bytes(b"EVIL").unwrap()), "other");
    }
}
