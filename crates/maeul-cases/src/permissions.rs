//! What the room of cases lets people do.

use maeul_base::{Permission, Role};

/// See cases: their pages, photos and history, with contacts masked.
pub const CASES_SEE: Permission = Permission {
    name: "cases.see",
    what: ("민원을 보기(연락처는 가림)", "See cases, with contacts masked"),
    roles: &[Role::Officer, Role::Head, Role::Coordinator, Role::Viewer],
};
/// Work cases: take, assign, ask, note, pass on, draft an answer.
pub const CASES_WORK: Permission = Permission {
    name: "cases.work",
    what: ("민원을 처리하기", "Work cases"),
    roles: &[Role::Officer, Role::Head, Role::Coordinator],
};
/// See a resident's contact, with a reason that is logged.
pub const CASES_REVEAL: Permission = Permission {
    name: "cases.reveal",
    what: ("민원인의 연락처를 까닭을 적고 보기", "See a resident's contact, for a logged reason"),
    roles: &[Role::Officer, Role::Head, Role::Coordinator],
};
/// Open one case for a short time without the right, in an emergency: logged and reviewed.
pub const CASES_OPEN: Permission = Permission {
    name: "cases.open_in_emergency",
    what: (
        "권한 없는 민원을 급할 때 잠시 열기(기록하고 다음 날 점검)",
        "Open one case in an emergency without the right (logged, reviewed the next day)",
    ),
    roles: &[Role::Officer, Role::Head, Role::Viewer],
};
/// Enter a case at the counter or from the telephone.
pub const CASES_ENTER: Permission = Permission {
    name: "cases.enter",
    what: ("창구와 전화 민원을 접수하기", "Enter cases at the counter or from the telephone"),
    roles: &[Role::Officer, Role::Head, Role::Coordinator],
};
/// Approve or send back an answer.
pub const ANSWER_APPROVE: Permission = Permission {
    name: "cases.approve",
    what: ("답변을 승인하거나 돌려보내기", "Approve answers or send them back"),
    roles: &[Role::Head, Role::Coordinator],
};
/// Take words, contacts and photos out of a case for good.
pub const CASES_PURGE: Permission = Permission {
    name: "cases.purge",
    what: ("민원의 글·연락처·사진을 지우기", "Purge words, contacts and photos of a case"),
    roles: &[Role::Head, Role::Coordinator],
};
/// Decide where a case belongs that no unit owns.
pub const COORDINATE: Permission = Permission {
    name: "cases.coordinate",
    what: ("담당 부서가 없는 민원을 배정하기", "Decide where a case belongs that no unit owns"),
    roles: &[Role::Coordinator],
};

/// Take in another system's cases, and write out ours.
pub const IMPORT_CASES: Permission = Permission {
    name: "cases.import",
    what: (
        "다른 시스템의 민원을 옮겨 오고 내보내기",
        "Take in another system's cases, and write out ours",
    ),
    roles: &[Role::Administrator],
};

/// All of them.
pub const ALL: &[&Permission] = &[
    &CASES_SEE,
    &CASES_WORK,
    &CASES_REVEAL,
    &CASES_OPEN,
    &CASES_ENTER,
    &ANSWER_APPROVE,
    &CASES_PURGE,
    &COORDINATE,
    &IMPORT_CASES,
];
