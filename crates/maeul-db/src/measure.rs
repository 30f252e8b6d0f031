//! What the database measures of itself: acts by name and end, how long writing and reading take.

use std::any::type_name;
use std::time::Instant;

use maeul_measure::{Counter, Family, Histogram};

use crate::Transient;

/// An act and how it ended: `kept`, `refused` or `fault`.
pub type ActEnd = (&'static str, &'static str);

/// Counted since the process began.
#[derive(Debug, Default)]
pub struct Measures {
    /// Acts by the place in the code that called them, and their end.
    pub acts: Family<ActEnd, Counter>,
    /// From the call to the answer: waiting for a turn, the act, and the disk.
    pub writes: Histogram,
    /// The same for reads.
    pub reads: Histogram,
    /// Acts that were run again because PostgreSQL asked for it.
    pub again: Counter,
}

/// Who is at work just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Connections, or readers of a SQLite file, in use.
    pub busy: usize,
    /// How many there may be.
    pub size: usize,
    /// Waiting for one, or for SQLite's writer.
    pub waiting: usize,
}

impl Measures {
    /// How it ended.
    pub(crate) fn wrote<F, T, E: Transient>(
        &self,
        began: Instant,
        result: &Result<T, E>,
    ) -> &'static str {
        self.writes.observe(began.elapsed());
        let end = match result {
            Ok(_) => "kept",
            Err(error) if error.fault().is_some() => "fault",
            Err(_) => "refused",
        };
        self.acts.of(&(act_name::<F>(), end)).add();
        end
    }
}

/// The name of an act.
pub(crate) fn act_name<F>() -> &'static str {
    named(type_name::<F>())
}

/// The function in whose closure an act stands: closures have no names of their own.
fn named(closure: &'static str) -> &'static str {
    closure.trim_end_matches("::{{closure}}")
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn an_act_is_named_by_its_function() {
        assert_eq!(named("cases::web::post::{{closure}}::{{closure}}"), "cases::web::post");
        assert_eq!(named("cases::act::tidy"), "cases::act::tidy");
    }
}
