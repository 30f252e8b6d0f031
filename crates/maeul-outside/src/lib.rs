//! Adapters to the world outside: each takes one port of the house and speaks one protocol.

mod http;
mod line;
mod smtp;

pub use http::{Http, HttpAnswer, HttpError, Reach};
pub use line::HttpLine;
pub use smtp::{SmtpGateway, SmtpSettingsError};
