//! The words every room speaks. No I/O, no SQL, no HTTP: touching this crate rebuilds all.

mod actor;
mod clock;
mod ctx;
mod failure;
mod hex;
mod id;
pub mod import;
mod language;
mod money;
mod page;
mod random;
mod rights;
pub mod seoul;

pub use actor::Actor;
pub use clock::Clock;
pub use ctx::Ctx;
pub use failure::{Failure, Fault, FaultKind, Never, Refusal};
pub use hex::hex;
pub use id::*;
pub use language::Lang;
pub use money::Won;
pub use page::{Cursor, Page};
pub use random::Ids;
pub use rights::{Held, Permission, Rights, Role, RoleChange, Scope};
