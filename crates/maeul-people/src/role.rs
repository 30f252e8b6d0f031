//! What an office changes of its roles, and what it cannot: the separations of duty.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Permission, Role, StaffId};
use maeul_db::row;

use crate::grant::Standing;
use crate::id::RoleChangeId;
use crate::permissions::{GRANT, REVIEW};

row! {
    /// A permission given to a role or taken from it, as it stands in the history.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RoleChangeEntry {
        /// Its id.
        pub id: RoleChangeId,
        /// Which role.
        pub role: Role,
        /// Which permission.
        pub permission: String,
        /// Given, else taken away.
        pub given: bool,
        /// The first day.
        pub from: Date,
        /// The first day on which it is no more; none for no end.
        pub until: Option<Date>,
        /// Why.
        pub reason: String,
        /// When it was written.
        pub changed_at: Timestamp,
        /// Who wrote it; none for Maeul itself.
        pub changed_by: Option<StaffId>,
        /// When it was ended before its day.
        pub ended_at: Option<Timestamp>,
        /// Who ended it; none for Maeul itself.
        pub ended_by: Option<StaffId>,
        /// Why it was ended.
        pub end_reason: Option<String>,
    }
}

impl RoleChangeEntry {
    /// How it stands on that day.
    pub fn standing(&self, on: Date) -> Standing {
        if self.ended_at.is_some() || self.until.is_some_and(|until| until <= on) {
            Standing::Over
        } else if on < self.from {
            Standing::Ahead
        } else {
            Standing::InForce
        }
    }
}

/// Why a role cannot have a permission, or cannot be without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separation {
    /// Who keeps the installation and its rights sees no resident's case, and the other way round.
    Sides,
    /// Who reviews gives nothing and changes nothing.
    Reviewer,
    /// Who only looks changes nothing: those of a 동's office look by it at other units' cases.
    Viewer,
    /// Everybody keeps their own account.
    OwnAccount,
    /// Somebody must be able to give rights.
    Keeper,
}

/// What keeps the installation: the permissions that rooms declare for these two roles and no other.
const fn keeps(role: Role) -> bool {
    matches!(role, Role::Administrator | Role::Auditor)
}

/// What somebody who only looks may be given.
const LOOKS: [&str; 4] = ["cases.see", "cases.reveal", "cases.open_in_emergency", "texts.read_all"];
/// What somebody who only reviews may be given.
const REVIEWS: [&str; 2] = [REVIEW.name, "privacy.review"];

/// What stands against giving that permission to the role, or taking it away.
pub fn separated(role: Role, permission: &Permission, given: bool) -> Option<Separation> {
    if permission.roles.len() == Role::ALL.len() {
        return Some(Separation::OwnAccount);
    }
    if !given {
        let keeper = role == Role::Administrator && permission.name == GRANT.name;
        return keeper.then_some(Separation::Keeper);
    }
    if permission.roles.iter().all(|it| keeps(*it)) != keeps(role) {
        return Some(Separation::Sides);
    }
    match role {
        Role::Auditor if !REVIEWS.contains(&permission.name) => Some(Separation::Reviewer),
        Role::Viewer if !LOOKS.contains(&permission.name) => Some(Separation::Viewer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permissions::ACCOUNTS;

    const SEE: Permission = Permission {
        name: "cases.see",
        what: ("보기", "See"),
        roles: &[Role::Officer, Role::Head, Role::Coordinator, Role::Viewer],
    };
    const APPROVE: Permission = Permission {
        name: "cases.approve",
        what: ("승인", "Approve"),
        roles: &[Role::Head, Role::Coordinator],
    };
    const OWN: Permission =
        Permission { name: "door.own_account", what: ("계정", "Account"), roles: &Role::ALL };

    #[test]
    fn duties_stay_apart() {
        use Separation::*;
        for (role, permission, given, expected) in [
            (Role::Administrator, &SEE, true, Some(Sides)),
            (Role::Auditor, &SEE, true, Some(Sides)),
            (Role::Officer, &GRANT, true, Some(Sides)),
            (Role::Coordinator, &ACCOUNTS, true, Some(Sides)),
            (Role::Viewer, &REVIEW, true, Some(Sides)),
            (Role::Auditor, &GRANT, true, Some(Reviewer)),
            (Role::Viewer, &APPROVE, true, Some(Viewer)),
            (Role::Officer, &APPROVE, true, None),
            (Role::Officer, &SEE, false, None),
            (Role::Administrator, &ACCOUNTS, false, None),
            (Role::Administrator, &GRANT, false, Some(Keeper)),
            (Role::Officer, &OWN, false, Some(OwnAccount)),
        ] {
            let said = separated(role, permission, given);
            assert_eq!(said, expected, "{} {} {given}", role.as_str(), permission.name);
        }
    }
}
