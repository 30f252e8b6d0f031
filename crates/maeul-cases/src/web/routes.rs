//! The manifest of the room: every route with who may use it.

use maeul_room::Room;
use maeul_web::{Access, Routes};

use crate::{KnowledgeCache, NumberLease, permissions};

use super::{api, clock, open311, report, resident, staff};

/// The room as it joins the house.
pub fn room(knowledge: &KnowledgeCache, numbers: &NumberLease) -> Room {
    Room {
        name: "cases",
        routes: public().merge(staff::routes()).merge(api::routes()).merge(open311::routes()),
        permissions: permissions::ALL,
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
