//! Arrive: a text comes through a gateway and finds its place, all in one transaction.

use maeul_base::{Ctx, Failure, Fault, Lang, Refusal, hex};
use maeul_cases::{CaseNumber, Knowledge};
use maeul_db::Tx;
use maeul_wire::{Phone, PhoneKind};

use crate::act::file::{self, Letter};
use crate::decode::{Coding, decode};
use crate::id::TalkId;
use crate::store::{self, KeptPart, NewPart, Number};
use crate::udh::{Header, Piece, runs};
use crate::words::Aside;

/// Most letters of a sender's name that are kept.
const LONGEST_SENDER: usize = 40;

/// A text as a gateway hands it over.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Which gateway, e.g. `kannel`.
    pub gateway: &'static str,
    /// Its own name for the text: handed over again it is not taken again.
    pub reference: String,
    /// The sender as the gateway tells it.
    pub from: String,
    /// The coding of the bytes.
    pub coding: Coding,
    /// Their character set, or nothing.
    pub charset: String,
    /// The words.
    pub bytes: Vec<u8>,
    /// What its header says.
    pub header: Header,
}

/// A case is to be made, and a receipt number is leased outside of transactions: come again with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberNeeded;

impl Refusal for NumberNeeded {
    fn code(&self) -> &'static str {
        "text.number_needed"
    }

    fn say(&self, lang: Lang) -> String {
        lang.t("접수번호가 필요합니다.", "A receipt number is needed.").to_owned()
    }

    fn status(&self) -> u16 {
        409
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It had come before.
    Again,
    /// A part of a long text; the others are waited for.
    Part,
    /// It stands in that conversation.
    In(TalkId),
}

/// Takes a text in.
pub fn arrive(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    arrival: &Arrival,
    number: Option<&CaseNumber>,
) -> Result<Taken, Failure<NumberNeeded>> {
    if !store::first_time(tx, ctx, arrival.gateway, &arrival.reference)? {
        return Ok(Taken::Again);
    }
    let sender = Sender::of(&arrival.from);
    let from = store::touch_number(tx, ctx, know.seal(), &sender.number, sender.mobile)?;
    let Some(part) = arrival.header.part else {
        let letter = read(arrival, &sender);
        return file::file(tx, ctx, know, &from, &letter, number).map(Taken::In);
    };
    let new = NewPart {
        number: from.id,
        gateway: arrival.gateway,
        part,
        coding: arrival.coding,
        charset: &arrival.charset,
        bytes: &arrival.bytes,
    };
    let (reference, total) = (i32::from(part.reference), i32::from(part.total));
    if !store::insert_part(tx, ctx, know.seal(), &new)? {
        // The telephone counts its long texts in a small circle: an older one never became whole.
        let old = store::parts(tx, know.seal(), ctx.office, from.id, reference, total)?;
        put_together(tx, ctx, know, &from, (reference, total), old, number)?;
        store::insert_part(tx, ctx, know.seal(), &new)?;
    }
    let parts = store::parts(tx, know.seal(), ctx.office, from.id, reference, total)?;
    if parts.len() < usize::from(part.total) {
        return Ok(Taken::Part);
    }
    put_together(tx, ctx, know, &from, (reference, total), parts, number).map(Taken::In)
}

/// Makes one text of the parts that came, all or not.
pub(super) fn put_together(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    from: &Number,
    (reference, total): (i32, i32),
    parts: Vec<KeptPart>,
    number: Option<&CaseNumber>,
) -> Result<TalkId, Failure<NumberNeeded>> {
    store::delete_parts(tx, ctx.office, from.id, reference, total)?;
    let missing = total - i32::try_from(parts.len()).unwrap_or(total);
    let coding = parts.first().map(|part| part.coding).unwrap_or_default();
    let charset = parts.first().map(|part| part.charset.clone()).unwrap_or_default();
    let gateway = parts.first().map(|part| part.gateway.clone()).unwrap_or_default();
    let pieces = parts.into_iter().map(|part| Piece { seq: part.seq, bytes: part.bytes }).collect();
    let runs = runs(pieces);
    let read: Option<Vec<String>> = runs.iter().map(|run| decode(coding, &charset, run)).collect();
    let sender = Sender::of(&from.number);
    let letter = match read {
        Some(texts) => Letter {
            gateway,
            aside: aside_of(&texts.concat(), &sender),
            text: texts.join(" […] "),
            raw: None,
            missing,
        },
        None => Letter {
            gateway,
            aside: Some(Aside::Binary),
            text: String::new(),
            raw: Some(hex(runs.concat())),
            missing,
        },
    };
    file::file(tx, ctx, know, from, &letter, number)
}

