//! The rows of messages.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Fault, Lang, NoticeId, OfficeId};
use maeul_db::{Seal, SealAt, SealedText, Tx, args, row};

use crate::message::{Channel, Message, MessageState, NewNotice};

const TABLE: &str = "notice_message";

/// Queues a message in the caller's transaction: it is sent if and only if the act is kept, and
/// once for its `dedupe` name. `None`: it was queued before.
pub fn queue_notice(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    new: &NewNotice,
) -> Result<Option<NoticeId>, Fault> {
    let id: NoticeId = ctx.id();
    let to = seal.seal(&ctx.ids, SealAt::new(TABLE, "recipient", id), &new.to)?;
    let body = seal.seal(&ctx.ids, SealAt::new(TABLE, "body", id), &new.body)?;
    let inserted = tx.exec(
        "INSERT INTO notice_message (office_id, id, case_ref, channel, recipient, lang, subject,
            body, state, attempts, queued_at, dedupe)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)
         ON CONFLICT (office_id, dedupe) DO NOTHING",
        args![
            ctx.office,
            id,
            new.case,
            new.channel,
            to,
            new.lang.tag(),
            new.subject,
            body,
            MessageState::Queued,
            ctx.now,
            new.dedupe
        ],
    )?;
    if inserted == 0 {
        return Ok(None);
    }
    crate::job::enqueue(tx, ctx, id)?;
    Ok(Some(id))
}

row! {
    struct Line {
        channel: Channel,
        recipient: SealedText,
        lang: String,
        subject: String,
        body: SealedText,
        queued_at: Timestamp,
    }

    /// A message in a list: what was sent to whom is not shown, only that and how.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct MessageView {
        /// Its id.
        pub id: NoticeId,
        /// By which way.
        pub channel: Channel,
        /// Its subject.
        pub subject: String,
        /// How far it got.
        pub state: MessageState,
        /// How often it was tried.
        pub attempts: i32,
        /// When it was queued.
        pub queued_at: Timestamp,
        /// When the gateway took it.
        pub sent_at: Option<Timestamp>,
    }
}

/// The message, if it still waits to be sent.
pub(crate) fn waiting(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    id: NoticeId,
) -> Result<Option<Message>, Fault> {
    let found: Option<Line> = tx.get(
        "SELECT channel, recipient, lang, subject, body, queued_at FROM notice_message
          WHERE office_id = $1 AND id = $2 AND state = 'queued'",
        args![office, id],
    )?;
    let Some(line) = found else { return Ok(None) };
    let Line { channel, recipient, lang, subject, body, queued_at } = line;
    Ok(Some(Message {
        id,
        office,
        channel,
        to: seal.open(SealAt::new(TABLE, "recipient", id), &recipient)?,
        subject,
        body: seal.open(SealAt::new(TABLE, "body", id), &body)?,
        lang: Lang::parse(&lang).unwrap_or_default(),
        queued_at,
    }))
}

/// Writes down how a try ended.
pub(crate) fn tried(
    tx: &mut Tx,
    ctx: &Ctx,
    id: NoticeId,
    state: MessageState,
    reference: &str,
) -> Result<(), Fault> {
    let sent_at = (state == MessageState::Sent).then_some(ctx.now);
    tx.exec_one(
        "UPDATE notice_message SET state = $1, attempts = attempts + 1, sent_at = $2,
            reference = $3
          WHERE office_id = $4 AND id = $5",
        args![state, sent_at, reference, ctx.office, id],
    )
}

/// The messages about a case, the newest first.
pub fn messages_of_case(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
) -> Result<Vec<MessageView>, Fault> {
    tx.all(
        "SELECT id, channel, subject, state, attempts, queued_at, sent_at FROM notice_message
          WHERE office_id = $1 AND case_ref = $2 ORDER BY queued_at DESC, id DESC",
        args![office, case],
    )
}
