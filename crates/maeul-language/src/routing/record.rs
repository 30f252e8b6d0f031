//! The numbers and weights of each letter group side by side, so that asking for a group touches
//! one place in memory; and their weighted sums.
#![expect(clippy::indexing_slicing, reason = "the innermost loop: rows lie within the array")]

use super::model::{LANE, Row};

/// Bytes of a line; half a cache line of today's processors.
const LINE: usize = 32;
/// Bytes of the numbers before the weights of a row.
const HEAD: usize = 8;

#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Line([i8; LINE]);

/// One record a letter group: rarity and step (little-endian), then one weight a label and zeros.
#[derive(Clone, Debug)]
pub(super) struct Records {
    lines: Vec<Line>,
    /// Lines a record, and labels.
    width: usize,
    labels: usize,
}

impl Records {
    /// Of rows and their weights, `stride` a row of which the first `labels` are kept.
    pub(super) fn new(rows: &[Row], weights: &[i8], stride: usize, labels: usize) -> Self {
        let width = (HEAD + labels).div_ceil(LINE);
        let mut lines = vec![Line([0; LINE]); rows.len() * width];
        let weights = weights.chunks_exact(stride.max(1));
        let mut bytes = Vec::with_capacity(HEAD + labels);
        for ((record, row), weights) in lines.chunks_exact_mut(width).zip(rows).zip(weights) {
            let numbers = [row.rarity.to_le_bytes(), row.step.to_le_bytes()];
            let head = numbers.into_iter().flatten().map(|byte| i8::from_le_bytes([byte]));
            bytes.clear();
            bytes.extend(head);
            bytes.extend(weights.iter().take(labels));
            for (line, part) in record.iter_mut().zip(bytes.chunks(LINE)) {
                line.0[..part.len()].copy_from_slice(part);
            }
        }
        Self { lines, width, labels }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len() / self.width
    }

    /// The numbers of a row.
    #[inline]
    pub(super) fn numbers(&self, row: usize) -> Row {
        let [a, b, c, d, e, f, g, h, ..] = self.lines[row * self.width].0;
        let number = |bytes: [i8; 4]| f32::from_le_bytes(bytes.map(|byte| byte.to_le_bytes()[0]));
        Row { rarity: number([a, b, c, d]), step: number([e, f, g, h]) }
    }

    /// The weights of a row, one a label.
    pub(super) fn weights(&self, row: usize) -> impl Iterator<Item = i8> {
        let record = &self.lines[row * self.width..][..self.width];
        record.iter().flat_map(|line| line.0).skip(HEAD).take(self.labels)
    }

    /// The weight of a row for a label.
    pub(super) fn weight(&self, row: usize, label: usize) -> i8 {
        let place = HEAD + label;
        self.lines[row * self.width + place / LINE].0[place % LINE]
    }

    /// Room for the sums of all labels and of the zeros that fill the last line.
    pub(super) const fn sums(&self) -> usize {
        self.width * LINE - HEAD
    }

    /// Sets `out` ([`Self::sums`] long) to the sums of the records of `rows`, each times its
    /// step and what `times` says of the row, and gives the square of the length of the text:
    /// the sum over the squares of rarity times `times`. `values` is room to work in.
    pub(super) fn add(
        &self,
        out: &mut [f32],
        rows: &[u32],
        values: &mut Vec<f32>,
        times: impl Fn(usize) -> f32,
    ) -> f32 {
        // Numbers first: so short a loop waits for many rows at once, and they bring the weights
        // beside them along.
        let mut square = 0.0_f32;
        values.clear();
        values.extend(rows.iter().map(|row| {
            let row = *row as usize;
            let (numbers, times) = (self.numbers(row), times(row));
            let length = numbers.rarity * times;
            square += length * length;
            numbers.step * times
        }));
        let (first, rest) = out.split_at_mut(LINE - HEAD);
        let (first, _) = first.as_chunks_mut::<LANE>();
        first.fill([0.0; LANE]);
        match self.labels.div_ceil(LANE) {
            0..=2 => self.first::<2>(first, rows, values),
            3..=4 => self.first::<4>(first, rows, values),
            5 => self.first::<5>(first, rows, values),
            _ => self.first::<6>(first, rows, values),
        }
        let (rest, _) = rest.as_chunks_mut::<LINE>();
        for (place, out) in rest.iter_mut().enumerate() {
            self.further(place + 1, out, rows, values);
        }
        square
    }

    fn first<const LANES: usize>(&self, out: &mut [[f32; LANE]], rows: &[u32], values: &[f32]) {
        let mut sums = [[0.0_f32; LANE]; LANES];
        for (row, value) in rows.iter().zip(values) {
            let (_, weights) = self.lines[*row as usize * self.width].0.split_at(HEAD);
            let (lanes, _) = weights.as_chunks::<LANE>();
            for (sum, lane) in sums.iter_mut().zip(lanes) {
                for place in 0..LANE {
                    sum[place] += value * f32::from(lane[place]);
                }
            }
        }
        out.iter_mut().zip(sums).for_each(|(out, sum)| *out = sum);
    }

    fn further(&self, line: usize, out: &mut [f32; LINE], rows: &[u32], values: &[f32]) {
        let mut sums = [[0.0_f32; LANE]; LINE / LANE];
        for (row, value) in rows.iter().zip(values) {
            let (lanes, _) = self.lines[*row as usize * self.width + line].0.as_chunks::<LANE>();
            for (sum, lane) in sums.iter_mut().zip(lanes) {
                for place in 0..LANE {
                    sum[place] += value * f32::from(lane[place]);
                }
            }
        }
        out.copy_from_slice(sums.as_flattened());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_records_of_any_width() {
        for labels in 1..100_usize {
            let stride = labels + 3;
            let weights: Vec<i8> = (-128..=127).cycle().take(stride * 3).collect();
            let rows: Vec<Row> =
                (1..4_u8).map(|n| Row { rarity: f32::from(n), step: 0.5 }).collect();
            let records = Records::new(&rows, &weights, stride, labels);
            assert_eq!(records.len(), 3);
            assert_eq!(records.numbers(1), rows[1]);
            assert!(records.weights(2).eq(weights[stride * 2..][..labels].iter().copied()));
            let mut out = vec![7.0; records.sums()];
            let mut values = Vec::new();
            let square = records.add(&mut out, &[0, 2], &mut values, |row| (row + 1) as f32);
            assert!((square - 82.0).abs() < 1e-3, "1 and 9, squared");
            for (label, sum) in out.iter().enumerate() {
                let expected = if label < labels {
                    assert_eq!(records.weight(2, label), weights[stride * 2 + label]);
                    0.5 * f32::from(weights[label]) + 1.5 * f32::from(weights[stride * 2 + label])
                } else {
                    0.0
                };
                assert!((sum - expected).abs() < 1e-3, "{labels} labels, {label}");
            }
        }
    }
}
