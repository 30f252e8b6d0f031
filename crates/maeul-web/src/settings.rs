//! The reader's own settings: language and contrast, kept in cookies, set by a link.

use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

use crate::cookies;
use crate::visit::{Visit, redirect_to};

#[derive(Deserialize)]
pub(crate) struct Choice {
    contrast: Option<String>,
    back: Option<String>,
}

/// `GET /settings?contrast=high&back=/report`
pub(crate) async fn choose(visit: Visit, Query(choice): Query<Choice>) -> Response {
    // Only a path of this site may be gone back to.
    let back = choice.back.as_deref().filter(|back| is_local(back)).unwrap_or("/");
    let mut response = redirect_to(back);
    let secure = visit.site().config().secure_cookies;
    if let Some(contrast) = choice.contrast {
        let value = if contrast == "high" { "high" } else { "normal" };
        let jar = response.headers_mut();
        cookies::set(jar, cookies::CONTRAST, value, Some(31_536_000), secure);
    }
    response
}

/// A path on this site: `/…`, never `//host` or `/\host`.
pub(crate) fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/\\")
        && !path.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn no_way_out_of_the_site() {
        assert!(is_local("/report?x=1"));
        for bad in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb"] {
            assert!(!is_local(bad), "{bad}");
        }
    }
}
