//! What an identity provider said when it vouched for somebody.

use std::fmt;

/// Which provider, and its word.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Vouched {
    /// The provider's name in the settings; empty for the one without a name.
    pub provider: String,
    /// The ID token as it came; none where nothing is to be done with it later.
    pub id_token: Option<String>,
}

impl fmt::Debug for Vouched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vouched({})", self.provider)
    }
}
