//! Retry: an officer does not wait for the next try.

use maeul_base::{Ctx, Failure, Lang, Refusal};
use maeul_cases::{CaseRefusal, Knowledge, read};
use maeul_db::Tx;

use crate::id::TransferId;
use crate::jobs;
use crate::state::TransferState;
use crate::store::{self, Transfer};

/// Why nothing can be done about a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandRefusal {
    /// What any act on a case may answer.
    Case(CaseRefusal),
    /// It has ended.
    Over,
}

impl From<CaseRefusal> for HandRefusal {
    fn from(refusal: CaseRefusal) -> Self {
        Self::Case(refusal)
    }
}

impl Refusal for HandRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Case(refusal) => refusal.code(),
            Self::Over => "transfer.over",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Case(refusal) => refusal.say(lang),
            Self::Over => lang.t("이미 끝난 이송입니다.", "This transfer has ended.").to_owned(),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Case(refusal) => refusal.status(),
            Self::Over => 409,
        }
    }
}

/// The transfer, where the acting member of staff works its case and it goes on.
pub(crate) fn in_hand(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: TransferId,
) -> Result<Transfer, Failure<HandRefusal>> {
    let found = store::transfer(tx, ctx.office, id)?;
    let found = found.ok_or(Failure::Refused(HandRefusal::Case(CaseRefusal::NotFound)))?;
    read::case_brief(tx, ctx, know, found.case).map_err(|it| it.map(HandRefusal::Case))?;
    if found.ended_at.is_some() {
        return Err(Failure::Refused(HandRefusal::Over));
    }
    Ok(found)
}

/// Has the next step done now. What was refused, or could not be found out, is sent again: then the
/// officer has asked the agency.
pub fn retry(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: TransferId,
) -> Result<Transfer, Failure<HandRefusal>> {
    let mut transfer = in_hand(tx, ctx, know, id)?;
    if matches!(transfer.state, TransferState::Refused | TransferState::Stuck) {
        transfer.state = TransferState::Sending;
        transfer.looks = 0;
    }
    transfer.next_at = Some(ctx.now);
    store::update(tx, ctx, &mut transfer)?;
    jobs::enqueue_step(tx, ctx, transfer.id, transfer.version)?;
    Ok(transfer)
}
