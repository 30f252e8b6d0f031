//! Services suggested from what a resident writes: by the words they have in common, with those
//! words as the reason, and nothing at all where no word speaks.

use std::collections::{BTreeMap, HashMap};

use crate::normal::{is_pairwise, normalise};
use crate::stem::{self, Cut};

/// Letters of a text that are read.
const MOST_LETTERS: usize = 1000;
/// How many services are suggested at most.
const MOST: usize = 3;
/// A suggestion below this is a guess, and nobody is helped by a guess.
const LEAST_SCORE: u32 = 200;

/// Words of nearly every report: alone they point to no service.
const GENERIC: &[&str] = &[
    "고장",
    "신고",
    "불편",
    "요청",
    "민원",
    "문의",
    "처리",
    "설치",
    "파손",
    "위험",
    "정비",
    "점검",
    "보수",
    "관리",
    "시설",
    "기타",
    "조치",
    "주변",
    "동네",
    "공공",
    "생활",
    "불법",
    "지원",
    "안내",
    "신청",
    "상담",
    "제안",
    "report",
    "request",
    "broken",
    "illegal",
    "public",
    "other",
    "damage",
    "damaged",
    "repair",
    "street",
    "facility",
    "facilities",
];

/// English words that mean nothing alone.
const EMPTY_ENGLISH: &[&str] =
    &["the", "and", "for", "with", "not", "out", "are", "was", "has", "its", "this", "that"];

/// Words that make what stands before them a place (시장 입구, 학교 앞): where something is says
/// less about the matter than what is there.
const BESIDE: &[&str] = &[
    "앞",
    "옆",
    "뒤",
    "뒤쪽",
    "뒤편",
    "안쪽",
    "바깥",
    "사이",
    "아래",
    "밑",
    "입구",
    "출구",
    "정문",
    "후문",
    "근처",
    "부근",
    "인근",
    "주변",
    "맞은편",
    "건너편",
    "건너",
    "쪽",
    "방향",
    "담장",
    "옆길",
    "샛길",
    "가는",
    "올라가는",
    "내려가는",
    "들어가는",
];

/// Particles which say that the noun before them is what the sentence is about.
const ABOUT: &[&str] = &["이", "가", "을", "를", "은", "는"];
/// Particles of a place.
const AT: &[&str] = &["에서", "에는", "에서는", "에", "쪽에"];

/// A service as the suggester knows it.
#[derive(Clone, Debug, Default)]
pub struct ServiceWords {
    /// The service's code, given back in a suggestion.
    pub code: String,
    /// Its names, in every language.
    pub names: Vec<String>,
    /// What residents call it; a keyword of several words (`불 나감`) needs all of them.
    pub keywords: Vec<String>,
    /// The group it is listed under; a weak hint.
    pub group: Option<String>,
}

/// A service suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The service's code.
    pub code: String,
    /// 0 to 1000; only for order.
    pub score: u32,
    /// The words of the text which spoke for it, as they were written.
    pub because: Vec<String>,
}

/// One word that is looked for.
#[derive(Clone, Debug)]
struct Token {
    letters: Vec<char>,
    /// The entries it belongs to, and its place in each.
    entries: Vec<(usize, u8)>,
}

/// A name word, a keyword or a group word of one service.
#[derive(Clone, Debug)]
struct Entry {
    service: usize,
    /// All its tokens, as bits.
    all: u8,
    weight: u32,
}

/// Suggests services; built once per office, shared by all requests.
#[derive(Clone, Debug)]
pub struct Suggester {
    codes: Vec<String>,
    tokens: Vec<Token>,
    entries: Vec<Entry>,
    /// Tokens of two or more letters by their first two.
    by_start: HashMap<[char; 2], Vec<usize>>,
    /// Tokens by their own letters and by their verb stem.
    by_stem: HashMap<Vec<char>, Vec<usize>>,
}

/// A word of the text: its letters' places in the unspaced text.
#[derive(Clone, Copy)]
struct Word {
    from: usize,
    to: usize,
}

