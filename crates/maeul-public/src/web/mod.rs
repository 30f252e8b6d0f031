//! The pages of the room.

use maeul_cases::KnowledgeCache;
use maeul_room::Room;
use maeul_web::Routes;

use crate::Settings;

/// The room as it joins the house.
pub fn room(knowledge: &KnowledgeCache, settings: Settings) -> Room {
    Room {
        name: "public",
        routes: Routes::new(),
        handlers: crate::jobs::handlers(knowledge, settings),
        schedules: crate::jobs::schedules(),
        ..Room::default()
    }
}
