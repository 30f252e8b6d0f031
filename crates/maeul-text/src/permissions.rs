//! What the room of texts lets people do.

use maeul_base::{Permission, Role};

/// Read and work the texts of one's unit.
pub const TEXTS_WORK: Permission = Permission {
    name: "texts.work",
    what: ("문자를 읽고 처리하기", "Read and work texts"),
    roles: &[Role::Officer, Role::Head, Role::Coordinator],
};
/// Read the texts of the whole office, whichever unit one heads.
pub const TEXTS_READ_ALL: Permission = Permission {
    name: "texts.read_all",
    what: ("기관 전체의 문자를 읽기", "Read the texts of the whole office"),
    roles: &[Role::Head, Role::Coordinator],
};
/// Set the office's promise.
pub const TEXTS_PROMISE: Permission = Permission {
    name: "texts.promise",
    what: ("답장 약속을 정하기", "Set the office's promise"),
    roles: &[Role::Coordinator],
};
