//! Who may ask how often: a bucket for each client that fills evenly, in memory that stays bounded
//! whatever an attacker invents.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Most clients remembered in one generation; there are two.
const MOST: usize = 50_000;

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// A household by its address.
    Address(IpAddr),
    /// A session of a member of staff, by a mark of its own.
    Session(u64),
}

/// How much a client may ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    /// Units added each second.
    pub(crate) per_second: u32,
    /// The most that a bucket holds, in units.
    pub(crate) burst: u32,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Thousandths of a unit.
    left: u64,
    at: Instant,
}

/// The buckets of all clients.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    now: HashMap<Who, Bucket>,
    /// Whoever asked in the generation before; forgotten when the next begins. A client not seen for
    /// a whole generation has a full bucket again anyway, unless more than [`MOST`] came between.
    before: HashMap<Who, Bucket>,
    turned: Option<Instant>,
}

impl Buckets {
    /// Takes `price` units from the client's bucket, or says after how long there are so many.
    pub(crate) fn take(
        &mut self,
        who: Who,
        price: u32,
        rate: Rate,
        now: Instant,
    ) -> Result<(), Duration> {
        let full = u64::from(rate.burst.max(price)) * 1_000;
        let per_second = u64::from(rate.per_second.max(1));
        let to_fill = Duration::from_secs(u64::from(rate.burst) / per_second + 1);
        let turned = *self.turned.get_or_insert(now);
        if self.now.len() >= MOST || now.saturating_duration_since(turned) > to_fill {
            self.before = std::mem::take(&mut self.now);
            self.turned = Some(now);
        }
        let known = self.now.get(&who).or_else(|| self.before.get(&who)).copied();
        let bucket = known.unwrap_or(Bucket { left: full, at: now });
        let passed = now.saturating_duration_since(bucket.at).as_millis();
        // One unit a second is a thousandth of a unit each millisecond.
        let added = u64::try_from(passed).unwrap_or(u64::MAX).saturating_mul(per_second);
        let left = bucket.left.saturating_add(added).min(full);
        let price = u64::from(price) * 1_000;
        let (left, answer) = match left.checked_sub(price) {
            Some(left) => (left, Ok(())),
            None => (left, Err(Duration::from_millis((price - left).div_ceil(per_second)))),
        };
        self.now.insert(who, Bucket { left, at: now });
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { per_second: 10, burst: 30 };

    fn at(last: u8) -> Who {
        Who::Address(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn a_bucket_empties_fills_and_never_overflows() {
        let (mut buckets, start) = (Buckets::default(), Instant::now());
        for _ in 0..3 {
            assert_eq!(buckets.take(at(1), 10, RATE, start), Ok(()));
        }
        assert_eq!(buckets.take(at(1), 10, RATE, start), Err(Duration::from_secs(1)));
        assert_eq!(buckets.take(at(2), 10, RATE, start), Ok(()), "another is not concerned");
        let later = start + Duration::from_millis(500);
        assert_eq!(buckets.take(at(1), 10, RATE, later), Err(Duration::from_millis(500)));
        assert_eq!(buckets.take(at(1), 5, RATE, later), Ok(()));
        // A day later there is one burst, not a day's worth; other generations in between.
        let day = start + Duration::from_hours(24);
        for _ in 0..3 {
            assert_eq!(buckets.take(at(1), 10, RATE, day), Ok(()));
        }
        assert!(buckets.take(at(1), 10, RATE, day).is_err());
    }

    #[test]
    fn a_generation_keeps_the_one_before() {
        let (mut buckets, start) = (Buckets::default(), Instant::now());
        assert_eq!(buckets.take(at(1), 30, RATE, start), Ok(()));
        // Longer than a bucket takes to fill, so the generation turns; a bucket just emptied in it
        // stays empty in the next.
        let late = start + Duration::from_millis(3_900);
        assert_eq!(buckets.take(at(2), 30, RATE, late), Ok(()));
        let turned = late + Duration::from_millis(200);
        assert_eq!(buckets.take(at(3), 1, RATE, turned), Ok(()));
        assert!(buckets.take(at(2), 30, RATE, turned).is_err());
    }

    #[test]
    fn invented_clients_take_no_memory() {
        let (mut buckets, start) = (Buckets::default(), Instant::now());
        for n in 0..250_000_u64 {
            assert_eq!(buckets.take(Who::Session(n), 1, RATE, start), Ok(()));
        }
        assert!(buckets.now.len() <= MOST && buckets.before.len() <= MOST);
    }
}
