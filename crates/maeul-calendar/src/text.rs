//! One text in both languages, for what is stored or read from data.

use maeul_base::Lang;
use serde::{Deserialize, Serialize};

/// A text in Korean and English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// 한국어
    pub ko: String,
    /// English
    pub en: String,
}

impl Text {
    /// Both texts.
    pub fn new(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ko: ko.into(), en: en.into() }
    }

    /// The one in this language.
    pub fn t(&self, lang: Lang) -> &str {
        lang.t(&self.ko, &self.en)
    }
}
