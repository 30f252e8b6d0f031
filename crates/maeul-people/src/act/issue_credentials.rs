//! An administrator gives a person a new password and a new one-time secret: the telephone was lost,
//! the password forgotten, or the name is locked.

use maeul_base::{Ctx, Failure, StaffId};
use maeul_db::{Seal, Tx};

use crate::act::end_staff::{AccountRefusal, may_change_accounts};
use crate::store::Secrets;
use crate::{NewAccount, read, sealed_totp, store};

/// Replaces what signs the person in: their passkeys end as well. The account was made ready by
/// [`make_credentials`](crate::make_credentials) for their sign-in name; show it to them once.
pub fn issue_credentials(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    staff: StaffId,
    account: &NewAccount,
) -> Result<(), Failure<AccountRefusal>> {
    may_change_accounts(ctx)?;
    let person = read::staff_by_id(tx, ctx.office, staff)?
        .filter(|person| person.login == account.login)
        .ok_or(Failure::Refused(AccountRefusal::NotFound))?;
    if person.valid_to.is_some_and(|to| to <= ctx.today()) {
        return Err(Failure::Refused(AccountRefusal::Ended));
    }
    let totp = seal.seal(&ctx.ids, sealed_totp(staff), &account.totp.to_base32())?;
    let (password, must_change) = (&account.hash, account.must_change);
    store::set_secrets(tx, ctx.office, staff, &Secrets { password, totp: &totp, must_change })?;
    store::passkey::end_passkeys(tx, ctx, staff, "credentials")?;
    store::end_sessions(tx, ctx.office, staff, None, ctx.now)?;
    let login_hash = seal.lookup_hash(ctx.office, &person.login);
    store::clear_guard(tx, ctx.office, &login_hash)?;
    store::log_account(tx, ctx, staff, "credentials", "")?;
    Ok(())
}
