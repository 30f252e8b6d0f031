//! Two principal components by power iteration, and where a participant stands on them.
#![expect(clippy::indexing_slicing, reason = "dense kernels over rows of one length")]

use super::Answers;

/// The centre of all answers and two directions of unit length, each by statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Components {
    /// Mean value of each statement, −1 … 1.
    pub center: Vec<f64>,
    /// The directions along which answers differ most. The sign is arbitrary.
    pub directions: [Vec<f64>; 2],
}

/// Centre and components of all participants' answers, missing ones being the mean.
pub fn components(answers: &Answers, iterations: usize) -> Components {
    let width = answers.statements();
    let center = center(answers);
    let mut rows: Vec<f64> = Vec::with_capacity(answers.participants() * width);
    for person in 0..answers.participants() {
        for (statement, &answer) in answers.of(person).iter().enumerate() {
            let mean = center[statement];
            rows.push(answers.value(statement, answer).map_or(0.0, |value| value - mean));
        }
    }
    let first = direction(&rows, width, iterations);
    // The second direction is the first one of what the first leaves over.
    if width > 0 {
        for row in rows.chunks_exact_mut(width) {
            let along = dot(row, &first);
            for (value, step) in row.iter_mut().zip(&first) {
                *value -= along * step;
            }
        }
    }
    let second = direction(&rows, width, iterations);
    Components { center, directions: [first, second] }
}

fn center(answers: &Answers) -> Vec<f64> {
    let width = answers.statements();
    let mut sums = vec![0.0; width];
    let mut seen = vec![0.0_f64; width];
    for person in 0..answers.participants() {
        for (statement, &answer) in answers.of(person).iter().enumerate() {
            if let Some(value) = answers.value(statement, answer) {
                sums[statement] += value;
                seen[statement] += 1.0;
            }
        }
    }
    sums.iter().zip(&seen).map(|(&sum, &n)| if n > 0.0 { sum / n } else { 0.0 }).collect()
}

/// The direction of the greatest spread, of unit length; all zero when nothing differs.
fn direction(rows: &[f64], width: usize, iterations: usize) -> Vec<f64> {
    let mut vector = vec![1.0; width];
    if width == 0 {
        return vector;
    }
    let mut next = vec![0.0; width];
    for round in 0..iterations.max(1) {
        turn(rows, width, &vector, &mut next);
        if !normalise(&mut next) {
            if round > 0 {
                return vec![0.0; width];
            }
            // Ones may lie across every row: begin along the statement with the greatest spread.
            next = vec![0.0; width];
            let Some(widest) = widest(rows, width) else { return next };
            next[widest] = 1.0;
        }
        std::mem::swap(&mut vector, &mut next);
    }
    vector
}

/// `next = rowsᵀ (rows · vector)`.
fn turn(rows: &[f64], width: usize, vector: &[f64], next: &mut [f64]) {
    next.fill(0.0);
    for row in rows.chunks_exact(width) {
        let along = dot(row, vector);
        for (sum, value) in next.iter_mut().zip(row) {
            *sum += along * value;
        }
    }
}

fn widest(rows: &[f64], width: usize) -> Option<usize> {
    let mut best = (0.0, None);
    for statement in 0..width {
        let spread: f64 = rows.chunks_exact(width).map(|row| row[statement] * row[statement]).sum();
        if spread > best.0 {
            best = (spread, Some(statement));
        }
    }
    best.1
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Makes the length 1; `false` when there is none (rounding noise counts as none).
fn normalise(vector: &mut [f64]) -> bool {
    let length = dot(vector, vector).sqrt();
    if length < 1e-9 {
        return false;
    }
    for value in vector.iter_mut() {
        *value /= length;
    }
    true
}

/// A participant's place: their own answers only, times √(statements ÷ answers). A statement kept
/// out counts as answered with 0, by everybody.
#[expect(clippy::cast_precision_loss, reason = "counts of statements are far below 2⁵²")]
pub fn place(answers: &Answers, participant: usize, components: &Components) -> [f64; 2] {
    let mut sum = [0.0, 0.0];
    let mut count = 0_usize;
    for (statement, &answer) in answers.of(participant).iter().enumerate() {
        let Some(value) = answers.value(statement, answer) else { continue };
        count += 1;
        for (axis, total) in sum.iter_mut().enumerate() {
            *total +=
                (value - components.center[statement]) * components.directions[axis][statement];
        }
    }
    let scale = (answers.statements() as f64 / count.max(1) as f64).sqrt();
    sum.map(|total| total * scale)
}
