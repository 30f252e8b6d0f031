//! Two families of error. A *refusal* is something the person can act on: a named variant of the
//! room's own enum, in their language. A *fault* is ours: logged once, shown as an apology.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use crate::Lang;

/// What a person is told when their request cannot be done.
pub trait Refusal: fmt::Debug {
    /// A stable name for interfaces, e.g. `place.outside`.
    fn code(&self) -> &'static str;
    /// Why, and what to do, in the reader's language.
    fn say(&self, lang: Lang) -> String;
    /// The form field it concerns.
    fn field(&self) -> Option<&'static str> {
        None
    }
    /// The HTTP status: 422 (input), 404 (nothing there), 409 (changed meanwhile), 403, 413, 415, 429.
    fn status(&self) -> u16 {
        422
    }
}

/// The refusal of an act that refuses nothing.
#[derive(Clone, Copy, Debug)]
pub enum Never {}

impl Refusal for Never {
    fn code(&self) -> &'static str {
        match *self {}
    }
    fn say(&self, _: Lang) -> String {
        match *self {}
    }
}

/// What kind of fault it is, for those who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The database asks for the use-case to be run again.
    Retry,
    /// A unique key already holds this value.
    Unique,
    /// A foreign key or check was broken.
    Constraint,
    /// An UPDATE or DELETE met another number of rows than it stated.
    RowCount,
    /// A stored value could not be read as its type.
    Decode,
    /// The database or the disk cannot be reached or written.
    Unavailable,
    /// Anything else.
    Other,
}

/// A fault: ours, not the person's.
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    context: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault with what was being done.
    pub fn new(kind: FaultKind, context: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, context: context.into(), source: None }
    }

    /// A fault of no special kind.
    pub fn other(context: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FaultKind::Other, context)
    }

    /// A fault caused by `source`.
    pub fn from_error(
        context: impl Into<Cow<'static, str>>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { kind: FaultKind::Other, context: context.into(), source: Some(source.into()) }
    }

    /// The same fault with another kind.
    #[must_use]
    pub fn kind_of(mut self, kind: FaultKind) -> Self {
        self.kind = kind;
        self
    }

    /// Its kind.
    pub const fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The whole chain on one line, for the log.
    pub fn chain(&self) -> String {
        let mut text = self.context.to_string();
        let mut next = self.source();
        while let Some(error) = next {
            text.push_str(": ");
            text.push_str(&error.to_string());
            next = error.source();
        }
        text
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.context)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| {
            let source: &(dyn Error + 'static) = source;
            source
        })
    }
}

/// How an act fails: it refuses, with the room's own reasons, or something of ours broke.
#[derive(Debug)]
pub enum Failure<R> {
    /// The person can do something about it.
    Refused(R),
    /// We must.
    Fault(Fault),
}

impl<R> From<Fault> for Failure<R> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<R> Failure<R> {
    /// The same failure in the words of a wider refusal.
    pub fn map<S>(self, widen: impl FnOnce(R) -> S) -> Failure<S> {
        match self {
            Self::Refused(refusal) => Failure::Refused(widen(refusal)),
            Self::Fault(fault) => Failure::Fault(fault),
        }
    }

    /// The fault, if it is one.
    pub const fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Refused(_) => None,
        }
    }
}

impl<R: Refusal> fmt::Display for Failure<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => f.write_str(&refusal.say(Lang::En)),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}
