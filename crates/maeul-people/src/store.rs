//! SQL that changes staff, sessions and logs.

pub mod api_client;
pub mod grant;
pub mod look;
pub mod opening;
pub mod passkey;
pub mod role;
pub mod vouched;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Ctx, Fault, OfficeId, SessionId, StaffId, UnitId};
use maeul_db::{SealedText, Tx, args, row};
use uuid::Uuid;

use crate::id::LogId;
use crate::import::StaffLine;
use crate::read::Guard;
use crate::{PasswordHash, SessionToken, StaffSession};

/// What signs a person in.
#[derive(Debug)]
pub struct Secrets<'a> {
    pub password: &'a PasswordHash,
    pub totp: &'a SealedText,
    pub must_change: bool,
}

pub fn insert_staff(
    tx: &mut Tx,
    ctx: &Ctx,
    id: StaffId,
    unit: UnitId,
    it: &StaffLine,
    secrets: &Secrets<'_>,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_staff (office_id, id, login, name, unit_id, role, phone, email,
             password_hash, totp_secret, totp_last_step, must_change_password, valid_from,
             valid_to, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, NULL, $13)",
        args![
            ctx.office,
            id,
            it.login,
            it.name,
            unit,
            it.role,
            it.phone,
            it.email,
            secrets.password.0,
            secrets.totp,
            secrets.must_change,
            ctx.today(),
            ctx.now
        ],
    )
}

pub fn update_staff(
    tx: &mut Tx,
    office: OfficeId,
    id: StaffId,
    unit: UnitId,
    it: &StaffLine,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_staff SET name = $3, unit_id = $4, role = $5, phone = $6, email = $7
         WHERE office_id = $1 AND id = $2",
        args![office, id, it.name, unit, it.role, it.phone, it.email],
    )
}

pub fn set_secrets(
    tx: &mut Tx,
    office: OfficeId,
    id: StaffId,
    secrets: &Secrets<'_>,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_staff SET password_hash = $3, totp_secret = $4, totp_last_step = 0,
             must_change_password = $5
         WHERE office_id = $1 AND id = $2",
        args![office, id, secrets.password.0, secrets.totp, secrets.must_change],
    )
}

pub fn set_password(
    tx: &mut Tx,
    office: OfficeId,
    id: StaffId,
    password: &PasswordHash,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_staff SET password_hash = $3, must_change_password = $4
         WHERE office_id = $1 AND id = $2",
        args![office, id, password.0, false],
    )
}

/// Notes the step whose code was used; a later or equal one was not used before.
pub fn use_step(tx: &mut Tx, office: OfficeId, id: StaffId, step: i64) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_staff SET totp_last_step = $3
         WHERE office_id = $1 AND id = $2 AND totp_last_step < $3",
        args![office, id, step],
    )
}

pub fn end_staff(tx: &mut Tx, office: OfficeId, id: StaffId, on: Date) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_staff SET valid_to = $3 WHERE office_id = $1 AND id = $2",
        args![office, id, on],
    )
}

pub fn put_guard(
    tx: &mut Tx,
    office: OfficeId,
    login_hash: &[u8],
    it: &Guard,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_sign_in_guard
             (office_id, login_hash, failed_count, last_failed_at, locked_until)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (office_id, login_hash) DO UPDATE SET
             failed_count = excluded.failed_count, last_failed_at = excluded.last_failed_at,
             locked_until = excluded.locked_until",
        args![office, login_hash, it.failed_count, it.last_failed_at, it.locked_until],
    )
}

/// None or one row: who never failed has none.
pub fn clear_guard(tx: &mut Tx, office: OfficeId, login_hash: &[u8]) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM people_sign_in_guard WHERE office_id = $1 AND login_hash = $2",
        args![office, login_hash],
    )
}

/// Any number of rows: names that were tried and left alone since.
pub fn clear_guards_before(tx: &mut Tx, office: OfficeId, at: Timestamp) -> Result<u64, Fault> {
    tx.exec(
        "DELETE FROM people_sign_in_guard WHERE office_id = $1 AND last_failed_at < $2",
        args![office, at],
    )
}

