//! The whole web side as one service, and the loop that serves it.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::util::{BoxCloneSyncService, MapRequestLayer};
use tower::{Layer, ServiceExt};
use tower_http::compression::CompressionLayer;
use tower_http::trace::{DefaultOnResponse, OnResponse as _, TraceLayer};
use tracing::Span;
use tracing::field::Empty;

use crate::access::Routes;
use crate::error::WebError;
use crate::form::BODY_BYTES;
use crate::measure::{self, RequestNumber};
use crate::site::Site;
use crate::{assets, edge, headers, settings, visit};

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
    let traced = TraceLayer::new_for_http().make_span_with(|request: &Request| {
        // Never the path: it may hold the secret of a link. The route's pattern comes with it.
        let number = request.extensions().get::<RequestNumber>().cloned().unwrap_or_default();
        let method = measure::method(request.method());
        let span = tracing::info_span!(
            "request",
            id = %number,
            method,
            route = Empty,
            office = Empty,
            status = Empty,
            traceparent = Empty
        );
        if let Some(parent) = measure::traceparent(request.headers()) {
            span.record("traceparent", parent);
        }
        span
    });
    let traced = traced.on_response(|answer: &Response, took: Duration, span: &Span| {
        span.record("status", answer.status().as_u16());
        DefaultOnResponse::default().on_response(answer, took, span);
    });
    let router: Router = Router::new()
        .merge(assets::router())
        .merge(plain)
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback_service(pages)
        .layer(CompressionLayer::new())
        .layer(traced)
        .layer(middleware::from_fn_with_state(site.clone(), edge::layer))
        .layer(middleware::from_fn_with_state(site.clone(), headers::layer))
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

/// How long the head of a request may take, and a connection may rest between two: longer than
/// proxies keep one (nginx: 60 s), so that none is closed just as it is used.
const HEAD: Duration = Duration::from_secs(75);
/// The most bytes of a request's head.
const HEAD_BYTES: usize = 64 * 1024;

/// Serves until `stop` resolves, then lets requests under way finish.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES);
    let open = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, or a client gone before it was let in: the next may do.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _slower_without = stream.set_nodelay(true);
        let app = app.clone().map_request(move |request: axum::http::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        let service = TowerToHyperService::new(app);
        let connection = open.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A client that breaks off is no concern of ours.
            let _ended = connection.await;
        });
    }
    drop(listener);
    open.shutdown().await;
    Ok(())
}
