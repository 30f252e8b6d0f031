//! A refusal of any act, kept as its words, so that one handler serves all acts.

use maeul_base::{Failure, Lang, Refusal};

/// What an act said no with.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    code: &'static str,
    field: Option<&'static str>,
    status: u16,
    ko: String,
    en: String,
}

impl Said {
    /// Of any refusal.
    pub(crate) fn of(refusal: &impl Refusal) -> Self {
        Self {
            code: refusal.code(),
            field: refusal.field(),
            status: refusal.status(),
            ko: refusal.say(Lang::Ko),
            en: refusal.say(Lang::En),
        }
    }

    /// One of the page's own.
    pub(crate) fn field_wrong(field: &'static str, ko: &str, en: &str) -> Self {
        let (ko, en) = (ko.to_owned(), en.to_owned());
        Self { code: "form.field", field: Some(field), status: 422, ko, en }
    }

    /// Somebody else changed the case since the page was read.
    pub(crate) fn is_changed(&self) -> bool {
        self.code == "case.changed_meanwhile"
    }

    /// Nothing can be shown on the case's own page: it is not there, or not theirs.
    pub(crate) fn is_closed_door(&self) -> bool {
        matches!(self.code, "case.not_found" | "case.staff_only")
    }
}

impl Refusal for Said {
    fn code(&self) -> &'static str {
        self.code
    }

    fn say(&self, lang: Lang) -> String {
        lang.t(&self.ko, &self.en).to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        self.field
    }

    fn status(&self) -> u16 {
        self.status
    }
}

/// An act's failure in plain words.
pub(crate) fn said<R: Refusal>(failure: Failure<R>) -> Failure<Said> {
    failure.map(|refusal| Said::of(&refusal))
}
