//! The one way in which the house asks other systems by HTTP: bounded in time and size, never
//! redirected, and kept from the inner network where the address came from outside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url};

/// A system that says nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(20);
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(5);

/// How far a request may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Wherever the address leads: it stands in the office's own configuration, and a gateway on
    /// this machine is usual.
    Anywhere,
    /// Only addresses of the open internet: somebody outside chose it, and it must not become a
    /// hand inside the office's network.
    Public,
}

/// What another system answered.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, whole.
    pub body: Vec<u8>,
}

/// Why another system could not be asked. Never shows the address: it may hold a key.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Not an address that can be asked.
    #[error("not an http:// or https:// address")]
    Address,
    /// It leads into a network where nothing chosen from outside may lead.
    #[error("the address leads into a private network")]
    Inside,
    /// Nobody was reached: nothing can have been done there.
    #[error("not reached: {0}")]
    Unreached(String),
    /// It did not answer, or not in time.
    #[error("no answer: {0}")]
    Silent(String),
    /// More than was asked for.
    #[error("the answer has more than {most} bytes")]
    TooLong {
        /// The most that is taken.
        most: usize,
    },
    /// No client could be made.
    #[error("the client for HTTP: {0}")]
    Client(String),
}

impl HttpError {
    /// Whether asking again later can help.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Unreached(_) | Self::Silent(_))
    }
}

/// A client for HTTP.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
    reach: Reach,
}

impl Http {
    /// A client that reaches so far.
    pub fn new(reach: Reach) -> Result<Self, HttpError> {
        Self::patient(reach, PATIENCE)
    }

    /// The same that waits so long for a whole answer.
    pub fn patient(reach: Reach, patience: Duration) -> Result<Self, HttpError> {
        // Who comes second finds it done.
        let _done = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("maeul/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(patience)
            .connect_timeout(PATIENCE_TO_CONNECT);
        if reach == Reach::Public {
            builder = builder.dns_resolver(Arc::new(OnlyPublic));
        }
        let client = builder.build().map_err(|error| HttpError::Client(reason(error)))?;
        Ok(Self { client, reach })
    }

    /// Begins a request.
    pub fn request(&self, method: Method, address: &str) -> Result<RequestBuilder, HttpError> {
        let url = Url::parse(address).map_err(|_| HttpError::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(HttpError::Address);
        }
        let host = url.host_str().ok_or(HttpError::Address)?;
        // A number is never looked up, so the resolver does not see it.
        let number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        if self.reach == Reach::Public && number.is_ok_and(|it| !is_public(it)) {
            return Err(HttpError::Inside);
        }
        Ok(self.client.request(method, url))
    }

    /// Sends a request and reads the answer, at most `most` bytes of it.
    pub async fn send(
        &self,
        request: RequestBuilder,
        most: usize,
    ) -> Result<HttpAnswer, HttpError> {
        let mut answer = request.send().await.map_err(silent)?;
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(silent)? {
            if body.len() + piece.len() > most {
                return Err(HttpError::TooLong { most });
            }
            body.extend_from_slice(&piece);
        }
        Ok(HttpAnswer { status: answer.status(), headers: answer.headers().clone(), body })
    }
}

fn silent(error: reqwest::Error) -> HttpError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(it) = cause {
        if it.is::<Inside>() {
            return HttpError::Inside;
        }
        cause = it.source();
    }
    if error.is_connect() {
        return HttpError::Unreached(reason(error));
    }
    HttpError::Silent(reason(error))
}

/// What went wrong at the bottom of it, for an officer to read; without the address.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut bottom: &(dyn std::error::Error + 'static) = &error;
    while let Some(below) = bottom.source() {
        bottom = below;
    }
    bottom.to_string()
}

/// Looks names up, and forgets what is not of the open internet: a name may lead anywhere, and
/// elsewhere the second time it is asked.
struct OnlyPublic;

#[derive(Debug, thiserror::Error)]
#[error("the name leads into a private network")]
struct Inside;

impl Resolve for OnlyPublic {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> =
                found.into_iter().filter(|it| is_public(it.ip())).collect();
            if public.is_empty() {
                return Err(Inside.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is of the open internet (IANA special-purpose address registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => is_public_v4(it),
        IpAddr::V6(it) => is_public_v6(it),
    }
}

fn is_public_v4(it: Ipv4Addr) -> bool {
    let [a, b, c, _] = it.octets();
    !(it.is_private()
        || it.is_loopback()
        || it.is_link_local()
        || it.is_documentation()
        || it.is_broadcast()
        || it.is_multicast()
        || a == 0
        // Shared by carriers.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        // For benchmarks.
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240)
}

fn is_public_v6(it: Ipv6Addr) -> bool {
    let [first, second, ..] = it.segments();
    // An old address inside a new one, in each way there is.
    if let Some(old) = it.to_ipv4_mapped() {
        return is_public_v4(old);
    }
    let [.., g, h] = it.segments();
    let old = || {
        let [a, b] = g.to_be_bytes();
        let [c, d] = h.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match (first, second) {
        (0, _) => false,
        (0x64, 0xff9b) => is_public_v4(old()),
        // 6to4, Teredo, documentation.
        (0x2002 | 0x3fff, _) | (0x2001, 0 | 0xdb8) => false,
        // Only this eighth of all is given out.
        _ => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_networks_are_known() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "211.34.86.1", "2606:4700::1111", "64:ff9b::101:101"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn what_came_from_outside_reaches_no_inner_network() {
        let http = Http::new(Reach::Public).unwrap();
        for inside in
            ["http://127.0.0.1:8080/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/"]
        {
            assert!(
                matches!(http.request(Method::GET, inside), Err(HttpError::Inside)),
                "{inside}"
            );
        }
        for none in ["file:///etc/passwd", "ftp://example.com/", "nothing"] {
            assert!(matches!(http.request(Method::GET, none), Err(HttpError::Address)), "{none}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_followed() {
        let http = Http::new(Reach::Public).unwrap();
        let request = http.request(Method::GET, "http://localhost:9/").unwrap();
        let refused = http.send(request, 10).await.unwrap_err();
        assert!(matches!(refused, HttpError::Inside), "{refused}");
    }
}
