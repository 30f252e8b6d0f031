//! E-mail in: a letter becomes a case, or joins the one it answers. It is kept before it is
//! accepted, read by a job, and nobody is answered who must not be (RFC 3834).
//!
//! Reading order: [`mailroom`] takes letters, [`letter`] reads them, [`act`] decides, [`web`] shows
//! what came in.

pub mod act;
mod charset;
mod cut;
pub mod jobs;
pub mod letter;
pub mod mailroom;
mod state;
pub mod store;
mod thread;
pub mod web;

pub use jobs::letters;
pub use mailroom::{Arriving, Inbox, Keeping, Mailroom, Settings};
pub use state::{MailState, Why};
pub use web::room;

use maeul_db::{Migration, migration};

/// The tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[migration!("mail", "0001_start"), migration!("mail", "0002_case")];

maeul_db::ids! {
    /// Names a letter that came in.
    MailId;
}
