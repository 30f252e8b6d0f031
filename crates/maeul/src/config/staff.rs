//! The settings of signing in and of emergencies.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Signing in, and opening a case in an emergency. The safety standard asks for these limits and
/// leaves the figures to the office.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Staff {
    /// Failures in a row until a name is locked.
    pub most_failures: u16,
    /// Minutes for which it is locked.
    pub lock_minutes: u16,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u16,
    /// Hours after which a session ends in any case.
    pub session_hours: u16,
    /// Minutes for which a case stands open that was opened in an emergency.
    pub emergency_minutes: u16,
}

impl Default for Staff {
    fn default() -> Self {
        Self {
            most_failures: 5,
            lock_minutes: 15,
            idle_minutes: 30,
            session_hours: 12,
            emergency_minutes: 60,
        }
    }
}

impl Staff {
    /// As the room of people takes them.
    pub fn policy(self) -> maeul_people::SignInPolicy {
        let minutes = |it: u16| SignedDuration::from_mins(i64::from(it));
        maeul_people::SignInPolicy {
            max_failures: i32::from(self.most_failures),
            lock: minutes(self.lock_minutes),
            idle: minutes(self.idle_minutes),
            absolute: SignedDuration::from_hours(i64::from(self.session_hours)),
            opening: minutes(self.emergency_minutes),
        }
    }
}