impl Suggester {
    /// From the services on offer, in the order they are listed.
    pub fn new(services: &[ServiceWords]) -> Self {
        let mut suggester = Self {
            codes: services.iter().map(|service| service.code.clone()).collect(),
            tokens: Vec::new(),
            entries: Vec::new(),
            by_start: HashMap::new(),
            by_stem: HashMap::new(),
        };
        // What is said by several services says little about each.
        let mut drafts: BTreeMap<Vec<Vec<char>>, BTreeMap<usize, u32>> = BTreeMap::new();
        for (place, service) in services.iter().enumerate() {
            let mut add = |words: Vec<Vec<char>>, percent: u32| {
                let weight = weigh(&words) * percent / 100;
                if weight > 0 {
                    let best = drafts.entry(words).or_default().entry(place).or_default();
                    *best = weight.max(*best);
                }
            };
            for keyword in &service.keywords {
                add(bare(split(keyword)), 100);
            }
            for word in service.names.iter().flat_map(|name| split(name)) {
                add(vec![word], 80);
            }
            for word in service.group.iter().flat_map(|group| split(group)) {
                add(vec![word], 20);
            }
        }
        let mut known: HashMap<Vec<char>, usize> = HashMap::new();
        for (words, owners) in drafts {
            let shared_by = u32::try_from(owners.len()).unwrap_or(u32::MAX).max(1);
            for (service, weight) in owners {
                suggester.add_entry(&words, service, weight / shared_by, &mut known);
            }
        }
        suggester
    }

    fn add_entry(
        &mut self,
        words: &[Vec<char>],
        service: usize,
        weight: u32,
        known: &mut HashMap<Vec<char>, usize>,
    ) {
        let entry = self.entries.len();
        let mut all = 0_u8;
        for (bit, letters) in words.iter().take(8).enumerate() {
            let token = *known.entry(letters.clone()).or_insert_with(|| {
                let token = self.tokens.len();
                self.tokens.push(Token { letters: letters.clone(), entries: Vec::new() });
                if let [first, second, ..] = letters.as_slice() {
                    self.by_start.entry([*first, *second]).or_default().push(token);
                }
                self.by_stem.entry(letters.clone()).or_default().push(token);
                let mut root = Vec::new();
                // A noun may look inflected (해고, 소음): what would be left of it says nothing.
                if is_korean(letters)
                    && stem::verb(letters, &mut root) != Cut::Nothing
                    && (root.len() > 1 || letters.len() == 1)
                {
                    self.by_stem.entry(root).or_default().push(token);
                }
                token
            });
            let mask = 1_u8 << bit;
            all |= mask;
            if let Some(token) = self.tokens.get_mut(token) {
                token.entries.push((entry, mask));
            }
        }
        self.entries.push(Entry { service, all, weight });
    }

    /// The services the text speaks of, best first, at most three; empty where it speaks of none.
    pub fn suggest(&self, text: &str) -> Vec<Suggestion> {
        let reading = Reading::of(text);
        let mut hits: Vec<(usize, Word, u32)> = self
            .hits(&reading)
            .into_iter()
            .map(|(token, word)| (token, word, reading.percent(word)))
            .collect();
        // Of the places where a token was met, the one where it says most.
        hits.sort_by_key(|(_, _, percent)| std::cmp::Reverse(*percent));
        let mut met: BTreeMap<usize, Met> = BTreeMap::new();
        for (token, word, percent) in hits {
            let Some(token) = self.tokens.get(token) else { continue };
            for (entry, mask) in &token.entries {
                let met = met.entry(*entry).or_default();
                if met.seen & mask == 0 {
                    met.seen |= mask;
                    met.percents += percent;
                    met.words.push(word);
                }
            }
        }
        let mut spoken: Vec<(&Entry, Met)> = met
            .into_iter()
            .filter_map(|(place, met)| {
                self.entries.get(place).filter(|entry| entry.all == met.seen).map(|e| (e, met))
            })
            .collect();
        let first = |met: &Met| met.words.iter().map(|word| word.from).min();
        spoken.sort_by_key(|(entry, met)| {
            let weight = entry.weight * met.percent();
            (entry.service, std::cmp::Reverse(weight), entry.weight, first(met))
        });
        let mut scores: BTreeMap<usize, (u32, u32, Vec<Word>)> = BTreeMap::new();
        for (entry, met) in spoken {
            let (percent, words) = (met.percent(), met.words);
            let (score, plain, covered) = scores.entry(entry.service).or_default();
            let fresh = |word: &Word| {
                (word.from..word.to).any(|at| !covered.iter().any(|c| c.from <= at && at < c.to))
            };
            // 가로등 inside 가로등 고장 says nothing new.
            if words.iter().any(fresh) {
                *score = (*score + entry.weight * percent / 100).min(1000);
                *plain += entry.weight;
                covered.extend(words);
            }
        }
        let mut ranked: Vec<(u32, usize, Vec<Word>)> = scores
            .into_iter()
            .filter(|(_, (_, plain, _))| *plain >= LEAST_SCORE)
            .map(|(service, (score, _, words))| (score, service, words))
            .collect();
        ranked.sort_by_key(|(score, service, _)| (std::cmp::Reverse(*score), *service));
        // A distant second is noise beside a clear first.
        let floor = ranked.first().map_or(0, |(best, ..)| best / 3);
        ranked.retain(|(score, ..)| *score >= floor);
        ranked.truncate(MOST);
        ranked
            .into_iter()
            .filter_map(|(score, service, words)| {
                let code = self.codes.get(service)?.clone();
                Some(Suggestion { code, score, because: reading.because(words) })
            })
            .collect()
    }

