//! What is wrong with a form, by field.

use maeul_base::{Lang, Refusal};

/// In the order of the page.
#[derive(Clone, Debug, Default)]
pub(super) struct Errors(Vec<(String, String)>);

impl Errors {
    /// A refusal; one without a field concerns the form as a whole.
    pub(super) fn of_refusal(lang: Lang, refusal: &impl Refusal) -> Self {
        Self(vec![(refusal.field().unwrap_or("main").to_owned(), refusal.say(lang))])
    }

    /// The text of a field, or nothing.
    pub(super) fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| name == field).map_or("", |(_, text)| text)
    }

    /// Field and text, in order.
    pub(super) fn all(&self) -> &[(String, String)] {
        &self.0
    }

    /// Nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
