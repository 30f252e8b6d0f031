//! The ways in: each gateway speaks its own protocol, and one small trait says what it brings.

mod kannel;
mod smssync;
mod webhook;

use std::collections::BTreeMap;

use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maeul_base::{Actor, Ctx, Failure, Fault, Lang, NoticeId, OfficeId};
use maeul_cases::web::Desk;
use maeul_notice::Report;
use maeul_web::{Access, Routes, Site, Visit, WebError};
use subtle::ConstantTimeEq;

use crate::act::{Arrival, NumberNeeded, Taken, arrive};

pub use webhook::signature;

/// The most a gateway sends at once, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// Which gateways may come in, and whose texts they bring. Without a secret a way is closed.
#[derive(Clone, Default)]
pub struct Door {
    /// What Kannel must know.
    pub kannel: Option<String>,
    /// What the handset must know.
    pub smssync: Option<String>,
    /// With what a webhook is signed.
    pub webhook: Option<String>,
    /// The office of each number texts are sent to, by its digits.
    pub numbers: BTreeMap<String, OfficeId>,
    /// Whether texts go out by a handset that fetches them.
    pub handset: bool,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Door for {} numbers", self.numbers.len())
    }
}

impl Door {
    /// The office of the number a text was sent to; without one of its own, the office asked.
    fn office(&self, to: &str, asked: OfficeId) -> OfficeId {
        let digits = digits(to);
        let found = self.numbers.iter().find(|(number, _)| self::digits(number) == digits);
        found.filter(|_| !digits.is_empty()).map_or(asked, |(_, office)| *office)
    }
}

/// A number without what gateways write around it: `+82 10-…` and `010…` are one.
fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("82") {
        Some(rest) if digits.len() >= 11 => format!("0{}", rest.trim_start_matches('0')),
        _ => digits,
    }
}

/// What a gateway sent.
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) query: Vec<(String, Vec<u8>)>,
    /// The last part of the path, where a gateway's key stands in it.
    pub(crate) key: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) now: Timestamp,
}

impl Asked {
    /// A value of the query as text; empty where it is missing.
    fn value(&self, name: &str) -> String {
        String::from_utf8_lossy(self.bytes(name)).trim().to_owned()
    }

    /// A value of the query as it came.
    fn bytes(&self, name: &str) -> &[u8] {
        self.query.iter().find(|(key, _)| key == name).map_or(&[], |(_, value)| value)
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
    }
}

/// What a gateway brings.
#[derive(Debug)]
pub(crate) enum Brought {
    /// A text, and the number it was sent to.
    Text { to: String, arrival: Arrival },
    /// What became of a text of ours.
    Report { office: Option<OfficeId>, notice: NoticeId, report: Report, reason: String },
}

/// Why a gateway is turned away. Nothing of it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TurnedAway {
    /// This way in is closed.
    Closed,
    /// The secret or signature is wrong.
    Stranger,
    /// Signed too long ago, or in the future.
    Stale,
    /// Not of the protocol.
    Malformed(&'static str),
}

impl IntoResponse for TurnedAway {
    fn into_response(self) -> Response {
        let (status, code, ko, en) = match self {
            Self::Closed => (
                StatusCode::NOT_FOUND,
                "hook.closed",
                "이 게이트웨이는 설정되지 않았습니다.",
                "This gateway is not configured.",
            ),
            Self::Stranger => (
                StatusCode::FORBIDDEN,
                "hook.stranger",
                "비밀 값이나 서명이 틀립니다.",
                "The secret or signature is wrong.",
            ),
            Self::Stale => (
                StatusCode::FORBIDDEN,
                "hook.stale",
                "시각이 5분 넘게 다릅니다.",
                "The timestamp is more than 5 minutes off.",
            ),
            Self::Malformed(what) => (StatusCode::BAD_REQUEST, "hook.malformed", what, what),
        };
        WebError::refused(status, code, ko, en).into_response()
    }
}

/// A gateway's way in: reads what it sent, once it has shown who it is.
pub(crate) trait Inbound {
    /// What it brings.
    fn read(&self, asked: &Asked) -> Result<Vec<Brought>, TurnedAway>;
}

/// Whether the secret given is the one kept, in a time that tells nothing.
fn same(kept: &str, given: &str) -> bool {
    !kept.is_empty() && kept.as_bytes().ct_eq(given.as_bytes()).into()
}

/// The ways in, all public: each gateway shows its own secret.
pub(crate) fn routes() -> Routes {
    let open = Access::Public;
    Routes::new()
        .get("/hooks/sms/kannel", open, kannel::text)
        .post("/hooks/sms/kannel", open, kannel::text)
        .get("/hooks/sms/kannel/dlr", open, kannel::report)
        .get("/hooks/sms/smssync", open, smssync::fetch)
        .post("/hooks/sms/smssync", open, smssync::post)
        .get("/hooks/sms/smssync/{key}", open, smssync::fetch)
        .post("/hooks/sms/smssync/{key}", open, smssync::post)
        .post("/hooks/sms/webhook", open, webhook::post)
}

/// Reads a request of a gateway.
async fn asked(visit: &Visit, key: Option<Path<String>>, request: Request) -> Option<Asked> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.ok()?;
    Some(Asked {
        method: parts.method,
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        key: key.map(|Path(key)| key),
        headers: parts.headers,
        body,
        now: visit.now(),
    })
}

