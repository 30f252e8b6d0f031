//! The SQL that changes or fetches numbers, conversations and texts.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{CaseId, Ctx, Fault, Lang, NoticeId, OfficeId, UnitId, seoul};
use maeul_db::{Seal, SealAt, SealedText, Sql, Tx, args, row};
use serde_json::Value;

use crate::id::{NumberId, TalkId, TextId};
use crate::promise::Promise;
use crate::words::{Aside, Kind};

pub(crate) mod destroy;
pub(crate) mod handset;
mod part;

pub(crate) use part::*;

const NUMBER: &str = "text_number";
const TEXT: &str = "text_in";

row! {
    /// A conversation.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Talk {
        /// Its id.
        pub id: TalkId,
        /// Whose.
        pub number: NumberId,
        /// What it is about.
        pub kind: Kind,
        /// Why it was set aside.
        pub aside: Option<Aside>,
        /// Its case.
        pub case: Option<CaseId>,
        /// The unit concerned; none is the coordinator.
        pub unit: Option<UnitId>,
        /// The service its words spoke of.
        pub service: Option<String>,
        lang_tag: String,
        /// How many texts came in.
        pub texts: i32,
        /// When the first came.
        pub opened_at: Timestamp,
        /// When either side last wrote, as far as this room knows.
        pub last_at: Timestamp,
        /// When it is to be answered by the office's own promise.
        pub promised_at: Timestamp,
        /// When nothing was owed any more.
        pub settled_at: Option<Timestamp>,
        /// The conversation it was joined to.
        pub joined_into: Option<TalkId>,
    }

    struct NumberLine {
        id: NumberId,
        number: SealedText,
        mobile: bool,
        stopped_at: Option<Timestamp>,
    }

    struct TextLine {
        id: TextId,
        gateway: String,
        body: SealedText,
        raw: Option<SealedText>,
        missing: i32,
        received_at: Timestamp,
        reading: Value,
    }

}

pub(crate) const TALK: &str = "id, number_id, kind, aside, case_ref, unit_id, service_code, lang,
    texts, opened_at, last_at, promised_at, settled_at, joined_into";

impl Talk {
    /// The language its resident writes.
    pub fn lang(&self) -> Lang {
        Lang::parse(&self.lang_tag).unwrap_or_default()
    }
}

/// A number that texted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its id.
    pub id: NumberId,
    /// National digits, or what the gateway called the sender.
    pub number: String,
    /// Whether texts can be sent to it.
    pub mobile: bool,
    /// Since when it wants none.
    pub stopped_at: Option<Timestamp>,
}

/// A text that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its id.
    pub id: TextId,
    /// Through which gateway.
    pub gateway: String,
    /// The words.
    pub body: String,
    /// The bytes in hexadecimal, where they could not be read.
    pub raw: Option<String>,
    /// Parts that never came.
    pub missing: i32,
    /// When it came.
    pub received_at: Timestamp,
    /// How it was read.
    pub reading: Value,
}

/// Keeps that a gateway handed this over; whether it is the first time.
pub(crate) fn first_time(
    tx: &mut Tx,
    ctx: &Ctx,
    gateway: &str,
    reference: &str,
) -> Result<bool, Fault> {
    let inserted = tx.exec(
        "INSERT INTO text_arrival (office_id, gateway, reference, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (office_id, gateway, reference) DO NOTHING",
        args![ctx.office, gateway, reference, ctx.now],
    )?;
    Ok(inserted == 1)
}

/// Forgets arrivals older than that: gateways have long stopped to hand them over again.
pub(crate) fn forget_arrivals(tx: &mut Tx, ctx: &Ctx, before: Timestamp) -> Result<u64, Fault> {
    tx.exec("DELETE FROM text_arrival WHERE office_id = $1 AND at < $2", args![ctx.office, before])
}

fn key(number: &str) -> String {
    format!("text:{number}")
}

/// The number's row, made or written to: whoever comes with another text of it waits.
pub(crate) fn touch_number(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    number: &str,
    mobile: bool,
) -> Result<Number, Fault> {
    let hash = seal.lookup_hash(ctx.office, &key(number));
    let fresh: NumberId = ctx.id();
    let sealed = seal.seal(&ctx.ids, SealAt::new(NUMBER, "number", fresh), number)?;
    let line: NumberLine = tx.one(
        "INSERT INTO text_number (office_id, id, hash, number, mobile, texts, stopped_at,
                                  created_at, last_at)
         VALUES ($1, $2, $3, $4, $5, 1, NULL, $6, $6)
         ON CONFLICT (office_id, hash) DO UPDATE
            SET texts = text_number.texts + 1, last_at = excluded.last_at
         RETURNING id, number, mobile, stopped_at",
        args![ctx.office, fresh, hash, sealed, mobile, ctx.now],
    )?;
    open_number(seal, line)
}

