//! The vector engine and the one-household evaluator give the same answers: on random rules and random households, and
//! on the rules that ship over a synthetic population.

use maeul_rules::Library;
use maeul_rules::answer::{Lacking, missing};
use maeul_rules::compile::{Compiled, Level};
use maeul_rules::eval::Values;
use maeul_rules::household::{Household, Member};
use maeul_rules::registry::{Entity, Registry};
use maeul_rules::screen::{Batch, FactColumn, FileHead, Judge, Machine, Of, Plan};
use maeul_rules::synth::{Chance, Generator, SynthOptions};
use maeul_rules::value::Type;
use maeul_rules::yaml::Source;
use proptest::prelude::*;

const FACTS: &str = "
enums:
  role: {ko: 관계, en: Role, values: {head: 가구주, spouse: 배우자, child: 자녀}}
  colour: {ko: 색, en: Colour, values: {red: 빨강, green: 초록, blue: 파랑}}
facts:
  role: {of: person, type: role, ko: 관계, en: Role}
  birth_date: {of: person, type: date, ko: 생년월일, en: Birth}
  wage: {of: person, type: won/month, ko: 임금, en: Wage}
  other_wage: {of: person, type: won/month, ko: 다른 임금, en: Other wage}
  ill: {of: person, type: bool, ko: 아픔, en: Ill}
  hue: {of: person, type: colour, ko: 색, en: Hue}
  rent: {of: household, type: won/month, ko: 월세, en: Rent}
  wealth: {of: household, type: won, ko: 재산, en: Wealth}
  floor_area: {of: household, type: m2, ko: 면적, en: Area}
  owns: {of: household, type: bool, ko: 소유, en: Owns}
  paint: {of: household, type: colour, ko: 색, en: Paint}
  since: {of: household, type: date, ko: 언제부터, en: Since}
";

const DEFINITIONS: &str = "
definitions:
  household_size: {ko: 수, en: Size, given: true, of: household, type: count, article: 시험, value: members.count(true)}
  age: {ko: 나이, en: Age, article: 시험, value: years_since(birth_date)}
  means: {ko: 소득, en: Means, given: true, of: household, type: won/month, article: 시험, value: members.sum(wage + other_wage)}
";

const PARAMETERS: &str = "
parameters:
  test.limit:
    ko: 기준
    en: Limit
    unit: won/month
    by: [size]
    basis: 시험
    mark: O
    values:
      - {from: 2020-01-01, value: {1: 1_000_000, 2: 1_700_000, 3: 2_200_000}, each_more: 400_000}
";

/// Writes random expressions of a wanted type, as a rule would.
struct Author<'a> {
    chance: &'a mut Chance,
    /// Is the expression about a person? Then the person's facts may be named.
    person: bool,
}

