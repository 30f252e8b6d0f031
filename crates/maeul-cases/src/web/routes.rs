//! The manifest of the room: every route with who may use it.

use maeul_base::Role;
use maeul_room::Room;
use maeul_web::{Access, Permission, Routes};

use crate::{KnowledgeCache, NumberLease};

use super::{api, clock, open311, report, resident, staff};

/// Work the cases of one's unit.
pub const CASES_WORK: Permission =
    Permission { name: "cases.work", roles: &[Role::Officer, Role::Head, Role::Coordinator] };
/// Enter a case at the counter or from the telephone.
pub const CASES_ENTER: Permission =
    Permission { name: "cases.enter", roles: &[Role::Officer, Role::Head, Role::Coordinator] };
/// Approve or send back an answer.
pub const ANSWER_APPROVE: Permission =
    Permission { name: "cases.approve", roles: &[Role::Head, Role::Coordinator] };
/// Decide where a case belongs that no unit owns.
pub const COORDINATE: Permission =
    Permission { name: "cases.coordinate", roles: &[Role::Coordinator] };

/// Take in another system's cases, and write out ours.
pub const IMPORT_CASES: Permission =
    Permission { name: "cases.import", roles: &[Role::Administrator] };

/// The room as it joins the house.
pub fn room(knowledge: &KnowledgeCache, numbers: &NumberLease) -> Room {
    Room {
        name: "cases",
        routes: public().merge(staff::routes()).merge(api::routes()).merge(open311::routes()),
        permissions: &[&CASES_WORK, &CASES_ENTER, &ANSWER_APPROVE, &COORDINATE, &IMPORT_CASES],
        handlers: crate::jobs::handlers(knowledge, numbers),
        schedules: crate::jobs::schedules(),
    }
}

fn public() -> Routes {
    let open = Access::Public;
    Routes::new()
        .get("/report", open, report::what::begin)
        .post("/report", open, report::what::submit_first)
        .get("/report/suggest", open, report::suggest::suggest)
        .get("/report/{draft}", open, report::what::edit)
        .post("/report/{draft}", open, report::what::submit)
        .get("/report/{draft}/photo/{photo}", open, report::what::photo)
        .post("/report/{draft}/photo/{photo}/remove", open, report::what::remove_photo)
        .get("/report/{draft}/where", open, report::place::form)
        .post("/report/{draft}/where", open, report::place::submit)
        .get("/report/{draft}/send", open, report::send::form)
        .post("/report/{draft}/send", open, report::send::submit)
        .get("/track", open, resident::track::form)
        .post("/track", open, resident::track::send_code)
        .post("/track/code", open, resident::track::verify)
        .get("/c/{token}", open, resident::case::show)
        .get("/c/{token}/receipt", open, resident::case::receipt)
        .get("/c/{token}/photo/{photo}", open, resident::case::photo)
        .post("/c/{token}/reply", open, resident::case::reply)
        .post("/c/{token}/rate", open, resident::case::rate)
        .post("/c/{token}/reopen", open, resident::case::reopen)
        .get("/clock", open, clock::show)
}
