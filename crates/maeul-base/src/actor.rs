//! Who acts: a resident, a member of staff, another system, or Maeul itself.

use crate::{Permission, Rights, Role, StaffId, UnitId};

/// Who stands behind a request or a job; their kind and id are written beside every event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A resident, known only by the link or code they hold.
    Resident,
    /// A signed-in member of staff.
    Staff {
        /// Who.
        id: StaffId,
        /// The unit they belong to today.
        unit: UnitId,
        /// What they may do now.
        rights: Rights,
    },
    /// Maeul itself: a job, an import, a recalculation.
    System,
}

impl Actor {
    /// A member of staff with the least that role works with.
    pub fn in_role(id: StaffId, unit: UnitId, role: Role) -> Self {
        Self::Staff { id, unit, rights: Rights::usual(role, unit) }
    }

    /// The member of staff and their unit, if it is one.
    pub const fn staff(&self) -> Option<(StaffId, UnitId)> {
        match self {
            Self::Staff { id, unit, .. } => Some((*id, *unit)),
            _ => None,
        }
    }

    /// The member of staff's id, if it is one.
    pub const fn staff_id(&self) -> Option<StaffId> {
        match self {
            Self::Staff { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// What the member of staff holds, if it is one.
    pub const fn rights(&self) -> Option<&Rights> {
        match self {
            Self::Staff { rights, .. } => Some(rights),
            _ => None,
        }
    }

    /// Whether staff have the permission over anything; Maeul itself has every one, a resident none.
    pub fn may(&self, permission: &Permission) -> bool {
        match self {
            Self::System => true,
            Self::Staff { rights, .. } => rights.has(permission),
            Self::Resident => false,
        }
    }

    /// `resident`, `staff` or `system`: the word kept beside an event.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Staff { .. } => "staff",
            Self::System => "system",
        }
    }
}
