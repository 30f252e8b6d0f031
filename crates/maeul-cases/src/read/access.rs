//! Who stands behind the secret of a link.

use maeul_base::{CaseId, Ctx, Fault, PartyId};
use maeul_db::Tx;

use crate::act::{Receipt, again};
use crate::knowledge::Knowledge;
use crate::store;
use crate::words::PartyKind;

/// A party's right to one case, proven by a link or a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The case.
    pub case: CaseId,
    /// The party.
    pub party: PartyId,
    /// How they stand to it.
    pub kind: PartyKind,
    /// Whether they gave no name.
    pub anonymous: bool,
}

/// The right behind the secret, while it is good.
pub fn access(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<Option<Access>, Fault> {
    let Some((case, party)) = store::find_access(tx, ctx.office, token, ctx.now)? else {
        return Ok(None);
    };
    let found = store::party(tx, ctx.office, party)?;
    Ok(found.map(|it| Access { case, party, kind: it.kind, anonymous: it.anonymous }))
}

/// The receipt of the submission that came with this key, if it came: for a browser that sends
/// again what it did not see answered.
pub fn receipt_of(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    client_key: &str,
) -> Result<Option<Receipt>, Fault> {
    match store::id_by_client_key(tx, ctx.office, client_key)? {
        Some(case) => again(tx, ctx, know, case).map(Some),
        None => Ok(None),
    }
}

/// The case of that receipt number.
pub fn case_of_number(tx: &mut Tx, ctx: &Ctx, number: &str) -> Result<Option<CaseId>, Fault> {
    store::id_by_number(tx, ctx.office, number)
}
