//! The pages of the room.

mod erasures;
mod head;
mod held;
mod mine;
mod record;
mod retention;
mod review;

use axum::http::StatusCode;
use maeul_base::Refusal;
use maeul_room::Room;
use maeul_web::{Access, Routes};

use crate::Shelf;
use crate::erasure::PrivacyRefusal;
use crate::permissions::{DECIDE, REVIEW};

/// The room as it joins the house.
pub fn room(shelf: &Shelf) -> Room {
    // The routes of a link check it themselves.
    let open = Access::Public;
    let keep = Access::Staff(&REVIEW);
    let decide = Access::Staff(&DECIDE);
    Room {
        name: "privacy",
        routes: Routes::new()
            .get("/audit", open, head::show)
            .get("/audit.json", open, head::json)
            .get("/c/{token}/data", open, mine::show)
            .get("/c/{token}/data.json", open, mine::json)
            .post("/c/{token}/erase", open, mine::erase)
            .get("/staff/privacy", keep, review::show)
            .post("/staff/privacy", keep, review::submit)
            .post("/staff/privacy/marks", keep, review::set_marks)
            .get("/staff/privacy/looks.csv", keep, review::csv)
            .get("/staff/privacy/retention", keep, retention::show)
            .post("/staff/privacy/retention", keep, retention::set_rule)
            .post("/staff/privacy/hold", keep, retention::hold)
            .post("/staff/privacy/release", keep, retention::release)
            .get("/staff/case/{case}/held", decide, held::show)
            .post("/staff/case/{case}/held", decide, held::give)
            .get("/staff/erasures", decide, erasures::list)
            .post("/staff/erasures", decide, erasures::decide),
        permissions: &[&REVIEW, &DECIDE],
        handlers: crate::jobs::handlers(shelf),
        schedules: crate::jobs::schedules(),
    }
}

/// A refusal's status.
fn status(refusal: &PrivacyRefusal) -> StatusCode {
    StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}
