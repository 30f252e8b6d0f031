//! A service (민원 유형) a resident can ask for, with its period, its duty and its questions.

use std::collections::BTreeMap;

use maeul_base::{Lang, Refusal};
use maeul_calendar::Period;
use serde::{Deserialize, Serialize};

use crate::words::{Bilingual, Channel, DataType, PetitionKind, Publicity};

/// Longest answer to a question, in letters.
const LONGEST_ANSWER: usize = 1_000;

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its code, e.g. `streetlight`; Open311's `service_code`.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// What it is for.
    pub description: Bilingual,
    /// The heading it stands under.
    pub group: Bilingual,
    /// The duty by which the chart finds the responsible unit.
    pub duty: String,
    /// The kind of petition it usually is.
    pub petition_kind: PetitionKind,
    /// The processing period; none: that of its kind.
    pub period: Option<Period>,
    /// The article or notice the period rests on.
    pub period_article: String,
    /// What else is to be said of the period, e.g. that the head set it.
    pub period_basis: String,
    /// Words by which it is suggested.
    pub keywords: Vec<String>,
    /// The same in English.
    pub keywords_en: Vec<String>,
    /// Whether it may be reported without a name.
    pub allow_anonymous: bool,
    /// What the office publishes of its cases; none: it has not said.
    #[serde(default)]
    pub public: Option<Publicity>,
    /// The same for cases that came by these channels.
    #[serde(default)]
    pub public_channels: BTreeMap<Channel, Publicity>,
    /// What is asked besides.
    pub questions: Vec<Question>,
    /// Whether it can still be chosen.
    pub active: bool,
}

/// A question of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its code, unique in the service.
    pub code: String,
    /// What is asked.
    pub label: Bilingual,
    /// The type of the answer.
    pub datatype: DataType,
    /// Whether it must be answered.
    pub required: bool,
    /// Its place, from 1.
    pub order: i32,
    /// How to answer.
    pub help: Bilingual,
    /// What can be chosen.
    pub values: Vec<Choice>,
}

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its code.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
}

/// Why an answer cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRefusal {
    /// The question's code.
    pub question: String,
    /// The question.
    pub label: Bilingual,
    /// What is wrong.
    pub why: AnswerProblem,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerProblem {
    /// It must be answered.
    Missing,
    /// It is none of the choices.
    NoSuchChoice,
    /// It is no number.
    NotANumber,
    /// It is no date or time.
    NotATime,
    /// It is too long, or holds more than one value.
    TooLong,
}

impl Refusal for AnswerRefusal {
    fn code(&self) -> &'static str {
        match self.why {
            AnswerProblem::Missing => "question.missing",
            AnswerProblem::NoSuchChoice => "question.no_such_choice",
            AnswerProblem::NotANumber => "question.not_a_number",
            AnswerProblem::NotATime => "question.not_a_time",
            AnswerProblem::TooLong => "question.too_long",
        }
    }

    fn say(&self, lang: Lang) -> String {
        let why = match self.why {
            AnswerProblem::Missing => lang.t("답해 주세요.", "please answer this."),
            AnswerProblem::NoSuchChoice => {
                lang.t("목록에 있는 것 가운데 골라 주세요.", "please choose from the list.")
            }
            AnswerProblem::NotANumber => lang.t("숫자로 적어 주세요.", "please enter a number."),
            AnswerProblem::NotATime => lang.t(
                "날짜와 시각을 적어 주세요. 예: 2026-06-08T14:30",
                "please enter a date and time, e.g. 2026-06-08T14:30.",
            ),
            AnswerProblem::TooLong => {
                lang.t("1,000자 안으로 적어 주세요.", "please keep to 1,000 characters.")
            }
        };
        format!("{}: {why}", self.label.get(lang))
    }

    fn field(&self) -> Option<&'static str> {
        Some("answers")
    }
}

