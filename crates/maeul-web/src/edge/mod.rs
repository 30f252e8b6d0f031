//! The gate before everything: where a request came from, how often its sender may ask, how much is
//! worked on at once. A flood empties the flooder's own bucket and fills the share of everybody;
//! signed-in staff have a share of their own and go on working.

mod answer;
mod bucket;
mod net;
mod share;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::cookies;
use crate::form::{BODY_BYTES, FORM_BYTES};
use crate::site::Site;
use answer::Turned;
use bucket::{Buckets, Rate, Who};
pub use net::{Net, NotANet};
use share::Share;

/// What the gate allows. No law sets these; the defaults are for one machine with two cores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<Net>,
    /// Who is never counted: gateways of texts, systems that measure, this machine itself.
    pub uncounted: Vec<Net>,
    /// Pages an address may ask for each second, in the long run.
    pub pages_a_second: u16,
    /// Pages an address may ask for at once.
    pub pages_at_once: u16,
    /// Requests of everybody worked on at the same time.
    pub public_places: u16,
    /// Requests of signed-in staff worked on at the same time.
    pub staff_places: u16,
    /// Requests that wait for a place, in each share.
    pub queue: u16,
    /// How long a request waits for a place.
    pub patience: Duration,
    /// Megabytes of large bodies read at the same time.
    pub body_megabytes: u16,
    /// How long a request may take, its body included, before its answer begins.
    pub longest: Duration,
}

impl Default for Edge {
    fn default() -> Self {
        Self {
            proxies: Vec::new(),
            uncounted: Net::this_machine(),
            pages_a_second: 30,
            pages_at_once: 300,
            public_places: 256,
            staff_places: 128,
            queue: 1_024,
            patience: Duration::from_secs(5),
            body_megabytes: 512,
            longest: Duration::from_secs(300),
        }
    }
}

/// What a page costs, in units of a bucket.
const PAGE: u32 = 10;
/// What a file costs whose name changes with its content: a page brings several.
const ASSET: u32 = 1;
/// What costs a transaction costs as much as five pages.
const CHANGE: u32 = 50;
/// How much more a signed-in member of staff may ask for than an address.
const STAFF_TIMES: u32 = 2;
/// Bytes that stand for one place in the share of large bodies.
const BLOCK: usize = 64 * 1024;
/// How long a session that was good counts as staff without being looked up again.
const KNOWN_FOR: Duration = Duration::from_secs(15 * 60);
/// Most sessions remembered.
const MOST_KNOWN: usize = 20_000;

/// The state of the gate; one for each process.
#[derive(Debug)]
pub(crate) struct Gate {
    edge: Edge,
    buckets: Mutex<Buckets>,
    public: Share,
    staff: Share,
    bodies: Share,
    /// Marks of the sessions that were good lately, and when.
    known: Mutex<HashMap<u64, Instant>>,
    /// Makes a session's mark: keyed by chance, so that nobody outside can make one.
    marks: RandomState,
}

impl Gate {
    pub(crate) fn new(edge: Edge) -> Self {
        let queue = usize::from(edge.queue);
        let blocks = usize::from(edge.body_megabytes) * 1024 * 1024 / BLOCK;
        // One body of the largest size must always find room.
        let blocks = blocks.max(BODY_BYTES / BLOCK + 1);
        Self {
            public: Share::new(usize::from(edge.public_places), queue, edge.patience),
            staff: Share::new(usize::from(edge.staff_places), queue, edge.patience),
            bodies: Share::new(blocks, queue, edge.patience),
            buckets: Mutex::default(),
            known: Mutex::default(),
            marks: RandomState::new(),
            edge,
        }
    }

    fn mark(&self, token: &str) -> u64 {
        self.marks.hash_one(token)
    }

    /// Remembers whether the session of this cookie is good: the visit layer has looked.
    pub(crate) fn saw(&self, token: &str, good: bool) {
        let (mark, now) = (self.mark(token), Instant::now());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !good {
            known.remove(&mark);
            return;
        }
        if known.len() >= MOST_KNOWN {
            known.retain(|_, seen| now.saturating_duration_since(*seen) < KNOWN_FOR);
        }
        if known.len() < MOST_KNOWN {
            known.insert(mark, now);
        }
    }

    /// The mark of the request's session, where it was good lately.
    fn session(&self, headers: &HeaderMap, secure: bool) -> Option<u64> {
        let mark = self.mark(cookies::read(headers, cookies::STAFF, secure)?);
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = known.get(&mark)?;
        (seen.elapsed() < KNOWN_FOR).then_some(mark)
    }