fn open_number(seal: &Seal, line: NumberLine) -> Result<Number, Fault> {
    Ok(Number {
        number: seal.open(SealAt::new(NUMBER, "number", line.id), &line.number)?,
        id: line.id,
        mobile: line.mobile,
        stopped_at: line.stopped_at,
    })
}

/// The number of that id.
pub(crate) fn number(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    id: NumberId,
) -> Result<Option<Number>, Fault> {
    let line: Option<NumberLine> = tx.get(
        "SELECT id, number, mobile, stopped_at FROM text_number WHERE office_id = $1 AND id = $2",
        args![office, id],
    )?;
    line.map(|line| open_number(seal, line)).transpose()
}

/// The numbers of those ids.
pub(crate) fn numbers(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    ids: &[NumberId],
) -> Result<HashMap<NumberId, Number>, Fault> {
    let mut sql = Sql::new(
        "SELECT id, number, mobile, stopped_at FROM text_number WHERE office_id = ?",
        args![office],
    );
    sql.and_in("id", ids);
    let lines: Vec<NumberLine> = tx.all(sql.text(), sql.args())?;
    lines.into_iter().map(|line| Ok((line.id, open_number(seal, line)?))).collect()
}

/// Since when that number wants no texts.
pub(crate) fn stopped_at(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    number: &str,
) -> Result<Option<Timestamp>, Fault> {
    let hash = seal.lookup_hash(office, &key(number));
    let found: Option<(Option<Timestamp>,)> = tx.get(
        "SELECT stopped_at FROM text_number WHERE office_id = $1 AND hash = $2",
        args![office, hash],
    )?;
    Ok(found.and_then(|(at,)| at))
}

pub(crate) fn set_stopped(
    tx: &mut Tx,
    ctx: &Ctx,
    number: NumberId,
    at: Option<Timestamp>,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE text_number SET stopped_at = $1 WHERE office_id = $2 AND id = $3",
        args![at, ctx.office, number],
    )
}

/// A conversation to be kept.
pub(crate) struct NewTalk {
    pub(crate) number: NumberId,
    pub(crate) kind: Kind,
    pub(crate) aside: Option<Aside>,
    pub(crate) case: Option<CaseId>,
    pub(crate) unit: Option<UnitId>,
    pub(crate) service: Option<String>,
    pub(crate) lang: Lang,
    pub(crate) opened_at: Timestamp,
    pub(crate) promised_at: Timestamp,
    pub(crate) settled_at: Option<Timestamp>,
}

pub(crate) fn insert_talk(tx: &mut Tx, ctx: &Ctx, new: &NewTalk) -> Result<TalkId, Fault> {
    let id: TalkId = ctx.id();
    tx.exec_one(
        "INSERT INTO text_talk (office_id, id, number_id, kind, aside, case_ref, unit_id,
            service_code, lang, texts, opened_at, last_at, last_day, promised_at, settled_at,
            joined_into)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $10, $11, $12, $13, NULL)",
        args![
            ctx.office,
            id,
            new.number,
            new.kind,
            new.aside,
            new.case,
            new.unit,
            new.service,
            new.lang.tag(),
            new.opened_at,
            seoul::date(new.opened_at),
            new.promised_at,
            new.settled_at
        ],
    )?;
    Ok(id)
}

/// A text to be kept.
pub(crate) struct NewText<'a> {
    pub(crate) gateway: &'a str,
    pub(crate) body: &'a str,
    pub(crate) raw: Option<String>,
    pub(crate) missing: i32,
    pub(crate) reading: Value,
}

/// Keeps a text and makes it the conversation's last.
pub(crate) fn insert_text(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    talk: TalkId,
    new: &NewText<'_>,
) -> Result<TextId, Fault> {
    let id: TextId = ctx.id();
    let body = seal.seal(&ctx.ids, SealAt::new(TEXT, "body", id), new.body)?;
    let raw = new.raw.as_deref().map(|raw| seal.seal(&ctx.ids, SealAt::new(TEXT, "raw", id), raw));
    let raw = raw.transpose()?;
    let day = seoul::date(ctx.now);
    tx.exec_one(
        "INSERT INTO text_in (office_id, id, talk_id, gateway, body, raw, missing, day,
            received_at, reading)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![ctx.office, id, talk, new.gateway, body, raw, new.missing, day, ctx.now, new.reading],
    )?;
    tx.exec_one(
        "UPDATE text_talk SET texts = texts + 1, last_at = $1, last_day = $2
          WHERE office_id = $3 AND id = $4",
        args![ctx.now, day, ctx.office, talk],
    )?;
    Ok(id)
}

