//! Problem details (RFC 9457) for programs.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maeul_base::Lang;
use serde_json::json;

use crate::error::WebError;
use crate::site::Site;

/// What is wrong with a request, for a program.
#[derive(Clone, Copy, Debug)]
pub struct Details<'a> {
    /// HTTP status.
    pub status: StatusCode,
    /// The stable name of the kind: the page `/problems/{code}` explains it.
    pub code: &'a str,
    /// What happened, in the reader's language.
    pub detail: &'a str,
    /// The field concerned, as the caller named it.
    pub field: Option<&'a str>,
    /// The request's number, where the mistake is ours: the log has it.
    pub number: Option<&'a str>,
}

/// The answer a program reads: `type`, `title`, `status`, `detail`, and the field concerned.
pub fn answer(site: &Site, details: Details<'_>) -> Response {
    let Details { status, code, detail, field, number } = details;
    let mut body = json!({
        "type": format!("{}/problems/{code}", site.config().base_url),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
    });
    if let (Some(field), Some(map)) = (field, body.as_object_mut()) {
        map.insert("field".to_owned(), json!(field));
    }
    if let (Some(number), Some(map)) = (number, body.as_object_mut()) {
        map.insert("instance".to_owned(), json!(format!("urn:maeul:request:{number}")));
    }
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

/// An error of the web side as problem details.
pub(crate) fn from_error(
    site: &Site,
    lang: Lang,
    status: StatusCode,
    error: &WebError,
    number: &str,
) -> Response {
    let (code, detail, field) = match error {
        WebError::Refused { code, text, field, .. } => (*code, lang.t(&text.0, &text.1), *field),
        WebError::SignIn => ("sign_in", lang.t("로그인이 필요합니다.", "Sign in first."), None),
        WebError::Expired { .. } => {
            ("form.expired", lang.t("양식이 만료되었습니다.", "The form has expired."), None)
        }
        WebError::Fault(_) => {
            ("fault", lang.t("서버에 문제가 생겼습니다.", "The server failed."), None)
        }
    };
    let number = matches!(error, WebError::Fault(_)).then_some(number);
    answer(site, Details { status, code, detail, field, number })
}
