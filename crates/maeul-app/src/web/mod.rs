//! Pages that belong to no single room: home, statements, and the installation's
//! own administration.

mod admin;
mod api;
mod api_clients;
mod home;
mod statements;
mod tidy;

use maeul_base::Role;
use maeul_room::Room;
use maeul_web::{Access, Permission, Routes};

/// Keep the installation: holidays, jobs that died.
pub const ADMINISTER: Permission =
    Permission { name: "app.administer", roles: &[Role::Administrator] };

/// The app's own pages as a room.
pub fn room() -> Room {
    let open = Access::Public;
    let keep = Access::Staff(&ADMINISTER);
    Room {
        name: "app",
        routes: Routes::new()
            .get("/", open, home::show)
            .get("/api", open, api::about)
            .get("/api/openapi.json", open, api::openapi)
            .get("/problems", open, api::list)
            .get("/problems/{code}", open, api::explain)
            .get("/accessibility", open, statements::accessibility)
            .get("/privacy", open, statements::privacy)
            .get("/staff", Access::Staff(&maeul_door::OWN_ACCOUNT), home::desk)
            .get("/staff/admin", keep, admin::show)
            .post("/staff/admin/holiday", keep, admin::add_holiday)
            .post("/staff/admin/revive", keep, admin::revive)
            .get("/staff/admin/clients", keep, api_clients::show)
            .post("/staff/admin/clients", keep, api_clients::add)
            .get("/staff/admin/clients/{client}/revoke", keep, api_clients::confirm)
            .post("/staff/admin/clients/{client}/revoke", keep, api_clients::revoke),
        permissions: &[&ADMINISTER],
        handlers: vec![(tidy::PURGE, tidy::handler())],
        schedules: vec![tidy::SCHEDULE],
    }
}
