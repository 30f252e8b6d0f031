//! A case in short, for the rooms that stand on this one.

use maeul_base::{CaseId, Ctx, Failure, Fault, OfficeId};
use maeul_calendar::{Due, DueInput, Period};
use maeul_db::Tx;

use crate::act::begin;
use crate::case::Case;
use crate::hours::AGENCY_LIMIT_MINUTES;
use crate::knowledge::Knowledge;
use crate::refusal::CaseRefusal;
use crate::store;

/// The case, where the acting member of staff works it.
pub fn case_brief(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: CaseId,
) -> Result<Case, Failure<CaseRefusal>> {
    Ok(begin::<CaseRefusal>(tx, ctx, know, id, None)?.case)
}

/// Until when a case may be sent to another agency: 8 working hours from the receipt (영13).
pub fn transfer_due(know: &Knowledge, case: &Case) -> Option<Due> {
    let hours = u16::try_from(AGENCY_LIMIT_MINUTES / 60).ok()?;
    let input = DueInput::petition(case.received_at, Period::Hours(hours));
    know.calendar().due(&input).ok()
}

/// The codes of the services the office has or had.
pub fn service_codes(tx: &mut Tx, office: OfficeId) -> Result<Vec<String>, Fault> {
    Ok(store::services(tx, office)?.into_iter().map(|service| service.code).collect())
}
