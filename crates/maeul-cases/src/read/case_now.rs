//! A case as it stands, for rooms that stand on this one. It is shown to nobody as it is: who asks
//! decides what its readers may see.

use maeul_base::{CaseId, Fault, OfficeId};
use maeul_db::Tx;

use crate::case::Case;
use crate::store;

/// The case, if it is there.
pub fn case_now(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<Option<Case>, Fault> {
    store::load(tx, office, case)
}

/// Those of the cases that are there, in no order.
pub fn cases_now(tx: &mut Tx, office: OfficeId, cases: &[CaseId]) -> Result<Vec<Case>, Fault> {
    store::load_all(tx, office, cases)
}
