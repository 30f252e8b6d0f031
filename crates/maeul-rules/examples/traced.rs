//! Measures traced answers for single households: all facts given, and some of them unknown.
//! `cargo run --release -p maeul-rules --example traced [HOUSEHOLDS] [DATE]`

use std::error::Error;
use std::hint::black_box;

use maeul_base::Lang;
use maeul_rules::Library;
use maeul_rules::answer::{answers, answers_json, explain};
use maeul_rules::eval::Values;
use maeul_rules::household::{Household, Member};
use maeul_rules::registry::{Entity, Registry};
use maeul_rules::value::{Type, date};

/// Numbers that look random and are the same every time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let positive = i64::try_from((x ^ (x >> 31)) >> 1).unwrap_or_default();
        positive % limit.max(1)
    }
}

/// A fact, unknown `gaps` times in a hundred.
fn facts(registry: &Registry, entity: Entity, chance: &mut Chance, gaps: i64) -> Vec<Option<i64>> {
    let defs = registry.facts.iter().filter(|def| def.entity == entity);
    defs.map(|def| {
        if def.given || chance.below(100) < gaps {
            return None;
        }
        Some(match def.ty {
            Type::Date => {
                (1930 + chance.below(96)) * 10_000
                    + (1 + chance.below(12)) * 100
                    + 1
                    + chance.below(28)
            }
            Type::Number(_) => def.min + chance.below((def.max - def.min).min(5_000_000) + 1),
            Type::Bool | Type::Enum(_) => def.min + chance.below(def.max - def.min + 1),
        })
    })
    .collect()
}

fn household(registry: &Registry, chance: &mut Chance, gaps: i64) -> Household {
    let (slot, head) = registry.role().unwrap_or_default();
    let count = 1 + chance.below(4);
    let mut members: Vec<Member> = (1..=count)
        .map(|id| Member {
            id: id.to_string(),
            facts: facts(registry, Entity::Person, chance, gaps),
        })
        .collect();
    for (index, member) in members.iter_mut().enumerate() {
        if let Some(role) = member.facts.get_mut(slot) {
            *role = Some(if index == 0 { head } else { head + 1 });
        }
    }
    Household { facts: facts(registry, Entity::Household, chance, gaps), members, head: 0 }
}

/// CPU time of this process in seconds (Linux).
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos: f64 = text.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or_default();
    nanos / 1e9
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().map_or(Ok(20_000), |text| text.parse())?;
    let on = arguments.next().and_then(|text| date(&text)).unwrap_or(20_260_608);
    let before = cpu();
    let library = Library::shipped()?;
    println!("load and check all rules       {:>9.1} ms", (cpu() - before) * 1e3);
    let before = cpu();
    for _ in 0..20 {
        black_box(library.compile(on)?.nodes.len());
    }
    let compiled = library.compile(on)?;
    let programmes = compiled.programmes.len();
    println!(
        "compile for one day            {:>9.1} ms, {} steps, {programmes} programmes",
        (cpu() - before) * 1e3 / 21.0,
        compiled.nodes.len()
    );
    for (name, gaps) in [("all facts given", 0), ("1 fact in 10 unknown", 10)] {
        let mut chance = Chance(1);
        let homes: Vec<Household> =
            (0..count).map(|_| household(&library.registry, &mut chance, gaps)).collect();
        let persons: usize = homes.iter().map(|home| home.members.len()).sum();
        let mut values = Values::default();
        let mut eligible = 0_usize;
        let rate = |what: &str, seconds: f64, homes: usize| {
            let per = |many: usize| f64::from(u32::try_from(many).unwrap_or(u32::MAX)) / seconds;
            println!(
                "  {what:<28} {:>9.0} households/CPU-s, {:>9.0} answers/CPU-s",
                per(homes),
                per(homes * programmes)
            );
        };
        println!("{name}: {count} households, {persons} persons, {programmes} programmes each");
        let before = cpu();
        for home in &homes {
            values.run(&compiled, home);
            eligible += usize::from(
                compiled
                    .programmes
                    .iter()
                    .any(|one| values.at(&compiled, one.eligible, Some(0)) == Some(1)),
            );
        }
        rate("outcomes only", cpu() - before, count);
        let before = cpu();
        for home in &homes {
            black_box(answers(&compiled, home, &mut values).len());
        }
        rate("traced answers", cpu() - before, count);
        let some = homes.len().min(2_000);
        let before = cpu();
        for home in homes.iter().take(some) {
            let found = answers(&compiled, home, &mut values);
            black_box(answers_json(&compiled, home, &values, &found, Lang::Ko, false).len());
        }
        rate("traced answers as JSON", cpu() - before, some);
        let few = homes.len().min(100);
        let before = cpu();
        for home in homes.iter().take(few) {
            let found = answers(&compiled, home, &mut values);
            black_box(explain(&compiled, home, &values, &found, Lang::Ko, true).len());
        }
        rate("text, with what could matter", cpu() - before, few);
        println!("  eligible for something: {eligible}");
    }
    Ok(())
}
