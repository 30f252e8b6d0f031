//! Which service a text speaks of: by the model the office trained on its own answered cases, else
//! by the words of its services and duties (사무분장). Three candidates with the words that spoke
//! for each; below a confidence it says that it is unsure. People decide.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use maeul_language::routing::{LabelWords, Matcher, Model};
use maeul_org::Chart;
use sha2::{Digest, Sha256};

use crate::service::Service;

/// A model the office trained, as it is in use.
#[derive(Debug)]
pub struct OwnModel {
    /// Which of the office's models: 1 for the first.
    pub version: i64,
    /// When it was trained.
    pub trained_at: Timestamp,
    /// Cases it learned from.
    pub cases: i64,
    /// The model.
    pub model: Model,
}

/// On what a suggestion rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdviceSource {
    /// The words of the office's services and duties.
    Duties,
    /// The model trained on the office's own answered cases.
    OwnCases {
        /// Its version.
        version: i64,
        /// When it was trained.
        trained_at: Timestamp,
        /// How many cases it learned from.
        cases: i64,
    },
}

impl AdviceSource {
    /// The version of the model asked, where it was one.
    pub const fn model(self) -> Option<i64> {
        match self {
            Self::Duties => None,
            Self::OwnCases { version, .. } => Some(version),
        }
    }
}

/// A service that is suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its code; always a service that is offered now.
    pub service: String,
    /// How sure, per mille; of the first: how often such a suggestion was right.
    pub confidence: u32,
    /// The words that spoke for it, the strongest first.
    pub because: Vec<String>,
}

/// How many texts' advice is kept; then all of it is forgotten.
const KEPT: usize = 1_024;

/// The advice given lately, by a digest of the text: a list shows the same cases again and again, and to judge their
/// texts takes more than all the rest of the page.
#[derive(Debug, Default)]
pub(crate) struct Lately(Mutex<HashMap<[u8; 32], Advice>>);

impl Lately {
    /// What was given for the text, else what is given now.
    pub(crate) fn of(&self, text: &str, give: impl FnOnce() -> Advice) -> Advice {
        let digest: [u8; 32] = Sha256::digest(text).into();
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(given) = kept().get(&digest) {
            return given.clone();
        }
        let given = give();
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(digest, given.clone());
        given
    }
}

/// What is suggested for a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// On what it rests.
    pub source: AdviceSource,
    /// At most three, the likeliest first; none where no word of the text is known.
    pub candidates: Vec<Candidate>,
    /// Whether even the first is below the threshold: then a person chooses afresh.
    pub unsure: bool,
}

impl Advice {
    /// The first candidate, unless the advice is unsure.
    pub fn sure(&self) -> Option<&Candidate> {
        self.candidates.first().filter(|_| !self.unsure)
    }

    /// The candidate of that service.
    pub fn of(&self, service: &str) -> Option<&Candidate> {
        self.candidates.iter().find(|it| it.service == service)
    }
}

/// The text a case is judged by: its body, and its title where that is not the body's beginning.
pub fn words_of(title: &str, body: &str) -> String {
    if body.starts_with(title.trim_end_matches('…')) {
        body.to_owned()
    } else {
        format!("{title}\n{body}")
    }
}

/// The words of the services and their duties, for an office without history.
pub fn duty_words<'a>(
    services: impl Iterator<Item = &'a Service>,
    chart: &Chart,
) -> Vec<LabelWords> {
    services
        .map(|service| LabelWords {
            label: service.code.clone(),
            names: [service.name.ko.clone(), service.name.en.clone()]
                .into_iter()
                .chain(
                    chart
                        .duties()
                        .find(|duty| duty.code == service.duty)
                        .map(|duty| duty.name_ko.clone()),
                )
                .collect(),
            keywords: service.keywords.iter().chain(&service.keywords_en).cloned().collect(),
            descriptions: vec![service.description.ko.clone(), service.description.en.clone()],
        })
        .collect()
}

/// Asks the office's own model; without one, its duties' words, which `matcher` holds.
pub(crate) fn advise<'m>(
    own: Option<&OwnModel>,
    matcher: impl FnOnce() -> Option<&'m Matcher>,
    text: &str,
    offered: impl Fn(&str) -> bool,
) -> Advice {
    let (source, answer) = match own {
        Some(own) => {
            let source = AdviceSource::OwnCases {
                version: own.version,
                trained_at: own.trained_at,
                cases: own.cases,
            };
            (source, Some(own.model.asker().ask(text)))
        }
        None => (AdviceSource::Duties, matcher().map(|matcher| matcher.ask(text))),
    };
    let Some(answer) = answer else {
        return Advice { source, candidates: Vec::new(), unsure: true };
    };
    let first_stands = answer.candidates.first().is_some_and(|first| offered(&first.label));
    let candidates: Vec<Candidate> = answer
        .candidates
        .into_iter()
        .filter(|it| offered(&it.label))
        .map(|it| Candidate {
            service: it.label,
            confidence: per_mille(it.confidence),
            because: it.because.into_iter().map(|spoke| spoke.word).collect(),
        })
        .collect();
    // What was first and is offered no longer leaves no surety to the next.
    Advice { source, unsure: answer.unsure || !first_stands, candidates }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 1000 by the clamp"
)]
fn per_mille(share: f32) -> u32 {
    (share.clamp(0.0, 1.0) * 1_000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_judged_once_and_no_more_are_kept_than_have_room() {
        let lately = Lately::default();
        let none = || Advice { source: AdviceSource::Duties, candidates: vec![], unsure: true };
        let given = lately.of("가로등", none);
        assert_eq!(lately.of("가로등", || panic!("judged again")), given);
        for n in 1..KEPT {
            lately.of(&format!("글 {n}"), none);
        }
        assert_eq!(lately.0.lock().unwrap().len(), KEPT);
        lately.of("또 하나", none);
        assert_eq!(lately.0.lock().unwrap().len(), 1);
    }

    #[test]
    fn a_title_cut_from_the_body_is_not_read_twice() {
        assert_eq!(words_of("가로등이…", "가로등이 꺼졌어요"), "가로등이 꺼졌어요");
        assert_eq!(words_of("문의", "가로등이 꺼졌어요"), "문의\n가로등이 꺼졌어요");
    }

    #[test]
    fn a_share_is_told_in_whole_per_mille() {
        assert_eq!([0.0, 0.4996, 1.0, 7.0, f32::NAN].map(per_mille), [0, 500, 1000, 1000, 0]);
    }
}