impl Author<'_> {
    fn pick(&mut self, of: u64) -> u64 {
        self.chance.below(of)
    }

    /// Something about the members, from the household's view.
    fn members(&mut self, depth: u32, what: &str) -> String {
        let before = std::mem::replace(&mut self.person, true);
        let inner = if what == "money" { self.money(depth) } else { self.truth(depth) };
        self.person = before;
        inner
    }

    fn truth(&mut self, depth: u32) -> String {
        if depth == 0 || self.pick(8) == 0 {
            let personal = [
                "ill",
                "(hue == 'red')",
                "(hue in ['green', 'blue'])",
                "(age >= 19 years)",
                "(role == 'head')",
            ];
            let shared = [
                "owns",
                "(paint != 'blue')",
                "true",
                "false",
                "(since <= 2020-06-15)",
                "(floor_area > 33.5 m2)",
            ];
            let at = usize::try_from(self.pick(10)).unwrap();
            return if self.person && at < 5 { personal[at] } else { shared[at % 6] }.to_owned();
        }
        let d = depth - 1;
        match self.pick(11) {
            0 => format!("({} and {})", self.truth(d), self.truth(d)),
            1 => format!("({} or {})", self.truth(d), self.truth(d)),
            2 => format!("(not {})", self.truth(d)),
            3 => format!(
                "({} {} {})",
                self.money(d),
                ["<", "<=", ">", ">=", "==", "!="][usize::try_from(self.pick(6)).unwrap()],
                self.money(d)
            ),
            4 => format!("(if {} then {} else {})", self.truth(d), self.truth(d), self.truth(d)),
            5 if !self.person => format!("members.any({})", self.members(d, "truth")),
            6 if !self.person => format!("members.all({})", self.members(d, "truth")),
            7 if !self.person => {
                format!("(members.count({}) >= {})", self.members(d, "truth"), self.pick(4))
            }
            8 if !self.person => "head.ill".to_owned(),
            9 => format!("({} == {})", self.truth(d), self.truth(d)),
            10 => format!("(years_between(since, on) >= {} years)", self.pick(10)),
            _ => format!("({} and {})", self.truth(d), self.truth(d)),
        }
    }

    fn money(&mut self, depth: u32) -> String {
        if depth == 0 || self.pick(6) == 0 {
            let personal = ["wage", "other_wage"];
            let shared = [
                "rent",
                "means",
                "p.test.limit[household_size]",
                "250_000 won/month",
                "0 won/month",
                "rent",
            ];
            let at = usize::try_from(self.pick(8)).unwrap();
            return if self.person && at < 2 { personal[at] } else { shared[at % 6] }.to_owned();
        }
        let d = depth - 1;
        match self.pick(11) {
            0 => format!("({} + {})", self.money(d), self.money(d)),
            1 => format!("({} - {})", self.money(d), self.money(d)),
            2 => format!("max({}, {})", self.money(d), self.money(d)),
            3 => format!("min({}, {})", self.money(d), self.money(d)),
            4 => format!("(if {} then {} else {})", self.truth(d), self.money(d), self.money(d)),
            5 => format!(
                "{}({} * {}%, 10 won/month)",
                ["floor", "ceil", "round"][usize::try_from(self.pick(3)).unwrap()],
                self.money(d),
                1 + self.pick(99)
            ),
            6 if !self.person => format!("members.sum({})", self.members(d.min(1), "money")),
            7 if !self.person => format!("members.max({})", self.members(d, "money")),
            8 if !self.person => format!("members.min({})", self.members(d, "money")),
            9 => format!("floor({} / max(1, household_size))", self.money(d)),
            10 if !self.person => "head.wage".to_owned(),
            _ => format!("(-{})", self.money(d)),
        }
    }
}

fn random_library(chance: &mut Chance) -> Option<Library> {
    let mut sources = vec![
        Source::new("data/facts.yaml", FACTS),
        Source::new("data/definitions/d.yaml", DEFINITIONS),
        Source::new("data/parameters/test.yaml", PARAMETERS),
    ];
    for (index, entity) in ["household", "person", "household", "person"].iter().enumerate() {
        let mut author = Author { chance, person: *entity == "person" };
        let (condition, exclusion, amount) = (author.truth(4), author.truth(2), author.money(4));
        let text = format!(
            "programme: random_{index}\nko: 시험\nen: Test\nfor: {entity}\nlaw: 시험\nversions:\n  - from: 2020-01-01\n    mark: O\n    \
             announcement: {{ko: 시험, en: Test}}\n    conditions:\n      - {{id: a, ko: 가, en: A, article: 시험, when: \"{condition}\"}}\n    \
             exclusions:\n      - {{id: b, ko: 나, en: B, article: 시험, when: \"{exclusion}\"}}\n    \
             amount: {{article: 시험, value: \"floor({amount})\"}}\n"
        );
        sources.push(Source::new(&format!("data/programmes/random_{index}.yaml"), &text));
    }
    match Library::load(&sources) {
        Ok(library) => Some(library),
        Err(problems) => {
            let text = problems.to_string();
            assert!(text.lines().all(|line| line.contains("64-bit")), "{text}");
            None
        }
    }
}

