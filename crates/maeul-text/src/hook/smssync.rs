//! SMSsync on an Android handset: it posts what it received, fetches what it is to send, and tells
//! what became of it. Its key stands in the form, the query or the last part of the address.

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use maeul_base::{Fault, NoticeId, OfficeId};
use maeul_notice::Report;
use maeul_web::Visit;
use serde_json::{Value, json};

use super::{
    Asked, Brought, Door, Inbound, TurnedAway, asked, broken, context, pairs, same, take_all,
};
use crate::act::Arrival;
use crate::decode::Coding;
use crate::store::handset::{self, ForHandset};
use crate::udh::Header;

struct SmsSync<'a>(&'a Door);

impl SmsSync<'_> {
    /// The key, where the handset showed it.
    fn admits(&self, asked: &Asked, form: &[(String, Vec<u8>)]) -> Result<(), TurnedAway> {
        let kept = self.0.smssync.as_deref().ok_or(TurnedAway::Closed)?;
        let shown =
            [asked.key.clone().unwrap_or_default(), asked.value("secret"), text_of(form, "secret")];
        if shown.iter().any(|it| same(kept, it)) { Ok(()) } else { Err(TurnedAway::Stranger) }
    }
}

fn text_of(form: &[(String, Vec<u8>)], name: &str) -> String {
    let value = form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_slice());
    String::from_utf8_lossy(value.unwrap_or_default()).trim().to_owned()
}

impl Inbound for SmsSync<'_> {
    fn read(&self, asked: &Asked) -> Result<Vec<Brought>, TurnedAway> {
        let form = pairs(&asked.body);
        self.admits(asked, &form)?;
        let of = |name: &str| text_of(&form, name);
        let (from, to) = (of("from"), of("sent_to"));
        if from.is_empty() || !form.iter().any(|(key, _)| key == "message") {
            return Err(TurnedAway::Malformed("from and message are needed"));
        }
        let mut reference = of("message_id");
        if reference.is_empty() {
            reference = format!("{from} {} {}", of("sent_timestamp"), of("message"));
            reference = reference.chars().take(200).collect();
        }
        let bytes = form.iter().find(|(key, _)| key == "message").map(|(_, value)| value.clone());
        let arrival = Arrival {
            gateway: "smssync",
            reference,
            from,
            coding: Coding::Gsm,
            charset: "utf-8".to_owned(),
            bytes: bytes.unwrap_or_default(),
            header: Header::default(),
        };
        Ok(vec![Brought::Text { to, arrival }])
    }
}

fn texts(messages: &[ForHandset]) -> Vec<Value> {
    messages
        .iter()
        .map(|it| json!({ "to": it.to, "message": it.body, "uuid": it.notice.to_string() }))
        .collect()
}

fn refused(turned_away: TurnedAway) -> Response {
    let (status, what) = match turned_away {
        TurnedAway::Closed => (StatusCode::NOT_FOUND, "SMSsync is not configured"),
        TurnedAway::Stranger | TurnedAway::Stale => (StatusCode::FORBIDDEN, "wrong secret"),
        TurnedAway::Malformed(what) => (StatusCode::BAD_REQUEST, what),
    };
    (status, Json(json!({ "payload": { "success": false, "error": what } }))).into_response()
}

/// `POST /hooks/sms/smssync`: a text, or with `task=sent` and `task=result` what became of ours.
pub(super) async fn post(visit: Visit, key: Option<Path<String>>, request: Request) -> Response {
    let (door, asked) = match ready(&visit, key, request).await {
        Ok(ready) => ready,
        Err(response) => return response,
    };
    let task = asked.value("task");
    if matches!(task.as_str(), "sent" | "result") {
        return match told(&visit, &door, &asked, &task).await {
            Ok(answer) => Json(answer).into_response(),
            Err(response) => response,
        };
    }
    let brought = match SmsSync(&door).read(&asked) {
        Ok(brought) => brought,
        Err(turned_away) => return refused(turned_away),
    };
    let office = brought.iter().find_map(|it| match it {
        Brought::Text { to, .. } => Some(door.office(to, visit.office().id)),
        Brought::Report { .. } => None,
    });
    let office = office.unwrap_or(visit.office().id);
    let done = match take_all(&visit, brought).await {
        Ok(_) => waiting(&visit, office).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(messages) if messages.is_empty() => {
            Json(json!({ "payload": { "success": true, "error": null } })).into_response()
        }
        // The answer to a text may carry texts to be sent.
        Ok(messages) => Json(json!({ "payload": {
            "success": true, "error": null, "task": "send", "messages": texts(&messages),
        } }))
        .into_response(),
        Err(fault) => broken(&fault),
    }
}

/// `GET /hooks/sms/smssync?task=send` fetches, `?task=result` asks of which texts we want to know.
pub(super) async fn fetch(visit: Visit, key: Option<Path<String>>, request: Request) -> Response {
    let (door, asked) = match ready(&visit, key, request).await {
        Ok(ready) => ready,
        Err(response) => return response,
    };
    if let Err(turned_away) = SmsSync(&door).admits(&asked, &[]) {
        return refused(turned_away);
    }
    let office = visit.office().id;
    if asked.value("task") == "result" {
        let found = visit.site().db().read(move |tx| handset::unheard_of(tx, office)).await;
        return match found {
            Ok(found) => {
                let ids: Vec<String> = found.iter().map(ToString::to_string).collect();
                Json(json!({ "message_uuids": ids })).into_response()
            }
            Err(fault) => broken(&fault),
        };
    }
    match waiting(&visit, office).await {
        Ok(messages) => Json(json!({ "payload": {
            "task": "send", "secret": door.smssync.unwrap_or_default(), "messages": texts(&messages),
        } }))
        .into_response(),
        Err(fault) => broken(&fault),
    }
}

