//! What members of staff may do here.

use maeul_base::{Permission, Role};

/// Review who looked at personal data, and decide for how long they are kept.
pub const REVIEW: Permission = Permission {
    name: "privacy.review",
    what: (
        "개인정보를 누가 보았는지 점검하고 보관 기간을 정하기",
        "Review who looked at personal data, and decide for how long they are kept",
    ),
    roles: &[Role::Administrator],
};

/// Decide what people ask to have erased, and put together what is held about them.
pub const DECIDE: Permission = Permission {
    name: "privacy.decide",
    what: (
        "삭제 청구를 정하고 본인의 자료를 모으기",
        "Decide what people ask to have erased, and put together what is held about them",
    ),
    roles: &[Role::Head, Role::Coordinator],
};
