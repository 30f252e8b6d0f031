//! The browser's files, inside the binary under names that change with their content.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use bytes::Bytes;

/// One file, plain and (where that is smaller) compressed with brotli at build.
pub(crate) struct Asset {
    name: &'static str,
    file: &'static str,
    url: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets_table.rs"));

/// The address of an asset by its plain name (`site.css`). A name nobody made is a mistake in a
/// template: the answer is an address that is not found, and a test calls every name in use.
pub fn url(name: &str) -> &'static str {
    let found = ASSETS.binary_search_by(|asset| asset.name.cmp(name)).ok();
    found.and_then(|at| ASSETS.get(at)).map_or("/assets/missing", |asset| asset.url)
}

/// The route of the assets, to be merged at the root of the site.
pub fn router() -> Router<()> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    let Some(asset) = ASSETS.iter().find(|asset| asset.file == file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let packed = asset.brotli.filter(|_| accepts_brotli(&headers));
    let mut response = Bytes::from_static(packed.unwrap_or(asset.plain)).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    // The name changes with the content, so a copy never grows old.
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    if asset.brotli.is_some() {
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if packed.is_some() {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

/// Whether `br` is offered and not refused by `q=0`.
fn accepts_brotli(headers: &HeaderMap) -> bool {
    let offers = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut offers =
        offers.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    offers.any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        named && !parts.any(|q| matches!(q, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower::ServiceExt;

    async fn ask(path: &str, encoding: &str) -> Response<Body> {
        let request = axum::http::Request::get(path).header("accept-encoding", encoding);
        router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[test]
    fn the_names_that_templates_use_exist() {
        for name in [
            "site.css",
            "staff.css",
            "map.js",
            "report.js",
            "staff.js",
            "htmx.js",
            "icons.svg",
            "favicon.svg",
            "gov-400-00.woff2",
            "gov-400-01.woff2",
        ] {
            assert_ne!(url(name), "/assets/missing", "{name}");
        }
        assert_eq!(url("nothing.css"), "/assets/missing");
    }

    #[tokio::test]
    async fn a_file_is_served_compressed_and_for_ever() {
        let packed = ask(url("site.css"), "gzip, br;q=0.9").await;
        assert_eq!(packed.status(), 200);
        assert_eq!(packed.headers()["content-encoding"], "br");
        assert_eq!(packed.headers()["content-type"], "text/css; charset=utf-8");
        assert!(packed.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let plain = ask(url("site.css"), "gzip, br;q=0").await;
        assert!(plain.headers().get("content-encoding").is_none());
        assert_eq!(plain.headers()["vary"], "accept-encoding");
        assert_eq!(ask("/assets/site.css", "br").await.status(), 404);
    }

    #[test]
    fn a_first_visit_keeps_to_its_weight() {
        let weight = |name: &str| {
            let asset = ASSETS.iter().find(|asset| asset.name == name).unwrap();
            asset.brotli.unwrap_or(asset.plain).len()
        };
        let page = weight("site.css") + weight("icons.svg") + weight("favicon.svg");
        assert!(page < 40_000, "styles and icons of every page: {page} bytes");
        assert!(weight("report.js") < 10_000);
        assert!(weight("map.js") < 2_000);
        assert!(weight("map-view.js") < 100_000);
    }
}
