//! Text messages by a webhook: JSON, signed as the webhook that comes in (docs/text-messages.md).
//! `Idempotency-Key` is the message's id, so that a gateway that keeps to it sends once.

use hmac::{Hmac, KeyInit, Mac};
use maeul_base::{Clock, hex};
use maeul_notice::{Gateway, Message, Receipt, SHORT_SMS, SendError, Sending, sms_bytes};
use reqwest::Method;
use serde_json::Value;
use sha2::Sha256;

use crate::http::{Http, HttpError, Reach};

/// The most that is read of an answer, in bytes.
const ANSWER: usize = 16 * 1024;

/// Hands text messages to a webhook.
#[derive(Clone)]
pub struct WebhookGateway {
    http: Http,
    url: String,
    secret: String,
    from: String,
    clock: Clock,
}

impl std::fmt::Debug for WebhookGateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookGateway")
    }
}

impl WebhookGateway {
    /// A gateway at that address; nothing is asked yet.
    pub fn new(url: &str, secret: &str, from: &str, clock: Clock) -> Result<Self, HttpError> {
        let http = Http::new(Reach::Anywhere)?;
        let _asked_later = http.request(Method::POST, url)?;
        let (url, secret, from) = (url.to_owned(), secret.to_owned(), from.to_owned());
        Ok(Self { http, url, secret, from, clock })
    }

    async fn hand_over(&self, message: &Message) -> Result<Receipt, SendError> {
        let bytes = sms_bytes(&message.body);
        let body = serde_json::json!({
            "type": "message",
            "id": message.id,
            "office": message.office,
            "from": self.from,
            "to": message.to,
            "kind": if bytes <= SHORT_SMS { "sms" } else { "lms" },
            "subject": message.subject,
            "text": message.body,
            "queued_at": message.queued_at,
        })
        .to_string();
        let at = self.clock.now().as_second();
        let request = self
            .http
            .request(Method::POST, &self.url)
            .map_err(|error| SendError::never(error.to_string()))?
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", message.id.to_string())
            .header("X-Maeul-Timestamp", at.to_string())
            .header("X-Maeul-Signature", signature(&self.secret, at, body.as_bytes()))
            .body(body);
        let answer = self.http.send(request, ANSWER).await;
        let answer = answer.map_err(|error| SendError::later(format!("webhook: {error}")))?;
        let status = answer.status.as_u16();
        match status {
            200..=299 => {
                let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                let id = told.get("id").and_then(Value::as_str).unwrap_or_default();
                Ok(Receipt { reference: id.chars().take(100).collect() })
            }
            // Too early, too much, conflicts and faults pass; the rest is the message's own fault.
            400 | 404 | 410 | 413 | 415 | 422 => {
                Err(SendError::never(format!("webhook: status {status}")))
            }
            _ => Err(SendError::later(format!("webhook: status {status}"))),
        }
    }
}

fn signature(secret: &str, at: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    hex(mac.finalize().into_bytes())
}

impl Gateway for WebhookGateway {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_published_one() {
        // printf 1.body | openssl dgst -sha256 -hmac key
        assert_eq!(
            signature("key", 1, b"body"),
            "91b5374b153842ad05b2c4eab9349b8321b14703165bd3fb8b034dfb8be98ae5"
        );
    }
}
