//! The truth about what programs may ask: the OpenAPI document, the page made from it, and a page
//! for every kind of problem. A test compares the document with the routes.

mod cases;
mod document;
mod files;
mod open311;
mod operation;
mod page;
mod problems;

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maeul_web::{PageCtx, PageResult, Visit, WebError, page as render};

use page::{Group, Shape};
use problems::Kind;

#[derive(Template)]
#[template(path = "app/api.html")]
struct ApiPage {
    c: PageCtx,
    version: &'static str,
    groups: Vec<Group>,
    shapes: Vec<Shape>,
}

#[derive(Template)]
#[template(path = "app/problems.html")]
struct ProblemsPage {
    c: PageCtx,
    kinds: &'static [Kind],
}

#[derive(Template)]
#[template(path = "app/problem.html")]
struct ProblemPage {
    c: PageCtx,
    code: String,
    kind: &'static Kind,
}

/// `GET /api`
pub(super) async fn about(visit: Visit) -> PageResult {
    let lang = visit.lang();
    let whole = document::document(visit.site(), visit.office(), visit.base(), lang);
    render(&ApiPage {
        c: visit.page(""),
        version: document::VERSION,
        groups: page::groups(&whole, lang),
        shapes: page::shapes(&whole, lang),
    })
}

/// `GET /api/openapi.json`
pub(super) async fn openapi(visit: Visit, RawQuery(_): RawQuery) -> Response {
    let whole = document::document(visit.site(), visit.office(), visit.base(), visit.lang());
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    let mut response = (kind, whole.to_string()).into_response();
    let headers = response.headers_mut();
    // Read by pages and tools of others: there is no cookie in it.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    response
}

/// `GET /problems`
pub(super) async fn list(visit: Visit) -> PageResult {
    render(&ProblemsPage { c: visit.page(""), kinds: problems::ALL })
}

/// `GET /problems/{code}`
pub(super) async fn explain(visit: Visit, Path(code): Path<String>) -> PageResult {
    let known = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_');
    let kind = Some(&code).filter(|it| it.len() <= 60 && it.chars().all(known));
    let kind = kind.and_then(|code| problems::kind(code)).ok_or_else(|| {
        WebError::refused(
            StatusCode::NOT_FOUND,
            "not_found",
            "그런 종류의 문제는 없어요. 목록에서 찾아 주세요: /problems",
            "There is no such kind of problem. Please look at the list: /problems",
        )
    })?;
    render(&ProblemPage { c: visit.page(""), code, kind })
}
