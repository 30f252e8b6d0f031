//! The statements every public site owes: accessibility and privacy.

use askama::Template;
use maeul_web::{PageCtx, PageResult, Visit, page};

#[derive(Template)]
#[template(path = "app/accessibility.html")]
struct Accessibility {
    c: PageCtx,
}

#[derive(Template)]
#[template(path = "app/privacy.html")]
struct Privacy {
    c: PageCtx,
}

/// `GET /accessibility`
pub(crate) async fn accessibility(visit: Visit) -> PageResult {
    page(&Accessibility { c: visit.page("") })
}

/// `GET /privacy`
pub(crate) async fn privacy(visit: Visit) -> PageResult {
    page(&Privacy { c: visit.page("") })
}
