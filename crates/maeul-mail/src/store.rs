//! The SQL of letters.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, Fault, OfficeId};
use maeul_db::{Seal, SealAt, SealedText, Sql, Tx, args, row};
use serde::{Deserialize, Serialize};

use crate::MailId;
use crate::mailroom::Ours;
use crate::state::{MailState, Why};

/// What of a letter is shown to staff.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What the sender calls themselves.
    pub name: String,
    /// The sender's address.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The sender's own words.
    pub words: String,
}

row! {
    struct Row {
        id: MailId,
        state: MailState,
        why: Why,
        received_at: Timestamp,
        recipient: String,
        tag: String,
        size: i32,
        shown: Option<SealedText>,
        verdict: String,
        pictures: i32,
        others: i32,
        case: Option<CaseId>,
        number: String,
    }
}

/// A letter.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Its id.
    pub id: MailId,
    /// What became of it.
    pub state: MailState,
    /// Why.
    pub why: Why,
    /// When it came in.
    pub received_at: Timestamp,
    /// Our address.
    pub recipient: String,
    /// What stood behind its plus.
    pub tag: String,
    /// In bytes.
    pub size: i32,
    /// What is shown; empty before it was read.
    pub shown: Shown,
    /// What the receiving mail server found out.
    pub verdict: String,
    /// How many pictures.
    pub pictures: i32,
    /// How many other attachments.
    pub others: i32,
    /// The case it became or joined.
    pub case: Option<CaseId>,
    /// That case's number; may be empty.
    pub number: String,
}

const COLUMNS: &str = "id, state, why, received_at, recipient, tag, size, shown, verdict, pictures,
    others, case_id, number";

fn at(column: &'static str, id: MailId) -> SealAt {
    SealAt::new("mail_message", column, id)
}

impl Row {
    fn mail(self, seal: &Seal) -> Result<Mail, Fault> {
        let shown = self.shown.map(|it| seal.open(at("shown", self.id), &it)).transpose()?;
        let shown = shown.map(|text| {
            serde_json::from_str(&text).map_err(|error| Fault::from_error("a kept letter", error))
        });
        Ok(Mail {
            id: self.id,
            state: self.state,
            why: self.why,
            received_at: self.received_at,
            recipient: self.recipient,
            tag: self.tag,
            size: self.size,
            shown: shown.transpose()?.unwrap_or_default(),
            verdict: self.verdict,
            pictures: self.pictures,
            others: self.others,
            case: self.case,
            number: self.number,
        })
    }
}

/// Bytes as a text that can be sealed: a letter for each byte.
fn widen(raw: &[u8]) -> String {
    raw.iter().map(|byte| char::from(*byte)).collect()
}

fn narrow(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}

/// Keeps a letter; none where the same one is kept already.
pub(crate) fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    ours: &Ours,
    sent_by: &str,
    raw: &[u8],
) -> Result<Option<MailId>, Fault> {
    let id: MailId = ctx.id();
    let text = widen(raw);
    let mark =
        seal.lookup_hash(ctx.office, &format!("letter {} {}\n{text}", ours.address, ours.tag));
    let sealed_by = seal.seal(&ctx.ids, at("sent_by", id), sent_by)?;
    let sealed = seal.seal(&ctx.ids, at("raw", id), &text)?;
    let size = i32::try_from(raw.len()).unwrap_or(i32::MAX);
    let fresh = tx.exec(
        "INSERT INTO mail_message (office_id, id, mark, state, why, received_at, recipient, tag, size,
            sent_by, raw, verdict, pictures, others, number)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0, 0, '')
         ON CONFLICT (office_id, mark) DO NOTHING",
        args![
            ctx.office,
            id,
            mark,
            MailState::Waiting,
            Why::None,
            ctx.now,
            ours.address,
            ours.tag,
            size,
            sealed_by,
            sealed
        ],
    )?;
    Ok((fresh == 1).then_some(id))
}

/// One letter.
pub fn mail(tx: &mut Tx, seal: &Seal, office: OfficeId, id: MailId) -> Result<Option<Mail>, Fault> {
    let row: Option<Row> = tx.get(
        &format!("SELECT {COLUMNS} FROM mail_message WHERE office_id = $1 AND id = $2"),
        args![office, id],
    )?;
    row.map(|row| row.mail(seal)).transpose()
}

/// The letters that came in last.
pub fn latest(tx: &mut Tx, seal: &Seal, office: OfficeId, limit: i64) -> Result<Vec<Mail>, Fault> {
    let rows: Vec<Row> = tx.all(
        &format!(
            "SELECT {COLUMNS} FROM mail_message WHERE office_id = $1
              ORDER BY received_at DESC, id DESC LIMIT $2"
        ),
        args![office, limit],
    )?;
    rows.into_iter().map(|row| row.mail(seal)).collect()
}

/// Sender of the envelope and the letter whole.
pub(crate) fn raw(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    id: MailId,
) -> Result<(String, Vec<u8>), Fault> {
    let (sent_by, raw): (SealedText, SealedText) = tx.one(
        "SELECT sent_by, raw FROM mail_message WHERE office_id = $1 AND id = $2",
        args![office, id],
    )?;
    Ok((seal.open(at("sent_by", id), &sent_by)?, narrow(&seal.open(at("raw", id), &raw)?)))
}

