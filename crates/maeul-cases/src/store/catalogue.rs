//! The catalogue of services and answer templates, as loaded from files.

use maeul_base::{Fault, OfficeId};
use maeul_db::{Json, Tx, args, json};

use crate::service::Service;
use crate::template::Template;

/// Asks how often services or templates of office `$1` were changed.
pub(crate) const CATALOGUE_REVISION: &str =
    "SELECT revision FROM cases_catalogue WHERE office_id = $1";

/// What [`CATALOGUE_REVISION`] asks for.
pub(crate) fn catalogue_revision(tx: &mut Tx, office: OfficeId) -> Result<i64, Fault> {
    let found: Option<(i64,)> = tx.get(CATALOGUE_REVISION, args![office])?;
    Ok(found.map_or(0, |(revision,)| revision))
}

/// Tells caches that something was changed.
pub(crate) fn touch_catalogue(tx: &mut Tx, office: OfficeId) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO cases_catalogue (office_id, revision) VALUES ($1, 1)
         ON CONFLICT (office_id) DO UPDATE SET revision = cases_catalogue.revision + 1",
        args![office],
    )
}

/// All services in their order, those no longer offered too.
pub(crate) fn services(tx: &mut Tx, office: OfficeId) -> Result<Vec<Service>, Fault> {
    let rows: Vec<(Json<Service>, bool)> = tx.all(
        "SELECT body, active FROM cases_service WHERE office_id = $1 ORDER BY ord, code",
        args![office],
    )?;
    Ok(rows.into_iter().map(|(Json(service), active)| Service { active, ..service }).collect())
}

pub(crate) fn put_service(
    tx: &mut Tx,
    office: OfficeId,
    ord: i32,
    service: &Service,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO cases_service (office_id, code, ord, active, body)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (office_id, code)
         DO UPDATE SET ord = excluded.ord, active = excluded.active, body = excluded.body",
        args![office, service.code, ord, service.active, json(service)?],
    )
}

/// All templates, those no longer offered too.
pub(crate) fn templates(tx: &mut Tx, office: OfficeId) -> Result<Vec<Template>, Fault> {
    let rows: Vec<(Json<Template>, bool)> = tx.all(
        "SELECT body, active FROM cases_template WHERE office_id = $1 ORDER BY ord, code",
        args![office],
    )?;
    Ok(rows.into_iter().map(|(Json(it), active)| Template { active, ..it }).collect())
}

pub(crate) fn put_template(
    tx: &mut Tx,
    office: OfficeId,
    ord: i32,
    template: &Template,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO cases_template (office_id, code, ord, active, body)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (office_id, code)
         DO UPDATE SET ord = excluded.ord, active = excluded.active, body = excluded.body",
        args![office, template.code, ord, template.active, json(template)?],
    )
}
