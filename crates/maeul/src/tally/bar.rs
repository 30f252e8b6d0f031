//! A line on the error stream while a count takes long: only on a terminal, at most ten times a second.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use maeul_base::Lang;
use maeul_tally::Progress;
use maeul_tally::explain::money;

/// The line, or nothing where nobody watches.
pub(super) struct Bar {
    begun: Instant,
    drawn: Option<Instant>,
    watched: bool,
    lang: Lang,
}

impl Bar {
    pub(super) fn new(lang: Lang) -> Self {
        Self { begun: Instant::now(), drawn: None, watched: std::io::stderr().is_terminal(), lang }
    }

    /// Shows how far the count is, after the first half second.
    pub(super) fn show(&mut self, progress: &Progress, budget: &maeul_tally::Exact) {
        let late = self.begun.elapsed() > Duration::from_millis(500);
        let due = self.drawn.is_none_or(|drawn| drawn.elapsed() > Duration::from_millis(100));
        if !self.watched || !late || !due {
            return;
        }
        self.drawn = Some(Instant::now());
        let spent = budget - &progress.left;
        let part = spent.over(budget).unwrap_or_default();
        let filled = (part.clone() * maeul_tally::Exact::from(20_u64))
            .floor()
            .to_i64()
            .unwrap_or(0)
            .clamp(0, 20);
        let bar: String = (0..20).map(|at| if at < filled { '#' } else { '.' }).collect();
        let words = match self.lang {
            Lang::Ko => format!(
                "[{bar}] {}번째 계산, 사업 {}개, {}",
                progress.runs,
                progress.funded,
                money(&spent)
            ),
            Lang::En => format!(
                "[{bar}] run {}, {} projects, {}",
                progress.runs,
                progress.funded,
                money(&spent)
            ),
        };
        let mut stderr = std::io::stderr().lock();
        let _ = write!(stderr, "\r\u{1b}[K{words}").and_then(|()| stderr.flush());
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        if self.drawn.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}
