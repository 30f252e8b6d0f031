//! Asking a model: scores, confidence, and the words that spoke.
#![expect(
    clippy::indexing_slicing,
    reason = "the kernel of every question: rows come from the model's own table"
)]

use super::calibrate::confidences;
use super::model::{CANDIDATES, MOST_TIMES, Model};
use super::read::{Listen, plain, read};
use super::sum::add_rows;
use super::table::{Table, mix};
use crate::stem;

/// Words shown for a candidate at most.
const MOST_WORDS: usize = 4;
/// A word with less than this share of what speaks for a candidate is not shown.
const LEAST_SHARE: f32 = 0.08;
/// What a full score of whole words adds to a label's score, where a matcher has such.
const BESIDE: f32 = 2.5;
/// Set in a count when the letter group stands in the opening of the text.
const LEAD: u8 = 0x80;

/// A word that spoke for a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoke {
    /// The word, as in the text but without its particle.
    pub word: String,
    /// Its share of all that spoke for the candidate, in per mille.
    pub share: u32,
}

/// A label suggested.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The label.
    pub label: String,
    /// How sure, 0 to 1; of the first candidate: how often such an answer was right.
    pub confidence: f32,
    /// The words that spoke for it, the strongest first.
    pub because: Vec<Spoke>,
}

/// What a model says of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// At most three, the likeliest first; none where no part of the text is known.
    pub candidates: Vec<Candidate>,
    /// Whether the first is below the model's confidence: an officer should choose afresh.
    pub unsure: bool,
}

/// One meeting with a letter group.
#[derive(Clone, Copy)]
struct Meeting {
    mixed: u64,
    /// The word's number, doubled, and 1 where the group spans the word before as well.
    word: u32,
    /// Its row; [`UNKNOWN`] where the model does not know it.
    row: u32,
}

const UNKNOWN: u32 = u32::MAX;

/// A word of the text: its bytes, and a number that tells it from others.
#[derive(Clone, Copy)]
struct Word {
    from: usize,
    to: usize,
    known_by: u64,
}

/// What was heard of a text.
#[derive(Default)]
struct Heard {
    meetings: Vec<Meeting>,
    words: Vec<Word>,
    /// How many of the meetings are in the opening of the text, and how long that is.
    lead: usize,
    lead_letters: u32,
}

impl Listen for Heard {
    #[inline]
    fn feature(&mut self, key: u64, at: u32, word: u32, joined: bool) {
        let word = (word << 1) | u32::from(joined);
        self.meetings.push(Meeting { mixed: mix(key), word, row: UNKNOWN });
        if at < self.lead_letters {
            self.lead = self.meetings.len();
        }
    }

    #[inline]
    fn word(&mut self, from: usize, to: usize, known_by: u64) {
        self.words.push(Word { from, to, known_by });
    }
}

/// Asks a model again and again with the same working memory.
pub struct Asker<'m> {
    model: &'m Model,
    heard: Heard,
    /// What the table answered to each meeting.
    peeked: Vec<u64>,
    /// Per letter group: how often it was met, and [`LEAD`]; all 0 between questions.
    counts: Vec<u8>,
    /// The distinct rows met.
    met: Vec<u32>,
    /// What each of them is worth in this text.
    values: Vec<f32>,
    scores: Vec<f32>,
    confidences: Vec<f32>,
    order: Vec<u32>,
}

