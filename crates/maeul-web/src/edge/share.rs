//! How much is worked on at once: one share for everybody, one for signed-in staff, each with a
//! bounded queue before it, and a bound for the bytes of large bodies.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A number of places, and a queue for those who find none free.
#[derive(Debug)]
pub(crate) struct Share {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    patience: Duration,
}

/// A place in the queue, given back however the wait ends.
struct Turn<'a>(&'a AtomicUsize);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Share {
    pub(crate) fn new(places: usize, most_waiting: usize, patience: Duration) -> Self {
        let places = Arc::new(Semaphore::new(places.clamp(1, Semaphore::MAX_PERMITS)));
        Self { places, waiting: AtomicUsize::new(0), most_waiting, patience }
    }

    /// So many places, now or within the share's patience; `None` where the queue is full or the
    /// wait was too long.
    pub(crate) async fn enter(&self, places: u32) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.places).try_acquire_many_owned(places) {
            return Some(permit);
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _turn = Turn(&self.waiting);
        if before >= self.most_waiting {
            return None;
        }
        let place = Arc::clone(&self.places).acquire_many_owned(places);
        tokio::time::timeout(self.patience, place).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn places_then_a_queue_then_no() {
        let share = Arc::new(Share::new(1, 1, Duration::from_millis(200)));
        let first = share.enter(1).await.unwrap();
        let second = tokio::spawn({
            let share = Arc::clone(&share);
            async move { share.enter(1).await.is_some() }
        });
        tokio::task::yield_now().await;
        assert!(share.enter(1).await.is_none(), "the queue is full");
        drop(first);
        assert!(second.await.unwrap(), "who waited is let in");
        let _held = share.enter(1).await.unwrap();
        assert!(share.enter(1).await.is_none(), "patience ends");
        assert_eq!(share.waiting.load(Ordering::Relaxed), 0);
    }
}
