//! Answer templates: the words of an answer that is given often, filled in for one case.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};

use maeul_base::Lang;

use crate::words::{Bilingual, Outcome};

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// The outcome it is for.
    pub outcome: Outcome,
    /// Its words, in minijinja.
    pub body: Bilingual,
    /// Whether it can still be chosen.
    pub active: bool,
}

/// What a template may speak of.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TemplateWords {
    /// The receipt number.
    pub number: String,
    /// The case's title.
    pub title: String,
    /// The service's name.
    pub service: String,
    /// The 동's name.
    pub dong: String,
    /// The place in the resident's words.
    pub place: String,
    /// The day of receipt.
    pub received: String,
    /// The office's name.
    pub office: String,
    /// The unit's name.
    pub unit: String,
    /// The unit's telephone.
    pub phone: String,
    /// The officer's name.
    pub officer: String,
    /// Today.
    pub today: String,
}

impl Template {
    /// Its words for one case.
    pub fn render(&self, words: &TemplateWords, lang: Lang) -> Result<String, minijinja::Error> {
        render(self.body.get(lang), words)
    }
}

/// A template's text filled in; an unknown word is an error, never a gap in a letter.
pub(crate) fn render(text: &str, words: &TemplateWords) -> Result<String, minijinja::Error> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.render_str(text, Serde(words))
}