    /// Counts a request, or says after how long it may come again.
    fn count(
        &self,
        from: Option<IpAddr>,
        session: Option<u64>,
        price: u32,
    ) -> Result<(), Duration> {
        let Some(address) = from.filter(|it| !net::within(&self.edge.uncounted, *it)) else {
            return Ok(());
        };
        let (who, times) = match session {
            // A whole office may sit behind one address.
            Some(mark) => (Who::Session(mark), STAFF_TIMES),
            None => (Who::Address(net::household(address)), 1),
        };
        let rate = Rate {
            per_second: u32::from(self.edge.pages_a_second) * PAGE * times,
            burst: u32::from(self.edge.pages_at_once) * PAGE * times,
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.take(who, price, rate, Instant::now())
    }
}

/// The address a request came from, for the visit layer; empty where it came over no network.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin(pub(crate) String);

/// What a request takes from the bucket of its sender.
fn price(request: &Request) -> u32 {
    if request.uri().path().starts_with("/assets/") {
        ASSET
    } else if matches!(*request.method(), Method::GET | Method::HEAD) {
        PAGE
    } else {
        CHANGE
    }
}

/// How many blocks of memory its body may take: none for a small one, all of the most for one that
/// does not say.
fn blocks(headers: &HeaderMap) -> u32 {
    let length = headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    let bytes = match length {
        Some(bytes) => bytes,
        None if headers.contains_key(TRANSFER_ENCODING) => BODY_BYTES,
        None => 0,
    };
    let blocks = if bytes <= FORM_BYTES { 0 } else { bytes.min(BODY_BYTES).div_ceil(BLOCK) };
    u32::try_from(blocks).unwrap_or(u32::MAX)
}

fn packed(headers: &HeaderMap) -> bool {
    let mut named = headers.get_all(CONTENT_ENCODING).iter();
    named.any(|it| !it.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity"))
}

/// Lets a request in, or turns it away cheaply: before office, session and database.
pub(crate) async fn layer(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let gate = site.gate();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(address)| address.ip());
    let from = net::origin(peer, request.headers(), &gate.edge.proxies);
    let said = from.map(|address| address.to_string()).unwrap_or_default();
    request.extensions_mut().insert(Origin(said));
    let path = request.uri().path();
    // Whoever watches over the process must hear from it even while it is flooded.
    if matches!(path, "/healthz" | "/readyz") {
        return next.run(request).await;
    }
    // What a turned-away client reads is written before the request is given on.
    let about = answer::About::of(&site, &request);
    if packed(request.headers()) {
        return about.answer(Turned::Packed);
    }
    let session = gate.session(request.headers(), site.config().secure_cookies);
    if let Err(wait) = gate.count(from, session, price(&request)) {
        return about.answer(Turned::TooMany(wait));
    }
    if path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let share = if session.is_some() { &gate.staff } else { &gate.public };
    let Some(_place) = share.enter(1).await else { return about.answer(Turned::Busy) };
    let _room = match blocks(request.headers()) {
        0 => None,
        blocks => match gate.bodies.enter(blocks).await {
            Some(room) => Some(room),
            None => return about.answer(Turned::Busy),
        },
    };
    match tokio::time::timeout(gate.edge.longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => about.answer(Turned::Slow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_takes_what_it_says_or_the_most() {
        let with = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            blocks(&headers)
        };
        assert_eq!(with(&[]), 0);
        assert_eq!(with(&[("content-length", "262144")]), 0);
        assert_eq!(with(&[("content-length", "262145")]), 5);
        let most = u32::try_from(BODY_BYTES.div_ceil(BLOCK)).unwrap();
        assert_eq!(with(&[("transfer-encoding", "chunked")]), most);
        assert_eq!(with(&[("content-length", "99999999999")]), most);
    }

    #[test]
    fn staff_are_known_only_as_long_as_they_are_good() {
        let gate = Gate::new(Edge::default());
        let mut headers = HeaderMap::new();
        headers.insert("cookie", "maeul_staff=token".parse().unwrap());
        assert_eq!(gate.session(&headers, false), None, "a cookie alone proves nothing");
        gate.saw("token", true);
        assert!(gate.session(&headers, false).is_some());
        assert_eq!(gate.session(&headers, true), None, "over https only the strict cookie counts");
        gate.saw("token", false);
        assert_eq!(gate.session(&headers, false), None);
    }
}
