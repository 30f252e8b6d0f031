//! The SQL of texts that wait for an Android handset to fetch them.

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Fault, Ids, NoticeId, OfficeId};
use maeul_db::{Seal, SealAt, SealedText, Tx, args, row};
use maeul_notice::Message;

const TABLE: &str = "text_handset";

/// How many texts are handed over at a time: a handset sends about one in two seconds.
const AT_A_TIME: i64 = 20;
/// After how long a text that was handed over and never heard of is handed over again.
const AGAIN: SignedDuration = SignedDuration::from_mins(15);
/// How often it is handed over at most.
const MOST_TIMES: i32 = 3;

row! {
    struct Line {
        notice: NoticeId,
        recipient: SealedText,
        body: SealedText,
    }
}

/// A text for the handset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForHandset {
    pub(crate) notice: NoticeId,
    pub(crate) to: String,
    pub(crate) body: String,
}

/// Keeps a text for the handset; sent twice by its job it waits once.
pub(crate) fn keep(
    tx: &mut Tx,
    seal: &Seal,
    ids: &Ids,
    message: &Message,
    now: Timestamp,
) -> Result<u64, Fault> {
    let at = |column| SealAt::new(TABLE, column, message.id);
    let to = seal.seal(ids, at("recipient"), &message.to)?;
    let body = seal.seal(ids, at("body"), &message.body)?;
    tx.exec(
        "INSERT INTO text_handset (office_id, notice_id, recipient, body, queued_at,
            handed_at, times, acked_at, state)
         VALUES ($1, $2, $3, $4, $5, NULL, 0, NULL, 'waiting')
         ON CONFLICT (office_id, notice_id) DO NOTHING",
        args![message.office, message.id, to, body, now],
    )
}

/// The texts for the handset, marked as handed over. One that was handed over and never heard of is
/// handed over again only to a handset that tells what it has: another would send it twice.
pub(crate) fn hand_over(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    now: Timestamp,
) -> Result<Vec<ForHandset>, Fault> {
    let (tells,): (i64,) = tx.one(
        "SELECT count(*) FROM text_handset WHERE office_id = $1 AND acked_at IS NOT NULL",
        args![office],
    )?;
    let before =
        if tells > 0 { now.checked_sub(AGAIN).unwrap_or(now) } else { Timestamp::UNIX_EPOCH };
    let lines: Vec<Line> = tx.all(
        "SELECT notice_id, recipient, body FROM text_handset
          WHERE office_id = $1
            AND (state = 'waiting'
                 OR (state = 'handed' AND acked_at IS NULL AND handed_at < $2 AND times < $3))
          ORDER BY queued_at, notice_id LIMIT $4",
        args![office, before, MOST_TIMES, AT_A_TIME],
    )?;
    let mut texts = Vec::with_capacity(lines.len());
    for line in lines {
        tx.exec_one(
            "UPDATE text_handset SET state = 'handed', handed_at = $1, times = times + 1
              WHERE office_id = $2 AND notice_id = $3",
            args![now, office, line.notice],
        )?;
        let at = |column| SealAt::new(TABLE, column, line.notice);
        texts.push(ForHandset {
            to: seal.open(at("recipient"), &line.recipient)?,
            body: seal.open(at("body"), &line.body)?,
            notice: line.notice,
        });
    }
    Ok(texts)
}

/// The handset says that it has it; whether there is such a text.
pub(crate) fn acknowledge(
    tx: &mut Tx,
    office: OfficeId,
    notice: NoticeId,
    now: Timestamp,
) -> Result<bool, Fault> {
    let changed = tx.exec(
        "UPDATE text_handset SET acked_at = COALESCE(acked_at, $1)
          WHERE office_id = $2 AND notice_id = $3 AND state <> 'waiting'",
        args![now, office, notice],
    )?;
    Ok(changed > 0)
}

/// The texts of which the handset has not told what became of them.
pub(crate) fn unheard_of(tx: &mut Tx, office: OfficeId) -> Result<Vec<NoticeId>, Fault> {
    let found: Vec<(NoticeId,)> = tx.all(
        "SELECT notice_id FROM text_handset WHERE office_id = $1 AND state = 'handed'
          ORDER BY queued_at, notice_id LIMIT 100",
        args![office],
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// What became of a text is known.
pub(crate) fn end(
    tx: &mut Tx,
    office: OfficeId,
    notice: NoticeId,
    now: Timestamp,
) -> Result<bool, Fault> {
    let changed = tx.exec(
        "UPDATE text_handset SET state = 'ended', acked_at = COALESCE(acked_at, $1)
          WHERE office_id = $2 AND notice_id = $3",
        args![now, office, notice],
    )?;
    Ok(changed > 0)
}

/// How many texts the handset has not fetched since then.
pub(crate) fn left_lying(tx: &mut Tx, office: OfficeId, before: Timestamp) -> Result<i64, Fault> {
    let (count,): (i64,) = tx.one(
        "SELECT count(*) FROM text_handset
          WHERE office_id = $1 AND state = 'waiting' AND queued_at < $2",
        args![office, before],
    )?;
    Ok(count)
}
