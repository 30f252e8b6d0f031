//! Adapters to the world outside: each takes one port of the house and speaks one protocol.

mod http;
mod kannel;
mod line;
mod lmtp;
mod media;
mod otlp;
mod provider;
mod smtp;
mod webhook;

pub use http::{Http, HttpAnswer, HttpError, Reach};
pub use kannel::{KannelGateway, KannelSettings, Reports};
pub use line::HttpLine;
pub use lmtp::LmtpListener;
pub use media::WebMedia;
pub use otlp::{OtlpExporter, OtlpLayer, OtlpSettings, is_told, otlp};
pub use provider::ProviderWire;
pub use smtp::{SmtpGateway, SmtpSettingsError};
pub use webhook::WebhookGateway;
