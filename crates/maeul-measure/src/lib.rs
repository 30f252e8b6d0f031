//! Numbers about the program's own running: counted where things happen, written as Prometheus
//! reads them. They never hold anything of a person: names of acts, routes and jobs only.

mod text;

pub use text::Exposition;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Upper bounds of a histogram's steps, in microseconds: from a millisecond to ten seconds.
const BOUNDS: [u64; 12] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];

/// Something that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How long things took.
#[derive(Debug, Default)]
pub struct Histogram {
    /// How many fell into each step; the last holds what is above every bound.
    steps: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Histogram {
    /// Takes one duration in.
    pub fn observe(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let step = BOUNDS.iter().position(|bound| micros <= *bound).unwrap_or(BOUNDS.len());
        if let Some(step) = self.steps.get(step) {
            step.fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// How many were taken in.
    pub fn count(&self) -> u64 {
        self.steps.iter().map(|step| step.load(Ordering::Relaxed)).sum()
    }
}

/// One measure for each set of labels; the labels must come from a bounded set.
#[derive(Debug)]
pub struct Family<K, M> {
    known: RwLock<BTreeMap<K, Arc<M>>>,
}

impl<K, M> Default for Family<K, M> {
    fn default() -> Self {
        Self { known: RwLock::default() }
    }
}

impl<K: Ord + Clone, M: Default> Family<K, M> {
    /// The measure of these labels.
    pub fn of(&self, labels: &K) -> Arc<M> {
        if let Some(found) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(labels) {
            return Arc::clone(found);
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(labels.clone()).or_default())
    }

    /// Every measure there is, in the order of the labels.
    pub fn all(&self) -> Vec<(K, Arc<M>)> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(|(labels, measure)| (labels.clone(), Arc::clone(measure))).collect()
    }
}

/// A sign of life: whoever works beats, whoever watches asks how long ago that was.
#[derive(Clone, Debug)]
pub struct Pulse(Arc<PulseInner>);

#[derive(Debug)]
struct PulseInner {
    born: Instant,
    /// Milliseconds from `born` to the last beat, plus one; 0 before the first.
    last: AtomicU64,
}

impl Default for Pulse {
    fn default() -> Self {
        Self(Arc::new(PulseInner { born: Instant::now(), last: AtomicU64::new(0) }))
    }
}

impl Pulse {
    /// I am here.
    pub fn beat(&self) {
        let since = u64::try_from(self.0.born.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        self.0.last.store(since + 1, Ordering::Relaxed);
    }

    /// How long ago the last beat was; `None` before the first.
    pub fn since(&self) -> Option<Duration> {
        let last = self.0.last.load(Ordering::Relaxed).checked_sub(1)?;
        Some(self.0.born.elapsed().saturating_sub(Duration::from_millis(last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fall_into_their_steps() {
        let histogram = Histogram::default();
        for micros in [0, 1_000, 1_001, 20_000_000] {
            histogram.observe(Duration::from_micros(micros));
        }
        assert_eq!(histogram.count(), 4);
        let mut text = Exposition::new();
        text.histogram("took_seconds", "How long.", [(&[("of", "x")][..], &histogram)]);
        let text = text.text();
        assert!(text.contains("took_seconds_bucket{of=\"x\",le=\"0.001\"} 2\n"), "{text}");
        assert!(text.contains("took_seconds_bucket{of=\"x\",le=\"0.0025\"} 3\n"), "{text}");
        assert!(text.contains("took_seconds_bucket{of=\"x\",le=\"10\"} 3\n"), "{text}");
        assert!(text.contains("took_seconds_bucket{of=\"x\",le=\"+Inf\"} 4\n"), "{text}");
        assert!(text.contains("took_seconds_sum{of=\"x\"} 20.002001\n"), "{text}");
        assert!(text.contains("took_seconds_count{of=\"x\"} 4\n"), "{text}");
    }

    #[test]
    fn one_measure_for_each_set_of_labels() {
        let family: Family<&str, Counter> = Family::default();
        family.of(&"b").add();
        family.of(&"a").add();
        family.of(&"b").add();
        let all: Vec<_> = family.all().into_iter().map(|(key, it)| (key, it.get())).collect();
        assert_eq!(all, [("a", 1), ("b", 2)]);
    }

    #[test]
    fn no_beat_is_no_life() {
        let pulse = Pulse::default();
        assert_eq!(pulse.since(), None);
        pulse.clone().beat();
        assert!(pulse.since().unwrap() < Duration::from_secs(5));
    }
}
