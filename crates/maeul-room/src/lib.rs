//! The manifest by which a room joins the house. The app reads it; nothing else ties them.

mod personal;

pub use personal::{About, Both, Destroy, Keeping, Part, Person, Said, Sweep, Swept};

use maeul_base::Permission;
use maeul_queue::{Handler, Schedule};
use maeul_web::Routes;

/// What a room brings.
#[derive(Default)]
pub struct Room {
    /// Its name: the crate's without `maeul-`, and the first word of its tables.
    pub name: &'static str,
    /// Its pages and interfaces, each with who may use it.
    pub routes: Routes,
    /// The permissions its routes ask for.
    pub permissions: &'static [&'static Permission],
    /// What runs its jobs and the facts it reacts to, by kind.
    pub handlers: Vec<(&'static str, Handler)>,
    /// The jobs that come round.
    pub schedules: Vec<Schedule>,
}
