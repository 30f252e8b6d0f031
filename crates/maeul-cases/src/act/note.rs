//! Note: something the staff should know, and the resident does not see.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;

use crate::act::work::{LONGEST_TEXT, begin, record, words_or};
use crate::case::Case;
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::refusal::refusals;

/// On which case, what.
#[derive(Clone, Debug)]
pub struct Note {
    /// The case.
    pub case: CaseId,
    /// What.
    pub text: String,
}

refusals! {
    /// Why a note cannot be kept.
    NoteRefusal {
        /// Nothing is written.
        Missing = "note.missing", 422, Some("text"),
            "메모 내용을 적어 주십시오.", "Please write the note.";
        /// It is too long.
        TooLong = "note.too_long", 422, Some("text"),
            "메모는 4,000자 안으로 적어 주십시오.", "Please keep the note to 4,000 characters.";
    }
}

/// Keeps an internal note; on an answered case too.
pub fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Note,
) -> Result<Case, Failure<NoteRefusal>> {
    let text = words_or(&input.text, LONGEST_TEXT, NoteRefusal::Missing, NoteRefusal::TooLong)?;
    let mut case = begin::<NoteRefusal>(tx, ctx, know, input.case, None)?.case;
    record::<NoteRefusal>(tx, ctx, &mut case, [Event::Noted { text }])?;
    Ok(case)
}
