//! Open311 `GeoReport` v2 for other systems: discovery, services, requests, tokens and updates, in
//! XML and JSON; explained in docs/open311.md. What may be shown to whom is decided in
//! [`crate::disclosure`], not here.

mod answer;
mod bulk;
mod call;
mod discovery;
mod limit;
mod media;
mod new_request;
mod posted;
mod requests;
mod services;
mod updates;

pub use limit::ClientLimits;

use axum::extract::{Path, RawQuery, Request};
use axum::http::HeaderMap;
use axum::response::Response;
use maeul_web::{Access, Routes, Visit};
use maeul_wire::open311::{Errors, Format};

use answer::{errors, unknown};
use call::Call;

/// The routes, once for what counts and once for trying out. Nothing here knows a cookie, so no
/// form token is asked; a key is checked by each call.
pub(crate) fn routes() -> Routes {
    let open = Access::Public;
    Routes::new()
        .get("/open311/{resource}", open, discovery::show)
        .get("/open311/v2/{resource}", open, list)
        .post("/open311/v2/{resource}", open, post)
        .get("/open311/v2/{resource}/{item}", open, item)
        .get("/open311/v2/media/{photo}", open, media::show)
        .get("/open311/test/v2/{resource}", open, list)
        .post("/open311/test/v2/{resource}", open, try_post)
        .get("/open311/test/v2/{resource}/{item}", open, item)
}

/// `GET services.F`, `requests.F`, `servicerequestupdates.F`, `bulk.F`
async fn list(
    visit: Visit,
    Path(resource): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    if let Some(ending) = resource.strip_prefix("bulk.") {
        return bulk::show(visit, ending, query.as_deref(), &headers).await;
    }
    let Some((name, format)) = Format::split(&resource) else { return unknown(&visit) };
    let done = async {
        let call = Call::open(&visit, format, query.as_deref(), &headers).await?;
        match name {
            "services" => Ok(services::list(&call)),
            "requests" => requests::list(&call).await,
            "servicerequestupdates" => updates::list(&call).await,
            _ => Err(no_such_resource(&visit)),
        }
    };
    done.await.unwrap_or_else(|wrong| errors(format, &wrong))
}

/// `GET services/{code}.F`, `requests/{id}.F`, `tokens/{token}.F`
async fn item(
    visit: Visit,
    Path((resource, item)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some((name, format)) = Format::split(&item) else { return unknown(&visit) };
    let done = async {
        let call = Call::open(&visit, format, query.as_deref(), &headers).await?;
        match resource.as_str() {
            "services" => services::definition(&call, name),
            "requests" => requests::one(&call, name).await,
            "tokens" => requests::token(&call, name).await,
            _ => Err(no_such_resource(&visit)),
        }
    };
    done.await.unwrap_or_else(|wrong| errors(format, &wrong))
}

/// `POST requests.F`, `servicerequestupdates.F`
async fn post(visit: Visit, Path(resource): Path<String>, request: Request) -> Response {
    take(visit, &resource, request, false).await
}

/// The same at the endpoint of type `test`: everything is checked and nothing is kept.
async fn try_post(visit: Visit, Path(resource): Path<String>, request: Request) -> Response {
    take(visit, &resource, request, true).await
}

async fn take(visit: Visit, resource: &str, request: Request, test: bool) -> Response {
    let Some((name, format)) = Format::split(resource) else { return unknown(&visit) };
    let done = async {
        match name {
            "requests" => new_request::post(&visit, format, request, test).await,
            "servicerequestupdates" => updates::post(&visit, format, request, test).await,
            _ => Err(no_such_resource(&visit)),
        }
    };
    done.await.unwrap_or_else(|wrong| errors(format, &wrong))
}

fn no_such_resource(visit: &Visit) -> Errors {
    let text = visit.t("그런 자료가 없습니다.", "There is no such resource.");
    Errors::one(404, text)
}
