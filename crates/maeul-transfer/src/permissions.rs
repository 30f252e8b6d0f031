//! What this room lets people do beside working cases.

use maeul_base::{Permission, Role};

/// Keep the list of agencies and their keys.
pub const KEEP_AGENCIES: Permission = Permission {
    name: "transfer.agencies",
    what: ("이송하는 기관과 열쇠를 관리하기", "Keep the agencies and their keys"),
    roles: &[Role::Administrator],
};
