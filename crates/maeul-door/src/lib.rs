//! The door of the house: staff sign in with password and one-time code, with a passkey, or
//! by one of the office's own identity providers; they sign out, and choose their own password. Who they are is kept by `maeul-people`; here are only the pages.

mod authenticator;
mod device;
pub mod oidc;
mod passkey;
mod password;
mod provider;
mod sign_in;

use jiff::SignedDuration;
use maeul_base::{Permission, Role};
use maeul_queue::{JobCtx, JobError, Schedule, handler};
use maeul_room::Room;
use maeul_web::{Access, Routes};

pub use authenticator::PeopleAuthenticator;

/// Keep one's own account: every member of staff.
pub const OWN_ACCOUNT: Permission = Permission {
    name: "door.own_account",
    what: ("자기 계정을 돌보기", "Keep one's own account"),
    roles: &Role::ALL,
};

/// Failed sign-ins whose lock has long ended are forgotten at night.
const FORGET: &str = "door.forget_failures";

async fn forget(job: JobCtx) -> Result<(), JobError> {
    let ctx = job.ctx;
    job.db
        .write(move |tx| {
            maeul_people::forget_failures(tx, &ctx)?;
            maeul_people::forget_tickets(tx, &ctx)
        })
        .await?;
    Ok(())
}

/// The room as it joins the house.
pub fn room() -> Room {
    let own = Access::Staff(&OWN_ACCOUNT);
    Room {
        name: "door",
        routes: Routes::new()
            .get("/staff/sign-in", Access::Public, sign_in::form)
            .post("/staff/sign-in", Access::Public, sign_in::submit)
            .post("/staff/sign-out", own, sign_in::leave)
            .post("/staff/sign-out-everywhere", own, sign_in::leave_everywhere)
            .get("/staff/password", own, password::form)
            .post("/staff/password", own, password::submit)
            .post("/staff/sign-in/passkey", Access::Public, passkey::submit)
            .post("/staff/sign-in/passkey/challenge", Access::Public, passkey::challenge)
            .get("/staff/sign-in/provider", Access::Public, provider::start)
            .get("/staff/sign-in/provider/return", Access::Public, provider::arrive)
            .post("/staff/sign-in/provider/code", Access::Public, provider::code)
            .get("/staff/sign-in/with/{provider}", Access::Public, provider::start_with)
            .get("/staff/sign-in/with/{provider}/return", Access::Public, provider::arrive_from)
            .get("/staff/passkeys", own, passkey::list)
            .post("/staff/passkeys", own, passkey::add)
            .post("/staff/passkeys/challenge", own, passkey::begin)
            .get("/staff/passkeys/{passkey}", own, passkey::confirm)
            .post("/staff/passkeys/{passkey}", own, passkey::remove),
        permissions: &[&OWN_ACCOUNT],
        handlers: vec![(FORGET, handler(forget))],
        schedules: vec![Schedule {
            name: FORGET,
            kind: FORGET,
            every: SignedDuration::from_hours(24),
            after_midnight: SignedDuration::from_hours(4),
        }],
    }
}
