//! What is wrong with a request, for a program: problem details that name the field.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maeul_base::{Failure, Fault, Lang, Refusal};
use maeul_web::WebError;
use serde_json::json;

/// Why the interface says no.
#[derive(Debug)]
pub(crate) enum Problem {
    /// Something in the request; the field as the caller named it, e.g. `place.lat`.
    Said { status: StatusCode, code: &'static str, field: Option<String>, ko: String, en: String },
    /// Anything else.
    Web(WebError),
}

impl Problem {
    /// A field that cannot be taken.
    pub(crate) fn field(field: impl Into<String>, code: &'static str, ko: &str, en: &str) -> Self {
        Self::Said {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code,
            field: Some(field.into()),
            ko: ko.to_owned(),
            en: en.to_owned(),
        }
    }

    /// The request as a whole.
    pub(crate) fn whole(status: StatusCode, code: &'static str, ko: &str, en: &str) -> Self {
        Self::Said { status, code, field: None, ko: ko.to_owned(), en: en.to_owned() }
    }

    /// A refusal of an act; `name` gives its field the name it has here.
    pub(crate) fn refusal(refusal: &impl Refusal, name: impl Fn(&'static str) -> String) -> Self {
        Self::Said {
            status: StatusCode::from_u16(refusal.status())
                .unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
            code: refusal.code(),
            field: refusal.field().map(name),
            ko: refusal.say(Lang::Ko),
            en: refusal.say(Lang::En),
        }
    }

    /// As the caller reads it.
    pub(crate) fn answer(self, lang: Lang) -> Response {
        let (status, code, field, text) = match self {
            Self::Web(error) => return error.into_response(),
            Self::Said { status, code, field, ko, en } => {
                (status, code, field, lang.t(&ko, &en).to_owned())
            }
        };
        let mut body = json!({
            "type": format!("urn:maeul:problem:{code}"),
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": text,
        });
        if let (Some(field), Some(map)) = (field, body.as_object_mut()) {
            map.insert("field".to_owned(), json!(field));
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        (status, kind, body.to_string()).into_response()
    }
}

impl From<WebError> for Problem {
    fn from(error: WebError) -> Self {
        Self::Web(error)
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Web(fault.into())
    }
}

impl From<Failure<maeul_base::Never>> for Problem {
    fn from(failure: Failure<maeul_base::Never>) -> Self {
        Self::Web(failure.into())
    }
}

/// A JSON answer.
pub(crate) fn json_answer(status: StatusCode, body: &serde_json::Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, kind, body.to_string()).into_response()
}
