//! Words of conversations that were settled long ago, taken out for good; counts and times stay.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, Fault, NoticeId, OfficeId};
use maeul_db::{Seal, SealAt, SealedText, Sql, Tx, args};

use super::{NUMBER, TEXT};
use crate::id::{NumberId, TalkId, TextId};

/// What stands where words stood.
const PURGED: &str = "[지운 글 · purged]";

/// A conversation that is old enough.
pub(crate) struct Settled {
    pub(crate) talk: TalkId,
    pub(crate) at: Timestamp,
    pub(crate) case: Option<CaseId>,
    number: NumberId,
}

pub(crate) fn settled_before(
    tx: &mut Tx,
    office: OfficeId,
    before: Timestamp,
    after: Option<Cursor>,
    most: usize,
) -> Result<Vec<Settled>, Fault> {
    let mut sql = Sql::new(
        "SELECT id, settled_at, case_ref, number_id FROM text_talk
          WHERE office_id = ? AND settled_at < ? AND destroyed_at IS NULL",
        args![office, before],
    );
    if let Some(after) = after {
        sql.add(" AND (settled_at, id) > (?, ?)", args![after.at, after.id]);
    }
    sql.add(" ORDER BY settled_at, id LIMIT ?", args![most]);
    let rows: Vec<(TalkId, Timestamp, Option<CaseId>, NumberId)> =
        tx.all(sql.text(), sql.args())?;
    let settled = |(talk, at, case, number)| Settled { talk, at, case, number };
    Ok(rows.into_iter().map(settled).collect())
}

pub(crate) fn destroy(tx: &mut Tx, ctx: &Ctx, seal: &Seal, it: &Settled) -> Result<(), Fault> {
    let texts: Vec<(TextId,)> = tx.all(
        "SELECT id FROM text_in WHERE office_id = $1 AND talk_id = $2",
        args![ctx.office, it.talk],
    )?;
    for (id,) in texts {
        let body = seal.seal(&ctx.ids, SealAt::new(TEXT, "body", id), PURGED)?;
        tx.exec_one(
            "UPDATE text_in SET body = $3, raw = NULL WHERE office_id = $1 AND id = $2",
            args![ctx.office, id, body],
        )?;
    }
    let ours: Vec<(NoticeId,)> = tx.all(
        "SELECT notice_id FROM text_out WHERE office_id = $1 AND talk_id = $2",
        args![ctx.office, it.talk],
    )?;
    for (id,) in ours {
        maeul_notice::purge_message(tx, ctx.office, id)?;
    }
    tx.exec(
        "DELETE FROM text_out WHERE office_id = $1 AND talk_id = $2",
        args![ctx.office, it.talk],
    )?;
    tx.exec_one(
        "UPDATE text_talk SET destroyed_at = $3 WHERE office_id = $1 AND id = $2",
        args![ctx.office, it.talk, ctx.now],
    )?;
    let (left,): (i64,) = tx.one(
        "SELECT count(*) FROM text_talk
          WHERE office_id = $1 AND number_id = $2 AND destroyed_at IS NULL",
        args![ctx.office, it.number],
    )?;
    if left == 0 {
        let number = seal.seal(&ctx.ids, SealAt::new(NUMBER, "number", it.number), "")?;
        // Who wants no texts is remembered: otherwise they would get some again.
        tx.exec(
            "UPDATE text_number SET number = $3, hash = $4
              WHERE office_id = $1 AND id = $2 AND stopped_at IS NULL",
            args![ctx.office, it.number, number, ctx.ids.bytes::<32>().to_vec()],
        )?;
    }
    Ok(())
}

/// Forgets what a handset has long fetched.
pub(crate) fn forget_fetched(
    tx: &mut Tx,
    office: OfficeId,
    before: Timestamp,
) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM text_handset WHERE office_id = $1 AND state = 'ended' AND queued_at < $2",
        args![office, before],
    )
}

/// The texts of a case's conversation: when each came, from which number, its words.
pub(crate) fn of_case(
    tx: &mut Tx,
    office: OfficeId,
    seal: &Seal,
    case: CaseId,
) -> Result<Vec<(Timestamp, String, String)>, Fault> {
    let rows: Vec<(Timestamp, NumberId, SealedText, TextId, SealedText)> = tx.all(
        "SELECT i.received_at, n.id, n.number, i.id, i.body FROM text_talk t
           JOIN text_number n ON n.office_id = t.office_id AND n.id = t.number_id
           JOIN text_in i ON i.office_id = t.office_id AND i.talk_id = t.id
          WHERE t.office_id = $1 AND t.case_ref = $2 ORDER BY i.received_at, i.id",
        args![office, case],
    )?;
    rows.into_iter()
        .map(|(at, number_id, number, id, body)| {
            let number = seal.open(SealAt::new(NUMBER, "number", number_id), &number)?;
            Ok((at, number, seal.open(SealAt::new(TEXT, "body", id), &body)?))
        })
        .collect()
}
