//! The port through which this room speaks to other agencies: one call, one reply. The adapter
//! stands in `maeul-outside`.

use std::fmt;
use std::pin::Pin;

/// How a call asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// For something.
    Get,
    /// With a form, for something to be done.
    Post,
}

/// One call to another system.
#[derive(Clone)]
pub struct Call {
    /// How.
    pub method: Method,
    /// Where, without a query.
    pub address: String,
    /// The query, not yet encoded.
    pub query: Vec<(String, String)>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// The form of a post, not yet encoded.
    pub form: Vec<(String, String)>,
}

/// Shows no query and no form: they hold keys and residents' words.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.method, self.address)
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// Why nothing came back. Never shows an address with a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Nobody was reached: nothing can have been done there.
    #[error("not reached: {0}")]
    Unreached(String),
    /// It was sent, and no whole answer came: whether it was done is not known.
    #[error("no answer: {0}")]
    Lost(String),
    /// It may not or cannot be asked, now or later.
    #[error("cannot be asked: {0}")]
    Barred(String),
}

/// A call on its way.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Reply, LineError>> + Send + 'a>>;

/// A way to other systems.
pub trait Line: Send + Sync {
    /// Asks, and waits for the whole answer within bounds of time and size.
    fn ask<'a>(&'a self, call: &'a Call) -> Asking<'a>;
}

/// No way out: for programs that send nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLine;

impl Line for NoLine {
    fn ask<'a>(&'a self, _: &'a Call) -> Asking<'a> {
        Box::pin(async { Err(LineError::Unreached("there is no way out".to_owned())) })
    }
}
