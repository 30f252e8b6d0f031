//! The rows of messages.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Fault, Lang, NoticeId, OfficeId};
use maeul_db::{Seal, SealAt, SealedText, Tx, args, row};

use crate::message::{Channel, Message, MessageState, NewNotice, Thread};

const TABLE: &str = "notice_message";

/// Queues a message in the caller's transaction: it is sent if and only if the act is kept, and
/// once for its `dedupe` name. `None`: it was queued before.
pub fn queue_notice(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    new: &NewNotice,
) -> Result<Option<NoticeId>, Fault> {
    queue(tx, ctx, seal, new, None)
}

/// As [`queue_notice`], for what somebody subscribed to: `one_click` is the address that stops it
/// when it is posted to. Mail programs show a button for it.
pub fn queue_stoppable(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    new: &NewNotice,
    one_click: &str,
) -> Result<Option<NoticeId>, Fault> {
    queue(tx, ctx, seal, new, Some(one_click))
}

fn queue(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    new: &NewNotice,
    one_click: Option<&str>,
) -> Result<Option<NoticeId>, Fault> {
    let id: NoticeId = ctx.id();
    let to = seal.seal(&ctx.ids, SealAt::new(TABLE, "recipient", id), &new.to)?;
    let body = seal.seal(&ctx.ids, SealAt::new(TABLE, "body", id), &new.body)?;
    let stop = one_click
        .map(|stop| seal.seal(&ctx.ids, SealAt::new(TABLE, "one_click", id), stop))
        .transpose()?;
    let inserted = tx.exec(
        "INSERT INTO notice_message (office_id, id, case_ref, channel, recipient, lang, subject,
            body, state, attempts, queued_at, dedupe, one_click)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12)
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
            new.dedupe,
            stop
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
        case: Option<CaseId>,
        channel: Channel,
        recipient: SealedText,
        lang: String,
        subject: String,
        body: SealedText,
        queued_at: Timestamp,
        one_click: Option<SealedText>,
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

    struct TextLine {
        id: NoticeId,
        recipient: SealedText,
        body: SealedText,
        state: MessageState,
        attempts: i32,
        queued_at: Timestamp,
        sent_at: Option<Timestamp>,
        delivered_at: Option<Timestamp>,
        reference: Option<String>,
    }
}

/// A text that was sent or is on its way, with its words: for the page of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentText {
    /// Its id.
    pub id: NoticeId,
    /// The words.
    pub body: String,
    /// How far it got.
    pub state: MessageState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// When the gateway took it.
    pub sent_at: Option<Timestamp>,
    /// When it reached the telephone.
    pub delivered_at: Option<Timestamp>,
    /// What the gateway called it, or why it failed.
    pub reference: String,
}

/// The message, if it still waits to be sent, and its case.
pub(crate) fn waiting(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    id: NoticeId,
) -> Result<Option<(Message, Option<CaseId>)>, Fault> {
    let found: Option<Line> = tx.get(
        "SELECT case_ref, channel, recipient, lang, subject, body, queued_at, one_click FROM notice_message
          WHERE office_id = $1 AND id = $2 AND state = 'queued'",
        args![office, id],
    )?;
    let Some(line) = found else { return Ok(None) };
    let Line { case, channel, recipient, lang, subject, body, queued_at, one_click } = line;
    let message = Message {
        id,
        office,
        channel,
        to: seal.open(SealAt::new(TABLE, "recipient", id), &recipient)?,
        subject,
        body: seal.open(SealAt::new(TABLE, "body", id), &body)?,
        lang: Lang::parse(&lang).unwrap_or_default(),
        queued_at,
        one_click: one_click
            .map(|stop| seal.open(SealAt::new(TABLE, "one_click", id), &stop))
            .transpose()?,
        thread: Thread::default(),
    };
    Ok(Some((message, case)))
}

/// The first and the last e-mail about the case that went to the same address before.
pub(crate) fn before(
    tx: &mut Tx,
    seal: &Seal,
    message: &Message,
    case: CaseId,
) -> Result<Vec<NoticeId>, Fault> {
    let found: Vec<(NoticeId, SealedText)> = tx.all(
        "SELECT id, recipient FROM notice_message
          WHERE office_id = $1 AND case_ref = $2 AND channel = $3 AND (queued_at, id) < ($4, $5)
          ORDER BY queued_at, id",
        args![message.office, case, Channel::Email, message.queued_at, message.id],
    )?;
    let mut ours = Vec::new();
    for (id, to) in found {
        if seal.open(SealAt::new(TABLE, "recipient", id), &to)? == message.to {
            // Those between are known by the last.
            ours.truncate(1);
            ours.push(id);
        }
    }
    Ok(ours)
}

/// Of which case a message spoke, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The case.
    pub case: Option<CaseId>,
    /// The telephone number or e-mail address.
    pub to: String,
}

/// The message of that id, for whoever answers it.
pub fn sent(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    id: NoticeId,
) -> Result<Option<Sent>, Fault> {
    let found: Option<(Option<CaseId>, SealedText)> = tx.get(
        "SELECT case_ref, recipient FROM notice_message WHERE office_id = $1 AND id = $2",
        args![office, id],
    )?;
    let Some((case, to)) = found else { return Ok(None) };
    Ok(Some(Sent { case, to: seal.open(SealAt::new(TABLE, "recipient", id), &to)? }))
}

/// What a gateway reports of a message it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// It has it, and passed it on or will.
    Taken,
    /// It reached the telephone.
    Delivered,
    /// It cannot be delivered.
    Failed,
}

