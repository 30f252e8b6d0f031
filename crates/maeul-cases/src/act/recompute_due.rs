//! Recompute the due time of an open case, because the days it was counted on changed.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;

use crate::act::work::record;
use crate::event::{DueRecomputed, Event};
use crate::knowledge::Knowledge;
use crate::refusal::{CaseRefusal, refused};
use crate::words::Bilingual;
use crate::{notify, store, texts};

/// Which case, why.
#[derive(Clone, Debug)]
pub struct RecomputeDue {
    /// The case.
    pub case: CaseId,
    /// What changed, e.g. which holiday was added.
    pub reason: Bilingual,
}

/// Counts again by the calendar of today; whether the due time moved. The parties are told.
pub fn recompute_due(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &RecomputeDue,
) -> Result<bool, Failure<CaseRefusal>> {
    let mut case =
        store::load(tx, ctx.office, input.case)?.ok_or_else(|| refused(CaseRefusal::NotFound))?;
    if !case.state.is_open() {
        return Ok(false);
    }
    let before = case.due.clone();
    let Some(after) = before.as_ref().and_then(|due| due.again(know.calendar())) else {
        return Ok(false);
    };
    if before.as_ref().is_some_and(|before| before.at == after.at) {
        return Ok(false);
    }
    let told = after.clone();
    let counted = DueRecomputed { before, after, reason: input.reason.clone() };
    record::<CaseRefusal>(tx, ctx, &mut case, [Event::DueRecomputed(Box::new(counted))])?;
    let effect = format!("due {}", case.version);
    notify::tell_all(tx, ctx, know, &case, &effect, |lang, about| {
        texts::due_changed(lang, about, &told, input.reason.get(lang))
    })?;
    Ok(true)
}
