//! An administrator ends an account, without delay on transfer or retirement (safety standard of
//! personal data, art. 5).

use jiff::civil::Date;
use maeul_base::{Ctx, Failure, Lang, Refusal, Role, StaffId};
use maeul_db::Tx;

use crate::act::grant::another_administrates;
use crate::permissions::ACCOUNTS;
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
    /// Nobody could keep the installation.
    LastAdministrator,
}

impl Refusal for AccountRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "account.not_allowed",
            Self::NotFound => "account.not_found",
            Self::Ended => "account.ended",
            Self::LastAdministrator => "account.last_administrator",
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
            Self::LastAdministrator => lang.t(
                "마지막 전산 담당자의 계정은 끝낼 수 없습니다. 먼저 다른 사람에게 전산 담당 권한을 기한 없이 주십시오.",
                "The last administrator's account cannot be ended. First make somebody else one, without an end.",
            ),
        }
        .to_owned()
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotAllowed => 403,
            Self::NotFound => 404,
            Self::Ended | Self::LastAdministrator => 409,
        }
    }
}

pub(crate) fn may_change_accounts(ctx: &Ctx) -> Result<(), Failure<AccountRefusal>> {
    if ctx.actor.may(&ACCOUNTS) {
        Ok(())
    } else {
        Err(Failure::Refused(AccountRefusal::NotAllowed))
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
    let rights = store::grant::rights(tx, ctx.office, staff, person.unit, ctx.today())?;
    if rights.is(Role::Administrator) && !another_administrates(tx, ctx, staff)? {
        return Err(Failure::Refused(AccountRefusal::LastAdministrator));
    }
    store::end_staff(tx, ctx.office, staff, on)?;
    if on <= ctx.today() {
        store::end_sessions(tx, ctx.office, staff, None, ctx.now)?;
    }
    store::log_account(tx, ctx, staff, "ended", &on.to_string())?;
    Ok(())
}
