//! The pages of the room: residents report and follow, officers work and answer.

mod api;
mod clock;
mod desk;
mod form;
mod open311;
mod opened;
mod report;
mod resident;
mod routes;
mod staff;

pub use desk::Desk;
pub use open311::ClientLimits;
pub use opened::{Opened, note_open};
pub use routes::room;
