//! Text messages (바로문자): a text to the office's number becomes a case or goes on with one, praise
//! is passed on, and what the office promised stands beside what the law says.
//!
//! Reading order: [`decode`], [`udh`], [`meaning`], [`thread`] and [`promise`] are pure; [`act`] says
//! what happens when a text arrives and what an officer may decide, [`jobs`] what happens by itself.

pub mod decode;
pub mod meaning;
pub mod personal;
pub mod promise;
pub mod say;
pub mod thread;
pub mod udh;

pub mod id;
pub mod words;

pub mod permissions;

mod handset;
mod hook;
mod settings;
mod store;

pub mod refusal;

pub mod act;
pub mod jobs;
pub mod read;
pub mod web;

pub use handset::HandsetGateway;
pub use hook::{Door, signature};
pub use id::{TalkId, TextId};
pub use jobs::stops;
pub use store::{Number, Talk, Text, promise as promise_of};

use maeul_db::{BytesColumn, Migration, migration};

/// What each column of bytes holds: the sealed ones are sealed again when a new key is taken into use.
pub const BYTES: &[BytesColumn] = &[
    BytesColumn::hash("text_number", "hash"),
    BytesColumn::sealed("text_number", "number", "id"),
    BytesColumn::sealed("text_in", "body", "id"),
    BytesColumn::sealed("text_in", "raw", "id"),
    BytesColumn::sealed("text_part", "bytes", "id"),
    BytesColumn::sealed("text_handset", "recipient", "notice_id"),
    BytesColumn::sealed("text_handset", "body", "notice_id"),
];

/// The tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[migration!("text", "0001_text"), migration!("text", "0002_destroyed")];
