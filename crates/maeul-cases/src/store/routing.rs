//! The models an office trained, and what was suggested when a person chose.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Fault, OfficeId};
use maeul_db::{Tx, args, json, row};
use maeul_language::routing::Model;

use crate::advise::{Advice, OwnModel};

row! {
    /// A model the office trained, without its bytes.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ModelView {
        /// Its version: 1 for the office's first.
        pub version: i64,
        /// When it was trained.
        pub trained_at: Timestamp,
        /// Cases it learned from.
        pub cases: i64,
        /// How many of them a member of staff had given another service.
        pub corrected: i64,
    }
}

/// Asks how often the models of office `$1` changed.
pub(crate) const ROUTING_REVISION: &str =
    "SELECT revision FROM cases_routing_revision WHERE office_id = $1";

/// What [`ROUTING_REVISION`] asks for.
pub(crate) fn routing_revision(tx: &mut Tx, office: OfficeId) -> Result<i64, Fault> {
    let found: Option<(i64,)> = tx.get(ROUTING_REVISION, args![office])?;
    Ok(found.map_or(0, |(revision,)| revision))
}

/// The next revision, which is also the next version.
pub(crate) fn touch_routing(tx: &mut Tx, office: OfficeId) -> Result<i64, Fault> {
    tx.exec_one(
        "INSERT INTO cases_routing_revision (office_id, revision) VALUES ($1, 1)
         ON CONFLICT (office_id) DO UPDATE SET revision = cases_routing_revision.revision + 1",
        args![office],
    )?;
    routing_revision(tx, office)
}

/// The models kept, the newest first.
pub(crate) fn models(tx: &mut Tx, office: OfficeId) -> Result<Vec<ModelView>, Fault> {
    tx.all(
        "SELECT version, trained_at, cases, corrected FROM cases_routing_model
          WHERE office_id = $1 ORDER BY version DESC",
        args![office],
    )
}

/// The newest model; what cannot be read is left aside and told in the log, so that a damaged
/// model does not stop an office.
pub(crate) fn own_model(tx: &mut Tx, office: OfficeId) -> Result<Option<OwnModel>, Fault> {
    let found: Option<(i64, Timestamp, i64, Vec<u8>)> = tx.get(
        "SELECT version, trained_at, cases, bytes FROM cases_routing_model
          WHERE office_id = $1 ORDER BY version DESC LIMIT 1",
        args![office],
    )?;
    let Some((version, trained_at, cases, bytes)) = found else { return Ok(None) };
    match Model::from_bytes(&bytes) {
        Ok(model) => Ok(Some(OwnModel { version, trained_at, cases, model })),
        Err(error) => {
            tracing::warn!(office = office.0, version, ?error, "the routing model is not used");
            Ok(None)
        }
    }
}

pub(crate) fn insert_model(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &ModelView,
    bytes: &[u8],
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO cases_routing_model (office_id, version, trained_at, cases, corrected, bytes)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![ctx.office, new.version, new.trained_at, new.cases, new.corrected, bytes.to_vec()],
    )
}

/// Forgets models; how many there were.
pub(crate) fn delete_model(tx: &mut Tx, office: OfficeId, version: i64) -> Result<bool, Fault> {
    let touched = tx.exec(
        "DELETE FROM cases_routing_model WHERE office_id = $1 AND version = $2",
        args![office, version],
    )?;
    Ok(touched > 0)
}

/// Keeps what was suggested beside what was chosen; a second time changes nothing.
pub(crate) fn insert_choice(
    tx: &mut Tx,
    ctx: &Ctx,
    case: CaseId,
    seq: i64,
    advice: &Advice,
    chosen: Option<&str>,
) -> Result<(), Fault> {
    let suggested: Vec<(&str, u32)> =
        advice.candidates.iter().map(|it| (it.service.as_str(), it.confidence)).collect();
    let made_by = if ctx.actor.staff_id().is_some() { "staff" } else { "resident" };
    tx.exec(
        "INSERT INTO cases_choice (office_id, case_id, seq, at, made_by, model, unsure, suggested,
            chosen)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (office_id, case_id, seq) DO NOTHING",
        args![
            ctx.office,
            case,
            seq,
            ctx.now,
            made_by,
            advice.source.model(),
            advice.unsure,
            json(&suggested)?,
            chosen.map(str::to_owned)
        ],
    )?;
    Ok(())
}
