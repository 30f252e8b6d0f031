//! A message: to whom, by which way, in which words.

use jiff::Timestamp;
use maeul_base::{CaseId, Lang, NoticeId, OfficeId};
use maeul_db::text_value;
use serde::{Deserialize, Serialize};

/// By which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Text message to a mobile telephone.
    Sms,
    /// E-mail.
    Email,
}

impl Channel {
    /// The name kept in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Sms, Self::Email].into_iter().find(|it| it.as_str() == name)
    }
}

/// How far a message got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Waits for its job.
    Queued,
    /// Handed to the gateway.
    Sent,
    /// On the person's telephone, as the gateway reported.
    Delivered,
    /// Given up, or reported as undeliverable.
    Failed,
    /// Not sent: the person wants no texts.
    Stopped,
}

impl MessageState {
    /// The name kept in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Queued, Self::Sent, Self::Delivered, Self::Failed, Self::Stopped]
            .into_iter()
            .find(|it| it.as_str() == name)
    }
}

text_value!(Channel, MessageState);

/// A message to be queued.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// The case it speaks of.
    pub case: Option<CaseId>,
    /// By which way.
    pub channel: Channel,
    /// A telephone number (national digits) or an e-mail address.
    pub to: String,
    /// The subject line; long text messages have one too.
    pub subject: String,
    /// The words.
    pub body: String,
    /// Their language.
    pub lang: Lang,
    /// The name of the effect: a second message of the same name in the office is not queued.
    pub dedupe: String,
}

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id: the gateway's idempotency key.
    pub id: NoticeId,
    /// Whose.
    pub office: OfficeId,
    /// By which way.
    pub channel: Channel,
    /// A telephone number (national digits) or an e-mail address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The words.
    pub body: String,
    /// Their language.
    pub lang: Lang,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// The address that stops such messages when it is posted to, without asking who posts
    /// (RFC 8058); none where nothing was subscribed to.
    pub one_click: Option<String>,
    /// What went before between the same two about the same case: mail programs show it as one
    /// conversation.
    pub thread: Thread,
}

/// What a message goes on with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// The Message-IDs, without brackets, of the recipient's own letters: the first and the last.
    pub letters: Vec<String>,
    /// Our messages to the recipient: the first and the last.
    pub ours: Vec<NoticeId>,
}

/// How many bytes a text takes as a text message: two for a Korean letter, as the carriers count
/// (KS X 1001); up to 90 is one short message, beyond it goes out as a long one.
pub fn sms_bytes(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum()
}

/// The most bytes of a short text message.
pub const SHORT_SMS: usize = 90;
