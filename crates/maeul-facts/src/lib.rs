//! Plain events that cross rooms. Rooms never call each other: they state facts, and the table in
//! `maeul-app` says who reacts. Ids, dates and codes only; variants are never removed or renamed,
//! because facts wait in the outbox across upgrades.

use jiff::civil::Date;
use maeul_base::{CaseId, UnitId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// Somebody wants no text messages any more (수신거부): whatever was to be texted to them, they
    /// are forgotten by whoever kept their number for it.
    TextsStopped {
        /// The number, as the room of text messages keeps it.
        number: Uuid,
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
            Self::TextsStopped { .. } => Self::TEXTS_STOPPED,
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
    /// The kind of [`Fact::TextsStopped`].
    pub const TEXTS_STOPPED: &'static str = "fact:texts_stopped";
}
