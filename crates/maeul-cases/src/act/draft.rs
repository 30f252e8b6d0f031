//! Save a draft: a report being written on several screens, kept for a day.

use jiff::ToSpan;
use maeul_base::{Ctx, DraftId, Failure, Lang, Refusal};
use maeul_db::Tx;
use serde_json::Value;

use crate::knowledge::Knowledge;
use crate::store;

/// How long a draft is kept after it was last saved, in hours.
pub const DRAFT_HOURS: i64 = 24;
/// Most bytes of a draft.
const LARGEST: usize = 64 * 1024;

/// A draft to be kept.
#[derive(Clone, Debug)]
pub struct SaveDraft {
    /// The draft that is saved again; none: a new one.
    pub draft: Option<DraftId>,
    /// What was typed so far.
    pub body: Value,
}

/// Why a draft cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftRefusal {
    /// More was typed than any report holds.
    TooLarge,
}

impl Refusal for DraftRefusal {
    fn code(&self) -> &'static str {
        "draft.too_large"
    }

    fn say(&self, lang: Lang) -> String {
        lang.t(
            "적은 내용이 너무 많아요. 내용을 줄여 주세요.",
            "This is too much text. Please shorten it.",
        )
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        Some("body")
    }

    fn status(&self) -> u16 {
        413
    }
}

/// Keeps a draft; one that has ended in the meantime begins anew under another id.
pub fn save_draft(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &SaveDraft,
) -> Result<DraftId, Failure<DraftRefusal>> {
    if input.body.to_string().len() > LARGEST {
        return Err(Failure::Refused(DraftRefusal::TooLarge));
    }
    let kept = match input.draft {
        Some(id) => store::draft_body(tx, know.seal(), ctx.office, id, ctx.now)?.map(|_| id),
        None => None,
    };
    let id = kept.unwrap_or_else(|| ctx.id());
    store::put_draft(tx, ctx, know.seal(), id, &input.body, ctx.now + DRAFT_HOURS.hours())?;
    Ok(id)
}
