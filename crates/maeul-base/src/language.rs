//! The two languages a person may read: Korean first, English second.

use serde::{Deserialize, Serialize};

/// The reader's language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 한국어
    #[default]
    Ko,
    /// English
    En,
}

impl Lang {
    /// Both, Korean first.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The text in this language. Both stand side by side where they are used, so that neither
    /// can be forgotten: a missing translation does not compile.
    pub const fn t<'a>(self, korean: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Ko => korean,
            Self::En => english,
        }
    }

    /// The BCP 47 tag, for `lang` attributes and headers.
    pub const fn tag(self) -> &'static str {
        self.t("ko", "en")
    }

    /// The language of that tag (`ko`, `en-GB` …).
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next() {
            Some("ko") => Some(Self::Ko),
            Some("en") => Some(Self::En),
            _ => None,
        }
    }
}
