//! Whether a report near another one is likely about the same thing, with the reasons.

use maeul_base::Lang;

/// Metres beyond which nothing is taken for a duplicate.
const FAR_M: u32 = 250;
/// Metres within which two pins mean the same spot.
const NEAR_M: u32 = 10;
/// Days after which an old report no longer speaks for a new one being the same.
const OLD_DAYS: u32 = 60;
/// Days within which a report is fresh.
const FRESH_DAYS: u32 = 3;

/// One reason and what it adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuplicatePart {
    /// How near: metres; up to 400 points.
    Distance(u32),
    /// The same service: 200 points.
    Service(bool),
    /// How alike the words are, per mille; up to 300 points.
    Text(u32),
    /// How long ago: days; up to 100 points.
    Age(u32),
}

impl DuplicatePart {
    /// What it adds to the score.
    pub fn points(self) -> u32 {
        match self {
            Self::Distance(m) => 400 * FAR_M.saturating_sub(m.max(NEAR_M)) / (FAR_M - NEAR_M),
            Self::Service(same) => u32::from(same) * 200,
            Self::Text(per_mille) => 300 * per_mille.min(1000) / 1000,
            Self::Age(days) => {
                100 * OLD_DAYS.saturating_sub(days.max(FRESH_DAYS)) / (OLD_DAYS - FRESH_DAYS)
            }
        }
    }

    /// The reason in words: `약 40m 거리`, `같은 분야`, `내용 62% 비슷`, `3일 전 접수`.
    pub fn say(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Distance(m), Lang::Ko) => format!("약 {m}m 거리"),
            (Self::Distance(m), Lang::En) => format!("about {m} m away"),
            (Self::Service(true), _) => lang.t("같은 분야", "same service").to_owned(),
            (Self::Service(false), _) => lang.t("다른 분야", "another service").to_owned(),
            (Self::Text(likeness), Lang::Ko) => format!("내용 {}% 비슷", likeness / 10),
            (Self::Text(likeness), Lang::En) => format!("words {}% alike", likeness / 10),
            (Self::Age(0), _) => lang.t("오늘 접수", "received today").to_owned(),
            (Self::Age(days), Lang::Ko) => format!("{days}일 전 접수"),
            (Self::Age(1), Lang::En) => "received yesterday".to_owned(),
            (Self::Age(days), Lang::En) => format!("received {days} days ago"),
        }
    }
}

/// How likely two reports are the same, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuplicateScore {
    /// 0 to 1000.
    pub score: u32,
    /// The four reasons: distance, service, text, age.
    pub parts: [DuplicatePart; 4],
}

impl DuplicateScore {
    /// From this score on a report is shown as a likely duplicate.
    pub const LIKELY: u32 = 600;

    /// Whether it is worth showing to the person who reports.
    pub const fn is_likely(&self) -> bool {
        self.score >= Self::LIKELY
    }
}

/// Weighs a report `distance_m` away and `age_days` old against a new one. Beyond 250 m the score
/// is 0 whatever the words say: two broken lamps in two streets are two cases.
pub fn duplicate_score(
    distance_m: u32,
    same_service: bool,
    similarity: u32,
    age_days: u32,
) -> DuplicateScore {
    let parts = [
        DuplicatePart::Distance(distance_m),
        DuplicatePart::Service(same_service),
        DuplicatePart::Text(similarity),
        DuplicatePart::Age(age_days),
    ];
    let score =
        if distance_m > FAR_M { 0 } else { parts.iter().map(|part| part.points()).sum::<u32>() };
    DuplicateScore { score, parts }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn weighs_as_a_person_would() {
        let likely = |m, same, text, days| duplicate_score(m, same, text, days).is_likely();
        assert!(likely(0, true, 0, 0), "same spot, same service, today");
        assert!(likely(100, true, 500, 1));
        assert!(likely(5, false, 700, 2), "filed under another service");
        assert!(!likely(200, true, 100, 1));
        assert!(!likely(5, false, 100, 1));
        assert!(!likely(251, true, 1000, 0));
        assert_eq!(duplicate_score(0, true, 1000, 0).score, 1000);
        let said: Vec<_> =
            duplicate_score(40, true, 620, 3).parts.iter().map(|p| p.say(Lang::Ko)).collect();
        assert_eq!(said, ["약 40m 거리", "같은 분야", "내용 62% 비슷", "3일 전 접수"]);
    }

    proptest! {
        #[test]
        fn is_bounded_and_falls_with_distance(m: u32, same: bool, text: u32, days: u32) {
            let score = duplicate_score(m, same, text, days).score;
            prop_assert!(score <= 1000);
            prop_assert!(duplicate_score(m.saturating_add(7), same, text, days).score <= score);
        }
    }
}
