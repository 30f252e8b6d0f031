//! What the room of public pages lets people do.

use maeul_base::{Permission, Role};

/// Look at summaries and decide whether everybody may read them.
pub const PUBLISH: Permission = Permission {
    name: "public.publish",
    what: ("요약을 공개할지 정하기", "Decide which summaries everybody may read"),
    roles: &[Role::Officer, Role::Head, Role::Coordinator],
};
