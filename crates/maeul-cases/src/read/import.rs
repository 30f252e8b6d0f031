//! Files of another system's cases, for the administrator's page.

use maeul_base::{Ctx, Fault};
use maeul_db::Tx;

use crate::id::ImportId;
use crate::knowledge::Knowledge;
use crate::store::{self, Import};

/// How many files are listed.
const LISTED: i64 = 20;

/// The latest files.
pub fn imports(tx: &mut Tx, ctx: &Ctx, know: &Knowledge) -> Result<Vec<Import>, Fault> {
    store::imports(tx, know.seal(), ctx.office, LISTED)
}

/// The file of that id.
pub fn import(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: ImportId,
) -> Result<Option<Import>, Fault> {
    store::import(tx, know.seal(), ctx.office, id)
}