pub fn log_sign_in(
    tx: &mut Tx,
    ctx: &Ctx,
    login_hash: &[u8],
    staff: Option<StaffId>,
    outcome: &str,
    address: Option<&str>,
) -> Result<(), Fault> {
    let id = Uuid::from(ctx.id::<LogId>());
    tx.exec_one(
        "INSERT INTO people_sign_in_log
             (office_id, id, at, login_hash, staff_id, outcome, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![ctx.office, id, ctx.now, login_hash, staff, outcome, address],
    )
}

pub fn log_account(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    change: &str,
    detail: &str,
) -> Result<(), Fault> {
    let id = Uuid::from(ctx.id::<LogId>());
    tx.exec_one(
        "INSERT INTO people_account_log
             (office_id, id, at, staff_id, by_kind, by_staff_id, change, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            ctx.office,
            id,
            ctx.now,
            staff,
            ctx.actor.kind(),
            ctx.actor.staff_id(),
            change,
            detail
        ],
    )
}

pub fn insert_session(
    tx: &mut Tx,
    it: &StaffSession,
    token: &SessionToken,
    user_agent: Option<&str>,
    began_by: &str,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO people_session (office_id, id, token_hash, staff_id, created_at,
             last_seen_at, idle_until, absolute_until, user_agent, ended_at, began_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10)",
        args![
            it.office,
            it.session,
            token.hash(),
            it.staff,
            it.created_at,
            it.last_seen_at,
            it.idle_until,
            it.absolute_until,
            user_agent,
            began_by
        ],
    )
}

row! {
    /// A session that is open.
    #[derive(Clone, Debug)]
    pub struct OpenSession {
        /// When it began.
        pub created_at: Timestamp,
        /// When it ends in any case.
        pub absolute_until: Timestamp,
        /// How it began: `password`, `passkey`, `provider`.
        pub began_by: String,
    }
}

/// The session, while it is open.
pub fn open_session(
    tx: &mut Tx,
    office: OfficeId,
    id: SessionId,
) -> Result<Option<OpenSession>, Fault> {
    tx.get(
        "SELECT created_at, absolute_until, began_by FROM people_session
         WHERE office_id = $1 AND id = $2 AND ended_at IS NULL",
        args![office, id],
    )
}

pub fn touch_session(
    tx: &mut Tx,
    office: OfficeId,
    id: SessionId,
    at: Timestamp,
    idle_until: Timestamp,
) -> Result<(), Fault> {
    tx.exec_one(
        "UPDATE people_session SET last_seen_at = $3, idle_until = $4
         WHERE office_id = $1 AND id = $2",
        args![office, id, at, idle_until],
    )
}

/// None or one row: it may have been ended meanwhile. What a provider said goes with it.
pub fn end_session(
    tx: &mut Tx,
    office: OfficeId,
    id: SessionId,
    at: Timestamp,
) -> Result<u64, Fault> {
    vouched::delete_vouched(tx, office, id)?;
    tx.exec(
        "UPDATE people_session SET ended_at = $3
         WHERE office_id = $1 AND id = $2 AND ended_at IS NULL",
        args![office, id, at],
    )
}

/// Any number of rows: all the person's open sessions, but for one that may be kept.
pub fn end_sessions(
    tx: &mut Tx,
    office: OfficeId,
    staff: StaffId,
    keep: Option<SessionId>,
    at: Timestamp,
) -> Result<u64, Fault> {
    // An id nobody has, because SQL compares nothing with NULL.
    let keep = keep.map_or(Uuid::nil(), Uuid::from);
    vouched::delete_vouched_of(tx, office, staff, keep)?;
    tx.exec(
        "UPDATE people_session SET ended_at = $4
         WHERE office_id = $1 AND staff_id = $2 AND id <> $3 AND ended_at IS NULL",
        args![office, staff, keep, at],
    )
}
