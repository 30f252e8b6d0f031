//! What an installation decides about files handed in on the page. No law sets these figures.

use jiff::SignedDuration;

/// Limits of files that are handed in; the command has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportSettings {
    /// The most bytes of one file.
    pub most_bytes: usize,
    /// For how long refused rows, and files nobody had taken in, are kept.
    pub keep: SignedDuration,
    /// Rows of one job; the next job goes on. Well within the time a job may take.
    pub rows_a_job: usize,
}

impl Default for ImportSettings {
    fn default() -> Self {
        Self {
            most_bytes: 20 * 1024 * 1024,
            keep: SignedDuration::from_hours(7 * 24),
            rows_a_job: 2_000,
        }
    }
}
