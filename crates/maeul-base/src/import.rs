//! What an import of an office's own data answers: refused lines, or what it changed.

use serde::Serialize;

use crate::Lang;

/// One refused line of an imported file. An import with any refusal changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LineRefusal {
    /// The line in the file, from 1 (a table's header is line 1).
    pub line: usize,
    /// The column or key it concerns; empty when it is the line as a whole.
    pub field: String,
    /// Why, and what to do, in Korean.
    pub ko: String,
    /// Why, and what to do, in English.
    pub en: String,
}

impl LineRefusal {
    /// A refusal of `field` on `line`.
    pub fn new(
        line: usize,
        field: impl Into<String>,
        ko: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { line, field: field.into(), ko: ko.into(), en: en.into() }
    }

    /// The refusal as one line for a terminal or a list on a page.
    pub fn say(&self, lang: Lang) -> String {
        let why = lang.t(self.ko.as_str(), self.en.as_str());
        match (lang, self.field.is_empty()) {
            (Lang::Ko, true) => format!("{}행: {why}", self.line),
            (Lang::Ko, false) => format!("{}행 {}: {why}", self.line, self.field),
            (Lang::En, true) => format!("line {}: {why}", self.line),
            (Lang::En, false) => format!("line {}, {}: {why}", self.line, self.field),
        }
    }
}

/// What an import did, or would do when it is a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Records that are new.
    pub added: usize,
    /// Records whose content differs from what was stored.
    pub changed: usize,
    /// Records that were already so.
    pub unchanged: usize,
    /// Records taken away.
    pub removed: usize,
    /// What the person who imports should know, e.g. an initial password shown once.
    pub notes: Vec<ImportNote>,
}

/// A remark on an import, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportNote {
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

impl ImportReport {
    /// Whether the import changes nothing.
    pub const fn is_nothing(&self) -> bool {
        self.added == 0 && self.changed == 0 && self.removed == 0
    }

    /// Adds a remark.
    pub fn note(&mut self, ko: impl Into<String>, en: impl Into<String>) {
        self.notes.push(ImportNote { ko: ko.into(), en: en.into() });
    }

    /// Adds another report's figures and remarks to this one's.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
        self.notes.extend(other.notes);
    }

    /// The figures in one line.
    pub fn say(&self, lang: Lang) -> String {
        let Self { added, changed, unchanged, removed, .. } = self;
        match lang {
            Lang::Ko => {
                format!("추가 {added}건, 변경 {changed}건, 그대로 {unchanged}건, 삭제 {removed}건")
            }
            Lang::En => {
                format!(
                    "{added} added, {changed} changed, {unchanged} unchanged, {removed} removed"
                )
            }
        }
    }
}
