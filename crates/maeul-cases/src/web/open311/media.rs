//! A photo at the address that its reader was given: whoever has the address sees the photo, and
//! nobody can guess one.

use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maeul_base::PhotoId;
use maeul_web::Visit;
use maeul_wire::open311::{Errors, Format};

use super::answer::{errors, open_to_all};
use super::call::Call;
use crate::PhotoSize;
use crate::read;

/// `GET media/{photo}.jpg?mark=…`
pub(super) async fn show(
    visit: Visit,
    Path(photo): Path<String>,
    RawQuery(query): RawQuery,
    headers: axum::http::HeaderMap,
) -> Response {
    let found = find(&visit, &photo, query.as_deref(), &headers).await;
    found.unwrap_or_else(|wrong| errors(Format::Xml, &wrong))
}

async fn find(
    visit: &Visit,
    photo: &str,
    query: Option<&str>,
    headers: &axum::http::HeaderMap,
) -> Result<Response, Errors> {
    let call = Call::open(visit, Format::Xml, query, headers).await?;
    let none = || Errors::one(404, call.t("그런 사진이 없습니다.", "There is no such photo."));
    let id: PhotoId = photo.strip_suffix(".jpg").and_then(|id| id.parse().ok()).ok_or_else(none)?;
    let mark = call.pairs.get("mark").unwrap_or_default();
    if !read::open311::opens_photo(&call.know, id, mark) {
        return Err(none());
    }
    let found = call.read(move |tx, ctx, _| read::photo(tx, ctx, id, PhotoSize::Full)).await?;
    let found = found.filter(|photo| photo.case.is_some()).ok_or_else(none)?;
    Ok(open_to_all(([(header::CONTENT_TYPE, found.mime)], found.bytes).into_response()))
}
