//! The database. Rooms see [`Tx`] and nothing else: an act is a synchronous function over it, one
//! SQL text with `$1` placeholders, and it runs unchanged on SQLite (one writer thread that commits
//! many acts together) and on PostgreSQL (one pooled transaction, run again when the server asks).
//!
//! Reading order: [`Db`] opens, writes and reads; [`Tx`] runs statements; [`args!`] and [`row!`]
//! carry values in and out; [`Migration`] builds the tables; [`Seal`] keeps personal fields.

mod about;
pub mod backup;
mod db;
pub mod distribute;
mod json;
mod keyfile;
mod lite;
mod lite_checkpoint;
mod lite_writer;
mod measure;
mod migrate;
mod pg;
mod pg_pool;
mod pg_session;
mod pg_tls;
mod pg_value;
mod reseal;
mod row;
mod schema;
mod seal;
pub mod search;
mod sql;
pub mod testing;
mod turns;
mod tx;
mod value;
mod vocabulary;

pub use about::{About, Encrypted};
pub use db::{Db, DbOptions, Transient};
pub use json::{Json, JsonText, json};
pub use keyfile::{KeyFile, KeyLine, KeyRefusal, KeyState};
pub use maeul_base::{Fault, FaultKind};
pub use measure::{ActEnd, Load, Measures};
pub use migrate::{Applied, Migration, Standing};
pub use pg_tls::{TlsMode, TlsPlan};
pub use reseal::{
    Bytes, BytesColumn, Resealed, bytes_columns, keys_in_use, keys_missing, reseal_some,
};
pub use row::{Cell, Columns, FromRow, FromValue, Row};
pub use seal::{Seal, SealAt, SealedText};
pub use sql::Sql;
pub use tx::{Engine, Tx};
pub use value::{ToValue, Value};
#[doc(hidden)]
pub use vocabulary::hidden;
