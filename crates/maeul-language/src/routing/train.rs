//! Training: from labelled texts to a model. The vocabulary, the choice of the ridge and the
//! calibration all come from the texts given; the same texts and seed give the same model.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "the kernel of training: numbers were dealt out by the arrays' own lengths"
)]

use std::collections::BTreeMap;

use super::calibrate::{LEAST_MEASURED, first_of, fit};
use super::error::RoutingError;
use super::evaluate::Evaluator;
use super::fold::stratified_folds;
use super::model::{Calibration, MOST_TIMES, Model, ModelFacts, Row, stride_of};
use super::read::{Listen, plain, read};
use super::record::Records;
use super::solve::{Solution, Texts, solve};
use super::table::{Known, MOST_ROWS, Table, mix};

/// Fewer texts than this teach nothing.
const LEAST_TEXTS: usize = 4;
/// Letters at the beginning of a text that say more, and how much more than being there once.
const LEAD_LETTERS: u32 = 100;
const LEAD_BONUS: f32 = 1.0;
/// Ridges tried where texts are few (the second suits short texts of clear words); the first from
/// so many texts on. And how many folds judge them.
const RIDGES: [f32; 2] = [1.0, 0.3];
const ENOUGH_FOR_ONE_RIDGE: usize = 1_500;
const FOLDS: u32 = 4;
/// Texts used to choose the ridge and to calibrate, at most.
const MOST_MEASURED: usize = 2_400;
/// From so many texts on, a letter group must stand in two of them.
const ENOUGH_TEXTS: usize = 300;
/// Labels a model can have.
const MOST_LABELS: usize = 4_096;

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct TrainOptions {
    /// The seed of every shuffle.
    pub seed: u64,
    /// Below this confidence the model will say that it is unsure, 0 to 1.
    pub unsure_below: f32,
    /// A ridge to use instead of choosing one.
    pub ridge: Option<f32>,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self { seed: 1, unsure_below: 0.5, ridge: None }
    }
}

/// One distinct letter group of one text.
#[derive(Clone, Copy)]
struct Part {
    feature: u32,
    times: u8,
    lead: bool,
}

/// Letter groups met so far, and the parts of the text being read.
struct Gather {
    table: Table,
    keys: Vec<u64>,
    /// How many texts have it, and which had it last (from 1).
    texts_with: Vec<u32>,
    last_text: Vec<u32>,
    /// Where the feature stands among the parts of the text that had it last.
    place: Vec<u32>,
    parts: Vec<Part>,
    text: u32,
    text_starts: usize,
}

impl Listen for Gather {
    fn feature(&mut self, key: u64, at: u32, _: u32, _: bool) {
        let mixed = mix(key);
        let feature = match self.table.find(mixed) {
            Some(feature) => feature as usize,
            None => self.add(mixed),
        };
        let Some(last) = self.last_text.get_mut(feature) else { return };
        if *last == self.text {
            let part = &mut self.parts[self.text_starts + self.place[feature] as usize];
            part.times = part.times.saturating_add(1).min(MOST_TIMES as u8);
        } else {
            *last = self.text;
            self.texts_with[feature] += 1;
            self.place[feature] = (self.parts.len() - self.text_starts) as u32;
            let lead = at < LEAD_LETTERS;
            self.parts.push(Part { feature: feature as u32, times: 1, lead });
        }
    }
}

impl Gather {
    fn new() -> Self {
        Self {
            table: Table::with_room(1 << 16),
            keys: Vec::new(),
            texts_with: Vec::new(),
            last_text: Vec::new(),
            place: Vec::new(),
            parts: Vec::new(),
            text: 0,
            text_starts: 0,
        }
    }

    fn add(&mut self, mixed: u64) -> usize {
        let feature = self.keys.len();
        if feature >= MOST_ROWS {
            return feature;
        }
        if self.table.is_full_at(feature + 1) {
            self.table = Table::with_room(feature * 2);
            for (row, key) in (0..).zip(&self.keys) {
                self.table.put(*key, row);
            }
        }
        self.table.put(mixed, feature as u32);
        self.keys.push(mixed);
        self.texts_with.push(0);
        self.last_text.push(0);
        self.place.push(0);
        feature
    }
}

/// Trains on pairs of text and label. Labels may be anything: service codes, duties, units.
pub fn train<T: AsRef<str>, L: AsRef<str>>(
    examples: impl IntoIterator<Item = (T, L)>,
    options: &TrainOptions,
) -> Result<Model, RoutingError> {
    learn(examples, options, None)
}