    /// Every token met, with where it stands.
    fn hits(&self, reading: &Reading) -> Vec<(usize, Word)> {
        let mut hits = Vec::new();
        let letters = &reading.letters;
        for (at, pair) in letters.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            for token in self.by_start.get(&[*first, *second]).into_iter().flatten() {
                let Some(sought) = self.tokens.get(*token).map(|token| &token.letters) else {
                    continue;
                };
                let place = Word { from: at, to: at + sought.len() };
                if letters.get(place.from..place.to) == Some(sought.as_slice())
                    && reading.holds(place, sought)
                {
                    hits.push((*token, place));
                }
            }
        }
        let mut root = Vec::new();
        let meet = |key: &[char], place: Word, hits: &mut Vec<(usize, Word)>| {
            for token in self.by_stem.get(key).into_iter().flatten() {
                hits.push((*token, place));
            }
        };
        for word in &reading.words {
            let Some(whole) = letters.get(word.from..word.to) else { continue };
            meet(whole, *word, &mut hits);
            if !is_korean(whole) {
                if let Some((last, singular)) = whole.split_last()
                    && *last == 's'
                {
                    meet(singular, *word, &mut hits);
                }
                continue;
            }
            let noun = stem::noun(whole);
            if noun.len() < whole.len() {
                meet(noun, Word { from: word.from, to: word.from + noun.len() }, &mut hits);
            }
            if stem::verb(whole, &mut root) != Cut::Nothing {
                meet(&root, *word, &mut hits);
            }
            // 불이나갔어요 is 불이 나갔어요: a noun with its particle, then a verb.
            for cut in 1..whole.len().min(12) {
                let (before, after) = whole.split_at(cut);
                if after.len() >= 2 && stem::verb(after, &mut root) != Cut::Nothing {
                    meet(&root, Word { from: word.from + cut, to: word.to }, &mut hits);
                    let noun = stem::noun(before);
                    meet(noun, Word { from: word.from, to: word.from + noun.len() }, &mut hits);
                }
            }
        }
        hits
    }
}

/// How an entry was met: which of its tokens, where, and what each is worth there in percent.
#[derive(Default)]
struct Met {
    seen: u8,
    percents: u32,
    words: Vec<Word>,
}

impl Met {
    fn percent(&self) -> u32 {
        self.percents / self.seen.count_ones().max(1)
    }
}

/// A text as it is read: its letters without spaces, and where its words stand.
struct Reading {
    letters: Vec<char>,
    words: Vec<Word>,
}

impl Reading {
    fn of(text: &str) -> Self {
        let mut reading = Self { letters: Vec::new(), words: Vec::new() };
        for word in normalise(text).split(|sign: char| !sign.is_alphanumeric()) {
            let mut from = reading.letters.len();
            if from >= MOST_LETTERS {
                break;
            }
            // Hangul and Latin side by side are two words: CCTV설치.
            for sign in word.chars() {
                let to = reading.letters.len();
                if let Some(last) = reading.letters.last()
                    && to > from
                    && is_pairwise(*last) != is_pairwise(sign)
                {
                    reading.words.push(Word { from, to });
                    from = to;
                }
                reading.letters.push(sign);
            }
            let to = reading.letters.len();
            if to > from {
                reading.words.push(Word { from, to });
            }
        }
        reading
    }

