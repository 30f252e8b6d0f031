//! A member of staff changes their own password.

use maeul_base::{Ctx, Failure, SessionId, StaffId};
use maeul_db::Tx;

use crate::{PasswordHash, PasswordRefusal, Verified, read, store};

/// Before it: [`check_new_password`](crate::check_new_password), then
/// [`find_for_sign_in`](crate::find_for_sign_in), [`verify_password`](crate::verify_password) with
/// the old one, and [`hash_password`](crate::hash_password) with the new one.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// Whose; the one who acts.
    pub staff: StaffId,
    /// The session they sit in; all others end.
    pub keep: Option<SessionId>,
    /// The old password, compared.
    pub old: Verified,
    /// The new one, hashed.
    pub new: PasswordHash,
}

/// Puts the new password in place of the old one.
pub fn change_password(
    tx: &mut Tx,
    ctx: &Ctx,
    change: &ChangePassword,
) -> Result<(), Failure<PasswordRefusal>> {
    let refused = |why| Err(Failure::Refused(why));
    if ctx.actor.staff_id() != Some(change.staff) {
        return refused(PasswordRefusal::NotAllowed);
    }
    let Some(row) = read::secret(tx, ctx.office, change.staff)? else {
        return refused(PasswordRefusal::NotAllowed);
    };
    let compared =
        change.old.known.as_ref().filter(|(id, hash)| *id == row.id && hash.0 == row.password_hash);
    if !change.old.matches || compared.is_none() {
        return refused(PasswordRefusal::WrongOld);
    }
    store::set_password(tx, ctx.office, change.staff, &change.new)?;
    store::end_sessions(tx, ctx.office, change.staff, change.keep, ctx.now)?;
    store::log_account(tx, ctx, change.staff, "password", "")?;
    Ok(())
}
