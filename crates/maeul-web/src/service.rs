//! The whole web side as one service, and the loop that serves it.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use axum::serve::IncomingStream;
use tokio::net::TcpListener;
use tower::util::{BoxCloneSyncService, MapRequestLayer};
use tower::{Layer, ServiceExt};
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;
use tracing::field::Empty;

use crate::access::Routes;
use crate::error::WebError;
use crate::form::BODY_BYTES;
use crate::measure::{self, RequestNumber};
use crate::site::Site;
use crate::{assets, settings, visit};

/// The web side, ready to be served or called by a test.
pub type App = BoxCloneSyncService<Request, Response, Infallible>;

/// The office named in the address, taken off its front before routing.
#[derive(Clone, Default)]
pub(crate) struct OfficePath {
    pub(crate) name: Option<String>,
}

/// Puts routes, assets, limits, compression and the visit layer together. `plain` stands outside
/// the visit layer: what machines ask, without office, language or cookies.
pub fn app(site: &Site, routes: Routes, plain: Router) -> App {
    let pages = routes
        .into_router()
        .route("/settings", get(settings::choose))
        .fallback(|| async { WebError::not_found() })
        .method_not_allowed_fallback(|| async { axum::http::StatusCode::METHOD_NOT_ALLOWED })
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn_with_state(site.clone(), visit::layer))
        .with_state(site.clone());
    let router: Router = Router::new()
        .merge(assets::router())
        .merge(plain)
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback_service(pages)
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request| {
            // Never the path: it may hold the secret of a link. The route's pattern comes with it.
            let number = request.extensions().get::<RequestNumber>().cloned().unwrap_or_default();
            tracing::info_span!("request", id = %number, method = %request.method(), route = Empty)
        }))
        .layer(middleware::from_fn_with_state(site.clone(), measure::layer));
    BoxCloneSyncService::new(MapRequestLayer::new(take_office).layer(router))
}

fn take_office(mut request: Request<Body>) -> Request<Body> {
    let path = request.uri().path().to_owned();
    let Some(rest) = path.strip_prefix("/o/") else { return request };
    let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = request.uri().clone().into_parts();
    if let Ok(path) = format!("/{rest}{query}").parse::<PathAndQuery>() {
        parts.path_and_query = Some(path);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
            request.extensions_mut().insert(OfficePath { name: Some(name.to_owned()) });
        }
    }
    request
}

/// Serves until `stop` resolves, then lets requests under way finish.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let make = tower::service_fn(move |stream: IncomingStream<'_, TcpListener>| {
        let peer: SocketAddr = *stream.remote_addr();
        let app = app.clone().map_request(move |mut request: Request| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        async move { Ok::<_, Infallible>(app) }
    });
    axum::serve(listener, make).with_graceful_shutdown(stop).await
}
