//! Weighted sums of many rows of weights, the running sums held in registers.
#![expect(clippy::indexing_slicing, reason = "the innermost loop: rows lie within the array")]

use super::model::LANE;

/// Lanes summed in one pass over the rows.
const BLOCK: usize = 8;

/// Adds to `out` the rows of `weights` (`out.len()` a row, a multiple of [`LANE`]) named in
/// `rows`, each times its value.
pub(super) fn add_rows(out: &mut [f32], weights: &[f32], rows: &[u32], values: &[f32]) {
    let stride = out.len();
    let (out, _) = out.as_chunks_mut::<LANE>();
    for (block, out) in out.chunks_mut(BLOCK).enumerate() {
        let sums = Sums { weights, stride, from: block * BLOCK * LANE, rows, values };
        match out.len() {
            1 => sums.run::<1>(out),
            2 => sums.run::<2>(out),
            3 => sums.run::<3>(out),
            4 => sums.run::<4>(out),
            5 => sums.run::<5>(out),
            6 => sums.run::<6>(out),
            7 => sums.run::<7>(out),
            _ => sums.run::<BLOCK>(out),
        }
    }
}

struct Sums<'a> {
    weights: &'a [f32],
    stride: usize,
    from: usize,
    rows: &'a [u32],
    values: &'a [f32],
}

impl Sums<'_> {
    fn run<const LANES: usize>(&self, out: &mut [[f32; LANE]]) {
        let mut sums = [[0.0_f32; LANE]; LANES];
        for (row, value) in self.rows.iter().zip(self.values) {
            let start = *row as usize * self.stride + self.from;
            let (lanes, _) = self.weights[start..start + LANES * LANE].as_chunks::<LANE>();
            for (sum, lane) in sums.iter_mut().zip(lanes) {
                for place in 0..LANE {
                    sum[place] += value * lane[place];
                }
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            for place in 0..LANE {
                out[place] += sum[place];
            }
        }
    }
}

/// Adds `change` times its value to every row named.
pub(super) fn add_to_rows(weights: &mut [f32], change: &[f32], rows: &[u32], values: &[f32]) {
    let stride = change.len();
    let (change, _) = change.as_chunks::<LANE>();
    for (row, value) in rows.iter().zip(values) {
        let start = *row as usize * stride;
        let (lanes, _) = weights[start..start + stride].as_chunks_mut::<LANE>();
        for (lane, change) in lanes.iter_mut().zip(change) {
            for place in 0..LANE {
                lane[place] += value * change[place];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_rows_of_any_width() {
        for lanes in 1..20 {
            let stride = lanes * LANE;
            let weights: Vec<f32> = (0..stride * 3).map(|place| place as f32).collect();
            let mut out = vec![1.0; stride];
            add_rows(&mut out, &weights, &[0, 2], &[2.0, -1.0]);
            for (place, sum) in out.iter().enumerate() {
                let expected = 1.0 + 2.0 * place as f32 - (place + 2 * stride) as f32;
                assert!((sum - expected).abs() < 1e-3);
            }
            let mut taught = weights.clone();
            add_to_rows(&mut taught, &out, &[1], &[0.5]);
            assert!((taught[stride] - (weights[stride] + out[0] / 2.0)).abs() < 1e-3);
            assert_eq!(taught[..stride], weights[..stride]);
        }
    }
}