/// Keeps what a gateway reports. A message that still waits is not sent again afterwards: the
/// report says that the gateway has it, even if its answer was lost. Whether there is such a message;
/// a report that comes late changes nothing.
pub fn report(
    tx: &mut Tx,
    ctx: &Ctx,
    id: NoticeId,
    report: Report,
    reason: &str,
) -> Result<bool, Fault> {
    let found: Option<(MessageState,)> = tx.get(
        "SELECT state FROM notice_message WHERE office_id = $1 AND id = $2",
        args![ctx.office, id],
    )?;
    let Some((state,)) = found else { return Ok(false) };
    let open = matches!(state, MessageState::Queued | MessageState::Sent);
    let delivered = (report == Report::Delivered).then_some(ctx.now);
    match report {
        Report::Taken if state == MessageState::Queued => tx.exec_one(
            "UPDATE notice_message SET state = $1, sent_at = $2 WHERE office_id = $3 AND id = $4",
            args![MessageState::Sent, ctx.now, ctx.office, id],
        )?,
        Report::Delivered | Report::Failed if open => {
            let state = match report {
                Report::Failed => MessageState::Failed,
                _ => MessageState::Delivered,
            };
            tx.exec_one(
                "UPDATE notice_message SET state = $1, delivered_at = $2,
                        sent_at = COALESCE(sent_at, $3), reference = $4
                  WHERE office_id = $5 AND id = $6",
                args![state, delivered, ctx.now, reason, ctx.office, id],
            )?;
        }
        _ => {}
    }
    Ok(true)
}

/// The texts about a case to that number, the oldest first.
pub fn texts_to(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    case: CaseId,
    digits: &str,
) -> Result<Vec<SentText>, Fault> {
    let lines: Vec<TextLine> = tx.all(
        "SELECT id, recipient, body, state, attempts, queued_at, sent_at, delivered_at, reference
           FROM notice_message
          WHERE office_id = $1 AND case_ref = $2 AND channel = 'sms' ORDER BY queued_at, id",
        args![office, case],
    )?;
    let mut texts = Vec::with_capacity(lines.len());
    for line in lines {
        if seal.open(SealAt::new(TABLE, "recipient", line.id), &line.recipient)? == digits {
            texts.push(opened(seal, line)?);
        }
    }
    Ok(texts)
}

/// The text of that id.
pub fn sent_text(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    id: NoticeId,
) -> Result<Option<SentText>, Fault> {
    let line: Option<TextLine> = tx.get(
        "SELECT id, recipient, body, state, attempts, queued_at, sent_at, delivered_at, reference
           FROM notice_message WHERE office_id = $1 AND id = $2 AND channel = 'sms'",
        args![office, id],
    )?;
    line.map(|line| opened(seal, line)).transpose()
}

fn opened(seal: &Seal, line: TextLine) -> Result<SentText, Fault> {
    Ok(SentText {
        body: seal.open(SealAt::new(TABLE, "body", line.id), &line.body)?,
        id: line.id,
        state: line.state,
        attempts: line.attempts,
        queued_at: line.queued_at,
        sent_at: line.sent_at,
        delivered_at: line.delivered_at,
        reference: line.reference.unwrap_or_default(),
    })
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
    let changed = tx.exec(
        "UPDATE notice_message SET state = $1, attempts = attempts + 1, sent_at = $2,
            reference = $3
          WHERE office_id = $4 AND id = $5 AND state = 'queued'",
        args![state, sent_at, reference, ctx.office, id],
    )?;
    if changed == 0 {
        // The gateway's report was quicker than its answer, and knows more.
        tx.exec_one(
            "UPDATE notice_message SET attempts = attempts + 1 WHERE office_id = $1 AND id = $2",
            args![ctx.office, id],
        )?;
    }
    Ok(())
}

/// Forgets messages of that family of names that were done with before `before`: nobody must keep
/// the address of who has stopped. How many.
pub fn forget_sent(
    tx: &mut Tx,
    office: OfficeId,
    family: &str,
    before: Timestamp,
) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM notice_message
          WHERE office_id = $1 AND dedupe LIKE $2 AND queued_at < $3 AND state <> 'queued'",
        args![office, format!("{family} %"), before],
    )
}

/// Deletes one message for good, unless it is still on its way.
pub fn purge_message(tx: &mut Tx, office: OfficeId, id: NoticeId) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM notice_message WHERE office_id = $1 AND id = $2 AND state <> 'queued'",
        args![office, id],
    )
}

/// A message as the person got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// To whom: digits of a telephone number or an e-mail address.
    pub to: String,
    /// Its subject; a text message has none.
    pub subject: String,
    /// Its words.
    pub body: String,
    /// When it was queued.
    pub queued_at: Timestamp,
}

/// Everything that was written to people about a case, the oldest first.
pub fn told_of_case(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    case: CaseId,
) -> Result<Vec<Told>, Fault> {
    let rows: Vec<(NoticeId, SealedText, String, SealedText, Timestamp)> = tx.all(
        "SELECT id, recipient, subject, body, queued_at FROM notice_message
          WHERE office_id = $1 AND case_ref = $2 ORDER BY queued_at, id",
        args![office, case],
    )?;
    rows.into_iter()
        .map(|(id, to, subject, body, queued_at)| {
            Ok(Told {
                to: seal.open(SealAt::new(TABLE, "recipient", id), &to)?,
                subject,
                body: seal.open(SealAt::new(TABLE, "body", id), &body)?,
                queued_at,
            })
        })
        .collect()
}

/// Deletes the messages about a case for good; how many are still on their way and were left.
pub fn purge_case(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<i64, Fault> {
    tx.exec(
        "DELETE FROM notice_message WHERE office_id = $1 AND case_ref = $2 AND state <> 'queued'",
        args![office, case],
    )?;
    let left: (i64,) = tx.one(
        "SELECT COUNT(*) FROM notice_message WHERE office_id = $1 AND case_ref = $2",
        args![office, case],
    )?;
    Ok(left.0)
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
