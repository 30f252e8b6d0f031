//! The pages of the room: ask, confirm, change, stop.

mod ask;
mod confirm;
mod manage;

use maeul_room::Room;
use maeul_web::{Access, Routes};

use crate::Shelf;

/// The room as it joins the house.
pub fn room(shelf: &Shelf) -> Room {
    // Whoever holds the link of a message may change and stop; the routes check it themselves.
    let open = Access::Public;
    Room {
        name: "follow",
        routes: Routes::new()
            .get("/follow", open, ask::form)
            .post("/follow", open, ask::send)
            .post("/follow/code", open, confirm::code)
            .get("/follow/confirm/{link}", open, confirm::show)
            .post("/follow/confirm/{link}", open, confirm::submit)
            .get("/follow/{link}", open, manage::show)
            .post("/follow/{link}", open, manage::change)
            .get("/follow/{link}/stop", open, manage::ask_stop)
            .post("/follow/{link}/stop", open, manage::stop)
            .get("/f/{link}", open, manage::short),
        permissions: &[],
        handlers: crate::jobs::handlers(shelf),
        schedules: crate::jobs::schedules(),
    }
}
