//! What this room lets people do.

use maeul_base::{Permission, Role};

/// Give and end what people may do.
pub const GRANT: Permission = Permission {
    name: "people.grant",
    what: ("계정의 권한을 주고 끝내기", "Give and end what accounts may do"),
    roles: &[Role::Administrator],
};
/// Make, end and mend accounts.
pub const ACCOUNTS: Permission = Permission {
    name: "people.accounts",
    what: ("계정을 끝내고 인증 수단을 새로 주기", "End accounts and give new credentials"),
    roles: &[Role::Administrator],
};
/// Let programs of others in, and turn them away.
pub const API_CLIENTS: Permission = Permission {
    name: "people.api_clients",
    what: ("연계 프로그램을 등록하고 끊기", "Let programs of others in and turn them away"),
    roles: &[Role::Administrator],
};
/// Look over what was opened without a right.
pub const REVIEW: Permission = Permission {
    name: "people.review",
    what: ("긴급 열람을 점검하기", "Review what was opened in an emergency"),
    roles: &[Role::Administrator, Role::Auditor],
};
