//! Who reads from PostgreSQL, and who waits for it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use maeul_base::{Fault, FaultKind};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// At most half of the connections read at once. Those who write always find one, and whoever reads is served
/// in the order they came: more readers at once would be served no sooner, but some of them much later.
#[derive(Debug)]
pub(crate) struct Turns {
    free: Semaphore,
    /// For how long at most.
    patience: Duration,
    waiting: AtomicUsize,
}

impl Turns {
    /// For so many connections.
    pub(crate) fn of(connections: usize, patience: Duration) -> Self {
        let free = Semaphore::new(connections.div_ceil(2));
        Self { free, patience, waiting: AtomicUsize::new(0) }
    }

    /// Waits for a turn, which ends when it is dropped.
    pub(crate) async fn take(&self) -> Result<SemaphorePermit<'_>, Fault> {
        if let Ok(turn) = self.free.try_acquire() {
            return Ok(turn);
        }
        let _waits = Waits::begin(&self.waiting);
        let turn = timeout(self.patience, self.free.acquire()).await;
        let late = |_| Fault::new(FaultKind::Unavailable, "too many read from PostgreSQL at once");
        turn.map_err(late)?.map_err(|error| Fault::from_error("a turn to read", error))
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// Counted while it stands, whether its caller stays or goes away.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn half_read_and_the_others_wait_in_the_order_they_came() {
        let turns = Turns::of(5, Duration::from_secs(9));
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(turns.take().await.unwrap());
        }
        assert_eq!(turns.waiting(), 0);
        let (mut first, mut second) = (Box::pin(turns.take()), Box::pin(turns.take()));
        let moment = Duration::from_millis(20);
        assert!(timeout(moment, &mut first).await.is_err());
        assert!(timeout(moment, &mut second).await.is_err());
        assert_eq!(turns.waiting(), 2);
        held.pop();
        assert!(timeout(moment, &mut second).await.is_err(), "the other came before");
        let first = first.await.unwrap();
        assert_eq!(turns.waiting(), 1);
        // Who goes away is no longer counted, and takes nothing along.
        drop(second);
        assert_eq!(turns.waiting(), 0);
        drop(first);
        drop(held);
        assert_eq!(turns.free.available_permits(), 3);
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let turns = Turns::of(1, Duration::from_millis(20));
        let _held = turns.take().await.unwrap();
        let late = turns.take().await.unwrap_err();
        assert_eq!(late.kind(), FaultKind::Unavailable);
    }
}