/// The texts of a conversation, the oldest first.
pub(crate) fn texts(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    talk: TalkId,
) -> Result<Vec<Text>, Fault> {
    let lines: Vec<TextLine> = tx.all(
        "SELECT id, gateway, body, raw, missing, received_at, reading FROM text_in
          WHERE office_id = $1 AND talk_id = $2 ORDER BY received_at, id",
        args![office, talk],
    )?;
    lines.into_iter().map(|line| open_text(seal, line)).collect()
}

/// The words of the last text of each of these conversations.
pub(crate) fn last_words(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    talks: &[TalkId],
) -> Result<HashMap<TalkId, String>, Fault> {
    let mut sql = Sql::new(
        "SELECT talk_id, id, body FROM (
             SELECT talk_id, id, body, row_number() OVER (
                        PARTITION BY talk_id ORDER BY received_at DESC, id DESC) AS nth
               FROM text_in WHERE office_id = ?",
        args![office],
    );
    sql.and_in("talk_id", talks).add(") AS texts WHERE nth = 1", []);
    let lines: Vec<(TalkId, TextId, SealedText)> = tx.all(sql.text(), sql.args())?;
    let opened = lines
        .into_iter()
        .map(|(talk, id, body)| Ok((talk, seal.open(SealAt::new(TEXT, "body", id), &body)?)));
    opened.collect()
}

fn open_text(seal: &Seal, line: TextLine) -> Result<Text, Fault> {
    let raw = line.raw.map(|raw| seal.open(SealAt::new(TEXT, "raw", line.id), &raw));
    Ok(Text {
        body: seal.open(SealAt::new(TEXT, "body", line.id), &line.body)?,
        raw: raw.transpose()?,
        id: line.id,
        gateway: line.gateway,
        missing: line.missing,
        received_at: line.received_at,
        reading: line.reading,
    })
}

/// The conversation of that id.
pub(crate) fn talk(tx: &mut Tx, office: OfficeId, id: TalkId) -> Result<Option<Talk>, Fault> {
    tx.get(
        &format!("SELECT {TALK} FROM text_talk WHERE office_id = $1 AND id = $2"),
        args![office, id],
    )
}

/// The conversation of that case.
pub(crate) fn talk_of_case(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
) -> Result<Option<Talk>, Fault> {
    tx.get(
        &format!("SELECT {TALK} FROM text_talk WHERE office_id = $1 AND case_ref = $2"),
        args![office, case],
    )
}

/// The number's conversations since then, the latest first.
pub(crate) fn talks_of_number(
    tx: &mut Tx,
    office: OfficeId,
    number: NumberId,
    since: Timestamp,
) -> Result<Vec<Talk>, Fault> {
    tx.all(
        &format!(
            "SELECT {TALK} FROM text_talk
              WHERE office_id = $1 AND number_id = $2 AND last_at >= $3
              ORDER BY last_at DESC, id DESC LIMIT 20"
        ),
        args![office, number, since],
    )
}

/// The case of a conversation went on: whose it is now, and whether anything is owed.
pub(crate) fn follow_case(
    tx: &mut Tx,
    ctx: &Ctx,
    talk: TalkId,
    unit: Option<UnitId>,
    settled_at: Option<Timestamp>,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE text_talk SET unit_id = $1, settled_at = $2 WHERE office_id = $3 AND id = $4",
        args![unit, settled_at, ctx.office, talk],
    )
}

/// Something is owed again, by that time.
pub(crate) fn owe_again(
    tx: &mut Tx,
    ctx: &Ctx,
    talk: TalkId,
    promised_at: Timestamp,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE text_talk SET settled_at = NULL, promised_at = $1 WHERE office_id = $2 AND id = $3",
        args![promised_at, ctx.office, talk],
    )
}

/// The conversation became that case.
pub(crate) fn become_case(
    tx: &mut Tx,
    ctx: &Ctx,
    talk: TalkId,
    case: CaseId,
    unit: Option<UnitId>,
    promised_at: Timestamp,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE text_talk SET kind = $1, aside = NULL, case_ref = $2, unit_id = $3,
                promised_at = $4, settled_at = NULL
          WHERE office_id = $5 AND id = $6 AND case_ref IS NULL",
        args![Kind::Matter, case, unit, promised_at, ctx.office, talk],
    )
}

