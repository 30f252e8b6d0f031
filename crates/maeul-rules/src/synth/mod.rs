//! A population to run on: synthetic residents who follow an office's real counts by 동, age and sex, with plausible
//! circumstances of our own making. The same seed gives the same people on every machine. Nobody in it lives.

mod chance;
mod circumstances;
mod compose;
mod counts;
mod facts;
mod more;

use thiserror::Error;

pub use chance::Chance;
pub use circumstances::{Disability, Home, Person, Tenure, Work};
pub use compose::{Resident, Tie};
pub use counts::{Cell, CountsError, Sex, read_counts, scale};

use self::facts::Sheet;
use crate::registry::Registry;
use crate::screen::{Batch, FactColumn, FileHead};

/// What is asked of the generator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SynthOptions {
    /// The five-digit code of the office: its region decides some facts.
    pub office: String,
    /// How many persons; none: as many as the table counts.
    pub size: Option<u64>,
    /// The same seed gives the same people.
    pub seed: u64,
    /// The day of the population, yyyymmdd.
    pub on: i64,
    /// How many in a thousand of the facts that an office often does not know are left unknown.
    pub unknown_per_mille: u64,
}

/// Why no population can be made.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SynthError {
    /// The table of counts.
    #[error(transparent)]
    Counts(#[from] CountsError),
    /// The size is none or more than a nation.
    #[error("인원은 1명 이상 1억 명 이하여야 합니다 / the size must be between 1 and 100,000,000")]
    Size,
}

/// Makes a population, one 동 after the other.
pub struct Generator {
    dongs: std::vec::IntoIter<Vec<Cell>>,
    options: SynthOptions,
    sheet: Sheet,
    size: u64,
    homes: u64,
    people: u64,
    /// The households of the 동 at hand, still to be given out.
    waiting: std::vec::IntoIter<Vec<Resident>>,
    dong: u64,
    chance: Chance,
}

impl Generator {
    /// A population that follows `counts` (an office's `population.csv`).
    ///
    /// # Errors
    /// A table that cannot be read, or a size that cannot be meant.
    pub fn new(
        registry: &Registry,
        counts: &str,
        options: SynthOptions,
    ) -> Result<Self, SynthError> {
        let cells = read_counts(counts)?;
        let size = options.size.unwrap_or_else(|| cells.iter().map(|cell| cell.residents).sum());
        if !(1..=100_000_000).contains(&size) {
            return Err(SynthError::Size);
        }
        let cells = scale(&cells, size);
        let dongs: Vec<Vec<Cell>> =
            cells.chunk_by(|left, right| left.dong == right.dong).map(<[Cell]>::to_vec).collect();
        Ok(Self {
            dongs: dongs.into_iter(),
            sheet: Sheet::new(registry, &options),
            options,
            size,
            homes: 0,
            people: 0,
            waiting: Vec::new().into_iter(),
            dong: 0,
            chance: Chance::new(0, 0),
        })
    }

    /// What stands at the front of a file of this population: that it is synthetic, and how it was made.
    pub fn head(&self) -> FileHead {
        let SynthOptions { office, seed, on, unknown_per_mille, .. } = &self.options;
        FileHead {
            synthetic: true,
            note: format!(
                "synthetic (합성 자료, 실제 사람이 아님): office {office}, size {}, seed {seed}, on {}, unknown {unknown_per_mille} per mille; \
                 counts by 동, age and sex: 행정안전부 주민등록 인구통계; everything else is invented",
                self.size,
                crate::value::date_text(*on)
            ),
            facts: self.sheet.columns(),
        }
    }

    /// The names and units of the facts it fills.
    pub fn facts(&self) -> Vec<FactColumn> {
        self.sheet.columns()
    }

    /// The facts it could fill that the registry does not know.
    pub fn unmatched(&self) -> &[&'static str] {
        self.sheet.unmatched()
    }

    /// The next household.
    pub fn next_home(&mut self) -> Option<Home> {
        loop {
            if let Some(residents) = self.waiting.next() {
                return Some(circumstances::furnish(
                    self.dong,
                    &residents,
                    self.options.on,
                    &mut self.chance,
                ));
            }
            let cells = self.dongs.next()?;
            self.dong = cells.first().map_or(0, |cell| cell.dong);
            self.chance = Chance::new(self.options.seed, self.dong);
            self.waiting = compose::compose(&cells, &mut self.chance).into_iter();
        }
    }

    /// The next `households` households as columns; empty at the end.
    pub fn next_batch(&mut self, households: usize) -> Batch {
        let mut batch = Batch::new(self.sheet.columns().len());
        while batch.households() < households {
            let Some(home) = self.next_home() else { break };
            self.homes += 1;
            for person in &home.people {
                self.people += 1;
                batch.person_ids.push(&format!("SYN-P{:08}", self.people));
                self.sheet.person(&mut batch, &home, person, &mut self.chance);
            }
            self.sheet.home(&mut batch, &home, &mut self.chance);
            let dong = i64::try_from(home.dong).unwrap_or(0);
            batch.close_household(&format!("SYN-H{:08}", self.homes), dong);
        }
        batch
    }
}