    /// Whether letters found at `place` are a word there and not an accident of neighbours:
    /// Hangul inside one word, or from the beginning of a word over the next (무단 투기) when it is
    /// long enough; Latin letters only as a whole word.
    fn holds(&self, place: Word, sought: &[char]) -> bool {
        let after = self.words.partition_point(|word| word.from <= place.from);
        let Some(word) = after.checked_sub(1).and_then(|at| self.words.get(at)) else {
            return false;
        };
        if !is_korean(sought) {
            return word.from == place.from && word.to == place.to;
        }
        place.to <= word.to || (word.from == place.from && sought.len() >= 3)
    }

    /// What something met at `place` is worth by its part in the sentence, in percent: more where
    /// it is what is spoken about (가로등이), less where it only says where (시장 입구, 공원에서).
    fn percent(&self, place: Word) -> u32 {
        let after = self.words.partition_point(|word| word.from < place.to);
        let Some(last) = after.checked_sub(1).and_then(|at| self.words.get(at)) else {
            return 100;
        };
        let is = |from: usize, to: usize, list: &[&str]| {
            let letters = self.letters.get(from..to).unwrap_or_default();
            list.iter().any(|word| word.chars().eq(letters.iter().copied()))
        };
        let beside = |word: &Word| {
            let letters = self.letters.get(word.from..word.to).unwrap_or_default();
            (1..=letters.len()).any(|length| {
                let end = word.from + length;
                is(word.from, end, BESIDE) && (end == word.to || is(end, word.to, AT))
            })
        };
        if is(place.to, last.to, ABOUT) {
            return 130;
        }
        // 입구, 시장 입구, 시장 주차장 입구, 시장앞, 시장에서.
        if beside(&Word { from: place.from, to: last.to }) {
            return 40;
        }
        let follows = self.words.iter().skip(after).take(2).any(beside);
        let within = Word { from: place.to, to: last.to };
        let at = place.to < last.to && (beside(&within) || is(place.to, last.to, AT));
        if at || (place.to == last.to && follows) { 40 } else { 100 }
    }

    /// The distinct words at those places, in the order of the text, without those inside others.
    fn because(&self, mut places: Vec<Word>) -> Vec<String> {
        // A single syllable is shown with the word it stands in.
        for place in places.iter_mut().filter(|place| place.to - place.from == 1) {
            let around = self.words.iter().find(|w| w.from <= place.from && place.to <= w.to);
            *place = around.copied().unwrap_or(*place);
        }
        places.sort_by_key(|place| (place.from, std::cmp::Reverse(place.to)));
        let mut said: Vec<String> = Vec::new();
        let mut end = 0;
        for place in places {
            if place.to <= end {
                continue;
            }
            end = place.to;
            let word: String =
                self.letters.get(place.from..place.to).unwrap_or_default().iter().collect();
            if !said.contains(&word) {
                said.push(word);
            }
        }
        said
    }
}

fn is_korean(word: &[char]) -> bool {
    word.first().is_some_and(|sign| is_pairwise(*sign))
}

/// The words of a name or keyword, without those that say nothing.
fn split(text: &str) -> Vec<Vec<char>> {
    let reading = Reading::of(text);
    reading
        .words
        .iter()
        .filter_map(|word| reading.letters.get(word.from..word.to))
        .filter(|letters| {
            is_korean(letters)
                || (letters.len() >= 3
                    && !EMPTY_ENGLISH.contains(&letters.iter().collect::<String>().as_str()))
        })
        .map(<[char]>::to_vec)
        .collect()
}

/// The words of a keyword without the particles of all but the last: 불이 나갔 is 불 나갔.
fn bare(mut words: Vec<Vec<char>>) -> Vec<Vec<char>> {
    let before_last = words.len().saturating_sub(1);
    for word in words.iter_mut().take(before_last).filter(|word| is_korean(word)) {
        let noun = stem::noun(word).len();
        word.truncate(noun);
    }
    words
}

/// Longer words say more; generic ones next to nothing.
fn weigh(words: &[Vec<char>]) -> u32 {
    if words.is_empty() {
        return 0;
    }
    let total: u32 = words
        .iter()
        .map(|word| {
            if GENERIC.contains(&word.iter().collect::<String>().as_str()) {
                return 60;
            }
            match (is_korean(word), word.len()) {
                (true, 1) => 120,
                (true, 2) => 300,
                (true, 3) => 420,
                (true, _) => 520,
                (false, 0..=3) => 250,
                (false, _) => 350,
            }
        })
        .sum();
    total.min(700)
}

#[cfg(test)]
#[path = "suggest_tests.rs"]
mod tests;
