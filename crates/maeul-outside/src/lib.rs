//! Adapters to the world outside: each takes one port of the house and speaks one protocol.

mod smtp;

pub use smtp::{SmtpGateway, SmtpSettingsError};
