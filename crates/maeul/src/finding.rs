//! What a check found: well, doubtful or wrong, in the reader's language, and what to do about it.

use std::io::{self, Write};

use maeul_base::Lang;
use serde::Serialize;

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// As it should be.
    Ok,
    /// It works, but look at it.
    Warn,
    /// It does not work, or data are in danger.
    Bad,
}

/// One line of a check.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    /// How it stands.
    pub(crate) level: Level,
    /// What was looked at, e.g. `database`.
    pub(crate) check: String,
    /// What was seen.
    pub(crate) said: String,
    /// What to do; nothing where all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mend: Option<String>,
    /// The line of the configuration file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
}

/// Gathers findings in one language.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) lang: Lang,
    pub(crate) all: Vec<Finding>,
}

impl Findings {
    pub(crate) fn new(lang: Lang) -> Self {
        Self { lang, all: vec![] }
    }

    /// All is well.
    pub(crate) fn ok(&mut self, check: &str, ko: impl Into<String>, en: impl Into<String>) {
        self.add(Level::Ok, check, (ko.into(), en.into()), None);
    }

    /// Doubtful: what was seen and what to do, each in both languages.
    pub(crate) fn warn<A: Into<String>, B: Into<String>>(
        &mut self,
        check: &str,
        said: (A, B),
        mend: (&str, &str),
    ) {
        self.add(Level::Warn, check, (said.0.into(), said.1.into()), Some(mend));
    }

    /// Wrong: what was seen and what to do, each in both languages.
    pub(crate) fn bad<A: Into<String>, B: Into<String>>(
        &mut self,
        check: &str,
        said: (A, B),
        mend: (&str, &str),
    ) {
        self.add(Level::Bad, check, (said.0.into(), said.1.into()), Some(mend));
    }

    fn add(
        &mut self,
        level: Level,
        check: &str,
        said: (String, String),
        mend: Option<(&str, &str)>,
    ) {
        let said = match self.lang {
            Lang::Ko => said.0,
            Lang::En => said.1,
        };
        let mend = mend.map(|(ko, en)| self.lang.t(ko, en).to_owned());
        self.all.push(Finding { level, check: check.to_owned(), said, mend, line: None });
    }

    /// The worst there is.
    pub(crate) fn worst(&self) -> Level {
        self.all.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok)
    }

    /// One line for each, and below it what to do.
    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        for finding in &self.all {
            let level = match finding.level {
                Level::Ok => "ok  ",
                Level::Warn => "warn",
                Level::Bad => "BAD ",
            };
            let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
            writeln!(out, "{level}  {}{line}: {}", finding.check, finding.said)?;
            if let Some(mend) = &finding.mend {
                writeln!(out, "      → {mend}")?;
            }
        }
        Ok(())
    }
}