impl<'m> Asker<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let heard = Heard { lead_letters: model.lead_letters, ..Heard::default() };
        Self {
            model,
            heard,
            peeked: Vec::new(),
            counts: vec![0; model.rows.len()],
            met: Vec::new(),
            values: Vec::new(),
            scores: vec![0.0; model.stride],
            confidences: vec![0.0; model.labels.len()],
            order: Vec::new(),
        }
    }

    /// The three likeliest labels' places in [`Model::labels`], the confidence in every label, and
    /// whether the answer is unsure; no words, for those who only count.
    pub fn rank(&mut self, text: &str) -> (&[u32], &[f32], bool) {
        self.score(&plain(text));
        self.forget();
        self.judge();
        let first = self.order.first().map_or(0.0, |label| self.confidences[*label as usize]);
        let unsure = self.met.is_empty() || first < self.model.unsure_below;
        (&self.order, &self.confidences, unsure)
    }

    /// The three likeliest labels with the words that spoke for each.
    pub fn ask(&mut self, text: &str) -> Answer {
        let text = plain(text);
        self.score(&text);
        self.judge();
        let mut candidates = Vec::new();
        if !self.met.is_empty() {
            for (label, because) in self.order.iter().zip(self.because(&text)) {
                candidates.push(Candidate {
                    label: self.model.labels[*label as usize].clone(),
                    confidence: self.confidences[*label as usize],
                    because,
                });
            }
        }
        self.forget();
        let sure = candidates.first().is_some_and(|c| c.confidence >= self.model.unsure_below);
        Answer { candidates, unsure: !sure }
    }

    fn score(&mut self, text: &str) {
        let model = self.model;
        self.listen(text);
        let mut square = 0.0_f32;
        self.scores.fill(0.0);
        self.values.clear();
        for row in &self.met {
            let row = *row as usize;
            let times = self.times(self.counts[row]);
            let numbers = model.rows[row];
            let value = numbers.rarity * times;
            square += value * value;
            self.values.push(numbers.step * times);
        }
        add_rows(&mut self.scores, &model.weights, &self.met, &self.values);
        let length = square.sqrt().max(f32::MIN_POSITIVE);
        for (score, bias) in self.scores.iter_mut().zip(&model.bias) {
            *score = *score / length + bias;
        }
        for found in model.beside.iter().flat_map(|words| words.suggest(text)) {
            let label = model.labels.iter().position(|label| *label == found.code);
            if let Some(score) = label.and_then(|label| self.scores.get_mut(label)) {
                *score += BESIDE * f32::from(u16::try_from(found.score).unwrap_or(0)) / 1000.0;
            }
        }
    }

    /// Fills `met` and `counts`. Reading, looking up and counting are three passes, so that no
    /// lookup waits for the one before it.
    fn listen(&mut self, text: &str) {
        let table = &self.model.table;
        let heard = &mut self.heard;
        heard.meetings.clear();
        heard.words.clear();
        heard.lead = 0;
        read(text, heard);
        self.peeked.clear();
        self.peeked.extend(heard.meetings.iter().map(|meeting| table.peek(meeting.mixed)));
        self.met.clear();
        let lead = heard.lead;
        for (place, (meeting, first)) in heard.meetings.iter_mut().zip(&self.peeked).enumerate() {
            let Some(row) = table.row(meeting.mixed, *first) else { continue };
            meeting.row = row;
            let count = &mut self.counts[row as usize];
            if *count == 0 {
                self.met.push(row);
                *count = if place < lead { LEAD } else { 0 };
            }
            if usize::from(*count & !LEAD) < MOST_TIMES {
                *count += 1;
            }
        }
    }

    fn forget(&mut self) {
        for row in &self.met {
            self.counts[*row as usize] = 0;
        }
    }

    #[inline]
    fn times(&self, count: u8) -> f32 {
        let lead = if count & LEAD == 0 { 0.0 } else { self.model.lead_bonus };
        self.model.times[usize::from(count & !LEAD)] + lead
    }

    /// Confidences and the order of the best three.
    fn judge(&mut self) {
        let labels = self.model.labels.len();
        let scores = &self.scores[..labels];
        self.order.clear();
        for (label, score) in (0_u32..).zip(scores) {
            let better = |other: &u32| scores[*other as usize] >= *score;
            let place = self.order.iter().take_while(|other| better(other)).count();
            if place < CANDIDATES {
                self.order.insert(place, label);
                self.order.truncate(CANDIDATES);
            }
        }
        if let Some(first) = self.order.first() {
            confidences(scores, *first as usize, &self.model.calibration, &mut self.confidences);
        }
    }

    /// The words behind the scores of the labels in `order`. A group met several times shares its
    /// part out evenly; one over a space belongs half to each word.
    fn because(&self, text: &str) -> Vec<Vec<Spoke>> {
        let words = &self.heard.words;
        let mut distinct: Vec<(Word, [f32; CANDIDATES])> = Vec::new();
        let mut known = Table::with_room(words.len());
        let place_of: Vec<usize> = words
            .iter()
            .map(|word| {
                let mixed = mix(word.known_by);
                let found = known.find(mixed).map(|place| place as usize);
                found.unwrap_or_else(|| {
                    let place = distinct.len();
                    known.put(mixed, u32::try_from(place).unwrap_or(0));
                    distinct.push((*word, [0.0; CANDIDATES]));
                    place
                })
            })
            .collect();
        for meeting in self.heard.meetings.iter().filter(|meeting| meeting.row != UNKNOWN) {
            let row = meeting.row as usize;
            let count = self.counts[row];
            let times = f32::from(count & !LEAD).max(1.0);
            let part = self.model.rows[row].step * self.times(count) / times;
            let weights = &self.model.weights[row * self.model.stride..][..self.model.stride];
            let word = (meeting.word >> 1) as usize;
            let both = meeting.word & 1 == 1 && word > 0;
            let part = if both { part / 2.0 } else { part };
            for word in word - usize::from(both)..=word {
                let Some(place) = place_of.get(word) else { continue };
                let parts = &mut distinct[*place].1;
                for (sum, label) in parts.iter_mut().zip(&self.order) {
                    *sum += part * f32::from(weights[*label as usize]);
                }
            }
        }
        (0..self.order.len()).map(|candidate| spoken(text, &distinct, candidate)).collect()
    }
}

/// The loudest words for one candidate.
fn spoken(text: &str, distinct: &[(Word, [f32; CANDIDATES])], candidate: usize) -> Vec<Spoke> {
    let part_of = |parts: &[f32; CANDIDATES]| parts[candidate];
    let all: f32 = distinct.iter().map(|(_, parts)| part_of(parts).max(0.0)).sum();
    let mut loudest: Vec<(f32, Word)> = distinct
        .iter()
        .map(|(word, parts)| (part_of(parts), *word))
        .filter(|(part, _)| *part > 0.0 && *part >= all * LEAST_SHARE / 8.0)
        .collect();
    loudest.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    loudest.truncate(MOST_WORDS * 4);
    // 가로등이 and 가로등을 are one word to the reader.
    let mut spoken: Vec<(String, f32)> = Vec::new();
    for (part, word) in loudest {
        let word = shown(text.get(word.from..word.to).unwrap_or_default());
        match spoken.iter_mut().find(|(known, _)| *known == word) {
            Some((_, sum)) => *sum += part,
            None => spoken.push((word, part)),
        }
    }
    spoken.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    spoken.truncate(MOST_WORDS);
    spoken
        .into_iter()
        .enumerate()
        .filter(|(place, (_, part))| *place == 0 || *part >= all * LEAST_SHARE)
        .map(|(_, (word, part))| Spoke { word, share: per_mille(part / all) })
        .collect()
}

/// The word without its particle; with it where nothing of two letters would be left.
fn shown(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let noun = stem::noun(&letters);
    if noun.len() >= 2 { noun.iter().collect() } else { word.to_owned() }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1; the cast saturates"
)]
fn per_mille(share: f32) -> u32 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as u32
}
