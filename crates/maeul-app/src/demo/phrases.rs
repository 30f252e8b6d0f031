//! The words the made-up reports and answers are composed of.

use std::collections::BTreeMap;

use maeul_base::{Fault, Lang};
use serde::Deserialize;

use super::dice::Dice;

/// `data/demo/phrases.toml`.
#[derive(Debug, Deserialize)]
pub(crate) struct Phrases {
    times: Both,
    places: Places,
    replies: Both,
    questions: Both,
    satisfaction: BTreeMap<String, Vec<String>>,
    reassignments: Korean,
    service: Vec<Service>,
}

#[derive(Debug, Deserialize)]
struct Both {
    ko: Vec<String>,
    en: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Korean {
    ko: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Places {
    ko: Vec<String>,
    en: Vec<String>,
    office: BTreeMap<String, Both>,
}

/// What is said about one service.
#[derive(Debug, Deserialize)]
pub(crate) struct Service {
    code: String,
    details_ko: Vec<String>,
    details_en: Vec<String>,
    reports_ko: Vec<(String, String)>,
    reports_en: Vec<(String, String)>,
    notes: Vec<String>,
    answers: Answers,
}

#[derive(Debug, Deserialize)]
struct Answers {
    done: Vec<String>,
    refused: Vec<Reasoned>,
    long_term: Vec<Reasoned>,
    budget: Vec<Reasoned>,
}

/// An answer with its reasons.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Reasoned {
    pub(crate) result: String,
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) remedy: String,
}

/// A report in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) place: String,
}

/// An outcome of an answer, as its words are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Done,
    Refused,
    LongTerm,
    Budget,
}

impl Phrases {
    /// Reads the file.
    pub(crate) fn read(text: &str) -> Result<Self, Fault> {
        toml::from_str(text).map_err(|error| Fault::from_error("the phrases of the demo", error))
    }

    /// What is said about that service.
    pub(crate) fn service(&self, code: &str) -> Option<&Service> {
        self.service.iter().find(|service| service.code == code)
    }

    /// A report about that service; none where nothing is written for it.
    pub(crate) fn report(
        &self,
        dice: &mut Dice,
        service: &Service,
        office: &str,
        lang: Lang,
    ) -> Option<Report> {
        let (reports, details, times) = match lang {
            Lang::Ko => (&service.reports_ko, &service.details_ko, &self.times.ko),
            Lang::En => (&service.reports_en, &service.details_en, &self.times.en),
        };
        let (title, body) = dice.pick(reports)?;
        let place = self.place(dice, office, lang);
        let mut fill = |words: &str| {
            let time = dice.pick(times).map_or("", String::as_str);
            let detail = dice.pick(details).map_or("", String::as_str);
            let filled = words.replace("{place}", &place).replace("{time}", time);
            filled.replace("{detail}", detail).trim().to_owned()
        };
        let (title, body) = (fill(title), fill(body));
        Some(Report { title, body, place })
    }

    fn place(&self, dice: &mut Dice, office: &str, lang: Lang) -> String {
        let common = lang_of(&self.places.ko, &self.places.en, lang);
        let own = self.places.office.get(office).map(|it| lang_of(&it.ko, &it.en, lang));
        let own = own.map_or(&[][..], Vec::as_slice);
        let all: Vec<&String> = common.iter().chain(own).collect();
        dice.pick(&all).map(|it| (*it).clone()).unwrap_or_default()
    }

    /// What an officer asks.
    pub(crate) fn question(&self, dice: &mut Dice, lang: Lang) -> String {
        one(dice, lang_of(&self.questions.ko, &self.questions.en, lang))
    }

    /// What a resident replies.
    pub(crate) fn reply(&self, dice: &mut Dice, lang: Lang) -> String {
        one(dice, lang_of(&self.replies.ko, &self.replies.en, lang))
    }

    /// Why a case is passed on.
    pub(crate) fn passing_on(&self, dice: &mut Dice) -> String {
        one(dice, &self.reassignments.ko)
    }

    /// What a resident writes beside a rating.
    pub(crate) fn rating(&self, dice: &mut Dice, score: i32, lang: Lang) -> String {
        match lang {
            Lang::Ko => {
                self.satisfaction.get(&score.to_string()).map(|of| one(dice, of)).unwrap_or_default()
            }
            Lang::En if score >= 4 => "Thank you for dealing with it.".to_owned(),
            Lang::En => "I had hoped for more.".to_owned(),
        }
    }
}

impl Service {
    /// An internal note.
    pub(crate) fn note(&self, dice: &mut Dice) -> Option<String> {
        dice.pick(&self.notes).cloned()
    }

    /// The words of an answer of that sort, or of the nearest there is.
    pub(crate) fn answer(&self, dice: &mut Dice, sort: Sort, lang: Lang) -> (Sort, Reasoned) {
        let listed = match sort {
            Sort::Done => &[][..],
            Sort::Refused => &self.answers.refused,
            Sort::LongTerm => &self.answers.long_term,
            Sort::Budget => &self.answers.budget,
        };
        if let Some(found) = dice.pick(listed) {
            return (sort, if lang == Lang::En { english(sort) } else { found.clone() });
        }
        let mut done = english(Sort::Done);
        if lang == Lang::Ko {
            done.result = one(dice, &self.answers.done);
        }
        (Sort::Done, done)
    }
}

/// Answers in English are few, and the same for all services.
fn english(sort: Sort) -> Reasoned {
    let (result, reason, remedy) = match sort {
        Sort::Done => ("We looked at it on site and have put it right.", "", ""),
        Sort::Refused => (
            "We cannot do what you asked.",
            "The place is private land, which we may not work on.",
            "You may file a grievance with the Anti-Corruption and Civil Rights Commission.",
        ),
        Sort::LongTerm => (
            "We will look at it again together with the coming works in the area.",
            "Works are planned there, and it would have to be done twice.",
            "",
        ),
        Sort::Budget => (
            "We will ask for the money in next year's budget.",
            "This year's budget for it is spent.",
            "",
        ),
    };
    Reasoned { result: result.to_owned(), reason: reason.to_owned(), remedy: remedy.to_owned() }
}

fn lang_of<T>(ko: T, en: T, lang: Lang) -> T {
    match lang {
        Lang::Ko => ko,
        Lang::En => en,
    }
}

fn one(dice: &mut Dice, of: &[String]) -> String {
    dice.pick(of).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::data::PHRASES;

    #[test]
    fn reports_leave_no_gap() {
        let phrases = Phrases::read(PHRASES).unwrap();
        for service in &phrases.service {
            for index in 0..200 {
                let mut dice = Dice::new(1, 29140, index);
                let lang = if index % 5 == 0 { Lang::En } else { Lang::Ko };
                let report = phrases.report(&mut dice, service, "29140", lang).unwrap();
                assert!(!report.title.is_empty() && !report.body.is_empty());
                let whole = report.title + &report.body;
                assert!(!whole.contains(['{', '}']), "{}: {whole}", service.code);
            }
        }
    }
}
