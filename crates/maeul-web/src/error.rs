//! An error becomes a page (or problem details) that says what happened and what to do next.

use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maeul_base::{Failure, Fault, FaultKind, Lang, Refusal};

use crate::page::{PageCtx, page_with};
use crate::problem;
use crate::visit::{Visit, redirect_to};

/// A way on from an error page.
#[derive(Clone, Debug)]
pub struct Link {
    /// Path below the office's base.
    pub path: String,
    /// Korean and English text.
    pub text: (&'static str, &'static str),
}

/// What a handler may fail with. It is dressed as a page by the visit layer, which knows the
/// reader's language.
#[derive(Clone, Debug)]
pub enum WebError {
    /// The person can act on it.
    Refused {
        /// HTTP status.
        status: StatusCode,
        /// A stable name.
        code: &'static str,
        /// Korean and English.
        text: (String, String),
        /// Field concerned.
        field: Option<&'static str>,
    },
    /// Sign in first; afterwards back to where one was.
    SignIn,
    /// Ours.
    Fault(Arc<Fault>),
    /// The form was open too long: its fields, ready to be sent again.
    Expired {
        /// Where it goes.
        path: String,
        /// What was typed.
        fields: Vec<(String, String)>,
        /// Files have to be chosen again.
        had_files: bool,
    },
}

impl WebError {
    /// A refusal in both languages.
    pub fn refused(status: StatusCode, code: &'static str, korean: &str, english: &str) -> Self {
        Self::Refused { status, code, text: (korean.to_owned(), english.to_owned()), field: None }
    }

    /// A refusal of an act.
    pub fn refusal(refusal: &impl Refusal) -> Self {
        Self::Refused {
            status: StatusCode::from_u16(refusal.status())
                .unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
            code: refusal.code(),
            text: (refusal.say(Lang::Ko), refusal.say(Lang::En)),
            field: refusal.field(),
        }
    }

    /// Nothing there, or nothing this person may know of.
    pub fn not_found() -> Self {
        Self::refused(
            StatusCode::NOT_FOUND,
            "not_found",
            "찾으시는 페이지가 없어요. 주소를 다시 확인하거나 첫 화면에서 시작해 주세요.",
            "There is no such page. Check the address, or begin from the home page.",
        )
    }

    pub(crate) fn no_office() -> Self {
        Self::refused(
            StatusCode::NOT_FOUND,
            "office.unknown",
            "이 주소의 기관은 여기에서 운영하지 않아요. 첫 화면에서 다시 시작해 주세요.",
            "No office of that name is served here. Please begin from the home page.",
        )
    }

    /// A fault of ours.
    pub fn fault(fault: Fault) -> Self {
        Self::Fault(Arc::new(fault))
    }
}

impl From<Fault> for WebError {
    fn from(fault: Fault) -> Self {
        Self::fault(fault)
    }
}

impl<R: Refusal> From<Failure<R>> for WebError {
    fn from(failure: Failure<R>) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::refusal(&refusal),
            Failure::Fault(fault) => Self::fault(fault),
        }
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Refused { status, .. } => *status,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Expired { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Fault(fault) if fault.kind() == FaultKind::Unavailable => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    c: PageCtx,
    title: &'a str,
    text: &'a str,
    links: Vec<(String, &'a str)>,
    /// The request's number, where the mistake is ours.
    number: Option<String>,
}

#[derive(Template)]
#[template(path = "expired.html")]
struct ExpiredPage<'a> {
    c: PageCtx,
    action: &'a str,
    fields: &'a [(String, String)],
    had_files: bool,
}