fn read(arrival: &Arrival, sender: &Sender) -> Letter {
    let gateway = arrival.gateway.to_owned();
    let text = decode(arrival.coding, &arrival.charset, &arrival.bytes);
    match text.filter(|_| !arrival.header.port) {
        Some(text) => {
            Letter { gateway, aside: aside_of(&text, sender), text, raw: None, missing: 0 }
        }
        None => Letter {
            gateway,
            aside: Some(Aside::Binary),
            text: String::new(),
            raw: Some(hex(&arrival.bytes)),
            missing: 0,
        },
    }
}

fn aside_of(text: &str, sender: &Sender) -> Option<Aside> {
    if !text.chars().any(|letter| letter.is_alphanumeric() || u32::from(letter) > 0x2000) {
        return Some(Aside::Empty);
    }
    (!sender.answerable).then_some(Aside::Sender)
}

/// Who sent it, as far as the number says.
struct Sender {
    number: String,
    mobile: bool,
    /// Whether a person can be reached under it.
    answerable: bool,
}

impl Sender {
    fn of(from: &str) -> Self {
        let from = from.trim();
        // Gateways write +8210…, 8210… or 010….
        let plain = from.strip_prefix('+').unwrap_or(from);
        let national = match plain.strip_prefix("82") {
            Some(rest) if plain.len() >= 11 => format!("0{}", rest.trim_start_matches('0')),
            _ => from.to_owned(),
        };
        match national.parse::<Phone>() {
            Ok(phone) => Self {
                answerable: matches!(
                    phone.kind(),
                    PhoneKind::Mobile
                        | PhoneKind::Landline
                        | PhoneKind::Internet
                        | PhoneKind::Forwarded
                ),
                mobile: phone.is_mobile(),
                number: phone.digits().to_owned(),
            },
            Err(_) => Self {
                number: from.chars().take(LONGEST_SENDER).collect(),
                mobile: false,
                answerable: false,
            },
        }
    }
}

/// A fault while something was tried.
pub(super) fn fault<T>(result: Result<T, Fault>) -> Result<T, Failure<NumberNeeded>> {
    result.map_err(Failure::Fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_as_gateways_write_them() {
        for (from, number, mobile, answerable) in [
            ("01012345678", "01012345678", true, true),
            ("+821012345678", "01012345678", true, true),
            ("821012345678", "01012345678", true, true),
            ("010-1234-5678", "01012345678", true, true),
            ("0623601234", "0623601234", false, true),
            ("15881234", "15881234", false, false),
            ("114", "114", false, false),
            ("KB-Bank", "KB-Bank", false, false),
            ("+15551234567", "+15551234567", false, false),
            ("", "", false, false),
        ] {
            let sender = Sender::of(from);
            assert_eq!(sender.number, number);
            assert_eq!((sender.mobile, sender.answerable), (mobile, answerable), "{from}");
        }
    }

    #[test]
    fn signs_alone_are_nothing_written() {
        let known = Sender::of("01012345678");
        assert_eq!(aside_of("  \n ", &known), Some(Aside::Empty));
        assert_eq!(aside_of("...", &known), Some(Aside::Empty));
        assert_eq!(aside_of("네", &known), None);
        assert_eq!(aside_of("👍", &known), None);
        assert_eq!(aside_of("광고", &Sender::of("15881234")), Some(Aside::Sender));
    }
}
