//! Any bytes: reading never panics, what was read is written and read again alike, and what can be counted is counted.
//!
//! See fuzz/README.md.

#![no_main]

use libfuzzer_sys::fuzz_target;
use maeul_tally::rule::counts;
use maeul_tally::{Limits, TieChain, pb, tally};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(file) = pb::read(text) else { return };
    let again = pb::write(&file);
    assert!(pb::read(&again).expect("what we write can be read").same(&file));
    let Ok(election) = file.election() else { return };
    for name in ["greedy-votes", "mes-cost", "mes-points", "mes-borda", "phragmen"] {
        let rule = name.parse().expect("a rule's name");
        if !counts(&rule, &election) {
            continue;
        }
        if let Ok(outcome) =
            tally(&election, &rule, &TieChain::default(), &Limits::default(), &mut |_| {})
        {
            assert!(outcome.cost <= election.budget);
        }
    }
});
