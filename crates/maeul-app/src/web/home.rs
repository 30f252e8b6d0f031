//! One question first: what can we do for you?

use askama::Template;
use maeul_base::{Rights, Scope};
use maeul_cases::permissions::{CASES_SEE, CASES_WORK};
use maeul_people::permissions::REVIEW;
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
    let rights = &visit.require_staff()?.rights;
    Ok(visit.redirect(match () {
        () if rights.has(&CASES_WORK) => "/staff/queue/mine",
        // Who only sees a 동 begins there; over units or the office, with those.
        () if in_a_dong(rights) => "/staff/queue/dong",
        () if rights.has(&CASES_SEE) => "/staff/queue/unit",
        () if rights.has(&super::ADMINISTER) => "/staff/admin",
        () if rights.has(&REVIEW) => "/staff/opened",
        () => "/staff/password",
    }))
}

fn in_a_dong(rights: &Rights) -> bool {
    rights.scopes(&CASES_SEE).any(|scope| matches!(scope, Scope::Dong(_)))
}
