//! Ridge regression of label targets on sparse texts, by coordinate ascent in the dual: one text at
//! a time, all labels at once, no step size to choose, the same result from the same seed.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "the kernel of training: rows were numbered by the vocabulary that sized the arrays"
)]

use super::model::stride_of;
use super::sum::{add_rows, add_to_rows};
use super::table::mix;

/// How much more rare labels count: a label with n texts has weight n to the power of minus this.
const RARE: f32 = 0.8;
/// Rounds over the texts at most.
const MOST_ROUNDS: usize = 30;
/// Ready when a round changes the solution by less than this share of its length.
const READY: f32 = 0.01;

/// Texts as unit vectors: feature numbers and values one after another, `starts` says where a
/// text begins.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) starts: Vec<usize>,
    pub(super) features: Vec<u32>,
    pub(super) values: Vec<f32>,
    pub(super) labels: Vec<u32>,
    /// How many features there are.
    pub(super) width: usize,
    /// How many labels there are.
    pub(super) kinds: usize,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    fn text(&self, place: usize) -> (&[u32], &[f32]) {
        let range = self.starts[place]..self.starts[place + 1];
        (&self.features[range.clone()], &self.values[range])
    }
}

/// Weights: `stride` a feature, and one bias a label; both as differences from the labels' mean.
pub(super) struct Solution {
    pub(super) weights: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) stride: usize,
}

impl Solution {
    /// Adds the scores of a text to `out`, which has `stride` places.
    pub(super) fn score(&self, texts: &Texts, place: usize, out: &mut [f32]) {
        out.copy_from_slice(&self.bias);
        let (features, values) = texts.text(place);
        add_rows(out, &self.weights, features, values);
    }
}

/// Learns from the texts `chosen`. Targets are +1 for a text's label and -1 for the others; the
/// ridge of a text is `ridge` over the weight of its label.
pub(super) fn solve(texts: &Texts, chosen: &[u32], ridge: f32, seed: u64) -> Solution {
    let stride = stride_of(texts.kinds);
    let mut solution =
        Solution { weights: vec![0.0; texts.width * stride], bias: vec![0.0; stride], stride };
    let ridges = ridges(texts, chosen, ridge);
    let mut duals = vec![0.0_f32; chosen.len() * stride];
    let mut order: Vec<u32> = (0..chosen.len() as u32).collect();
    let mut random = mix(seed);
    let mut change = vec![0.0_f32; stride];
    for _ in 0..MOST_ROUNDS {
        for last in (1..order.len()).rev() {
            random = mix(random);
            order.swap(last, (random % (last as u64 + 1)) as usize);
        }
        let (mut moved, mut length) = (0.0_f64, 0.0_f64);
        for turn in &order {
            let turn = *turn as usize;
            let place = chosen[turn] as usize;
            let ridge = ridges[texts.labels[place] as usize];
            solution.score(texts, place, &mut change);
            let dual = &mut duals[turn * stride..][..stride];
            // 1 for the text's own length and 1 for the bias.
            let scale = 1.0 / (2.0 + ridge);
            for (kind, (change, dual)) in change.iter_mut().zip(dual).enumerate() {
                if kind >= texts.kinds {
                    *change = 0.0;
                    continue;
                }
                let target = if kind == texts.labels[place] as usize { 1.0 } else { -1.0 };
                *change = (target - *change - ridge * *dual) * scale;
                *dual += *change;
                moved += f64::from(*change * *change);
                length += f64::from(*dual * *dual);
            }
            let (features, values) = texts.text(place);
            add_to_rows(&mut solution.weights, &change, features, values);
            solution.bias.iter_mut().zip(&change).for_each(|(bias, change)| *bias += change);
        }
        if moved <= length * f64::from(READY * READY) {
            break;
        }
    }
    centre(&mut solution, texts.kinds);
    solution
}

/// The ridge of each label's texts.
fn ridges(texts: &Texts, chosen: &[u32], ridge: f32) -> Vec<f32> {
    let mut counts = vec![0_u32; texts.kinds];
    for place in chosen {
        counts[texts.labels[*place as usize] as usize] += 1;
    }
    let weight = |count: u32| (count.max(1) as f32).powf(-RARE);
    let all: f32 = counts.iter().map(|count| weight(*count) * *count as f32).sum();
    let mean = all / chosen.len().max(1) as f32;
    counts.iter().map(|count| ridge * mean / weight(*count)).collect()
}

/// Takes from every row its mean over the labels: the order of labels stays, and a weight now says
/// what the feature does for this label against the others.
fn centre(solution: &mut Solution, kinds: usize) {
    let centre_row = |row: &mut [f32]| {
        let Some(row) = row.get_mut(..kinds) else { return };
        let mean = row.iter().sum::<f32>() / kinds as f32;
        row.iter_mut().for_each(|weight| *weight -= mean);
    };
    solution.weights.chunks_exact_mut(solution.stride).for_each(centre_row);
    let mut bias = std::mem::take(&mut solution.bias);
    let mean = bias.iter().take(kinds).sum::<f32>() / kinds as f32;
    bias.iter_mut().take(kinds).for_each(|weight| *weight -= mean);
    solution.bias = bias;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the closed form for one feature, no rare labels and the bias as a second feature.
    #[test]
    fn finds_the_ridge_solution() {
        // Two texts of one feature each, one label each: symmetric, so w1 = -w2 and no bias.
        let texts = Texts {
            starts: vec![0, 1, 2],
            features: vec![0, 1],
            values: vec![1.0, 1.0],
            labels: vec![0, 1],
            width: 2,
            kinds: 2,
        };
        let solution = solve(&texts, &[0, 1], 0.5, 1);
        // (K + 1 + 0.5 I) a = t with K = I: a = t / 1.5 (t sums to nothing), w = a.
        let expected = 1.0 / 1.5;
        assert!((solution.weights[0] - expected).abs() < 0.01, "{:?}", solution.weights);
        assert!((solution.weights[1] + expected).abs() < 0.01);
        assert!(solution.bias[0].abs() < 0.01);
    }
}
