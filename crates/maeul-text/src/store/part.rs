//! The SQL of parts of long texts that wait for the others.

use jiff::Timestamp;
use maeul_base::{Ctx, Fault, OfficeId, hex};
use maeul_db::{Seal, SealAt, SealedText, Tx, args, row};

use super::unhex;
use crate::decode::Coding;
use crate::id::{NumberId, PartId};
use crate::udh::Part;

const PART: &str = "text_part";

row! {
    struct PartLine {
        id: PartId,
        gateway: String,
        seq: i32,
        coding: i32,
        charset: String,
        bytes: SealedText,
        received_at: Timestamp,
    }
}

/// A part of a long text to be kept.
pub(crate) struct NewPart<'a> {
    pub(crate) number: NumberId,
    pub(crate) gateway: &'a str,
    pub(crate) part: Part,
    pub(crate) coding: Coding,
    pub(crate) charset: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// A part that waited.
pub(crate) struct KeptPart {
    pub(crate) gateway: String,
    pub(crate) seq: u8,
    pub(crate) coding: Coding,
    pub(crate) charset: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) received_at: Timestamp,
}

/// Keeps a part; `false` if one of that place is there already.
pub(crate) fn insert_part(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    new: &NewPart<'_>,
) -> Result<bool, Fault> {
    let id: PartId = ctx.id();
    let bytes = seal.seal(&ctx.ids, SealAt::new(PART, "bytes", id), &hex(new.bytes))?;
    let inserted = tx.exec(
        "INSERT INTO text_part (office_id, id, number_id, gateway, reference, total, seq, coding,
            charset, bytes, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (office_id, number_id, reference, total, seq) DO NOTHING",
        args![
            ctx.office,
            id,
            new.number,
            new.gateway,
            i32::from(new.part.reference),
            i32::from(new.part.total),
            i32::from(new.part.seq),
            new.coding.number(),
            new.charset,
            bytes,
            ctx.now
        ],
    )?;
    Ok(inserted == 1)
}

/// The parts of one long text that are there.
pub(crate) fn parts(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    number: NumberId,
    reference: i32,
    total: i32,
) -> Result<Vec<KeptPart>, Fault> {
    let lines: Vec<PartLine> = tx.all(
        "SELECT id, gateway, seq, coding, charset, bytes, received_at FROM text_part
          WHERE office_id = $1 AND number_id = $2 AND reference = $3 AND total = $4 ORDER BY seq",
        args![office, number, reference, total],
    )?;
    lines
        .into_iter()
        .map(|line| {
            let bytes = seal.open(SealAt::new(PART, "bytes", line.id), &line.bytes)?;
            Ok(KeptPart {
                gateway: line.gateway,
                seq: u8::try_from(line.seq).unwrap_or(0),
                coding: Coding::of(&line.coding.to_string()),
                charset: line.charset,
                bytes: unhex(&bytes),
                received_at: line.received_at,
            })
        })
        .collect()
}

pub(crate) fn delete_parts(
    tx: &mut Tx,
    office: OfficeId,
    number: NumberId,
    reference: i32,
    total: i32,
) -> Result<(), Fault> {
    tx.exec(
        "DELETE FROM text_part
          WHERE office_id = $1 AND number_id = $2 AND reference = $3 AND total = $4",
        args![office, number, reference, total],
    )
    .map(drop)
}

/// Long texts of which no part has come since then.
pub(crate) fn waiting_parts(
    tx: &mut Tx,
    office: OfficeId,
    before: Timestamp,
) -> Result<Vec<(NumberId, i32, i32)>, Fault> {
    tx.all(
        "SELECT number_id, reference, total FROM text_part WHERE office_id = $1
          GROUP BY number_id, reference, total HAVING max(received_at) < $2
          ORDER BY number_id, reference, total LIMIT 100",
        args![office, before],
    )
}
