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
    MessageView, Report, Sent, SentText, Told, forget_sent, messages_of_case, purge_case,
    purge_message, queue_notice, queue_stoppable, report, sent, sent_text, texts_to, told_of_case,
};

use maeul_db::{BytesColumn, Migration, migration};

/// What each column of bytes holds: the sealed ones are sealed again when a new key is taken into use.
pub const BYTES: &[BytesColumn] = &[
    BytesColumn::sealed("notice_message", "recipient", "id"),
    BytesColumn::sealed("notice_message", "body", "id"),
    BytesColumn::sealed("notice_message", "one_click", "id"),
];

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    migration!("notice", "0001_notice"),
    migration!("notice", "0002_delivery"),
    migration!("notice", "0003_one_click"),
];
