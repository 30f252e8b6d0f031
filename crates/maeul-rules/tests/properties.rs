//! What must hold for every rule and household: a known answer never depends on what is unknown,
//! what is said to matter does matter, and nothing else decides.

use std::cell::Cell;

use crate::common::{library, rule};
use maeul_rules::answer::{Answer, Lacking, Matter, Outcome, answers, could_matter};
use maeul_rules::compile::Compiled;
use maeul_rules::eval::Values;
use maeul_rules::household::{Household, Member};
use maeul_rules::registry::{Entity, Registry};
use proptest::prelude::*;

const ON: i64 = 20_260_302;

/// A random condition on the small facts of a household and its members.
fn condition() -> impl Strategy<Value = String> {
    let person = prop_oneof![
        Just("ill".to_owned()),
        Just("income > 1 won/month".to_owned()),
        Just("income <= rent".to_owned()),
        Just("if ill then income < 2 won/month else income > 0".to_owned()),
    ];
    let leaf = prop_oneof![
        Just("owner".to_owned()),
        Just("region == 'seoul'".to_owned()),
        Just("rent >= 2 won/month".to_owned()),
        Just("size * 2 > 3".to_owned()),
        Just("head.ill".to_owned()),
        Just("members.sum(income) <= rent * 150%".to_owned()),
        Just("p.by_size[size] > 150 won".to_owned()),
        Just("members.count(ill) >= 1".to_owned()),
        Just("max(rent, head.income) == rent".to_owned()),
        Just("floor(rent / 2) == 1 won/month".to_owned()),
        person.clone().prop_map(|inner| format!("members.any({inner})")),
        person.prop_map(|inner| format!("members.all({inner})")),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} and {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(if {a} then {b} else {c})")),
        ]
    })
}

/// The values of each fact that random households may have.
fn domain(id: &str) -> Vec<i64> {
    match id {
        "owner" | "ill" | "region" => vec![0, 1],
        "rent" | "income" | "size" => vec![0, 1, 2, 3],
        _ => vec![],
    }
}

/// All facts that may be unknown, with the household's first.
fn cells(registry: &Registry, members: usize) -> Vec<(Option<usize>, usize, Vec<i64>)> {
    let mut cells = vec![];
    for def in &registry.facts {
        let values = domain(&def.id);
        match def.entity {
            _ if values.is_empty() => {}
            Entity::Household => cells.push((None, def.slot, values)),
            Entity::Person => {
                cells.extend((0..members).map(|member| (Some(member), def.slot, values.clone())))
            }
        }
    }
    cells
}

fn put(home: &mut Household, cell: (Option<usize>, usize), value: Option<i64>) {
    match cell.0 {
        None => home.facts[cell.1] = value,
        Some(member) => home.members[member].facts[cell.1] = value,
    }
}

fn blank(registry: &Registry, members: usize) -> Household {
    let person = Member { id: String::new(), facts: vec![None; registry.slots(Entity::Person)] };
    Household {
        facts: vec![None; registry.slots(Entity::Household)],
        members: vec![person; members],
        head: 0,
    }
}

fn outcome(compiled: &Compiled, home: &Household) -> Outcome {
    let mut values = Values::default();
    answers(compiled, home, &mut values)[0].outcome()
}

