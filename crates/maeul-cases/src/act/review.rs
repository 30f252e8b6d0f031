//! Review: the day of a long-term answer has come, and the case is looked at again.

use maeul_base::Lang;
use maeul_base::{CaseId, Ctx, Failure, seoul};
use maeul_db::Tx;

use crate::act::reopen::open_again;
use crate::event::ReopenedBy;
use crate::knowledge::Knowledge;
use crate::refusal::CaseRefusal;
use crate::store;
use crate::words::{Bilingual, State};

/// Opens the case if its review day has come; whether it did. Run again, it finds nothing to do.
pub fn review(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: CaseId,
) -> Result<bool, Failure<CaseRefusal>> {
    let Some(mut case) = store::load(tx, ctx.office, id)? else {
        return Err(Failure::Refused(CaseRefusal::NotFound));
    };
    let Some(day) = case.review_on.filter(|day| *day <= ctx.today()) else { return Ok(false) };
    if case.state != State::Closed {
        return Ok(false);
    }
    let reason = Bilingual::new(
        format!("다시 검토하기로 한 날({})이 되었어요.", seoul::day_text(day, Lang::Ko)),
        format!("The day of the review ({}) has come.", seoul::day_text(day, Lang::En)),
    );
    open_again(tx, ctx, know, &mut case, ReopenedBy::Review, None, &reason)?;
    Ok(true)
}
