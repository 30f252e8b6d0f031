//! Whether two reports are about the same thing: distance × service × words × recency, each a factor
//! that says what it found. `docs/duplicates.md` tells where the figures come from.

mod apart;
mod matter;

pub use apart::metres_between;
pub use matter::Matter;

use maeul_base::Lang;

use crate::likeness::Fingerprint;
use matter::Spoken;

/// Metres beyond which nothing is taken for a duplicate: two broken lamps in two streets are two.
const FAR_M: u32 = 250;
/// Metres within which two pins mean the same spot.
const NEAR_M: u32 = 15;
/// Metres below which nobody is told a distance: no pin is that exact.
const SAME_M: u32 = 10;
/// Days after which an old report no longer speaks for a new one being the same.
const OLD_DAYS: u32 = 60;
/// Days within which a report is fresh.
const FRESH_DAYS: u32 = 7;

/// What is compared of a text, prepared once to be held against many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    words: Fingerprint,
    spoken: Spoken,
    /// Numbers that name a thing (가로등 12-345), sorted.
    numbers: Vec<u64>,
    empty: bool,
}

impl Sketch {
    /// The sketch of a text.
    pub fn of(text: &str) -> Self {
        Self {
            words: Fingerprint::of(text),
            spoken: Spoken::of(text),
            numbers: numbers(text),
            empty: !text.chars().any(char::is_alphanumeric),
        }
    }

    /// Likeness per mille: of the words, lifted or held down by what both speak of.
    pub fn likeness(&self, other: &Self) -> u32 {
        let (least, most) = self.spoken.likeness(other.spoken);
        self.words.similarity(&other.words).clamp(least.min(most), most)
    }
}