fn random_value(registry: &Registry, fact: usize, chance: &mut Chance) -> Option<i64> {
    let def = &registry.facts[fact];
    if chance.below(5) == 0 {
        return None;
    }
    let below = |chance: &mut Chance, bound: i64| {
        i64::try_from(chance.below(u64::try_from(bound).unwrap())).unwrap()
    };
    Some(match def.ty {
        Type::Bool => below(chance, 2),
        Type::Enum(_) => below(chance, def.max + 1),
        Type::Date => {
            (1950 + below(chance, 77)) * 10_000
                + (1 + below(chance, 12)) * 100
                + 1
                + below(chance, 28)
        }
        Type::Number(_) if def.id == "household_size" => 1 + below(chance, 9),
        // Small numbers meet each other and the limits; now and then the largest there is.
        Type::Number(_) => [def.max, 0, 250_000][usize::try_from(chance.below(3)).unwrap()]
            .min(below(chance, 3_000_000)),
    })
}

fn random_household(registry: &Registry, chance: &mut Chance) -> Household {
    let facts = |entity: Entity, chance: &mut Chance| {
        let mut values = vec![None; registry.slots(entity)];
        for (index, def) in
            registry.facts.iter().enumerate().filter(|(_, def)| def.entity == entity)
        {
            // An official figure is seldom given.
            if !def.given || chance.below(6) == 0 {
                values[def.slot] = random_value(registry, index, chance);
            }
        }
        values
    };
    let count = 1 + usize::try_from(chance.below(5)).unwrap();
    let head = usize::try_from(chance.below(u64::try_from(count).unwrap())).unwrap();
    let (role, head_value) = registry.role().unwrap();
    let household = facts(Entity::Household, chance);
    let members = (0..count)
        .map(|index| {
            let mut facts = facts(Entity::Person, chance);
            facts[role] = Some(if index == head { head_value } else { head_value + 1 });
            Member { id: index.to_string(), facts }
        })
        .collect();
    Household { facts: household, members, head }
}

fn file_head(registry: &Registry) -> FileHead {
    let facts = registry
        .facts
        .iter()
        .map(|def| FactColumn {
            name: def.id.clone(),
            of: if def.entity == Entity::Person { Of::Person } else { Of::Household },
            unit: registry.type_name(def.ty),
        })
        .collect();
    FileHead { synthetic: true, note: String::new(), facts }
}

/// The households as columns; the head becomes the first member, in the households as well.
fn batch_of(registry: &Registry, households: &mut [Household]) -> Batch {
    let mut batch = Batch::new(registry.facts.len());
    for (index, household) in households.iter_mut().enumerate() {
        household.members.swap(0, household.head);
        household.head = 0;
        for (column, def) in batch.columns.iter_mut().zip(&registry.facts) {
            match def.entity {
                Entity::Household => column.push(household.facts[def.slot]),
                Entity::Person => {
                    household.members.iter().for_each(|member| column.push(member.facts[def.slot]))
                }
            }
        }
        for member in &household.members {
            batch.person_ids.push(&format!("P{index}-{}", member.id));
        }
        batch.close_household(&format!("H{index}"), 2_914_057_500);
    }
    batch
}

