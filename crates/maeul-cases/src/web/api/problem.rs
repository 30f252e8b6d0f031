//! What is wrong with a request, for a program: problem details that name the field.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maeul_base::{Failure, Fault, Lang, Refusal};
use maeul_web::problem::{self, Details};
use maeul_web::{Visit, WebError};

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
    pub(crate) fn answer(self, visit: &Visit) -> Response {
        match self {
            Self::Web(error) => error.into_response(),
            Self::Said { status, code, field, ko, en } => {
                let (detail, field) = (visit.t(&ko, &en), field.as_deref());
                problem::answer(visit.site(), Details { status, code, detail, field, number: None })
            }
        }
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
