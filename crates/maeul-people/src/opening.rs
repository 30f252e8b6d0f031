//! Openings: someone without the right opens one thing for a short time, in an emergency. It is
//! written down with the reason, shown beside the thing, and reviewed the next day.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{StaffId, seoul};
use maeul_db::row;
use uuid::Uuid;

use crate::id::OpeningId;

row! {
    /// One thing opened by one person.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Opening {
        /// Its id.
        pub id: OpeningId,
        /// Who opened it.
        pub staff: StaffId,
        /// Their name today.
        pub staff_name: String,
        /// What kind of thing, e.g. `case`.
        pub what_kind: String,
        /// Which one.
        pub what_id: Uuid,
        /// What the reviewer reads, e.g. a receipt number.
        pub label: String,
        /// Why.
        pub reason: String,
        /// When.
        pub opened_at: Timestamp,
        /// When it ends by itself.
        pub until: Timestamp,
        /// When it was reviewed.
        pub reviewed_at: Option<Timestamp>,
        /// By whom.
        pub reviewed_by: Option<StaffId>,
        /// What the reviewer found.
        pub note: Option<String>,
    }
}

impl Opening {
    /// Whether its review is due: it was made before that day and nobody has looked at it.
    pub fn is_due(&self, today: Date) -> bool {
        self.reviewed_at.is_none() && seoul::date(self.opened_at) < today
    }
}
