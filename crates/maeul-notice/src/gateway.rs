//! The way out: whatever takes a message and delivers it. Two are built in, for demonstration and
//! tests; those to the real world stand in the crate of adapters.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;

use crate::message::{Channel, Message};

/// What a gateway answers when it took a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Its own name for the message, for asking later.
    pub reference: String,
}

/// Why a gateway did not take a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendError {
    /// Whether trying again can help: a full queue can, a wrong number cannot.
    pub retry: bool,
    /// What happened; without the address or the words.
    pub reason: String,
}

impl SendError {
    /// Trying again may help.
    pub fn later(reason: impl Into<String>) -> Self {
        Self { retry: true, reason: reason.into() }
    }

    /// Trying again cannot help.
    pub fn never(reason: impl Into<String>) -> Self {
        Self { retry: false, reason: reason.into() }
    }
}

impl std::fmt::Display for SendError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for SendError {}

/// The answer of a gateway, when it comes.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Receipt, SendError>> + Send + 'a>>;

/// Takes messages to people outside. A message may be handed over twice (its job can be run again
/// after a crash): a gateway that can should tell by [`Message::id`].
pub trait Gateway: Send + Sync {
    /// Hands the message over.
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a>;
}

/// The gateways of an installation, one for each channel.
#[derive(Clone)]
pub struct Gateways {
    /// For text messages.
    pub sms: Arc<dyn Gateway>,
    /// For e-mail.
    pub email: Arc<dyn Gateway>,
}

impl Gateways {
    /// The same for both channels.
    pub fn both(gateway: impl Gateway + 'static) -> Self {
        let gateway: Arc<dyn Gateway> = Arc::new(gateway);
        Self { sms: Arc::clone(&gateway), email: gateway }
    }

    pub(crate) fn of(&self, channel: Channel) -> &dyn Gateway {
        match channel {
            Channel::Sms => &*self.sms,
            Channel::Email => &*self.email,
        }
    }
}

impl std::fmt::Debug for Gateways {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateways")
    }
}

/// Only notes in the log that a message would go out: never to whom or what.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogSink;

impl Gateway for LogSink {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            tracing::info!(
                notice = %message.id,
                office = %message.office,
                channel = message.channel.as_str(),
                letters = message.body.chars().count(),
                "a message would be sent"
            );
            Ok(Receipt { reference: "log".to_owned() })
        })
    }
}

/// Appends messages to a file, one JSON object a line: what a demonstration shows and tests read.
#[derive(Clone, Debug)]
pub struct FileSink {
    path: PathBuf,
    /// Lines of two messages must not mix.
    turn: Arc<Mutex<()>>,
}

impl FileSink {
    /// Appends to the file at `path`; it is made when first needed.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), turn: Arc::default() }
    }

    async fn append(&self, message: &Message) -> std::io::Result<()> {
        let mut line = serde_json::json!({
            "id": message.id,
            "office": message.office,
            "channel": message.channel,
            "to": message.to,
            "subject": message.subject,
            "body": message.body,
            "lang": message.lang,
            "queued_at": message.queued_at,
        });
        if let (Some(stop), Some(fields)) = (&message.one_click, line.as_object_mut()) {
            fields.insert("one_click".to_owned(), stop.as_str().into());
        }
        if !message.thread.letters.is_empty()
            && let Some(fields) = line.as_object_mut()
        {
            fields.insert("answers".to_owned(), message.thread.letters.clone().into());
        }
        let _turn = self.turn.lock().await;
        let mut file =
            tokio::fs::OpenOptions::new().create(true).append(true).open(&self.path).await?;
        file.write_all(format!("{line}\n").as_bytes()).await?;
        file.flush().await
    }
}

impl Gateway for FileSink {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            self.append(message)
                .await
                .map(|()| Receipt { reference: "file".to_owned() })
                .map_err(|error| SendError::later(format!("append to the message file: {error}")))
        })
    }
}
