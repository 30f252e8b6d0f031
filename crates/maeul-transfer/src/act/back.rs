//! Back: an officer takes a case back from an agency, or gives up sending it. Whoever was told that
//! it is there is told that it is here.

use maeul_base::{Ctx, Failure, Lang, Refusal};
use maeul_cases::act::{TransferBack, TransferRefusal, transfer_back};
use maeul_cases::{CaseRefusal, Knowledge};
use maeul_db::Tx;

use crate::act::retry::{HandRefusal, in_hand};
use crate::id::TransferId;
use crate::state::TransferState;
use crate::store::{self, Transfer};

/// Which transfer ends, why.
#[derive(Clone, Debug)]
pub struct Back {
    /// The transfer.
    pub transfer: TransferId,
    /// Why; empty: a plain reason by where it stands.
    pub reason: String,
}

/// Why a case cannot be taken back.
#[derive(Clone, Copy, Debug)]
pub enum BackRefusal {
    /// Nothing can be done about the transfer.
    Hand(HandRefusal),
    /// What the case itself answers.
    Transfer(TransferRefusal),
}

impl From<CaseRefusal> for BackRefusal {
    fn from(refusal: CaseRefusal) -> Self {
        Self::Hand(refusal.into())
    }
}

impl Refusal for BackRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Hand(refusal) => refusal.code(),
            Self::Transfer(refusal) => refusal.code(),
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Hand(refusal) => refusal.say(lang),
            Self::Transfer(refusal) => refusal.say(lang),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Hand(refusal) => refusal.field(),
            Self::Transfer(refusal) => refusal.field(),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Hand(refusal) => refusal.status(),
            Self::Transfer(refusal) => refusal.status(),
        }
    }
}

/// Ends the transfer; the case is worked here again.
pub fn back(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Back,
) -> Result<Transfer, Failure<BackRefusal>> {
    let mut transfer =
        in_hand(tx, ctx, know, input.transfer).map_err(|it| it.map(BackRefusal::Hand))?;
    let agency = store::agency(tx, ctx.office, transfer.agency)?
        .ok_or_else(|| maeul_base::Fault::other("a transfer without its agency"))?;
    let reason = match input.reason.trim() {
        "" => plain(transfer.state).to_owned(),
        reason => reason.to_owned(),
    };
    let back = TransferBack { case: transfer.case, agency: agency.name, reason };
    transfer_back(tx, ctx, know, &back).map_err(|it| it.map(BackRefusal::Transfer))?;
    transfer.state = TransferState::Ended;
    transfer.next_at = None;
    transfer.ended_at = Some(ctx.now);
    store::update(tx, ctx, &mut transfer)?;
    Ok(transfer)
}

/// What the petitioner reads where the officer wrote nothing.
const fn plain(state: TransferState) -> &'static str {
    match state {
        TransferState::Accepted | TransferState::Closed => {
            "저희가 직접 살펴보는 것이 빠르다고 판단했어요."
        }
        TransferState::Refused => "그 기관에서 받지 않아 저희가 직접 알아봐요.",
        _ => "그 기관에 전달되지 않아 저희가 직접 알아봐요.",
    }
}
