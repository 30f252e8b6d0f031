//! Messages to people outside: composed by the rooms, queued in their own transaction, sent by a
//! job with retries, one effect per message.

mod gateway;
mod job;
mod message;
mod store;

pub use gateway::{FileSink, Gateway, Gateways, LogSink, Receipt, SendError, Sending};
pub use job::{Asked, Letters, SEND, Stops, nobody_stops, sender, sender_asking, sender_unless};
pub use message::{Channel, Message, MessageState, NewNotice, SHORT_SMS, Thread, sms_bytes};
pub use store::{
    MessageView, Report, Sent, SentText, forget_sent, messages_of_case, purge_case, queue_notice,
    queue_stoppable, report, sent, sent_text, texts_to,
};

use maeul_db::{Migration, migration};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    migration!("notice", "0001_notice"),
    migration!("notice", "0002_delivery"),
    migration!("notice", "0003_one_click"),
];
