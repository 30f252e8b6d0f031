//! What is wrong with a form, by field.

use maeul_base::{Lang, Refusal};

/// What is wrong with a form, by field, in the order of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors(Vec<(String, String)>);

impl Errors {
    /// One field alone.
    pub fn one(field: &str, text: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), text.into())])
    }

    /// A refusal alone; one without a field concerns what is called `whole`.
    pub fn refused(lang: Lang, refusal: &impl Refusal, whole: &str) -> Self {
        Self::one(refusal.field().unwrap_or(whole), refusal.say(lang))
    }

    /// Adds what is wrong with a field.
    pub fn add(&mut self, field: &str, text: impl Into<String>) {
        self.0.push((field.to_owned(), text.into()));
    }

    /// Adds a refusal; one without a field concerns the form as a whole.
    pub fn refuse(&mut self, lang: Lang, refusal: &impl Refusal) {
        self.add(refusal.field().unwrap_or("form"), refusal.say(lang));
    }

    /// The text of a field, or nothing.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| name == field).map_or("", |(_, text)| text)
    }

    /// Field and text, in order.
    pub fn all(&self) -> &[(String, String)] {
        &self.0
    }

    /// Nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
