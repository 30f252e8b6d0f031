//! Household files and populations as CSV: every row is taken or refused, nothing is lost.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use maeul_rules::Library;
use maeul_rules::household;
use maeul_rules::screen::CsvPopulation;
use maeul_rules::yaml::Source;

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::shipped().expect("what is shipped can be loaded"));

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = household::read(&LIBRARY.registry, &Source::new("any.json", text));
    }
    if let Ok(mut population) = CsvPopulation::new(&LIBRARY.registry, bytes) {
        while let Ok(Some(_)) = population.next_batch(64) {}
    }
});