/// Turns an undressed error into what the client reads.
pub(crate) fn dress(visit: &Visit, api: bool, mut response: Response) -> Response {
    let Some(error) = response.extensions_mut().remove::<WebError>() else {
        return bare_status(visit, api, response);
    };
    if let WebError::Fault(fault) = &error {
        tracing::error!(fault = %fault.chain(), kind = ?fault.kind(), "a request failed");
    }
    let status = response.status();
    if api {
        let number = visit.number().to_string();
        let headers = response.headers_mut();
        // What the router said besides: which methods an address takes, when to come again.
        let kept = [header::ALLOW, header::RETRY_AFTER]
            .map(|name| headers.remove(&name).map(|it| (name, it)));
        let mut answer = problem::from_error(visit.site(), visit.lang(), status, &error, &number);
        answer.headers_mut().extend(kept.into_iter().flatten());
        if status == StatusCode::SERVICE_UNAVAILABLE {
            answer
                .headers_mut()
                .entry(header::RETRY_AFTER)
                .or_insert(HeaderValue::from_static("10"));
        }
        return answer;
    }
    let headers = response.headers().clone();
    let mut dressed = match &error {
        WebError::SignIn => {
            let back = format!("{}{}", visit.base(), visit.page("").path);
            let query = crate::percent::encode(&back);
            return redirect_to(&format!("{}/staff/sign-in?back={query}", visit.base()));
        }
        WebError::Expired { path, fields, had_files } => {
            let c = visit.page("");
            page_with(status, &ExpiredPage { c, action: path, fields, had_files: *had_files })
        }
        WebError::Refused { text, .. } => {
            error_page(visit, status, visit.t(&text.0, &text.1), None)
        }
        WebError::Fault(_) => {
            let number = visit.number().to_string();
            error_page(visit, status, apology(visit.lang()), Some(number))
        }
    }
    .unwrap_or_else(|_| status.into_response());
    dressed.headers_mut().extend(
        headers
            .into_iter()
            .filter_map(|(name, value)| Some((name?, value)))
            .filter(|(name, _)| name == "set-cookie"),
    );
    dressed
}

fn apology(lang: Lang) -> &'static str {
    lang.t(
        "저희 쪽에 문제가 생겼어요. 보내신 내용이 처리되지 않았을 수 있어요. 잠시 뒤 다시 시도하거나 전화로 알려 주세요.",
        "Something went wrong on our side, and what you sent may not have been taken. Please try again shortly, or call us.",
    )
}

fn error_page(
    visit: &Visit,
    status: StatusCode,
    text: &str,
    number: Option<String>,
) -> Result<Response, WebError> {
    let title = match status.as_u16() {
        404 => visit.t("찾을 수 없어요", "Not found"),
        403 => visit.t("할 수 없는 일이에요", "Not allowed"),
        409 => visit.t("그 사이에 바뀌었어요", "Changed meanwhile"),
        413 => visit.t("너무 커요", "Too large"),
        400..=499 => visit.t("확인이 필요해요", "Please check"),
        _ => visit.t("잠시 문제가 생겼어요", "Something went wrong"),
    };
    let base = visit.base();
    let mut links = vec![(format!("{base}/"), visit.t("첫 화면으로", "Home"))];
    if visit.staff().is_some() {
        links.push((format!("{base}/staff"), visit.t("업무 화면으로", "To my work")));
    } else {
        links.push((format!("{base}/track"), visit.t("내 민원 찾기", "Find my report")));
    }
    page_with(status, &ErrorPage { c: visit.page(""), title, text, links, number })
}

/// Statuses that the router or a body limit answered without words.
fn bare_status(visit: &Visit, api: bool, response: Response) -> Response {
    let status = response.status();
    let known = match status {
        StatusCode::NOT_FOUND => WebError::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => WebError::refused(
            status,
            "method",
            "이 주소로는 그렇게 보낼 수 없어요. 첫 화면에서 다시 시작해 주세요.",
            "This address does not take that kind of request. Please begin from the home page.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::BAD_REQUEST => WebError::refused(
            status,
            "address",
            "주소의 일부가 잘못되었어요. 링크를 다시 누르거나 첫 화면에서 시작해 주세요.",
            "Part of the address is wrong. Follow the link again or begin from the home page.",
        ),
        _ => return response,
    };
    let plain = response
        .headers()
        .get("content-type")
        .is_none_or(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/plain")));
    if !plain {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut dressed = known.into_response();
    dressed.headers_mut().extend(allow.map(|it| (header::ALLOW, it)));
    dress(visit, api, dressed)
}

/// The body is over the limit.
pub(crate) fn too_large() -> WebError {
    WebError::refused(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        "보내신 내용이 너무 커요. 사진은 한 장에 12 MB까지, 모두 5장까지 보낼 수 있어요. 줄여서 다시 보내 주세요.",
        "What you sent is too large. A photo may be up to 12 MB, five photos at most. Please make it smaller and send again.",
    )
}