/// Numbers of lamps, poles, blocks: digits with a dash, or three digits and more, that count
/// nothing.
fn numbers(text: &str) -> Vec<u64> {
    const COUNTED: [char; 14] =
        ['년', '월', '일', '시', '분', '원', '개', 'm', '미', '명', '대', '번', '동', '층'];
    let mut found = Vec::new();
    let mut digits = 0_u32;
    let mut value = 0_u64;
    let mut dashed = false;
    for sign in text.chars().chain(" ".chars()) {
        if let Some(digit) = sign.to_digit(10) {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            digits += 1;
        } else if sign == '-' && digits > 0 {
            dashed = true;
            value = value.wrapping_mul(1000).wrapping_add(999);
        } else {
            if digits >= 3 && (dashed || !COUNTED.contains(&sign)) {
                found.push(value);
            }
            (digits, value, dashed) = (0, 0, false);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether two reports have the same service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameService {
    /// Both have it.
    Yes,
    /// One has none yet.
    Unknown,
    /// Both have one, not the same: people choose wrongly.
    No,
}

impl SameService {
    /// Compares two service codes.
    pub fn of(one: Option<&str>, other: Option<&str>) -> Self {
        match (one, other) {
            (Some(one), Some(other)) if one == other => Self::Yes,
            (Some(_), Some(_)) => Self::No,
            _ => Self::Unknown,
        }
    }
}

/// One reason, and the factor it brings in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuplicatePart {
    /// How near, in metres.
    Distance(u32),
    /// Whether the service is the same.
    Service(SameService),
    /// How alike the words are, per mille; none where one of them says nothing yet.
    Text(Option<u32>),
    /// How many days lie between them.
    Age(u32),
    /// Whether both name a number (of a lamp, a pole) and it is the same; none where not both do.
    Number(Option<bool>),
}

impl DuplicatePart {
    /// The factor, per mille.
    pub fn factor(self) -> u32 {
        match self {
            Self::Distance(m) if m > FAR_M => 0,
            Self::Distance(m) => falls(m, NEAR_M, FAR_M, 200),
            Self::Service(SameService::Yes) => 1000,
            Self::Service(SameService::Unknown) => 900,
            Self::Service(SameService::No) => 800,
            Self::Text(None) => 800,
            Self::Text(Some(per_mille)) => (100 + per_mille.min(1000) * 11 / 10).min(1000),
            Self::Age(days) if days > OLD_DAYS => 0,
            Self::Age(days) => falls(days, FRESH_DAYS, OLD_DAYS, 500),
            Self::Number(Some(false)) => 400,
            Self::Number(_) => 1000,
        }
    }

    /// The reason in words: `약 40m 거리`, `같은 분야`, `내용 62% 비슷`, `3일 전 접수`; none where there
    /// is nothing to say.
    pub fn say(self, lang: Lang) -> Option<String> {
        Some(match (self, lang) {
            (Self::Distance(m), _) => say_distance(m, lang),
            (Self::Service(SameService::Yes), _) => lang.t("같은 분야", "same service").to_owned(),
            (Self::Service(SameService::No), _) => {
                lang.t("다른 분야", "another service").to_owned()
            }
            (Self::Text(Some(likeness)), Lang::Ko) => format!("내용 {}% 비슷", likeness / 10),
            (Self::Text(Some(likeness)), Lang::En) => format!("words {}% alike", likeness / 10),
            (Self::Age(0), _) => lang.t("오늘 접수", "received today").to_owned(),
            (Self::Age(days), Lang::Ko) => format!("{days}일 전 접수"),
            (Self::Age(1), Lang::En) => "received yesterday".to_owned(),
            (Self::Age(days), Lang::En) => format!("received {days} days ago"),
            (Self::Number(Some(true)), _) => {
                lang.t("같은 시설 번호", "same asset number").to_owned()
            }
            (Self::Number(Some(false)), _) => {
                lang.t("다른 시설 번호", "another asset number").to_owned()
            }
            (Self::Service(SameService::Unknown) | Self::Text(None) | Self::Number(None), _) => {
                return None;
            }
        })
    }
}

/// A distance as people are told it: `같은 곳` below ten metres, else rounded to ten.
pub fn say_distance(metres: u32, lang: Lang) -> String {
    let round = (metres + 5) / 10 * 10;
    match lang {
        _ if metres < SAME_M => lang.t("같은 곳", "same spot").to_owned(),
        Lang::Ko => format!("약 {round}m 거리"),
        Lang::En => format!("about {round} m away"),
    }
}

/// 1000 up to `near`, then falling evenly to `least` at `far`.
fn falls(value: u32, near: u32, far: u32, least: u32) -> u32 {
    let over = value.max(near).min(far) - near;
    1000 - (1000 - least) * over / (far - near)
}

/// How likely two reports are the same, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateScore {
    /// 0 to 1000: the product of the factors.
    pub score: u32,
    /// The reasons: distance, service, words, age, number.
    pub parts: [DuplicatePart; 5],
    /// What both speak of.
    pub common: Vec<&'static Matter>,
}

impl DuplicateScore {
    /// From this score on a report is shown as a likely duplicate.
    pub const LIKELY: u32 = 600;

    /// Whether it is worth showing to the person who reports.
    pub const fn is_likely(&self) -> bool {
        self.score >= Self::LIKELY
    }

    /// All reasons in words: `같은 곳 · 같은 분야 · 내용 85% 비슷 (가로등, 꺼짐) · 오늘 접수`.
    pub fn why(&self, lang: Lang) -> String {
        let mut said = Vec::new();
        for part in self.parts {
            let Some(mut reason) = part.say(lang) else { continue };
            if matches!(part, DuplicatePart::Text(_)) && !self.common.is_empty() {
                let names: Vec<&str> = self.common.iter().map(|matter| matter.name(lang)).collect();
                reason = format!("{reason} ({})", names.join(", "));
            }
            said.push(reason);
        }
        said.join(" · ")
    }
}

/// Weighs two reports `metres` and `days` apart.
pub fn duplicate_score(
    metres: u32,
    service: SameService,
    one: &Sketch,
    other: &Sketch,
    days: u32,
) -> DuplicateScore {
    let text = (!one.empty && !other.empty).then(|| one.likeness(other));
    let number = (!one.numbers.is_empty() && !other.numbers.is_empty())
        .then(|| one.numbers.iter().any(|number| other.numbers.contains(number)));
    let parts = [
        DuplicatePart::Distance(metres),
        DuplicatePart::Service(service),
        DuplicatePart::Text(text),
        DuplicatePart::Age(days),
        DuplicatePart::Number(number),
    ];
    let score = parts.iter().fold(1000, |score, part| score * part.factor() / 1000);
    DuplicateScore { score, parts, common: one.spoken.common(other.spoken) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn weighs_as_a_person_would() {
        let lamp = Sketch::of("양동초등학교 앞 가로등이 꺼졌어요");
        let same = Sketch::of("초등학교 앞 보안등 불이 나갔어요");
        let other = Sketch::of("담벼락에 쓰레기가 쌓여 있어요");
        let nothing = Sketch::of("");
        let likely = |m, service, a: &Sketch, b: &Sketch, days| {
            duplicate_score(m, service, a, b, days).is_likely()
        };
        assert!(likely(0, SameService::Yes, &lamp, &nothing, 0), "same spot, no words yet");
        assert!(likely(100, SameService::Yes, &lamp, &same, 1));
        assert!(likely(5, SameService::No, &lamp, &same, 2), "filed under another service");
        assert!(!likely(5, SameService::No, &lamp, &other, 1));
        assert!(!likely(251, SameService::Yes, &lamp, &lamp, 0));
        assert!(!likely(0, SameService::Yes, &lamp, &lamp, 61));
        assert_eq!(duplicate_score(0, SameService::Yes, &lamp, &lamp, 0).score, 1000);
        let why = duplicate_score(42, SameService::Yes, &lamp, &same, 3).why(Lang::Ko);
        assert_eq!(why, "약 40m 거리 · 같은 분야 · 내용 85% 비슷 (가로등, 꺼짐) · 3일 전 접수");
        let why = duplicate_score(3, SameService::Unknown, &lamp, &same, 0).why(Lang::En);
        assert_eq!(why, "same spot · words 85% alike (street light, out) · received today");
    }

    #[test]
    fn two_lamps_with_two_numbers_are_two() {
        let one = Sketch::of("가로등 12-345 꺼짐");
        let two = Sketch::of("가로등 12-346 꺼짐");
        assert!(!duplicate_score(30, SameService::Yes, &one, &two, 0).is_likely());
        assert!(duplicate_score(30, SameService::Yes, &one, &one, 0).is_likely());
        assert_eq!(numbers("12-345번 2026년 101동 3000원 4567"), [4567, 12_999_345]);
    }

    proptest! {
        #[test]
        fn is_bounded_and_falls_with_distance(m: u32, days: u32, a in "\\PC{0,40}", b in "\\PC{0,40}") {
            let (a, b) = (Sketch::of(&a), Sketch::of(&b));
            let near = duplicate_score(m, SameService::Yes, &a, &b, days);
            prop_assert!(near.score <= 1000);
            let far = duplicate_score(m.saturating_add(7), SameService::Yes, &a, &b, days);
            prop_assert!(far.score <= near.score);
            prop_assert_eq!(duplicate_score(m, SameService::Yes, &b, &a, days).score, near.score);
        }
    }
}
