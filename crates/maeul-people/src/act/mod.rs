//! What changes people's accounts and sessions, one verb a file.

pub mod api_client;
pub mod change_password;
pub mod end_staff;
pub mod grant;
pub mod issue_credentials;
pub mod log_reveal;
pub mod opening;
pub mod passkey;
pub mod role;
pub mod sign_in;
pub mod sign_in_passkey;
pub mod sign_in_provider;
pub mod sign_out;
pub mod touch_session;
