//! The door of the house: staff sign in with password and one-time code, sign out, and choose
//! their own password. Who they are is kept by `maeul-people`; here are only the pages.

mod authenticator;
mod password;
mod sign_in;

use maeul_base::Role;
use maeul_room::Room;
use maeul_web::{Access, Permission, Routes};

pub use authenticator::PeopleAuthenticator;

/// Keep one's own account: every member of staff.
pub const OWN_ACCOUNT: Permission = Permission { name: "door.own_account", roles: &Role::ALL };

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
            .post("/staff/password", own, password::submit),
        permissions: &[&OWN_ACCOUNT],
        ..Room::default()
    }
}