/// Trains; with a calibration given, nothing is measured and the ridge is the one of the options.
pub(super) fn learn<T: AsRef<str>, L: AsRef<str>>(
    examples: impl IntoIterator<Item = (T, L)>,
    options: &TrainOptions,
    calibration: Option<Calibration>,
) -> Result<Model, RoutingError> {
    let mut gather = Gather::new();
    let mut starts = vec![0];
    let mut told: Vec<String> = Vec::new();
    for (text, label) in examples {
        gather.text += 1;
        gather.text_starts = gather.parts.len();
        read(&plain(text.as_ref()), &mut gather);
        starts.push(gather.parts.len());
        told.push(label.as_ref().to_owned());
    }
    if told.len() < LEAST_TEXTS {
        return Err(RoutingError::TooFewTexts { found: told.len(), needed: LEAST_TEXTS });
    }
    let mut numbers: BTreeMap<&str, u32> = told.iter().map(|label| (label.as_str(), 0)).collect();
    for (number, place) in (0..).zip(numbers.values_mut()) {
        *place = number;
    }
    if numbers.len() < 2 {
        return Err(RoutingError::OneLabel);
    }
    let too_long = |label: &String| label.len() > usize::from(u16::MAX);
    if told.iter().any(too_long) || numbers.len() > MOST_LABELS || gather.keys.len() >= MOST_ROWS {
        return Err(RoutingError::TooLarge);
    }
    let labels: Vec<u32> = told.iter().map(|label| numbers[label.as_str()]).collect();
    let names: Vec<String> = numbers.keys().map(|name| (*name).to_owned()).collect();
    let times: Vec<f32> = (0..=MOST_TIMES)
        .map(|count| if count == 0 { 0.0 } else { 1.0 + (count as f32).ln() })
        .collect();
    let (texts, keys, rarity) = vectors(&gather, &starts, labels, names.len(), &times);
    drop(gather);

    let all: Vec<u32> = (0..texts.len() as u32).collect();
    let measured = match calibration {
        None => measure(&texts, options),
        Some(calibration) => Measured {
            ridge: options.ridge.unwrap_or(RIDGES[0]),
            calibration,
            ..Measured::default()
        },
    };
    let solution = solve(&texts, &all, measured.ridge, options.seed);
    let facts = ModelFacts {
        texts: texts.len() as u32,
        features: keys.len() as u32,
        seed: options.seed,
        ..measured.facts()
    };
    let (rows, weights) = quantise(&solution, &rarity, names.len());
    Ok(Model {
        facts,
        calibration: measured.calibration,
        unsure_below: options.unsure_below.clamp(0.0, 1.0),
        lead_letters: LEAD_LETTERS,
        lead_bonus: LEAD_BONUS,
        times,
        bias: solution.bias,
        known: Known::new(&keys),
        keys,
        records: Records::new(&rows, &weights, solution.stride, names.len()),
        labels: names,
        beside: None,
    })
}

/// The texts as unit vectors over the letter groups worth keeping, with those groups' keys and
/// rarity.
fn vectors(
    gather: &Gather,
    starts: &[usize],
    labels: Vec<u32>,
    kinds: usize,
    times: &[f32],
) -> (Texts, Vec<u64>, Vec<f32>) {
    let least = if labels.len() < ENOUGH_TEXTS { 1 } else { 2 };
    let count = labels.len() as f32;
    let mut row_of = vec![u32::MAX; gather.keys.len()];
    let (mut keys, mut rarity) = (Vec::new(), Vec::new());
    let mut kept: Vec<usize> =
        (0..gather.keys.len()).filter(|feature| gather.texts_with[*feature] >= least).collect();
    // The frequent ones side by side: most lookups then stay in the processor's cache.
    kept.sort_by_key(|feature| std::cmp::Reverse(gather.texts_with[*feature]));
    for feature in kept {
        row_of[feature] = keys.len() as u32;
        keys.push(gather.keys[feature]);
        rarity.push(((1.0 + count) / (1.0 + gather.texts_with[feature] as f32)).ln() + 1.0);
    }
    let mut texts = Texts { labels, kinds, width: keys.len(), ..Texts::default() };
    texts.starts.push(0);
    for range in starts.windows(2) {
        let begun = texts.values.len();
        let mut square = 0.0_f32;
        for part in &gather.parts[range[0]..range[1]] {
            let row = row_of[part.feature as usize];
            if row != u32::MAX {
                let lead = if part.lead { LEAD_BONUS } else { 0.0 };
                let value = rarity[row as usize] * (times[usize::from(part.times)] + lead);
                square += value * value;
                texts.features.push(row);
                texts.values.push(value);
            }
        }
        let length = square.sqrt().max(f32::MIN_POSITIVE);
        texts.values[begun..].iter_mut().for_each(|value| *value /= length);
        texts.starts.push(texts.values.len());
    }
    (texts, keys, rarity)
}

/// What cross-validation found.
#[derive(Default)]
struct Measured {
    ridge: f32,
    calibration: Calibration,
    on: u32,
    accuracy: f64,
    top3: f64,
    macro_f1: f64,
}

