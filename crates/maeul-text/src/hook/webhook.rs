//! A signed webhook for commercial gateways: JSON, with HMAC-SHA256 over the time and the body.
//!
//! `X-Maeul-Timestamp` (seconds) and `X-Maeul-Signature` (hexadecimal, of `timestamp.body`) prove who
//! sends; a request more than five minutes old is refused, one sent again within them is known by
//! its `id`.

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use maeul_base::{NoticeId, OfficeId, hex};
use maeul_notice::Report;
use maeul_web::Visit;
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;

use super::{Asked, Brought, Door, Inbound, TurnedAway, asked, broken, same, take_all};
use crate::act::{Arrival, Taken};
use crate::decode::Coding;
use crate::udh::Header;

/// How far a clock may be off, in seconds.
const WINDOW: i64 = 300;

/// The signature of a body at that second, in hexadecimal.
pub fn signature(secret: &str, timestamp: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    hex(mac.finalize().into_bytes())
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said {
    Message {
        id: String,
        from: String,
        to: String,
        text: String,
    },
    Delivery {
        notice: NoticeId,
        office: i32,
        state: String,
        #[serde(default)]
        reason: String,
    },
}

struct Webhook<'a>(&'a Door);

impl Inbound for Webhook<'_> {
    fn read(&self, asked: &Asked) -> Result<Vec<Brought>, TurnedAway> {
        let secret = self.0.webhook.as_deref().ok_or(TurnedAway::Closed)?;
        let at: i64 =
            asked.header("x-maeul-timestamp").parse().map_err(|_| TurnedAway::Stranger)?;
        let right = signature(secret, at, &asked.body);
        let given = asked.header("x-maeul-signature").to_ascii_lowercase();
        if secret.is_empty() || !same(&right, &given) {
            return Err(TurnedAway::Stranger);
        }
        if (asked.now.as_second().saturating_sub(at)).abs() > WINDOW {
            return Err(TurnedAway::Stale);
        }
        let said = serde_json::from_slice(&asked.body)
            .map_err(|_| TurnedAway::Malformed("the body is not as docs/text-messages.md says"))?;
        Ok(vec![match said {
            Said::Message { id, from, to, text } => {
                if id.is_empty() {
                    return Err(TurnedAway::Malformed("id is empty"));
                }
                let arrival = Arrival {
                    gateway: "webhook",
                    reference: id,
                    from,
                    coding: Coding::Gsm,
                    charset: "utf-8".to_owned(),
                    bytes: text.into_bytes(),
                    header: Header::default(),
                };
                Brought::Text { to, arrival }
            }
            Said::Delivery { notice, office, state, reason } => {
                let report = match state.as_str() {
                    "delivered" => Report::Delivered,
                    "failed" => Report::Failed,
                    "taken" => Report::Taken,
                    _ => return Err(TurnedAway::Malformed("state is delivered, failed or taken")),
                };
                let reason = reason.chars().take(200).collect();
                Brought::Report { office: Some(OfficeId(office)), notice, report, reason }
            }
        }])
    }
}

/// `POST /hooks/sms/webhook`
pub(super) async fn post(visit: Visit, request: Request) -> Response {
    let door = match visit.site().room::<Door>() {
        Ok(door) => door.clone(),
        Err(fault) => return broken(&fault),
    };
    let Some(asked) = asked(&visit, None, request).await else {
        return TurnedAway::Malformed("too long").into_response();
    };
    let brought = match Webhook(&door).read(&asked) {
        Ok(brought) => brought,
        Err(turned_away) => return turned_away.into_response(),
    };
    match take_all(&visit, brought).await {
        Ok(taken) => {
            Json(json!({ "taken": true, "again": taken.contains(&Taken::Again) })).into_response()
        }
        Err(fault) => broken(&fault),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Method};
    use proptest::prelude::*;

    use super::*;

    const BODY: &str =
        r#"{"type":"message","id":"a1","from":"01012345678","to":"0103080","text":"가로등"}"#;

    fn signed(body: &str, at: i64, secret: &str) -> Asked {
        let mut headers = HeaderMap::new();
        headers.insert("x-maeul-timestamp", at.to_string().parse().unwrap());
        let proof = signature(secret, at, body.as_bytes());
        headers.insert("x-maeul-signature", proof.parse().unwrap());
        Asked {
            method: Method::POST,
            query: Vec::new(),
            key: None,
            headers,
            body: body.as_bytes().to_vec().into(),
            now: "2026-06-08T10:00:00+09:00".parse().unwrap(),
        }
    }

    proptest! {
        #[test]
        fn no_signed_body_breaks_it(body in "(\\{\"type\":\"(message|delivery)\"(,\"[a-z]{1,6}\":(\"[^\"]{0,6}\"|[0-9]{1,4}|null)){0,5}\\}|.{0,40})") {
            let door = Door { webhook: Some("key".into()), ..Door::default() };
            let now = signed(&body, 0, "key").now.as_second();
            match Webhook(&door).read(&signed(&body, now, "key")) {
                Ok(brought) => prop_assert_eq!(brought.len(), 1),
                Err(why) => prop_assert!(matches!(why, TurnedAway::Malformed(_))),
            }
            prop_assert_eq!(Webhook(&door).read(&signed(&body, now, "k")).unwrap_err(), TurnedAway::Stranger);
        }
    }

    #[test]
    fn only_what_is_signed_and_fresh_comes_in() {
        let door = Door { webhook: Some("key".into()), ..Door::default() };
        let hook = Webhook(&door);
        let now = signed(BODY, 0, "key").now.as_second();
        assert!(matches!(
            hook.read(&signed(BODY, now, "key")).unwrap().as_slice(),
            [Brought::Text { arrival, .. }] if arrival.reference == "a1"
        ));
        assert_eq!(hook.read(&signed(BODY, now, "other")).unwrap_err(), TurnedAway::Stranger);
        assert_eq!(hook.read(&signed(BODY, now - 301, "key")).unwrap_err(), TurnedAway::Stale);
        assert_eq!(hook.read(&signed(BODY, now + 301, "key")).unwrap_err(), TurnedAway::Stale);
        let mut other = signed(BODY, now, "key");
        other.body = BODY.replace("a1", "a2").into_bytes().into();
        assert_eq!(hook.read(&other).unwrap_err(), TurnedAway::Stranger);
        let mut none = signed(BODY, now, "key");
        none.headers.remove("x-maeul-signature");
        assert_eq!(hook.read(&none).unwrap_err(), TurnedAway::Stranger);
        assert!(matches!(
            hook.read(&signed("{}", now, "key")).unwrap_err(),
            TurnedAway::Malformed(_)
        ));
    }

    #[test]
    fn the_signature_is_the_published_one() {
        // HMAC-SHA256("key", "1.body"), by `printf 1.body | openssl dgst -sha256 -hmac key`.
        assert_eq!(
            signature("key", 1, b"body"),
            "91b5374b153842ad05b2c4eab9349b8321b14703165bd3fb8b034dfb8be98ae5"
        );
    }
}
