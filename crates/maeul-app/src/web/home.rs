//! One question first: what can we do for you?

use askama::Template;
use maeul_base::Role;
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

/// `GET /staff`: to the work of whoever is signed in.
pub(crate) async fn desk(visit: Visit) -> PageResult {
    Ok(visit.redirect(match visit.require_staff()?.role {
        Role::Administrator => "/staff/admin",
        Role::Officer | Role::Head | Role::Coordinator => "/staff/queue/mine",
    }))
}
