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

pub use mailroom::{Arriving, Inbox, Keeping, Mailroom, Settings};
pub use state::{MailState, Why};
pub use web::room;

use maeul_base::TypedId;
use maeul_db::{Cell, FromValue, Migration, ToValue, Value, migration};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[migration!("mail", "0001_start")];

/// Names a letter that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MailId(Uuid);

impl TypedId for MailId {}

impl From<Uuid> for MailId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<MailId> for Uuid {
    fn from(id: MailId) -> Self {
        id.0
    }
}

impl std::fmt::Display for MailId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl std::str::FromStr for MailId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::from_str(text).map(Self)
    }
}

impl ToValue for MailId {
    fn to_value(&self) -> Value {
        self.0.to_value()
    }
}

impl FromValue for MailId {
    fn from_value(cell: Cell<'_>) -> Option<Self> {
        Uuid::from_value(cell).map(Self)
    }
}
