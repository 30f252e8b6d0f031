//! Headers that every page carries: no inline script, no framing, no sniffing, nothing cached
//! that may hold a person's affairs.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

use crate::site::Site;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' \
data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
frame-ancestors 'none'";

/// Protects every answer: pages, files, errors, and what the gate turned away.
pub(crate) async fn layer(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    protect(response.headers_mut(), site.config().secure_cookies);
    response
}

fn protect(headers: &mut HeaderMap, secure: bool) {
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(CONTENT_SECURITY_POLICY, POLICY);
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(REFERRER_POLICY, "same-origin");
    put(HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(self)");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(CACHE_CONTROL, "no-store");
    if secure {
        put(STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}
