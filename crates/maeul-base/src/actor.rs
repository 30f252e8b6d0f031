//! Who acts: a resident, a member of staff, another system, or Maeul itself.

use serde::{Deserialize, Serialize};

use crate::{StaffId, UnitId};

/// What a member of staff may do, until grants per person are kept with dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 담당자: works the cases of their unit, enters cases at the counter.
    Officer,
    /// 팀장·과장: approves answers, assigns within the unit.
    Head,
    /// 민원조정관: the queue of cases no unit owns; reassigns anywhere.
    Coordinator,
    /// 전산 담당: imports, settings; sees no resident's contact.
    Administrator,
}

impl Role {
    /// All roles, in the order of the authorisation matrix.
    pub const ALL: [Self; 4] = [Self::Officer, Self::Head, Self::Coordinator, Self::Administrator];

    /// The name kept in the database and in import files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Head => "head",
            Self::Coordinator => "coordinator",
            Self::Administrator => "administrator",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// Who stands behind a request or a job; written beside every event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A resident, known only by the link or code they hold.
    Resident,
    /// A signed-in member of staff.
    Staff {
        /// Who.
        id: StaffId,
        /// The unit they belong to today.
        unit: UnitId,
        /// What they may do.
        role: Role,
    },
    /// Maeul itself: a job, an import, a recalculation.
    System,
}

impl Actor {
    /// The member of staff, if it is one.
    pub const fn staff(&self) -> Option<(StaffId, UnitId, Role)> {
        match self {
            Self::Staff { id, unit, role } => Some((*id, *unit, *role)),
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

    /// `resident`, `staff` or `system`: the word kept beside an event.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Staff { .. } => "staff",
            Self::System => "system",
        }
    }
}
