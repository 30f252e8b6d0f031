//! How good suggestions are: shares right, the labels' F1, whether confidence keeps its word, and
//! what is taken for what. Any suggester can be judged: it only gives label numbers.

use std::collections::BTreeMap;

/// Steps of confidence in a calibration table.
const BINS: u32 = 10;

/// Texts whose first suggestion had a confidence within one step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// From this confidence (inclusive) …
    pub from: f64,
    /// … to this (exclusive; the last step includes 1).
    pub to: f64,
    /// How many.
    pub texts: u64,
    /// Their mean confidence, 0 to 1.
    pub confidence: f64,
    /// The share that was right, 0 to 1.
    pub accuracy: f64,
}

/// The figures of one label.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelFigures {
    /// The label.
    pub label: String,
    /// Texts that have it.
    pub texts: u64,
    /// Texts it was suggested for first.
    pub suggested: u64,
    /// Of those suggested, the share right, 0 to 1.
    pub precision: f64,
    /// Of those that have it, the share found, 0 to 1.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

/// A label taken for another, or for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// The label the text has.
    pub truth: String,
    /// The label suggested first; empty where nothing was suggested.
    pub suggested: String,
    /// How many texts.
    pub texts: u64,
}

/// The figures of a suggester over labelled texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// How many texts were asked.
    pub texts: u64,
    /// The share whose first suggestion was right, 0 to 1.
    pub accuracy: f64,
    /// The share with the right label among the first three, 0 to 1.
    pub top3: f64,
    /// The mean F1 of all labels that a text has or that were suggested first, each label alike.
    pub macro_f1: f64,
    /// The expected calibration error: the mean distance of confidence and share right over ten
    /// equal steps, weighted by texts.
    pub calibration_error: f64,
    /// The calibration table; only steps with texts.
    pub bins: Vec<Bin>,
    /// Texts for which the suggester was not unsure.
    pub sure: u64,
    /// The share right among those.
    pub accuracy_when_sure: f64,
    /// The share right among the unsure ones.
    pub accuracy_when_unsure: f64,
    /// By label, in the order of their numbers.
    pub labels: Vec<LabelFigures>,
    /// What was taken for what, the most frequent first.
    pub confusion: Vec<Confusion>,
}

#[derive(Clone, Copy, Default)]
struct Tally {
    texts: u64,
    right: u64,
    confidence: f64,
}

impl Tally {
    fn share(self) -> f64 {
        ratio(self.right, self.texts)
    }
}

/// Collects answers and reckons their figures.
#[derive(Default)]
pub struct Evaluator {
    all: Tally,
    in_three: u64,
    bins: BTreeMap<u32, Tally>,
    sure: Tally,
    unsure: Tally,
    /// Truth and first suggestion.
    pairs: BTreeMap<(u32, Option<u32>), u64>,
}

impl Evaluator {
    /// Nothing judged yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Judges one answer: the text's label, the labels suggested (likeliest first), the confidence
    /// in the first (0 to 1), and whether the suggester said that it is unsure.
    pub fn add(&mut self, truth: u32, suggested: &[u32], confidence: f32, unsure: bool) {
        let first = suggested.first().copied();
        let right = first == Some(truth);
        let confidence = f64::from(confidence).clamp(0.0, 1.0);
        let count = |tally: &mut Tally| {
            tally.texts += 1;
            tally.right += u64::from(right);
            tally.confidence += confidence;
        };
        count(&mut self.all);
        count(if unsure { &mut self.unsure } else { &mut self.sure });
        let bin = (0..BINS).rev().find(|bin| confidence >= f64::from(*bin) / f64::from(BINS));
        count(self.bins.entry(bin.unwrap_or(0)).or_default());
        self.in_three += u64::from(suggested.iter().take(3).any(|label| *label == truth));
        *self.pairs.entry((truth, first)).or_default() += 1;
    }

    /// The figures; `name` says how a label number is called.
    pub fn figures(&self, name: impl Fn(u32) -> String) -> Evaluation {
        let mut by_label: BTreeMap<u32, (u64, u64, u64)> = BTreeMap::new();
        for ((truth, first), texts) in &self.pairs {
            by_label.entry(*truth).or_default().0 += texts;
            if let Some(first) = first {
                let label = by_label.entry(*first).or_default();
                label.1 += texts;
                label.2 += if first == truth { *texts } else { 0 };
            }
        }
        let labels: Vec<LabelFigures> = by_label
            .into_iter()
            .map(|(label, (texts, suggested, right))| LabelFigures {
                label: name(label),
                texts,
                suggested,
                precision: ratio(right, suggested),
                recall: ratio(right, texts),
                f1: ratio(2 * right, texts + suggested),
            })
            .collect();
        let mut confusion: Vec<Confusion> = self
            .pairs
            .iter()
            .map(|((truth, first), texts)| Confusion {
                truth: name(*truth),
                suggested: first.map(&name).unwrap_or_default(),
                texts: *texts,
            })
            .collect();
        confusion.sort_by_key(|pair| std::cmp::Reverse(pair.texts));
        let bins: Vec<Bin> = self
            .bins
            .iter()
            .map(|(bin, tally)| Bin {
                from: f64::from(*bin) / f64::from(BINS),
                to: f64::from(bin + 1) / f64::from(BINS),
                texts: tally.texts,
                confidence: tally.confidence / as_float(tally.texts.max(1)),
                accuracy: tally.share(),
            })
            .collect();
        let apart = |bin: &Bin| (bin.confidence - bin.accuracy).abs() * as_float(bin.texts);
        Evaluation {
            texts: self.all.texts,
            accuracy: self.all.share(),
            top3: ratio(self.in_three, self.all.texts),
            macro_f1: labels.iter().map(|label| label.f1).sum::<f64>()
                / as_float(u64::try_from(labels.len().max(1)).unwrap_or(u64::MAX)),
            calibration_error: bins.iter().map(apart).sum::<f64>()
                / as_float(self.all.texts.max(1)),
            bins,
            sure: self.sure.texts,
            accuracy_when_sure: self.sure.share(),
            accuracy_when_unsure: self.unsure.share(),
            labels,
            confusion,
        }
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { as_float(part) / as_float(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of texts are far below 2⁵³")]
const fn as_float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reckons_by_hand() {
        let mut told = Evaluator::new();
        // Labels 0, 1, 2; the last text is answered with nothing.
        told.add(0, &[0, 1], 0.95, false);
        told.add(0, &[1, 0], 0.45, true);
        told.add(1, &[1], 0.95, false);
        told.add(2, &[], 0.0, true);
        let figures = told.figures(|label| label.to_string());
        assert_eq!(figures.texts, 4);
        assert!((figures.accuracy - 0.5).abs() < 1e-9);
        assert!((figures.top3 - 0.75).abs() < 1e-9);
        // F1: 2/3, 2/3, 0.
        assert!((figures.macro_f1 - 4.0 / 9.0).abs() < 1e-9);
        // Bins 0: 0 = 0; 0.4: |0.45 - 0|; 0.9: |0.95 - 1| twice.
        assert!((figures.calibration_error - (0.45 + 0.1) / 4.0).abs() < 1e-6);
        assert_eq!(figures.sure, 2);
        assert!((figures.accuracy_when_sure - 1.0).abs() < 1e-9);
        assert!(figures.accuracy_when_unsure.abs() < 1e-9);
        let nothing = figures.confusion.iter().find(|pair| pair.truth == "2").unwrap();
        assert_eq!((nothing.suggested.as_str(), nothing.texts), ("", 1));
    }
}
