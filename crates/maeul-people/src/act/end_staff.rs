//! An administrator ends an account, without delay on transfer or retirement (safety standard of
//! personal data, art. 5).

use jiff::civil::Date;
use maeul_base::{Actor, Ctx, Failure, Lang, Refusal, Role, StaffId};
use maeul_db::Tx;

use crate::{read, store};

/// Why an account is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountRefusal {
    /// Only an administrator may.
    NotAllowed,
    /// There is no such account.
    NotFound,
    /// It has ended already.
    Ended,
}

impl Refusal for AccountRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "account.not_allowed",
            Self::NotFound => "account.not_found",
            Self::Ended => "account.ended",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotAllowed => lang.t(
                "직원 계정은 전산 담당자만 바꿀 수 있습니다.",
                "Only an administrator can change accounts.",
            ),
            Self::NotFound => lang.t("그런 계정이 없습니다.", "There is no such account."),
            Self::Ended => lang.t("이미 끝난 계정입니다.", "This account has ended already."),
        }
        .to_owned()
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotAllowed => 403,
            Self::NotFound => 404,
            Self::Ended => 409,
        }
    }
}

pub(crate) fn may_change_accounts(ctx: &Ctx) -> Result<(), Failure<AccountRefusal>> {
    match &ctx.actor {
        Actor::System | Actor::Staff { role: Role::Administrator, .. } => Ok(()),
        _ => Err(Failure::Refused(AccountRefusal::NotAllowed)),
    }
}

/// Ends the account: `on` is the first day on which it signs nobody in. Open sessions end with it.
pub fn end_staff(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    on: Date,
) -> Result<(), Failure<AccountRefusal>> {
    may_change_accounts(ctx)?;
    let Some(person) = read::staff_by_id(tx, ctx.office, staff)? else {
        return Err(Failure::Refused(AccountRefusal::NotFound));
    };
    if person.valid_to.is_some_and(|to| to <= ctx.today()) {
        return Err(Failure::Refused(AccountRefusal::Ended));
    }
    store::end_staff(tx, ctx.office, staff, on)?;
    if on <= ctx.today() {
        store::end_sessions(tx, ctx.office, staff, None, ctx.now)?;
    }
    store::log_account(tx, ctx, staff, "ended", &on.to_string())?;
    Ok(())
}
