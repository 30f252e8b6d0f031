//! Asking a model: scores, confidence, and the words that spoke.
#![expect(
    clippy::indexing_slicing,
    reason = "the kernel of every question: rows come from the model's own table"
)]

use super::calibrate::confidences;
use super::model::{CANDIDATES, MOST_TIMES, Model};
use super::read::{Group, Listen, MOST_LETTERS, plain, read};
use super::table::{Known, Table, UNKNOWN, mix};
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
}

/// A word of the text: its bytes, and a number that tells it from others.
#[derive(Clone, Copy)]
struct Word {
    from: usize,
    to: usize,
    known_by: u64,
}

/// Groups a text can have at most: three a letter, and reading stops at twice [`MOST_LETTERS`].
const ROOM: usize = MOST_LETTERS as usize * 2 * 3 + 8;

/// What counts in a text: rows of single syllables, and mixed keys of all other groups.
struct Tally<'m> {
    known: &'m Known,
    rows: List<u32>,
    keys: List<u64>,
    lead_letters: u32,
}

/// Numbers in an array of fixed length, and how many of them are of the text's opening. Nothing
/// is ever moved and nothing branches on a number, so the reading runs on.
struct List<T> {
    numbers: Vec<T>,
    length: usize,
    lead: usize,
}

impl<T: Copy> List<T> {
    fn new(fill: T) -> Self {
        Self { numbers: vec![fill; ROOM], length: 0, lead: 0 }
    }

    /// Writes the number, and keeps it if it `counts`.
    #[inline]
    fn push(&mut self, number: T, counts: bool) {
        if let Some(place) = self.numbers.get_mut(self.length) {
            *place = number;
            self.length += usize::from(counts);
        }
    }

    #[inline]
    fn mark(&mut self, in_lead: bool) {
        self.lead = if in_lead { self.length } else { self.lead };
    }

    fn clear(&mut self) {
        (self.length, self.lead) = (0, 0);
    }

    fn all(&self) -> &[T] {
        &self.numbers[..self.length]
    }
}

impl Listen for Tally<'_> {
    #[inline]
    fn feature(&mut self, key: u64, at: u32, _: u32, _: bool) {
        self.keys.push(mix(key), true);
        self.keys.mark(at < self.lead_letters);
    }

    #[inline]
    fn letter(&mut self, group: Group, at: u32, _: u32, _: bool) {
        match self.known.syllable(group.letter) {
            Some(row) => self.rows.push(row, row != UNKNOWN),
            None => self.keys.push(mix(group.one()), true),
        }
        self.keys.push(mix(group.two()), group.last != 0);
        self.keys.push(mix(group.three()), group.before != 0);
        let in_lead = at < self.lead_letters;
        self.keys.mark(in_lead);
        self.rows.mark(in_lead);
    }
}

/// What was heard of a text, with the words it was heard in.
#[derive(Default)]
struct Heard {
    meetings: Vec<Meeting>,
    words: Vec<Word>,
}

impl Listen for Heard {
    #[inline]
    fn feature(&mut self, key: u64, _: u32, word: u32, joined: bool) {
        let word = (word << 1) | u32::from(joined);
        self.meetings.push(Meeting { mixed: mix(key), word });
    }

    #[inline]
    fn word(&mut self, from: usize, to: usize, known_by: u64) {
        self.words.push(Word { from, to, known_by });
    }
}

/// Asks a model again and again with the same working memory.
pub struct Asker<'m> {
    model: &'m Model,
    tally: Tally<'m>,
    heard: Heard,
    /// What the table answered to each key.
    peeked: Vec<u64>,
    /// Per letter group: how often it was met, and [`LEAD`]; all 0 between questions.
    counts: Vec<u8>,
    /// The distinct rows met, `distinct` of them, and room for any more.
    met: Vec<u32>,
    distinct: usize,
    /// What a count is worth, with and without [`LEAD`].
    times: [f32; 256],
    values: Vec<f32>,
    scores: Vec<f32>,
    confidences: Vec<f32>,
    order: Vec<u32>,
}