/// `a=1&b=%00%41` with values as bytes: a text need not be UTF-8.
pub(crate) fn pairs(query: &[u8]) -> Vec<(String, Vec<u8>)> {
    query
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = unescape(halves.next().unwrap_or_default());
            (
                String::from_utf8_lossy(&name).into_owned(),
                unescape(halves.next().unwrap_or_default()),
            )
        })
        .collect()
}

fn unescape(text: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|it| char::from(*it).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let pair = (hex(text.get(at + 1)), hex(text.get(at + 2)));
        match (byte, pair) {
            (b'+', _) => out.push(b' '),
            (b'%', (Some(high), Some(low))) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 2;
            }
            (other, _) => out.push(*other),
        }
        at += 1;
    }
    out
}

/// Takes in what a gateway brought.
async fn take_all(visit: &Visit, brought: Vec<Brought>) -> Result<Vec<Taken>, Fault> {
    let site = visit.site();
    let door = site.room::<Door>()?.clone();
    let mut taken = Vec::with_capacity(brought.len());
    for one in brought {
        match one {
            Brought::Text { to, arrival } => {
                let office = door.office(&to, visit.office().id);
                taken.push(take(site, office, visit.now(), arrival).await?);
            }
            Brought::Report { office, notice, report, reason } => {
                let ctx = context(site, office.unwrap_or(visit.office().id), visit.now());
                site.db()
                    .write(move |tx| maeul_notice::report(tx, &ctx, notice, report, &reason))
                    .await?;
            }
        }
    }
    Ok(taken)
}

fn context(site: &Site, office: OfficeId, now: Timestamp) -> Ctx {
    Ctx { office, actor: Actor::Resident, lang: Lang::Ko, now, ids: site.ids().clone() }
}

/// Takes a text in, leasing a receipt number only where a case is made.
pub(crate) async fn take(
    site: &Site,
    office: OfficeId,
    now: Timestamp,
    arrival: Arrival,
) -> Result<Taken, Fault> {
    let desk = site.room::<Desk>()?.clone();
    let know = desk.knowledge.get(site.db(), office, now).await?;
    let ctx = context(site, office, now);
    let first = {
        let (know, ctx, arrival) = (know.clone(), ctx.clone(), arrival.clone());
        site.db().write(move |tx| arrive(tx, &ctx, &know, &arrival, None)).await
    };
    match first {
        Ok(taken) => return Ok(taken),
        Err(Failure::Fault(fault)) => return Err(fault),
        Err(Failure::Refused(NumberNeeded)) => {}
    }
    let number = desk.numbers.next(site.db(), &ctx, &know).await?;
    let second = site.db().write(move |tx| arrive(tx, &ctx, &know, &arrival, Some(&number))).await;
    second.map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(NumberNeeded) => Fault::other("a case without a number"),
    })
}

/// Ours went wrong, and the gateway takes no status for "come again": an answer that breaks off in
/// the middle is what Kannel tries again (with `http-request-retry`); any status ends it.
fn broken_off(fault: &Fault) -> Response {
    tracing::error!(fault = %fault.chain(), "a text could not be taken in");
    let cut = futures_util::stream::once(async {
        Err::<Bytes, _>(std::io::Error::other("the text was not taken in"))
    });
    (StatusCode::SERVICE_UNAVAILABLE, axum::body::Body::from_stream(cut)).into_response()
}

/// Ours went wrong: the gateway should come again.
fn broken(fault: &Fault) -> Response {
    tracing::error!(fault = %fault.chain(), "a text could not be taken in");
    WebError::refused(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "받지 못했습니다. 조금 뒤에 다시 보내 주십시오.",
        "It was not taken in. Please send it again shortly.",
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_query_are_kept() {
        let found = pairs(b"text=%EA%B0%80+b&udh=%05%00%03&x&secret=a%3db&bad=%zz");
        let value = |name: &str| {
            found.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_slice())
        };
        assert_eq!(value("text"), Some("가 b".as_bytes()));
        assert_eq!(value("udh"), Some(&[5, 0, 3][..]));
        assert_eq!(value("x"), Some(&b""[..]));
        assert_eq!(value("secret"), Some(&b"a=b"[..]));
        assert_eq!(value("bad"), Some(&b"%zz"[..]));
    }

    #[test]
    fn numbers_lead_to_offices() {
        let numbers =
            [("010-3080-8249".to_owned(), OfficeId(29140)), ("1588".to_owned(), OfficeId(1))];
        let door = Door { numbers: numbers.into_iter().collect(), ..Door::default() };
        for to in ["01030808249", "+821030808249", "821030808249"] {
            assert_eq!(door.office(to, OfficeId(9)), OfficeId(29140), "{to}");
        }
        assert_eq!(door.office("", OfficeId(9)), OfficeId(9));
        assert_eq!(door.office("01099999999", OfficeId(9)), OfficeId(9));
    }

    #[test]
    fn an_empty_secret_opens_nothing() {
        assert!(!same("", ""));
        assert!(same("a", "a") && !same("a", "b") && !same("a", "aa"));
    }
}
