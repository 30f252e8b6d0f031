//! How an answer goes out: in the format of the address, for any origin, errors in both forms.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maeul_base::{Fault, Lang};
use maeul_web::{Visit, WebError};
use maeul_wire::open311::{Errors, Format, Node};

/// Read by anybody's page: there is no cookie in it.
pub(super) fn open_to_all(mut response: Response) -> Response {
    let any = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}

fn written(status: StatusCode, format: Format, text: String) -> Response {
    open_to_all((status, [(header::CONTENT_TYPE, format.media_type())], text).into_response())
}

/// A resource.
pub(super) fn answer(format: Format, root: &str, node: &Node) -> Response {
    written(StatusCode::OK, format, node.write(root, format))
}

/// What is wrong.
pub(super) fn errors(format: Format, wrong: &Errors) -> Response {
    let status = StatusCode::from_u16(wrong.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = written(status, format, wrong.write(format));
    if status == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

/// An address that ends in neither format.
pub(super) fn unknown(visit: &Visit) -> Response {
    let text = visit
        .t("주소는 .xml이나 .json으로 끝나야 합니다.", "An address must end in .xml or .json.");
    errors(Format::Xml, &Errors::one(404, text))
}

/// Ours: logged once, told without particulars.
pub(super) fn broken(lang: Lang, fault: &Fault) -> Errors {
    tracing::error!(fault = %fault.chain(), kind = ?fault.kind(), "an Open311 call failed");
    Errors::one(
        500,
        lang.t(
            "저희 쪽에 문제가 생겼습니다. 잠시 뒤에 다시 보내 주십시오.",
            "Something went wrong on our side. Please send it again shortly.",
        ),
    )
}

/// What the web side found wrong with a body.
pub(super) fn from_web(lang: Lang, error: WebError) -> Errors {
    match error {
        WebError::Refused { text, .. } => Errors::one(400, lang.t(&text.0, &text.1)),
        WebError::Fault(fault) => broken(lang, &fault),
        WebError::SignIn | WebError::Expired { .. } => {
            Errors::one(403, lang.t("열쇠가 없습니다.", "No key."))
        }
    }
}
