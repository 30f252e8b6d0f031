//! Staff, their sessions, and the limits of a sign-in.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use maeul_base::{Actor, Lang, OfficeId, Rights, Role, SessionId, StaffId, UnitId};
use maeul_db::row;

row! {
    /// A member of staff, without anything that signs in.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Staff {
        /// Their id.
        pub id: StaffId,
        /// Their sign-in name, unique in the office.
        pub login: String,
        /// Name or job title.
        pub name: String,
        /// Their unit today.
        pub unit: UnitId,
        /// Their position, as the staff file says it; what they may do is in their grants.
        pub role: Role,
        /// Telephone at work; empty when there is none.
        pub phone: String,
        /// E-mail at work; empty when there is none.
        pub email: String,
        /// The first day of the account.
        pub valid_from: Date,
        /// The first day on which it is no more; none for no end.
        pub valid_to: Option<Date>,
        /// Whether the password must be changed at the next sign-in.
        pub must_change_password: bool,
        /// When the account was made.
        pub created_at: Timestamp,
    }

    /// One look at personal data.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RevealEntry {
        /// When.
        pub at: Timestamp,
        /// Who looked.
        pub staff: StaffId,
        /// Their name today.
        pub staff_name: String,
        /// What was looked at, e.g. `phone`.
        pub field: String,
        /// The reason they gave.
        pub reason: String,
    }

    /// One attempt to sign in.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct SignInEntry {
        /// When.
        pub at: Timestamp,
        /// Whose account; none for a name that does not exist.
        pub staff: Option<StaffId>,
        /// `signed_in`, or why not.
        pub outcome: String,
        /// From which network address.
        pub address: Option<String>,
    }

    /// A grant, change or removal of rights.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AccountEntry {
        /// When.
        pub at: Timestamp,
        /// Whose account.
        pub staff: StaffId,
        /// `staff` or `system`.
        pub by_kind: String,
        /// Who did it, if a member of staff.
        pub by_staff: Option<StaffId>,
        /// What changed: `created`, `role`, `unit`, `ended`, `password`, `credentials`, `granted`,
        /// `grant_ended`, `opened`, `opening_reviewed`, `passkey_added`, `passkey_removed`,
        /// `passkey_cloned`.
        pub change: String,
        /// From what to what.
        pub detail: String,
    }
}

impl Staff {
    /// Whether the account is in force on that day.
    pub fn in_force(&self, on: Date) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|to| on < to)
    }
}

/// The limits of signing in. Our choices: the safety standard of personal data asks for a lock
/// after repeated failures and an end of idle sessions, and leaves the figures to the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInPolicy {
    /// Failures in a row until the name is locked.
    pub max_failures: i32,
    /// For how long it is locked, and after how long failures are forgotten.
    pub lock: SignedDuration,
    /// After how long without a request a session ends.
    pub idle: SignedDuration,
    /// After how long a session ends in any case.
    pub absolute: SignedDuration,
    /// For how long a case stands open that was opened in an emergency.
    pub opening: SignedDuration,
}

impl Default for SignInPolicy {
    fn default() -> Self {
        Self {
            max_failures: 5,
            lock: SignedDuration::from_mins(15),
            idle: SignedDuration::from_mins(30),
            absolute: SignedDuration::from_hours(12),
            opening: SignedDuration::from_mins(60),
        }
    }
}

impl SignInPolicy {
    /// When a session seen at `now` ends for idleness; never after its absolute end.
    pub(crate) fn idle_until(&self, now: Timestamp, absolute_until: Timestamp) -> Timestamp {
        later(now, self.idle).min(absolute_until)
    }
}

/// `at` plus `by`, at most the end of time.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// A signed-in member of staff, as every request sees them; rights and unit are of this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffSession {
    /// The session.
    pub session: SessionId,
    /// The office it belongs to.
    pub office: OfficeId,
    /// Who.
    pub staff: StaffId,
    /// Their sign-in name.
    pub login: String,
    /// Name or job title.
    pub name: String,
    /// Their unit.
    pub unit: UnitId,
    /// The unit's name in Korean.
    pub unit_name_ko: String,
    /// The unit's name in English.
    pub unit_name_en: String,
    /// What they may do now.
    pub rights: Rights,
    /// Whether they must change the password before anything else.
    pub must_change_password: bool,
    /// When they signed in.
    pub created_at: Timestamp,
    /// The last request that was noted.
    pub last_seen_at: Timestamp,
    /// When it ends unless they do something.
    pub idle_until: Timestamp,
    /// When it ends in any case.
    pub absolute_until: Timestamp,
}

impl StaffSession {
    /// Who acts.
    pub fn actor(&self) -> Actor {
        Actor::Staff { id: self.staff, unit: self.unit, rights: self.rights.clone() }
    }

    /// The unit's name in that language.
    pub fn unit_name(&self, lang: Lang) -> &str {
        lang.t(&self.unit_name_ko, &self.unit_name_en)
    }

    /// Whether this request should be noted: at most one write a minute for each session.
    pub fn needs_touch(&self, now: Timestamp) -> bool {
        now >= later(self.last_seen_at, SignedDuration::from_mins(1))
    }
}
