//! Transfer: a case whose duty lies with another agency is sent there by Open311, and followed
//! until it is answered. No transfer is a dead letter: what is not received, refused or forgotten
//! there stands before an officer here.
//!
//! Reading order: [`agency`] and [`state`] say what there is, [`act`] what an officer can do,
//! [`client`] how an agency is asked, [`jobs`] what happens by itself, [`web`] the pages.

pub mod act;
pub mod agency;
pub mod check;
pub mod client;
mod compose;
mod id;
pub mod import;
pub mod jobs;
pub mod line;
pub mod permissions;
pub mod personal;
pub mod state;
pub mod store;
pub mod web;

pub use id::{AgencyId, TransferId};
pub use line::{Asking, Call, Line, LineError, Method, NoLine, Reply};
pub use web::room;

use maeul_db::{BytesColumn, Migration, migration};

/// What each column of bytes holds: the sealed ones are sealed again when a new key is taken into use.
pub const BYTES: &[BytesColumn] = &[
    BytesColumn::sealed("transfer_agency", "api_key", "id"),
    BytesColumn::sealed("transfer_case", "request", "id"),
];

/// The tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[migration!("transfer", "0001_start"), migration!("transfer", "0002_destroyed")];
