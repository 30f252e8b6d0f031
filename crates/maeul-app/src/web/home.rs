//! One question first: what can we do for you?

use askama::Template;
use maeul_web::{PageCtx, PageResult, Visit, page};

#[derive(Template)]
#[template(path = "app/home.html")]
struct HomePage {
    c: PageCtx,
    offices: Vec<(String, String)>,
}

/// `GET /`
pub(crate) async fn show(visit: Visit) -> PageResult {
    let here = visit.office().id;
    let offices = visit
        .site()
        .offices()
        .values()
        .filter(|office| office.id != here)
        .map(|office| (format!("/o/{}/", office.slug), office.name(visit.lang()).to_owned()))
        .collect();
    page(&HomePage { c: visit.page("home"), offices })
}
