//! How often each client may call, and when it was last seen: kept in this process's memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use maeul_base::OfficeId;
use maeul_people::{ApiClient, ApiClientId};

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// The calls left to each client; cheap to clone, shared by all clones.
#[derive(Clone, Debug, Default)]
pub struct ClientLimits(Arc<Mutex<BTreeMap<(OfficeId, ApiClientId), Bucket>>>);

/// A bucket that holds a minute's calls and fills evenly.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Calls left times 60,000: at one call a minute one is added every millisecond.
    left: i64,
    at: Timestamp,
    /// The minute in which the last use was written down.
    seen: i64,
}

/// What follows from a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Too many.
    No,
    /// Go on.
    Yes,
    /// Go on, and keep that the client was here: nobody did in this minute.
    First,
}

impl ClientLimits {
    /// Counts a call.
    pub(super) fn count(&self, office: OfficeId, client: &ApiClient, now: Timestamp) -> Allowed {
        let rate = i64::from(client.per_minute);
        let full = rate * MINUTE;
        let minute = now.as_second() / 60;
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry((office, client.id)).or_insert(Bucket {
            left: full,
            at: now,
            seen: i64::MIN,
        });
        let passed = (now.as_millisecond() - bucket.at.as_millisecond()).clamp(0, MINUTE);
        bucket.left = (bucket.left + passed * rate).min(full);
        bucket.at = bucket.at.max(now);
        if bucket.left < MINUTE {
            return Allowed::No;
        }
        bucket.left -= MINUTE;
        if bucket.seen == minute {
            return Allowed::Yes;
        }
        bucket.seen = minute;
        Allowed::First
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maeul_people::Scopes;

    #[test]
    fn a_minute_holds_its_calls_and_fills_again() {
        let limits = ClientLimits::default();
        let start: Timestamp = "2026-06-08T01:15:00Z".parse().unwrap();
        let client = ApiClient {
            id: ApiClientId::from(uuid::Uuid::from_u128(1)),
            name: "x".to_owned(),
            key_end: String::new(),
            scopes: Scopes::default(),
            per_minute: 3,
            tokens: false,
            created_at: start,
            last_used_at: None,
            revoked_at: None,
        };
        let call = |seconds: i64| {
            limits.count(OfficeId(1), &client, start + jiff::SignedDuration::from_secs(seconds))
        };
        assert_eq!([call(0), call(0), call(0)], [Allowed::First, Allowed::Yes, Allowed::Yes]);
        assert_eq!(call(0), Allowed::No);
        assert_eq!(call(19), Allowed::No);
        assert_eq!(call(20), Allowed::Yes);
        assert_eq!(call(21), Allowed::No);
        // After a long rest a minute's worth, not more.
        assert_eq!([call(900), call(900), call(900)], [Allowed::First, Allowed::Yes, Allowed::Yes]);
        assert_eq!(call(900), Allowed::No);
    }
}
