//! SQL of the programs of others: let in, found by their key, turned away.

use maeul_base::{Ctx, Fault, OfficeId};
use maeul_db::{Tx, args};

use crate::api_client::{ApiClient, ApiKey};
use crate::id::ApiClientId;

const COLUMNS: &str = "id, name, key_end, scopes, per_minute, tokens, created_at, last_used_at,
    revoked_at";

/// One row, or none where a client in use is called so.
pub fn insert_api_client(
    tx: &mut Tx,
    ctx: &Ctx,
    client: &ApiClient,
    key: &ApiKey,
) -> Result<u64, Fault> {
    tx.exec(
        "INSERT INTO people_api_client (office_id, id, name, key_hash, key_end, scopes, per_minute,
             tokens, created_at, created_by_kind, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT DO NOTHING",
        args![
            ctx.office,
            client.id,
            client.name,
            key.hash(),
            client.key_end,
            client.scopes.as_text(),
            client.per_minute,
            client.tokens,
            ctx.now,
            ctx.actor.kind(),
            ctx.actor.staff_id()
        ],
    )
}

/// The client as it is now; none where it was not in use.
pub fn revoke_api_client(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ApiClientId,
) -> Result<Option<ApiClient>, Fault> {
    tx.get(
        &format!(
            "UPDATE people_api_client SET revoked_at = $3, revoked_by_kind = $4, revoked_by = $5
              WHERE office_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING {COLUMNS}"
        ),
        args![ctx.office, id, ctx.now, ctx.actor.kind(), ctx.actor.staff_id()],
    )
}

/// The clients of an office: those in use by name, then those turned away, the latest first.
pub fn api_clients(tx: &mut Tx, office: OfficeId) -> Result<Vec<ApiClient>, Fault> {
    tx.all(
        &format!(
            "SELECT {COLUMNS} FROM people_api_client WHERE office_id = $1
              ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, revoked_at DESC, name, id"
        ),
        args![office],
    )
}

/// The client in use that has this key.
pub fn api_client_of_key(
    tx: &mut Tx,
    office: OfficeId,
    key: &ApiKey,
) -> Result<Option<ApiClient>, Fault> {
    tx.get(
        &format!(
            "SELECT {COLUMNS} FROM people_api_client
              WHERE office_id = $1 AND key_hash = $2 AND revoked_at IS NULL"
        ),
        args![office, key.hash()],
    )
}

/// Keeps when a client last called; called at most once a minute.
pub fn touch_api_client(tx: &mut Tx, ctx: &Ctx, id: ApiClientId) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_api_client SET last_used_at = $3 WHERE office_id = $1 AND id = $2",
        args![ctx.office, id, ctx.now],
    )
}
