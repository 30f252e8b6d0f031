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
pub mod personal;
mod state;
pub mod store;
mod thread;
pub mod web;

pub use jobs::letters;
pub use mailroom::{Arriving, Inbox, Keeping, Mailroom, Settings};
pub use state::{MailState, Why};
pub use web::room;

use maeul_db::{BytesColumn, Migration, migration};

/// What each column of bytes holds: the sealed ones are sealed again when a new key is taken into use.
pub const BYTES: &[BytesColumn] = &[
    BytesColumn::hash("mail_message", "mark"),
    BytesColumn::sealed("mail_message", "sent_by", "id"),
    BytesColumn::sealed("mail_message", "raw", "id"),
    BytesColumn::sealed("mail_message", "shown", "id"),
    BytesColumn::hash("mail_message", "sender_mark"),
    BytesColumn::hash("mail_message", "letter_mark"),
];

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    migration!("mail", "0001_start"),
    migration!("mail", "0002_destroyed"),
    migration!("mail", "0003_case"),
];

maeul_db::ids! {
    /// Names a letter that came in.
    MailId;
}
