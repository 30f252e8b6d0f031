//! What an installation decides about its public pages.

use std::time::Duration;

use jiff::SignedDuration;

/// No law sets these: an office may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The least time between the receipt of a case and its summary, however early an officer looks:
    /// a resident may think better of what they wrote, and an urgent matter is over. 24 hours.
    pub summary_delay: SignedDuration,
    /// How long figures are kept before they are counted again. One minute.
    pub figures_kept: Duration,
    /// Counts below this are not told where figures are broken down. 3.
    pub smallest_count: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            summary_delay: SignedDuration::from_hours(24),
            figures_kept: Duration::from_secs(60),
            smallest_count: 3,
        }
    }
}