/// Someone looked at what was set aside, and nothing is owed.
pub(crate) fn settle(tx: &mut Tx, ctx: &Ctx, talk: TalkId) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE text_talk SET settled_at = $1 WHERE office_id = $2 AND id = $3",
        args![ctx.now, ctx.office, talk],
    )
}

/// Moves one text to another conversation.
pub(crate) fn move_text(
    tx: &mut Tx,
    ctx: &Ctx,
    text: TextId,
    from: TalkId,
    to: TalkId,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE text_in SET talk_id = $1 WHERE office_id = $2 AND id = $3 AND talk_id = $4",
        args![to, ctx.office, text, from],
    )?;
    for talk in [from, to] {
        recount(tx, ctx, talk)?;
    }
    Ok(())
}

/// Moves all texts to another conversation and ends the one they leave.
pub(crate) fn join(tx: &mut Tx, ctx: &Ctx, from: TalkId, into: TalkId) -> Result<(), Fault> {
    tx.exec(
        "UPDATE text_in SET talk_id = $1 WHERE office_id = $2 AND talk_id = $3",
        args![into, ctx.office, from],
    )?;
    tx.exec(
        "UPDATE text_out SET talk_id = $1 WHERE office_id = $2 AND talk_id = $3",
        args![into, ctx.office, from],
    )?;
    tx.exec_one(
        "UPDATE text_talk SET joined_into = $1, settled_at = $2 WHERE office_id = $3 AND id = $4",
        args![into, ctx.now, ctx.office, from],
    )?;
    recount(tx, ctx, from)?;
    recount(tx, ctx, into)
}

fn recount(tx: &mut Tx, ctx: &Ctx, talk: TalkId) -> Result<(), Fault> {
    let (texts, last): (i64, Option<Timestamp>) = tx.one(
        "SELECT count(*), max(received_at) FROM text_in WHERE office_id = $1 AND talk_id = $2",
        args![ctx.office, talk],
    )?;
    let Some(last) = last else {
        return tx.exec_one(
            "UPDATE text_talk SET texts = 0 WHERE office_id = $1 AND id = $2",
            args![ctx.office, talk],
        );
    };
    let texts = i32::try_from(texts).unwrap_or(i32::MAX);
    tx.exec_one(
        "UPDATE text_talk SET texts = $1, last_at = $2, last_day = $3
          WHERE office_id = $4 AND id = $5",
        args![texts, last, seoul::date(last), ctx.office, talk],
    )
}

/// Keeps that a text of ours belongs to a conversation.
pub(crate) fn insert_out(
    tx: &mut Tx,
    ctx: &Ctx,
    talk: TalkId,
    notice: NoticeId,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO text_out (office_id, notice_id, talk_id) VALUES ($1, $2, $3)",
        args![ctx.office, notice, talk],
    )
}

/// The texts of ours in a conversation that concern no case.
pub(crate) fn outs(tx: &mut Tx, office: OfficeId, talk: TalkId) -> Result<Vec<NoticeId>, Fault> {
    let found: Vec<(NoticeId,)> = tx.all(
        "SELECT notice_id FROM text_out WHERE office_id = $1 AND talk_id = $2 ORDER BY notice_id",
        args![office, talk],
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The office's promise.
pub fn promise(tx: &mut Tx, office: OfficeId) -> Result<Promise, Fault> {
    let found: Option<(i32, bool)> = tx.get(
        "SELECT promise_hours, skips_days_off FROM text_settings WHERE office_id = $1",
        args![office],
    )?;
    Ok(found.map_or(Promise::DEFAULT, |(hours, skips_days_off)| Promise {
        hours: i64::from(hours),
        skips_days_off,
    }))
}

pub(crate) fn set_promise(tx: &mut Tx, ctx: &Ctx, promise: Promise) -> Result<(), Fault> {
    let hours = i32::try_from(promise.hours).unwrap_or(i32::MAX);
    tx.exec_one(
        "INSERT INTO text_settings (office_id, promise_hours, skips_days_off, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (office_id) DO UPDATE SET promise_hours = excluded.promise_hours,
            skips_days_off = excluded.skips_days_off, changed_at = excluded.changed_at,
            changed_by = excluded.changed_by",
        args![ctx.office, hours, promise.skips_days_off, ctx.now, ctx.actor.staff_id()],
    )
}

/// The day in Seoul.
pub(crate) fn day(at: Timestamp) -> Date {
    seoul::date(at)
}

/// The reverse of [`maeul_base::hex`]; what is none is left out.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|it| it.to_digit(16))
        .filter_map(|it| u8::try_from(it).ok())
        .collect();
    digits
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [high, low] => Some(high * 16 + low),
            _ => None,
        })
        .collect()
}
