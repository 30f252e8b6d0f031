//! Plain events that cross rooms. Rooms never call each other: they state facts, and the table in
//! `maeul-app` says who reacts. Ids, dates and codes only; variants are never removed or renamed,
//! because facts wait in the outbox across upgrades.

use jiff::civil::Date;
use maeul_base::{CaseId, UnitId};
use serde::{Deserialize, Serialize};

/// Something that happened in one room and may concern another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A case was received.
    CaseReceived {
        /// Which.
        case: CaseId,
        /// The unit it was routed to; none stands in the coordinator's queue.
        unit: Option<UnitId>,
    },
    /// Something happened to a case after it was received.
    CaseChanged {
        /// Which.
        case: CaseId,
    },
    /// A case was answered.
    CaseAnswered {
        /// Which.
        case: CaseId,
    },
    /// The services of the office, or what is published of them, were changed.
    ServicesChanged,
    /// Days were added to or taken from the office's calendar: running clocks are recomputed.
    HolidaysChanged {
        /// The earliest day concerned.
        from: Date,
    },
}

impl Fact {
    /// The kind under which it waits in the queue.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::CaseReceived { .. } => Self::CASE_RECEIVED,
            Self::CaseChanged { .. } => Self::CASE_CHANGED,
            Self::CaseAnswered { .. } => Self::CASE_ANSWERED,
            Self::ServicesChanged => Self::SERVICES_CHANGED,
            Self::HolidaysChanged { .. } => Self::HOLIDAYS_CHANGED,
        }
    }

    /// The kind of [`Fact::CaseReceived`].
    pub const CASE_RECEIVED: &'static str = "fact:case_received";
    /// The kind of [`Fact::CaseChanged`].
    pub const CASE_CHANGED: &'static str = "fact:case_changed";
    /// The kind of [`Fact::CaseAnswered`].
    pub const CASE_ANSWERED: &'static str = "fact:case_answered";
    /// The kind of [`Fact::ServicesChanged`].
    pub const SERVICES_CHANGED: &'static str = "fact:services_changed";
    /// The kind of [`Fact::HolidaysChanged`].
    pub const HOLIDAYS_CHANGED: &'static str = "fact:holidays_changed";
}
