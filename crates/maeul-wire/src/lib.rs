//! What people type and machines send, parsed once at the edge and trusted afterwards.

mod contact;
mod email;
pub mod open311;
mod phone;

pub use contact::{Contact, ContactError};
pub use email::{Email, EmailError};
pub use phone::{Phone, PhoneError, PhoneKind};
