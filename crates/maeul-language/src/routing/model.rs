//! A trained model in memory: labels, letter groups, weights.

use super::ask::Asker;
use super::record::Records;
use super::table::Known;
use crate::Suggester;

/// How often a letter group is counted at most.
pub(super) const MOST_TIMES: usize = 63;
/// Weights of a row are padded to a multiple of this, for the processor's wide registers.
pub(super) const LANE: usize = 4;

/// How many labels are suggested.
pub const CANDIDATES: usize = 3;

/// What is known of how a model came to be and how well it did on texts it had not seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ModelFacts {
    /// Texts it was trained on.
    pub texts: u32,
    /// Letter groups it knows.
    pub features: u32,
    /// The seed of its training.
    pub seed: u64,
    /// The strength of the ridge that was chosen.
    pub ridge: f32,
    /// How many unseen texts the next three figures stand on; 0 where there were too few.
    pub measured_on: u32,
    /// The share of unseen texts whose first suggestion was right, 0 to 1.
    pub accuracy: f32,
    /// The share of unseen texts with the right label among three, 0 to 1.
    pub top3: f32,
    /// The mean of the labels' F1, 0 to 1.
    pub macro_f1: f32,
}

/// How a score becomes a confidence; measured on unseen texts in training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Calibration {
    /// Scores are multiplied by this before the softmax.
    pub(super) sharpness: f32,
    /// The logit of the first candidate is scaled and shifted so that it is right as often as said.
    pub(super) slope: f32,
    pub(super) shift: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { sharpness: 4.0, slope: 1.0, shift: 0.0 }
    }
}

/// Numbers that belong to one letter group.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// Rarity (IDF).
    pub(super) rarity: f32,
    /// What one step of this row's weights is worth, times the rarity.
    pub(super) step: f32,
}

/// A routing model: shared by all who ask, never changed.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) labels: Vec<String>,
    pub(super) facts: ModelFacts,
    pub(super) calibration: Calibration,
    /// Below this confidence an answer is unsure, 0 to 1.
    pub(super) unsure_below: f32,
    /// Letters at the beginning which say more, and how much more.
    pub(super) lead_letters: u32,
    pub(super) lead_bonus: f32,
    /// What being there n times is worth.
    pub(super) times: Vec<f32>,
    pub(super) bias: Vec<f32>,
    /// Mixed keys, one a row.
    pub(super) keys: Vec<u64>,
    pub(super) records: Records,
    pub(super) known: Known,
    /// Whole words that speak for labels beside the letter groups; only where a
    /// [`Matcher`](super::Matcher) made the model, and not kept in its file.
    pub(super) beside: Option<Suggester>,
}

impl Model {
    /// The labels it chooses between, in their order.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// How it came to be.
    pub const fn facts(&self) -> ModelFacts {
        self.facts
    }

    /// The confidence below which an answer is unsure, 0 to 1.
    pub const fn unsure_below(&self) -> f32 {
        self.unsure_below
    }

    /// The same model with another threshold, 0 to 1.
    #[must_use]
    pub fn with_unsure_below(mut self, confidence: f32) -> Self {
        self.unsure_below = confidence.clamp(0.0, 1.0);
        self
    }

    /// One who asks: holds the working memory, so make one per thread and keep it.
    pub fn asker(&self) -> Asker<'_> {
        Asker::new(self)
    }
}

/// `labels` rounded up to whole lanes.
pub(super) const fn stride_of(labels: usize) -> usize {
    labels.div_ceil(LANE) * LANE
}
