//! The interface for other systems: JSON, versioned, explained in docs/api.md.

mod body;
mod cases;
mod look_up;
mod problem;

use maeul_web::{Access, Routes};

/// The routes of the interface. Nothing here is signed in by a cookie, so no form token is asked.
pub(crate) fn routes() -> Routes {
    let open = Access::Public;
    Routes::new()
        .get("/api/v1/services", open, look_up::services)
        .get("/api/v1/locate", open, look_up::locate)
        .get("/api/v1/due", open, look_up::due)
        .post("/api/v1/cases", open, cases::create)
        .get("/api/v1/cases/{token}", open, cases::show)
}