impl<'m> Asker<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let tally = Tally {
            known: &model.known,
            rows: List::new(0),
            keys: List::new(0),
            lead_letters: model.lead_letters,
        };
        let mut times = [0.0; 256];
        let (plain, lead) = times.split_at_mut(usize::from(LEAD));
        for (times, (plain, lead)) in model.times.iter().zip(plain.iter_mut().zip(lead)) {
            (*plain, *lead) = (*times, *times + model.lead_bonus);
        }
        Self {
            model,
            tally,
            heard: Heard::default(),
            peeked: Vec::new(),
            counts: vec![0; model.records.len()],
            met: vec![0; ROOM * 2],
            distinct: 0,
            times,
            values: Vec::new(),
            scores: vec![0.0; model.records.sums()],
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
        let unsure = self.distinct == 0 || first < self.model.unsure_below;
        (&self.order, &self.confidences, unsure)
    }

    /// The three likeliest labels with the words that spoke for each.
    pub fn ask(&mut self, text: &str) -> Answer {
        let text = plain(text);
        self.score(&text);
        self.judge();
        let mut candidates = Vec::new();
        if self.distinct != 0 {
            let because = self.because(&text);
            for (label, because) in self.order.iter().zip(because) {
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
        let met = &self.met[..self.distinct];
        let (counts, times) = (&self.counts, &self.times);
        let worth = |row: usize| times[usize::from(counts[row])];
        let square = model.records.add(&mut self.scores, met, &mut self.values, worth);
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

    /// Fills `met` and `counts`. Reading, looking up and counting are passes of their own, so that
    /// no lookup waits for the one before it.
    fn listen(&mut self, text: &str) {
        let table = &self.model.known.table;
        let tally = &mut self.tally;
        tally.rows.clear();
        tally.keys.clear();
        read(text, tally);
        let keys = tally.keys.all();
        self.peeked.clear();
        self.peeked.extend(keys.iter().map(|mixed| table.peek(*mixed)));
        let mut count = Count { counts: &mut self.counts, met: &mut self.met, distinct: 0 };
        let (lead, rest) = tally.rows.all().split_at(tally.rows.lead);
        lead.iter().for_each(|row| count.add(*row, LEAD));
        rest.iter().for_each(|row| count.add(*row, 0));
        let places = || keys.iter().zip(&self.peeked);
        for (mixed, first) in places().take(tally.keys.lead) {
            if let Some(row) = table.row(*mixed, *first) {
                count.add(row, LEAD);
            }
        }
        for (mixed, first) in places().skip(tally.keys.lead) {
            if let Some(row) = table.row(*mixed, *first) {
                count.add(row, 0);
            }
        }
        self.distinct = count.distinct;
    }

    fn forget(&mut self) {
        for row in &self.met[..self.distinct] {
            self.counts[*row as usize] = 0;
        }
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
    fn because(&mut self, text: &str) -> Vec<Vec<Spoke>> {
        self.heard.meetings.clear();
        self.heard.words.clear();
        read(text, &mut self.heard);
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
        for meeting in &self.heard.meetings {
            let Some(row) = self.model.known.table.find(meeting.mixed) else { continue };
            let row = row as usize;
            let count = self.counts[row];
            let times = f32::from(count & !LEAD).max(1.0);
            let part =
                self.model.records.numbers(row).step * self.times[usize::from(count)] / times;
            let word = (meeting.word >> 1) as usize;
            let both = meeting.word & 1 == 1 && word > 0;
            let part = if both { part / 2.0 } else { part };
            for word in word - usize::from(both)..=word {
                let Some(place) = place_of.get(word) else { continue };
                let parts = &mut distinct[*place].1;
                for (sum, label) in parts.iter_mut().zip(&self.order) {
                    *sum += part * f32::from(self.model.records.weight(row, *label as usize));
                }
            }
        }
        (0..self.order.len()).map(|candidate| spoken(text, &distinct, candidate)).collect()
    }
}

/// Counting rows without a branch on whether one is new.
struct Count<'a> {
    counts: &'a mut [u8],
    met: &'a mut [u32],
    distinct: usize,
}

impl Count<'_> {
    #[inline]
    fn add(&mut self, row: u32, lead: u8) {
        let count = &mut self.counts[row as usize];
        self.met[self.distinct] = row;
        self.distinct += usize::from(*count == 0);
        *count += u8::from(usize::from(*count & !LEAD) < MOST_TIMES);
        *count |= lead;
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
