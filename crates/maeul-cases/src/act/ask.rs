//! Ask: a question to the resident. The clock runs on; only a statutory supplement request (법22)
//! would stop it.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;

use crate::act::work::{LONGEST_TEXT, begin_open, record, words_or};
use crate::case::Case;
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::refusal::refusals;
use crate::words::Channel;
use crate::{notify, store, texts};

/// On which case, what.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// The question.
    pub text: String,
}

refusals! {
    /// Why a question cannot be asked.
    AskRefusal {
        /// Nothing is asked.
        Missing = "ask.missing", 422, Some("text"),
            "민원인에게 물어볼 내용을 적어 주십시오.", "Please write what you want to ask.";
        /// It is too long.
        TooLong = "ask.too_long", 422, Some("text"),
            "질문은 4,000자 안으로 적어 주십시오.", "Please keep the question to 4,000 characters.";
        /// Nobody can be asked.
        Unreachable = "ask.unreachable", 409, None,
            "연락처가 없는 민원이라 물어볼 수 없습니다. 알 수 있는 내용만으로 처리해 주십시오.",
            "This case has no contact to ask. Please work with what is known.";
    }
}

/// Asks the petitioner, and tells them so.
pub fn ask(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Ask,
) -> Result<Case, Failure<AskRefusal>> {
    let text = words_or(&input.text, LONGEST_TEXT, AskRefusal::Missing, AskRefusal::TooLong)?;
    let work = begin_open::<AskRefusal>(tx, ctx, know, input.case, input.version)?;
    let mut case = work.case;
    let petitioner = store::party(tx, ctx.office, case.petitioner)?
        .filter(|party| !party.anonymous)
        .ok_or(Failure::Refused(AskRefusal::Unreachable))?;
    // Whoever asks works on it.
    let taken =
        (case.assignee.is_none() && case.unit.is_some()).then_some(Event::Taken { by: work.staff });
    let asked = Event::Asked { text: text.clone() };
    record::<AskRefusal>(tx, ctx, &mut case, taken.into_iter().chain([asked]))?;
    let effect = format!("asked {}", case.version);
    notify::tell(tx, ctx, know, &case, &petitioner, &effect, |lang, about| match case.channel {
        Channel::Text => texts::asked_by_text(lang, about, &text),
        _ => texts::asked(lang, about, &text),
    })?;
    Ok(case)
}