impl Measured {
    fn facts(&self) -> ModelFacts {
        ModelFacts {
            ridge: self.ridge,
            measured_on: self.on,
            accuracy: self.accuracy as f32,
            top3: self.top3 as f32,
            macro_f1: self.macro_f1 as f32,
            ..ModelFacts::default()
        }
    }
}

/// Chooses the ridge and calibrates on texts each model had not seen. Rarity counts all texts:
/// it knows no labels.
fn measure(texts: &Texts, options: &TrainOptions) -> Measured {
    let ridges = match options.ridge {
        Some(ridge) => vec![ridge.max(1e-3)],
        None if texts.len() >= ENOUGH_FOR_ONE_RIDGE => vec![RIDGES[0]],
        None => RIDGES.to_vec(),
    };
    let folds = stratified_folds(&texts.labels, FOLDS, options.seed);
    // A large collection is measured on a part of it, whole folds of folds.
    let parts = texts.len().div_ceil(MOST_MEASURED) as u32;
    let part_of = stratified_folds(&texts.labels, parts, options.seed ^ 0x5eed);
    let chosen: Vec<u32> =
        (0..texts.len() as u32).filter(|place| part_of[*place as usize] == 0).collect();
    let truths: Vec<u32> = chosen.iter().map(|place| texts.labels[*place as usize]).collect();
    let mut best: Option<(f64, Measured)> = None;
    for ridge in ridges {
        let scores = unseen_scores(texts, &chosen, &folds, ridge, options.seed);
        let calibration = fit(&scores, &truths, texts.kinds);
        let mut told = Evaluator::new();
        for (scores, truth) in scores.chunks_exact(texts.kinds).zip(&truths) {
            let mut order = [first_of(scores) as u32; 3];
            let mut left = scores.to_vec();
            for place in &mut order {
                let first = first_of(&left);
                *place = first as u32;
                left[first] = f32::MIN;
            }
            told.add(*truth, &order, 1.0, false);
        }
        let figures = told.figures(|_| String::new());
        let good = figures.accuracy + figures.macro_f1;
        if best.as_ref().is_none_or(|(known, _)| good > *known) {
            let measured = Measured {
                ridge,
                calibration,
                on: if truths.len() < LEAST_MEASURED { 0 } else { truths.len() as u32 },
                accuracy: figures.accuracy,
                top3: figures.top3,
                macro_f1: figures.macro_f1,
            };
            best = Some((good, measured));
        }
    }
    let nothing = || Measured { ridge: RIDGES[0], ..Measured::default() };
    best.map_or_else(nothing, |(_, measured)| measured)
}

/// The scores of every chosen text from a model trained on the chosen texts of the other folds.
/// Two folds are worked on at a time; the result does not depend on it.
fn unseen_scores(texts: &Texts, chosen: &[u32], folds: &[u32], ridge: f32, seed: u64) -> Vec<f32> {
    let kinds = texts.kinds;
    let one = |fold: u32| -> Vec<(usize, Vec<f32>)> {
        let is_in = |place: &u32| folds[*place as usize] == fold;
        let taught: Vec<u32> = chosen.iter().copied().filter(|place| !is_in(place)).collect();
        let solution = solve(texts, &taught, ridge, seed);
        let mut row = vec![0.0; stride_of(kinds)];
        let mut out = Vec::new();
        for (number, place) in chosen.iter().enumerate().filter(|(_, place)| is_in(place)) {
            solution.score(texts, *place as usize, &mut row);
            out.push((number, row[..kinds].to_vec()));
        }
        out
    };
    let mut scores = vec![0.0; chosen.len() * kinds];
    for pair in (0..FOLDS).collect::<Vec<_>>().chunks(2) {
        let found: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = pair.iter().map(|fold| scope.spawn(|| one(*fold))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
        });
        for (number, row) in found {
            scores[number * kinds..][..kinds].copy_from_slice(&row);
        }
    }
    scores
}

/// Weights as whole numbers of steps of their row.
fn quantise(solution: &Solution, rarity: &[f32], kinds: usize) -> (Vec<Row>, Vec<i8>) {
    let mut rows = Vec::with_capacity(rarity.len());
    let mut weights = vec![0_i8; solution.weights.len()];
    let lines = solution.weights.chunks_exact(solution.stride);
    for ((rarity, line), out) in
        rarity.iter().zip(lines).zip(weights.chunks_exact_mut(solution.stride))
    {
        let most = line.iter().take(kinds).fold(0.0_f32, |most, weight| most.max(weight.abs()));
        let step = (most / 127.0).max(f32::MIN_POSITIVE);
        for (out, weight) in out.iter_mut().zip(line).take(kinds) {
            *out = (weight / step).round() as i8;
        }
        rows.push(Row { rarity: *rarity, step: step * rarity });
    }
    (rows, weights)
}
