//! The pages of the room: accounts and what they may do, and the review of what was opened in an
//! emergency.

mod account;
mod opened;
mod roles;
mod words;

use jiff::SignedDuration;
use maeul_queue::{JobCtx, JobError, Schedule, handler};
use maeul_room::Room;
use maeul_web::{Access, Routes};

pub use roles::Declared;

use crate::permissions::{ACCOUNTS, API_CLIENTS, GRANT, REVIEW};

/// Grants that have been over for longer than they must be kept are destroyed at night.
const FORGET: &str = "people.forget_grants";

async fn forget(job: JobCtx) -> Result<(), JobError> {
    let ctx = job.ctx;
    let gone = job.db.write(move |tx| crate::forget_grants(tx, &ctx)).await?;
    tracing::info!(gone, "grants that were over for long have been destroyed");
    Ok(())
}

/// The room as it joins the house.
pub fn room() -> Room {
    let give = Access::Staff(&GRANT);
    let review = Access::Staff(&REVIEW);
    Room {
        name: "people",
        routes: Routes::new()
            .get("/staff/admin/people", give, account::list)
            .get("/staff/admin/people/{staff}", give, account::show)
            .post("/staff/admin/people/{staff}/grant", give, account::submit)
            .get("/staff/admin/people/{staff}/grants/{grant}", give, account::confirm_end)
            .post("/staff/admin/people/{staff}/grants/{grant}", give, account::end)
            .get("/staff/admin/roles", give, roles::show)
            .post("/staff/admin/roles", give, roles::submit)
            .get("/staff/admin/roles/{change}", give, roles::confirm_end)
            .post("/staff/admin/roles/{change}", give, roles::end)
            .get("/staff/opened", review, opened::list)
            .post("/staff/opened/{opening}", review, opened::submit),
        permissions: &[&GRANT, &ACCOUNTS, &API_CLIENTS, &REVIEW],
        handlers: vec![(FORGET, handler(forget))],
        schedules: vec![Schedule {
            name: FORGET,
            kind: FORGET,
            every: SignedDuration::from_hours(24),
            after_midnight: SignedDuration::from_hours(4),
        }],
    }
}
