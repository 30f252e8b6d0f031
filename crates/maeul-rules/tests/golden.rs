//! Golden results: what every programme answers for 2,000 synthetic households, on three days. A change of any answer
//! shows as a changed line here and must be reviewed. `cargo insta review`, or `INSTA_UPDATE=always`, accepts it; the
//! commit says which rule or value changed and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use maeul_rules::Library;
use maeul_rules::compile::Level;
use maeul_rules::screen::{Machine, Plan};
use maeul_rules::synth::{Generator, SynthOptions};
use maeul_rules::value::date_text;

/// The population the golden households are made from.
const COUNTS: &str = include_str!("../../../data/offices/29140-gwangju-seogu/population.csv");
/// So many households share one fingerprint: a changed answer is found by its hundred.
const BLOCK: usize = 100;

/// FNV-1a of everything that was answered for one block of households.
fn fold(sum: u64, value: i128) -> u64 {
    value
        .to_le_bytes()
        .iter()
        .fold(sum, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn answers_for_two_thousand_households_change_only_by_review() {
    let library = Library::shipped().unwrap();
    for on in [20_230_301, 20_250_901, 20_260_901] {
        let options = SynthOptions {
            office: "29140".into(),
            size: Some(4_700),
            seed: 2_000,
            on,
            unknown_per_mille: 20,
        };
        let mut generator = Generator::new(&library.registry, COUNTS, options).unwrap();
        let head = generator.head();
        let batch = generator.next_batch(2_000);
        assert_eq!(
            batch.households(),
            2_000,
            "the population is large enough for 2,000 households"
        );
        let compiled = library.compile(on).unwrap();
        let plan = Plan::new(&compiled, &head);
        let mut machine = Machine::new(&plan);
        machine.run(&batch);
        let mut text = format!(
            "answers on {}: {} households, {} persons; a fingerprint for each hundred households\n",
            date_text(on),
            batch.households(),
            batch.persons()
        );
        for programme in &compiled.programmes {
            let person = programme.entity == Level::Person;
            let level = |n: usize| compiled.nodes[n].level == Level::Person;
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            let mut won = 0_i128;
            let mut blocks = Vec::new();
            for first in (0..batch.households()).step_by(BLOCK) {
                let mut sum = 0xcbf2_9ce4_8422_2325;
                for home in first..first + BLOCK {
                    let rows: Vec<usize> =
                        if person { batch.members(home).collect() } else { vec![home] };
                    for row in rows {
                        let at =
                            |n: usize| machine.value(&batch, n, if level(n) { row } else { home });
                        let amount = programme.amount.as_ref().and_then(|amount| at(amount.node));
                        let (name, code) = match at(programme.eligible) {
                            Some(0) => ("not", 0),
                            Some(_) => ("eligible", 1),
                            None => ("unknown", 2),
                        };
                        *counts.entry(name).or_default() += 1;
                        sum = fold(sum, code);
                        if code == 1 {
                            won += i128::from(amount.unwrap_or(0));
                            sum = fold(sum, amount.map_or(-1, i128::from));
                        }
                    }
                }
                blocks.push(format!("{:08x}", sum >> 32));
            }
            let unit = programme
                .amount
                .as_ref()
                .map_or_else(String::new, |amount| format!(", {won} {}", amount.quantity.name()));
            let of = |name: &str| counts.get(name).copied().unwrap_or(0);
            let _ = writeln!(
                text,
                "\n{} {} rule {}\n  eligible {}, not {}, unknown {}{unit}\n  {}\n  {}",
                programme.id,
                programme.version,
                programme.fingerprint,
                of("eligible"),
                of("not"),
                of("unknown"),
                blocks[..10].join(" "),
                blocks[10..].join(" ")
            );
        }
        insta::assert_snapshot!(format!("answers-{}", date_text(on)), text);
    }
}

#[test]
fn the_generator_answers_only_facts_there_are() {
    let library = Library::shipped().unwrap();
    let options = SynthOptions {
        office: "29140".into(),
        size: Some(100),
        seed: 1,
        on: 20_260_901,
        unknown_per_mille: 0,
    };
    let generator = Generator::new(&library.registry, COUNTS, options).unwrap();
    assert!(generator.unmatched().is_empty(), "{:?}", generator.unmatched());
    let filled: Vec<String> = generator.facts().into_iter().map(|fact| fact.name).collect();
    let left: Vec<&str> = library
        .registry
        .facts
        .iter()
        .filter(|fact| !fact.given && !filled.contains(&fact.id))
        .map(|fact| fact.id.as_str())
        .collect();
    println!("facts the generator leaves unknown: {left:?}");
}