/// Keeps what was read of a letter, by which later ones are known.
pub(crate) fn put_shown(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    id: MailId,
    letter: &crate::letter::Letter,
) -> Result<(), Fault> {
    let shown = Shown {
        name: letter.name.clone(),
        from: letter.from.clone(),
        subject: letter.subject.clone(),
        words: letter.words.clone(),
    };
    let text =
        serde_json::to_string(&shown).map_err(|error| Fault::from_error("write JSON", error))?;
    let sealed = seal.seal(&ctx.ids, at("shown", id), &text)?;
    let sender = sender_mark(seal, ctx.office, &letter.from);
    let known =
        (!letter.message_id.is_empty()).then(|| letter_mark(seal, ctx.office, &letter.message_id));
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    tx.exec_one(
        "UPDATE mail_message SET shown = $3, sender_mark = $4, letter_mark = $5, verdict = $6,
            pictures = $7, others = $8 WHERE office_id = $1 AND id = $2",
        args![
            ctx.office,
            id,
            sealed,
            sender,
            known,
            letter.verdict,
            count(letter.pictures.len()),
            count(letter.others.len())
        ],
    )
}

/// Keeps what became of a letter.
pub(crate) fn put_state(
    tx: &mut Tx,
    ctx: &Ctx,
    id: MailId,
    (state, why): (MailState, Why),
    case: Option<(CaseId, &str)>,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE mail_message SET state = $3, why = $4, case_id = $5, number = $6
          WHERE office_id = $1 AND id = $2",
        args![ctx.office, id, state, why, case.map(|it| it.0), case.map_or("", |it| it.1)],
    )
}

fn sender_mark(seal: &Seal, office: OfficeId, from: &str) -> Vec<u8> {
    seal.lookup_hash(office, &format!("mail from {}", from.to_lowercase()))
}

fn letter_mark(seal: &Seal, office: OfficeId, message_id: &str) -> Vec<u8> {
    seal.lookup_hash(office, &format!("mail id {message_id}"))
}

/// How many letters this sender wrote since then.
pub(crate) fn count_from(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    from: &str,
    since: Timestamp,
) -> Result<i64, Fault> {
    let (n,): (i64,) = tx.one(
        "SELECT count(*) FROM mail_message
          WHERE office_id = $1 AND sender_mark = $2 AND received_at > $3",
        args![office, sender_mark(seal, office, from), since],
    )?;
    Ok(n)
}

/// The case of the letter with that Message-ID.
pub(crate) fn case_of_letter(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    message_id: &str,
) -> Result<Option<CaseId>, Fault> {
    let rows: Vec<(CaseId,)> = tx.all(
        "SELECT case_id FROM mail_message
          WHERE office_id = $1 AND letter_mark = $2 AND case_id IS NOT NULL
          ORDER BY received_at DESC, id DESC LIMIT 1",
        args![office, letter_mark(seal, office, message_id)],
    )?;
    Ok(rows.into_iter().next().map(|(case,)| case))
}

/// A letter that may be old enough: when it came, its case, how it stands.
pub(crate) type Received = (MailId, Timestamp, Option<CaseId>, MailState);

/// Letters received before that and not destroyed yet, with their cases.
pub(crate) fn received_before(
    tx: &mut Tx,
    office: OfficeId,
    before: Timestamp,
    after: Option<Cursor>,
    most: usize,
) -> Result<Vec<Received>, Fault> {
    let mut sql = Sql::new(
        "SELECT id, received_at, case_id, state FROM mail_message
          WHERE office_id = ? AND received_at < ? AND destroyed_at IS NULL",
        args![office, before],
    );
    if let Some(after) = after {
        sql.add(" AND (received_at, id) > (?, ?)", args![after.at, after.id]);
    }
    sql.add(" ORDER BY received_at, id LIMIT ?", args![most]);
    tx.all(sql.text(), sql.args())
}

/// Takes sender and words of a letter out for good.
pub(crate) fn destroy(tx: &mut Tx, ctx: &Ctx, seal: &Seal, id: MailId) -> Result<(), Fault> {
    let sent_by = seal.seal(&ctx.ids, at("sent_by", id), "")?;
    let raw = seal.seal(&ctx.ids, at("raw", id), "")?;
    tx.exec_one(
        "UPDATE mail_message SET sent_by = $3, raw = $4, shown = NULL, sender_mark = NULL,
            letter_mark = NULL, destroyed_at = $5
          WHERE office_id = $1 AND id = $2",
        args![ctx.office, id, sent_by, raw, ctx.now],
    )
}

/// The letters of a case, the oldest first.
pub fn of_case(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    case: CaseId,
) -> Result<Vec<Mail>, Fault> {
    let rows: Vec<Row> = tx.all(
        &format!(
            "SELECT {COLUMNS} FROM mail_message WHERE office_id = $1 AND case_id = $2
              ORDER BY received_at, id"
        ),
        args![office, case],
    )?;
    rows.into_iter().map(|row| row.mail(seal)).collect()
}

/// The first and the last letter in which that address wrote about the case.
pub(crate) fn ends_of(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    case: CaseId,
    from: &str,
) -> Result<Vec<MailId>, Fault> {
    let found: Vec<(MailId,)> = tx.all(
        "SELECT id FROM mail_message
          WHERE office_id = $1 AND case_id = $2 AND sender_mark = $3 ORDER BY received_at, id",
        args![office, case, sender_mark(seal, office, from)],
    )?;
    let mut ends: Vec<MailId> = Vec::new();
    for (id,) in found {
        ends.truncate(1);
        ends.push(id);
    }
    Ok(ends)
}