/// Every way to fill in what a household leaves open.
fn completions(home: &Household, open: &[(Option<usize>, usize, Vec<i64>)]) -> Vec<Household> {
    let mut all = vec![home.clone()];
    for (member, slot, values) in open {
        all = all
            .into_iter()
            .flat_map(|home| {
                values.iter().map(move |value| {
                    let mut home = home.clone();
                    put(&mut home, (*member, *slot), Some(*value));
                    home
                })
            })
            .collect();
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn a_known_answer_is_the_answer_of_every_completion(
        text in condition(),
        members in 1_usize..3,
        picks in prop::collection::vec(0_usize..1000, 12),
        open in prop::collection::vec(0_usize..12, 0..4),
    ) {
        let library = library(&[("a", &rule("household", &text))]).unwrap();
        let compiled = library.compile(ON).unwrap();
        let cells = cells(&library.registry, members);
        let mut home = blank(&library.registry, members);
        for ((member, slot, values), pick) in cells.iter().zip(picks.iter().cycle()) {
            put(&mut home, (*member, *slot), Some(values[pick % values.len()]));
        }
        let mut left = vec![];
        for index in open {
            if let Some(cell) = cells.get(index).filter(|cell| !left.contains(*cell)) {
                put(&mut home, (cell.0, cell.1), None);
                left.push(cell.clone());
            }
        }
        let known = outcome(&compiled, &home);
        let all = completions(&home, &left);
        if known == Outcome::Unknown {
            prop_assert!(!left.is_empty() || text.contains("by_size"), "unknown although all is given: {text}");
        } else {
            for complete in &all {
                prop_assert_eq!(outcome(&compiled, complete), known, "{} {:?}", text, complete);
            }
        }
        // What is said to matter does: the two values it names give two different answers in one
        // and the same completion of the rest.
        let mut values = Values::default();
        let found = answers(&compiled, &home, &mut values);
        let Answer::InForce { programme, findings, .. } = &found[0] else { unreachable!() };
        let missing = &findings[0].missing;
        prop_assert_eq!(known == Outcome::Unknown, !missing.is_empty(), "{}", text);
        for (lacking, matter) in missing.iter().zip(could_matter(&compiled, programme, &home, None, missing)) {
            let Lacking::Fact(id, member) = lacking else { continue };
            let def = library.registry.def(*id).unwrap();
            prop_assert!(left.iter().any(|cell| cell.0 == *member && cell.1 == def.slot), "not left open: {}", def.id);
            let others: Vec<_> = left.iter().filter(|cell| (cell.0, cell.1) != (*member, def.slot)).cloned().collect();
            let turns = |one: i64, other: i64| {
                completions(&home, &others).into_iter().any(|mut rest| {
                    put(&mut rest, (*member, def.slot), Some(one));
                    let first = outcome(&compiled, &rest);
                    put(&mut rest, (*member, def.slot), Some(other));
                    first != outcome(&compiled, &rest)
                })
            };
            match matter {
                // Values beyond the small domain may be what turns it; those within it must.
                Matter::Yes { one, other } if others.is_empty() => {
                    prop_assert!(one.1 != other.1 && turns(one.0, other.0), "{} {}", text, def.id);
                }
                Matter::Yes { one, other } => prop_assert!(one.1 != other.1),
                Matter::No => {
                    let small = domain(&def.id);
                    let any = small.iter().any(|one| small.iter().any(|other| turns(*one, *other)));
                    prop_assert!(!any, "said not to matter: {} {}", text, def.id);
                }
                Matter::NotFound => {}
            }
        }
    }
}

#[test]
fn of_booleans_what_matters_is_found_and_what_does_not_is_said() {
    let matters = |text: &str| -> Vec<bool> {
        let library = library(&[("a", &rule("household", text))]).unwrap();
        let compiled = library.compile(ON).unwrap();
        let home = blank(&library.registry, 2);
        let mut values = Values::default();
        let found = answers(&compiled, &home, &mut values);
        let Answer::InForce { programme, findings, .. } = &found[0] else { unreachable!() };
        let seen = Cell::new(0);
        let list = could_matter(&compiled, programme, &home, None, &findings[0].missing)
            .into_iter()
            .map(|matter| {
                seen.set(seen.get() + 1);
                assert_ne!(matter, Matter::NotFound, "{text}");
                matches!(matter, Matter::Yes { .. })
            })
            .collect();
        assert!(seen.get() > 0, "{text}");
        list
    };
    assert_eq!(matters("owner and members.any(ill)"), [true, true, true]);
    // Three values cannot see that these are always so; the search can.
    assert_eq!(matters("owner or not owner"), [false]);
    assert_eq!(matters("(owner and not owner) or head.ill"), [false, true]);
}

#[test]
fn one_programme_gives_the_same_answer_alone_and_among_all() {
    let rules = [
        ("a", rule("household", "members.sum(income) <= rent and owner")),
        (
            "b",
            rule("person", "income > 1 won/month and not ill and rent > 0")
                .replace("programme: a", "programme: b"),
        ),
    ];
    let files: Vec<(&str, &str)> = rules.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let library = library(&files).unwrap();
    let all = library.compile(ON).unwrap();
    let cells = cells(&library.registry, 2);
    let mut home = blank(&library.registry, 2);
    for round in 0..200_usize {
        for (index, (member, slot, values)) in cells.iter().enumerate() {
            let pick = (round * 7 + index * 13 + round * index) % (values.len() + 1);
            put(&mut home, (*member, *slot), values.get(pick).copied());
        }
        let mut values = Values::default();
        let among = answers(&all, &home, &mut values);
        for answer in &among {
            let alone = library.compile_only(&[answer.id().to_owned()], ON).unwrap();
            let Answer::InForce { programme, .. } = answer else { unreachable!() };
            assert_eq!(alone.programmes[0].fingerprint, programme.fingerprint);
            assert_eq!(outcome(&alone, &home), answer.outcome());
            // Running only the programme's own steps gives the same.
            let mut own = Values::default();
            own.run_steps(&all, &home, &programme.steps);
            for member in 0..home.members.len() {
                let at = |values: &Values| values.at(&all, programme.eligible, Some(member));
                assert_eq!(at(&own), at(&values));
            }
        }
    }
}
