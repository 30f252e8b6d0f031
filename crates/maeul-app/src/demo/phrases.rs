//! The words the made-up reports and answers are composed of.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maeul_base::{Fault, Lang};
use maeul_cases::Outcome;
use serde::Deserialize;

use super::dice::Dice;

/// `data/demo/phrases.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    code: String,
    #[serde(default)]
    times_ko: Vec<String>,
    #[serde(default)]
    times_en: Vec<String>,
    #[serde(default)]
    places_ko: Vec<String>,
    #[serde(default)]
    places_en: Vec<String>,
    details_ko: Vec<String>,
    details_en: Vec<String>,
    reports: Vec<Template>,
    notes: Vec<String>,
    answers: Answers,
}

/// One report, and which answers fit it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    #[serde(default)]
    lang: Lang,
    season: Option<Season>,
    title: String,
    body: String,
    #[serde(default)]
    done: Vec<usize>,
    #[serde(default)]
    refused: Vec<usize>,
    #[serde(default)]
    long_term: Vec<usize>,
    #[serde(default)]
    needs_budget: Vec<usize>,
    answer: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

impl Season {
    fn of(day: Date) -> Self {
        match day.month() {
            3..=5 => Self::Spring,
            6..=8 => Self::Summer,
            9..=11 => Self::Autumn,
            _ => Self::Winter,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Answers {
    done: Vec<String>,
    refused: Vec<Words>,
    long_term: Vec<Words>,
    needs_budget: Vec<Words>,
}

/// An answer in words.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Words {
    pub(crate) result: String,
    #[serde(default)]
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
    /// Which of the service's reports it is: its answers fit it.
    pub(crate) template: usize,
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

    /// A report about that service on that day; none where nothing is written for it.
    pub(crate) fn report(
        &self,
        dice: &mut Dice,
        service: &Service,
        office: &str,
        lang: Lang,
        day: Date,
    ) -> Option<Report> {
        let season = Season::of(day);
        let fitting: Vec<(usize, &Template)> = service
            .reports
            .iter()
            .enumerate()
            .filter(|(_, it)| it.lang == lang && it.season.is_none_or(|only| only == season))
            .collect();
        let (number, template) = dice.pick(&fitting)?;
        let common = either(&self.times.ko, &self.times.en, lang);
        let own = either(&service.times_ko, &service.times_en, lang);
        let times = if own.is_empty() { common } else { own };
        let details = either(&service.details_ko, &service.details_en, lang);
        let place = self.place(dice, service, office, lang);
        let time = one(dice, times);
        let detail = one(dice, details);
        let fill = |words: &str| {
            let filled = words.replace("{place}", &place).replace("{time}", &time);
            filled.replace("{detail}", &detail).trim().to_owned()
        };
        let (title, body) = (fill(&template.title), fill(&template.body));
        Some(Report { title, body, place, template: *number })
    }

    fn place(&self, dice: &mut Dice, service: &Service, office: &str, lang: Lang) -> String {
        let own = either(&service.places_ko, &service.places_en, lang);
        if !own.is_empty() {
            return one(dice, own);
        }
        let common = either(&self.places.ko, &self.places.en, lang);
        let here = self.places.office.get(office).map(|it| either(&it.ko, &it.en, lang));
        let all: Vec<&String> = common.iter().chain(here.into_iter().flatten()).collect();
        dice.pick(&all).map(|it| (*it).clone()).unwrap_or_default()
    }

    /// What an officer asks.
    pub(crate) fn question(&self, dice: &mut Dice, lang: Lang) -> String {
        one(dice, either(&self.questions.ko, &self.questions.en, lang))
    }

    /// What a resident replies.
    pub(crate) fn reply(&self, dice: &mut Dice, lang: Lang) -> String {
        one(dice, either(&self.replies.ko, &self.replies.en, lang))
    }

    /// Why a case is passed on.
    pub(crate) fn passing_on(&self, dice: &mut Dice) -> String {
        one(dice, &self.reassignments.ko)
    }

    /// What a resident writes beside a rating.
    pub(crate) fn rating(&self, dice: &mut Dice, score: i32, lang: Lang) -> String {
        match lang {
            Lang::Ko => self
                .satisfaction
                .get(&score.to_string())
                .map(|of| one(dice, of))
                .unwrap_or_default(),
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

    /// An answer that fits the report, of that outcome or of one that does fit.
    pub(crate) fn answer(
        &self,
        dice: &mut Dice,
        template: usize,
        outcome: Outcome,
    ) -> Option<(Outcome, Words)> {
        let template = self.reports.get(template)?;
        if let Some(result) = &template.answer {
            return Some((Outcome::Done, Words { result: result.clone(), ..Words::default() }));
        }
        let done = || [Outcome::Done, Outcome::Refused, Outcome::LongTerm, Outcome::NeedsBudget];
        [outcome].into_iter().chain(done()).find_map(|outcome| {
            let (fitting, listed) = match outcome {
                Outcome::Done => {
                    let result = self.answers.done.get(*dice.pick(&template.done)?)?.clone();
                    return Some((outcome, Words { result, ..Words::default() }));
                }
                Outcome::Refused => (&template.refused, &self.answers.refused),
                Outcome::LongTerm => (&template.long_term, &self.answers.long_term),
                Outcome::NeedsBudget => (&template.needs_budget, &self.answers.needs_budget),
            };
            Some((outcome, listed.get(*dice.pick(fitting)?)?.clone()))
        })
    }
}

const fn either<'a>(ko: &'a Vec<String>, en: &'a Vec<String>, lang: Lang) -> &'a Vec<String> {
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
    fn reports_leave_no_gap_and_answers_fit() {
        let phrases = Phrases::read(PHRASES).unwrap();
        for service in &phrases.service {
            for index in 0..200 {
                let mut dice = Dice::new(1, 29140, index);
                let lang = if index % 5 == 0 { Lang::En } else { Lang::Ko };
                let day = jiff::civil::date(2026, 1 + i8::try_from(index % 12).unwrap(), 5);
                let report = phrases.report(&mut dice, service, "29140", lang, day).unwrap();
                assert!(!report.title.is_empty() && !report.body.is_empty());
                let whole = format!("{}{}", report.title, report.body);
                assert!(!whole.contains(['{', '}']), "{}: {whole}", service.code);
                for outcome in Outcome::ALL {
                    let (given, words) =
                        service.answer(&mut dice, report.template, *outcome).unwrap();
                    assert!(!words.result.is_empty());
                    assert!(given != Outcome::Refused || !words.remedy.is_empty());
                }
            }
        }
    }
}
