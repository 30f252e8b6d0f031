//! Pages that belong to no single room: home, statements, and the installation's
//! own administration.

mod admin;
mod api;
mod api_clients;
mod home;
mod statements;
mod tidy;

use maeul_base::{Permission, Role};
use maeul_room::Room;
use maeul_web::{Access, Routes};

/// Keep the installation: holidays, jobs that died.
pub const ADMINISTER: Permission = Permission {
    name: "app.administer",
    what: ("설치를 관리하기(휴일, 하지 못한 일)", "Keep the installation: holidays, failed jobs"),
    roles: &[Role::Administrator],
};

/// The app's own pages as a room.
pub fn room() -> Room {
    let open = Access::Public;
    let keep = Access::Staff(&ADMINISTER);
    let clients = Access::Staff(&maeul_people::permissions::API_CLIENTS);
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
            .get("/staff/admin/clients", clients, api_clients::show)
            .post("/staff/admin/clients", clients, api_clients::add)
            .get("/staff/admin/clients/{client}/revoke", clients, api_clients::confirm)
            .post("/staff/admin/clients/{client}/revoke", clients, api_clients::revoke),
        permissions: &[&ADMINISTER, &maeul_org::HOLIDAYS],
        handlers: vec![(tidy::PURGE, tidy::handler())],
        schedules: vec![tidy::SCHEDULE],
    }
}
