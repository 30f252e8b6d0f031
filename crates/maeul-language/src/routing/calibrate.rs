//! From scores to confidence: a softmax whose sharpness, and a logistic curve for the first
//! candidate, are fitted on texts the model had not seen.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a small numeric kernel over arrays of one length"
)]

use super::model::Calibration;

/// Fewer unseen texts than this say nothing about confidence.
pub(super) const LEAST_MEASURED: usize = 40;

/// The confidence in every label; of `first` it is the fitted one, the others share the rest.
pub(super) fn confidences(scores: &[f32], first: usize, how: &Calibration, out: &mut [f32]) {
    let best = scores[first];
    let mut sum = 0.0;
    for (out, score) in out.iter_mut().zip(scores) {
        *out = ((score - best) * how.sharpness).exp();
        sum += *out;
    }
    let raw = 1.0 / sum;
    let sure = fitted(raw, how);
    let rest = sum - 1.0;
    let share = if rest > 0.0 { (1.0 - sure) / rest } else { 0.0 };
    for (label, out) in out.iter_mut().enumerate() {
        // No other label may look surer than the one it lost to.
        *out = if label == first { sure } else { (*out * share).min(sure) };
    }
}

fn fitted(raw: f32, how: &Calibration) -> f32 {
    logistic(how.slope * logit(raw) + how.shift)
}

fn logit(share: f32) -> f32 {
    let share = share.clamp(1e-6, 1.0 - 1e-6);
    (share / (1.0 - share)).ln()
}

fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Fits to the scores of unseen texts (`labels` of them a text) and their true labels.
pub(super) fn fit(scores: &[f32], truths: &[u32], labels: usize) -> Calibration {
    if truths.len() < LEAST_MEASURED || labels < 2 {
        return Calibration::default();
    }
    let texts = || scores.chunks_exact(labels).zip(truths.iter().map(|truth| *truth as usize));
    let loss = |sharpness: f64| -> f64 {
        texts()
            .map(|(scores, truth)| {
                let best = scores.iter().copied().fold(f32::MIN, f32::max);
                let part = |score: f32| f64::from(score - best) * sharpness;
                let sum: f64 = scores.iter().map(|score| part(*score).exp()).sum();
                sum.ln() - part(scores[truth])
            })
            .sum()
    };
    // The loss has one valley in the sharpness: golden section over its logarithm.
    let (mut low, mut high) = (-1.0_f64, 5.0_f64);
    let golden = 0.618_033_988_749_895;
    for _ in 0..24 {
        let (left, right) = (high - (high - low) * golden, low + (high - low) * golden);
        if loss(left.exp()) <= loss(right.exp()) { high = right } else { low = left }
    }
    let sharpness = f64::midpoint(low, high).exp() as f32;
    let plain = Calibration { sharpness, slope: 1.0, shift: 0.0 };
    let mut seen = Vec::with_capacity(truths.len());
    let mut out = vec![0.0; labels];
    for (scores, truth) in texts() {
        let first = first_of(scores);
        confidences(scores, first, &plain, &mut out);
        seen.push((f64::from(logit(out[first])), first == truth));
    }
    let (slope, shift) = logistic_fit(&seen);
    Calibration { sharpness, slope: slope as f32, shift: shift as f32 }
}

/// The place of the highest score, the first of equals.
pub(super) fn first_of(scores: &[f32]) -> usize {
    let mut first = 0;
    for (place, score) in scores.iter().enumerate() {
        if *score > scores[first] {
            first = place;
        }
    }
    first
}

/// Newton's steps for one slope and one shift, held a little at (1, 0); the slope stays positive
/// so that a surer score never means a lower confidence.
fn logistic_fit(seen: &[(f64, bool)]) -> (f64, f64) {
    let (mut slope, mut shift) = (1.0_f64, 0.0_f64);
    let held = 1.0;
    for _ in 0..30 {
        let (mut g0, mut g1) = (held * (slope - 1.0), held * shift);
        let (mut h00, mut h01, mut h11) = (held, 0.0, held);
        for (x, right) in seen {
            let p = 1.0 / (1.0 + (-(slope * x + shift)).exp());
            let error = p - f64::from(u8::from(*right));
            let curve = (p * (1.0 - p)).max(1e-9);
            g0 += error * x;
            g1 += error;
            h00 += curve * x * x;
            h01 += curve * x;
            h11 += curve;
        }
        let determinant = h00 * h11 - h01 * h01;
        if determinant <= 0.0 {
            break;
        }
        let (step0, step1) =
            ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant);
        slope = (slope - step0).clamp(0.05, 10.0);
        shift = (shift - step1).clamp(-10.0, 10.0);
        if step0.abs() + step1.abs() < 1e-9 {
            break;
        }
    }
    (slope, shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_is_how_often_it_is_right() {
        // Two labels; the first is right in 7 of 10 whatever the score says.
        let mut scores = Vec::new();
        let mut truths = Vec::new();
        for place in 0..1000_u32 {
            scores.extend([1.0 + (place % 7) as f32 * 0.1, 0.0]);
            truths.push(u32::from(place % 10 >= 7));
        }
        let how = fit(&scores, &truths, 2);
        let mut out = [0.0; 2];
        confidences(&[1.3, 0.0], 0, &how, &mut out);
        assert!((out[0] - 0.7).abs() < 0.03, "{out:?} {how:?}");
        assert!((out[0] + out[1] - 1.0).abs() < 1e-5);
    }

    #[test]
    fn no_candidate_is_surer_than_the_first() {
        let how = Calibration { sharpness: 3.0, slope: 1.0, shift: -4.0 };
        let mut out = [0.0; 3];
        confidences(&[0.5, 0.49, -1.0], 0, &how, &mut out);
        assert!(out[0] >= out[1] && out[1] >= out[2], "{out:?}");
    }
}