/// Compares outcome, amount and what is missing of every programme for every household and person.
fn compare(compiled: &Compiled, head: &FileHead, batch: &Batch, households: &[Household]) -> usize {
    let plan = Plan::new(compiled, head);
    let mut machine = Machine::new(&plan);
    machine.run(batch);
    let unknown_lines = String::from_utf8(Judge::new(&plan).judge(batch).unknown).unwrap();
    let missing_of: std::collections::HashMap<(&str, &str, &str), Vec<&str>> = unknown_lines
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            (
                (fields[0], fields[1], fields[2]),
                fields[4].split(' ').filter(|one| !one.is_empty()).collect(),
            )
        })
        .collect();
    let mut values = Values::default();
    let mut compared = 0;
    for (home, household) in households.iter().enumerate() {
        values.run(compiled, household);
        for programme in &compiled.programmes {
            let members: Vec<Option<usize>> = match programme.entity {
                Level::Person => (0..household.members.len()).map(Some).collect(),
                _ => vec![None],
            };
            for member in members {
                for n in
                    [Some(programme.eligible), programme.amount.as_ref().map(|amount| amount.node)]
                        .into_iter()
                        .flatten()
                {
                    let one = values.at(compiled, n, member);
                    let row = match (compiled.nodes[n].level, member) {
                        (Level::Person, Some(member)) => batch.members(home).start + member,
                        _ => home,
                    };
                    let many = machine.value(batch, n, row);
                    assert_eq!(
                        one, many,
                        "{} step {n} {:?} household {home} member {member:?}: {household:?}",
                        programme.id, compiled.nodes[n]
                    );
                    compared += 1;
                }
                if values.at(compiled, programme.eligible, member).is_none() {
                    let lacking = missing(compiled, household, &values, programme.eligible, member);
                    let mut names: Vec<&str> = lacking
                        .iter()
                        .filter_map(|one| match one {
                            Lacking::Fact(fact, _) => {
                                compiled.registry.def(*fact).map(|def| def.id.as_str())
                            }
                            Lacking::Parameter(_) => None,
                        })
                        .collect();
                    names.sort_unstable();
                    names.dedup();
                    let household_id = batch.household_ids.get(home);
                    let person_id = member.map_or("", |member| {
                        batch.person_ids.get(batch.members(home).start + member)
                    });
                    let mut told =
                        missing_of[&(programme.id.as_str(), household_id, person_id)].clone();
                    told.retain(|name| !name.starts_with("p."));
                    told.sort_unstable();
                    if member.is_none() {
                        assert_eq!(names, told, "{} household {home}", programme.id);
                    } else {
                        assert!(
                            names.iter().all(|name| told.contains(name)),
                            "{}: {names:?} {told:?}",
                            programme.id
                        );
                    }
                }
            }
        }
    }
    compared
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_rules_and_households_are_answered_alike(seed: u64) {
        let mut chance = Chance::new(seed, 0);
        let library = random_library(&mut chance);
        prop_assume!(library.is_some());
        let library = library.unwrap();
        let compiled = library.compile(20_260_315).unwrap();
        let mut households: Vec<Household> = (0..70).map(|_| random_household(&library.registry, &mut chance)).collect();
        let batch = batch_of(&library.registry, &mut households);
        compare(&compiled, &file_head(&library.registry), &batch, &households);
    }
}

#[test]
fn the_shipped_rules_answer_alike_over_a_synthetic_population() {
    let library = Library::shipped().unwrap();
    let counts = include_str!("../../../data/offices/29140-gwangju-seogu/population.csv");
    let options = SynthOptions {
        office: "29140".into(),
        size: Some(3_000),
        seed: 11,
        on: 20_260_315,
        unknown_per_mille: 40,
    };
    for on in [20_230_301, 20_260_315] {
        let mut generator = Generator::new(&library.registry, counts, options.clone()).unwrap();
        let head = generator.head();
        let compiled = library.compile(on).unwrap();
        let mut compared = 0;
        loop {
            let batch = generator.next_batch(500);
            if batch.households() == 0 {
                break;
            }
            let households = households_of(&library.registry, &head, &batch);
            compared += compare(&compiled, &head, &batch, &households);
        }
        println!("{compared} answers compared on {on}");
        assert!(compared > 3_000);
    }
}

/// The columns as households, as the one-household path takes them.
fn households_of(registry: &Registry, head: &FileHead, batch: &Batch) -> Vec<Household> {
    (0..batch.households())
        .map(|home| {
            let mut household = Household {
                facts: vec![None; registry.slots(Entity::Household)],
                members: Vec::new(),
                head: 0,
            };
            for row in batch.members(home) {
                let id = batch.person_ids.get(row).to_owned();
                household
                    .members
                    .push(Member { id, facts: vec![None; registry.slots(Entity::Person)] });
            }
            for (column, fact) in batch.columns.iter().zip(&head.facts) {
                let (_, def) = registry.fact(&fact.name).unwrap();
                match fact.of {
                    Of::Household => household.facts[def.slot] = column.get(home),
                    Of::Person => {
                        for (member, row) in household.members.iter_mut().zip(batch.members(home)) {
                            member.facts[def.slot] = column.get(row);
                        }
                    }
                }
            }
            household
        })
        .collect()
}