/// What was answered, by question code.
pub type Answers = BTreeMap<String, Vec<String>>;

impl Service {
    /// What the office said about cases of that channel: a message is private unless said
    /// otherwise; none where nothing was said.
    pub fn said_public(&self, channel: Channel) -> Option<Publicity> {
        let said = match self.public_channels.get(&channel) {
            Some(exception) => Some(*exception),
            None if channel.is_private() => Some(Publicity::Private),
            None => self.public,
        };
        said.map(|said| said.min(self.petition_kind.most_public()))
    }

    /// How much of a case that came by that channel everybody may know: private by default.
    pub fn publicity(&self, channel: Channel) -> Publicity {
        self.said_public(channel).unwrap_or(Publicity::Private)
    }

    /// The answers worth keeping, checked: unknown questions and empty answers are dropped.
    pub fn check_answers(&self, given: &Answers) -> Result<Answers, AnswerRefusal> {
        let mut kept = Answers::new();
        for question in &self.questions {
            let values: Vec<String> = given
                .get(&question.code)
                .into_iter()
                .flatten()
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
                .collect();
            let refuse = |why| AnswerRefusal {
                question: question.code.clone(),
                label: question.label.clone(),
                why,
            };
            if values.is_empty() {
                if question.required {
                    return Err(refuse(AnswerProblem::Missing));
                }
                continue;
            }
            if let Some(why) = question.problem(&values) {
                return Err(refuse(why));
            }
            kept.insert(question.code.clone(), values);
        }
        Ok(kept)
    }

    /// How long it takes and by what: `처리기간 7일 (…)`; that of its kind where it states none.
    pub fn period_note(&self, lang: Lang) -> String {
        match crate::due::period_of(Some(self), self.petition_kind) {
            Some((_, basis)) => basis.get(lang).to_owned(),
            None => String::new(),
        }
    }

    /// The answers as lines for reading, in the order of the questions.
    pub fn read_answers(&self, answers: &Answers, lang: Lang) -> Vec<(String, String)> {
        let mut questions: Vec<&Question> = self.questions.iter().collect();
        questions.sort_by_key(|question| question.order);
        questions
            .into_iter()
            .filter_map(|question| {
                let values = answers.get(&question.code)?;
                let names: Vec<&str> =
                    values.iter().map(|value| question.name_of(value, lang)).collect();
                Some((question.label.get(lang).to_owned(), names.join(", ")))
            })
            .collect()
    }
}

impl Question {
    fn problem(&self, values: &[String]) -> Option<AnswerProblem> {
        let one = values.len() == 1;
        let long = values.iter().any(|value| value.chars().count() > LONGEST_ANSWER);
        let listed = |value: &String| self.values.iter().any(|choice| choice.key == *value);
        match self.datatype {
            DataType::Many => (!values.iter().all(listed)).then_some(AnswerProblem::NoSuchChoice),
            _ if !one || long => Some(AnswerProblem::TooLong),
            DataType::One => (!values.iter().all(listed)).then_some(AnswerProblem::NoSuchChoice),
            DataType::Number => {
                (!values.iter().all(|value| is_number(value))).then_some(AnswerProblem::NotANumber)
            }
            DataType::DateTime => {
                (!values.iter().all(|value| is_time(value))).then_some(AnswerProblem::NotATime)
            }
            DataType::Text | DataType::LongText => None,
        }
    }

    fn name_of<'a>(&'a self, value: &'a str, lang: Lang) -> &'a str {
        self.values
            .iter()
            .find(|choice| choice.key == value)
            .map_or(value, |choice| choice.name.get(lang))
    }
}

fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.len() <= 30 && all(whole) && all(part)
}

fn is_time(value: &str) -> bool {
    value.parse::<jiff::civil::DateTime>().is_ok()
        || value.parse::<jiff::civil::Date>().is_ok()
        || value.parse::<jiff::Timestamp>().is_ok()
}
