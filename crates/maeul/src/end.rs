//! How a command ends when it does not end well: 1 where what was asked is refused, 2 where
//! something of ours broke.

use std::fmt::Display;

use maeul_base::{Failure, Fault, Lang, Refusal};

/// A command that did not do what was asked.
#[derive(Debug)]
pub(crate) struct End {
    /// What to say on the error stream.
    pub(crate) words: String,
    /// The exit code.
    pub(crate) code: u8,
}

/// What a command answers.
pub(crate) type Told = Result<(), End>;

impl End {
    /// Refused: the person can do something about it.
    pub(crate) fn refused(words: impl Into<String>) -> Self {
        Self { words: words.into(), code: 1 }
    }

    /// Broken: we must.
    pub(crate) fn fault(words: impl Into<String>) -> Self {
        Self { words: words.into(), code: 2 }
    }

    /// A failed act in the reader's language.
    pub(crate) fn of<R: Refusal>(failure: Failure<R>, lang: Lang) -> Self {
        match failure {
            Failure::Refused(refusal) => {
                let said = refusal.say(lang);
                Self::refused(match refusal.field() {
                    // On the command line the words are --text.
                    Some("body") => format!("text: {said}"),
                    Some(field) => format!("{field}: {said}"),
                    None => said,
                })
            }
            Failure::Fault(fault) => fault.into(),
        }
    }

    /// A failed step, with what was being done.
    pub(crate) fn doing<E: Display>(what: &str) -> impl FnOnce(E) -> Self + '_ {
        move |error| Self::fault(format!("{what}: {error}"))
    }
}

impl From<Fault> for End {
    fn from(fault: Fault) -> Self {
        Self::fault(fault.chain())
    }
}

impl From<crate::config::ConfigError> for End {
    fn from(error: crate::config::ConfigError) -> Self {
        Self::fault(error.to_string())
    }
}