async fn ready(
    visit: &Visit,
    key: Option<Path<String>>,
    request: Request,
) -> Result<(Door, Asked), Response> {
    let door = visit.site().room::<Door>().map_err(|fault| broken(&fault))?.clone();
    let asked = asked(visit, key, request).await;
    let asked = asked.ok_or_else(|| refused(TurnedAway::Malformed("too long")))?;
    debug_assert!(matches!(asked.method, Method::GET | Method::POST));
    Ok((door, asked))
}

async fn waiting(visit: &Visit, office: OfficeId) -> Result<Vec<ForHandset>, Fault> {
    let (seal, now) = (visit.site().seal().clone(), visit.now());
    visit.site().db().write(move |tx| handset::hand_over(tx, &seal, office, now)).await
}

/// What became of texts, as the handset tells it.
async fn told(visit: &Visit, door: &Door, asked: &Asked, task: &str) -> Result<Value, Response> {
    SmsSync(door).admits(asked, &[]).map_err(refused)?;
    let body: Value = serde_json::from_slice(&asked.body)
        .map_err(|_| refused(TurnedAway::Malformed("the body is not JSON")))?;
    let (ctx, now) = (context(visit.site(), visit.office().id, visit.now()), visit.now());
    if task == "sent" {
        let ids = ids(body.get("queued_messages"));
        let known = visit.site().db().write(move |tx| {
            let mut known = Vec::new();
            for id in &ids {
                if handset::acknowledge(tx, ctx.office, *id, now)? {
                    maeul_notice::report(tx, &ctx, *id, Report::Taken, "handset")?;
                    known.push(id.to_string());
                }
            }
            Ok::<_, Fault>(known)
        });
        let known = known.await.map_err(|fault| broken(&fault))?;
        return Ok(json!({ "message_uuids": known }));
    }
    let results: Vec<(NoticeId, Report, String)> = body
        .get("message_result")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(result)
        .collect();
    let done = visit.site().db().write(move |tx| {
        for (id, report, reason) in &results {
            if *report == Report::Taken {
                handset::acknowledge(tx, ctx.office, *id, now)?;
            } else if !handset::end(tx, ctx.office, *id, now)? {
                continue;
            }
            maeul_notice::report(tx, &ctx, *id, *report, reason)?;
        }
        Ok::<_, Fault>(())
    });
    done.await.map_err(|fault| broken(&fault))?;
    Ok(json!({ "payload": { "success": true, "error": null } }))
}

fn ids(list: Option<&Value>) -> Vec<NoticeId> {
    let texts = list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    texts.filter_map(|text| text.parse().ok()).collect()
}

/// One result: sent is told by the code 0 or -1 (Android's "done"); delivered only where the words
/// say so, because -1 stands for nothing heard as well.
fn result(value: &Value) -> Option<(NoticeId, Report, String)> {
    let id = value.get("uuid")?.as_str()?.parse().ok()?;
    let code = |name: &str| value.get(name).and_then(Value::as_i64);
    let words = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let sent = matches!(code("sent_result_code"), Some(0 | -1) | None);
    let delivered = words("delivered_result_message");
    let said = delivered.to_ascii_lowercase();
    let report = if !sent || (said.contains("not delivered") || said.contains("fail")) {
        Report::Failed
    } else if said.contains("delivered") {
        Report::Delivered
    } else {
        Report::Taken
    };
    let reason = if sent { delivered } else { words("sent_result_message") };
    Some((id, report, reason.chars().take(200).collect()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_request_breaks_it(
            secret in prop::option::of(Just("s3cret")),
            pairs_of in prop::collection::vec(
                ("from|sent_to|message|message_id|secret|[a-z%&=]{0,6}", prop::collection::vec(any::<u8>(), 0..30)),
                0..8,
            ),
            tail in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let door = Door { smssync: Some("s3cret".into()), ..Door::default() };
            let mut body = Vec::new();
            for (name, value) in &pairs_of {
                body.extend_from_slice(name.as_bytes());
                body.push(b'=');
                body.extend(value.iter().flat_map(|byte| format!("%{byte:02x}").into_bytes()));
                body.push(b'&');
            }
            body.extend_from_slice(&tail);
            let asked = Asked {
                method: Method::POST,
                query: Vec::new(),
                key: secret.map(str::to_owned),
                headers: axum::http::HeaderMap::new(),
                body: body.into(),
                now: jiff::Timestamp::UNIX_EPOCH,
            };
            match SmsSync(&door).read(&asked) {
                Ok(brought) => prop_assert_eq!(brought.len(), 1),
                Err(TurnedAway::Stranger) => prop_assert!(secret.is_none()),
                Err(other) => prop_assert!(matches!(other, TurnedAway::Malformed(_))),
            }
        }
    }

    #[test]
    fn results_are_read_with_care() {
        let id = "0197548b6ac07ff5b1d2a2d3e4f50607";
        let of = |sent: i64, message: &str| {
            let value = json!({
                "uuid": id, "sent_result_code": sent, "sent_result_message": "x",
                "delivered_result_code": -1, "delivered_result_message": message,
            });
            result(&value).unwrap().1
        };
        assert_eq!(of(0, ""), Report::Taken);
        assert_eq!(of(-1, "SMS delivered"), Report::Delivered);
        assert_eq!(of(0, "SMS not delivered"), Report::Failed);
        assert_eq!(of(4, ""), Report::Failed);
        assert!(result(&json!({ "uuid": "x" })).is_none());
    }
}
