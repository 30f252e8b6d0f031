//! Problem details (RFC 9457) for programs.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maeul_base::Lang;
use serde_json::json;

use crate::error::WebError;

/// The answer a program reads: `type`, `title`, `status`, `detail`, and the field concerned.
pub(crate) fn from_error(
    lang: Lang,
    status: StatusCode,
    error: &WebError,
    number: &str,
) -> Response {
    let (code, detail, field) = match error {
        WebError::Refused { code, text, field, .. } => {
            (*code, lang.t(&text.0, &text.1).to_owned(), *field)
        }
        WebError::SignIn => {
            ("sign_in", lang.t("로그인이 필요합니다.", "Sign in first.").into(), None)
        }
        WebError::Expired { .. } => {
            ("form.expired", lang.t("양식이 만료되었습니다.", "The form has expired.").into(), None)
        }
        WebError::Fault(_) => {
            ("fault", lang.t("서버에 문제가 생겼습니다.", "The server failed.").into(), None)
        }
    };
    let mut body = json!({
        "type": format!("urn:maeul:problem:{code}"),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
    });
    if let (Some(field), Some(map)) = (field, body.as_object_mut()) {
        map.insert("field".to_owned(), json!(field));
    }
    // What is ours to mend can be found in the log by the request's number.
    if let (WebError::Fault(_), Some(map)) = (error, body.as_object_mut()) {
        map.insert("instance".to_owned(), json!(format!("urn:maeul:request:{number}")));
    }
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
