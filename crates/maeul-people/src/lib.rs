//! Staff, their sign-in and sessions, the log of every look at personal data, and the programs of
//! others that may call our interfaces.

mod act;
mod api_client;
mod grant;
mod id;
mod import;
mod look;
mod opening;
mod passkey;
mod password;
pub mod permissions;
mod read;
mod role;
pub mod signature;
mod staff;
mod store;
mod token;
mod totp;
mod vouched;
pub mod web;
pub mod webauthn;

use maeul_base::StaffId;
use maeul_db::{BytesColumn, Migration, SealAt, migration};

pub use act::api_client::{ApiClientRefusal, NewApiClient, add_api_client, revoke_api_client};
pub use act::change_password::{ChangePassword, change_password};
pub use act::end_staff::{AccountRefusal, end_staff};
pub use act::grant::{GrantRefusal, NewGrant, end_grant, forget_grants, give_own_dong, grant};
pub use act::issue_credentials::issue_credentials;
pub use act::log_reveal::{Look, RevealRefusal, log_look};
pub use act::opening::{NewOpening, OpeningRefusal, SHORTEST_REASON, open, review_opening};
pub use act::passkey::{NewChallenge, PasskeyRefusal, add_passkey, begin_passkey, remove_passkey};
pub use act::role::{NewRoleChange, RoleRefusal, change_role, end_role_change};
pub use act::sign_in::{
    Device, SignIn, SignInFrom, SignInOutcome, SignInRefusal, SignedIn, forget_failures,
    record_sign_in,
};
pub use act::sign_in_passkey::{PasskeySignIn, challenge, forget_tickets, sign_in_with_passkey};
pub use act::sign_in_provider::{
    ProviderOutcome, ProviderSignIn, come_back, has_left, set_out, sign_in_by_provider,
    sign_in_by_provider_code,
};
pub use act::sign_out::{LeftProvider, sign_out, sign_out_everywhere};
pub use act::touch_session::touch_session;
pub use api_client::{ApiClient, ApiKey, DEFAULT_PER_MINUTE, Scope, Scopes};
pub use grant::{GRANTS_KEPT_YEARS, Grant, GrantScope, Origin, Standing};
pub use id::{ApiClientId, GrantId, OpeningId, PasskeyId, RoleChangeId};
pub use import::{
    Initial, NewAccount, StaffFile, StaffLine, StaffPreview, apply_staff, make_credentials,
    plan_staff, preview_staff,
};
pub use look::{Break, Checked, DayHead, Head, LookAct, LookEntry};
pub use opening::Opening;
pub use passkey::{Passkey, Ticket, TicketKind, user_handle};
pub use password::{
    Candidate, Cost, MAX_BYTES, MIN_CHARS, PasswordHash, PasswordRefusal, Verified,
    check_new_password, hash_password, verify_password,
};
pub use read::{
    account_log, actor_of, all_staff, find_for_sign_in, keys_open, reveals, session, sign_in_log,
    staff, staff_by_id, staff_by_login, staff_names, staff_of_unit,
};
pub use role::{RoleChangeEntry, Separation, separated};
pub use staff::{AccountEntry, RevealEntry, SignInEntry, SignInPolicy, Staff, StaffSession};
pub use store::api_client::{api_client_of_key, api_clients, touch_api_client};
pub use store::grant::{Holder, all_rights, grants, holders, holders_around, rights};
pub use store::look::{
    Checking, LooksOf, chain_looks, day_heads, first_look, look_head, looks_between,
    looks_by_officer, looks_of_case,
};
pub use store::opening::{open_until, openings, openings_of};
pub use store::passkey::passkeys;
pub use store::role::role_changes;
pub use token::SessionToken;
pub use totp::{STEP_SECONDS, TotpSecret, totp_code, totp_uri};
pub use vouched::Vouched;

/// What each column of bytes holds: the sealed ones are sealed again when a new key is taken into use.
pub const BYTES: &[BytesColumn] = &[
    BytesColumn::sealed("people_staff", "totp_secret", "id"),
    BytesColumn::hash("people_session", "token_hash"),
    BytesColumn::hash("people_sign_in_guard", "login_hash"),
    BytesColumn::hash("people_sign_in_log", "login_hash"),
    BytesColumn::hash("people_api_client", "key_hash"),
    BytesColumn::hash("people_device", "device_hash"),
    BytesColumn::open(
        "people_passkey",
        "credential",
        "a random name, of use only to who holds the authenticator",
    ),
    BytesColumn::hash("people_passkey", "credential_hash"),
    BytesColumn::open("people_passkey", "public_key", "a public key, which signs nobody in"),
    BytesColumn::hash("people_ticket", "hash"),
    BytesColumn::hash("people_ticket", "browser_hash"),
    BytesColumn::sealed("people_vouched", "id_token", "id"),
    BytesColumn::hash("people_look_link", "hash"),
    BytesColumn::hash("people_look_link", "mac"),
    BytesColumn::hash("people_look_head", "hash"),
];

/// The steps that build this crate's tables; after those of `maeul-org`.
pub const MIGRATIONS: &[Migration] = &[
    migration!("people", "0001_staff"),
    migration!("people", "0002_api_client"),
    migration!("people", "0003_look"),
    migration!("people", "0004_grants"),
    migration!("people", "0005_openings"),
    migration!("people", "0006_passkeys"),
    migration!("people", "0007_role_changes"),
    migration!("people", "0008_vouched"),
];

/// Where a one-time secret lives.
pub(crate) fn sealed_totp(id: StaffId) -> SealAt {
    SealAt::new("people_staff", "totp_secret", id)
}
