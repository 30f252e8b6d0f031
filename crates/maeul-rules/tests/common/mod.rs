//! A small world of rules for tests.

use maeul_rules::Library;
use maeul_rules::eval::Values;
use maeul_rules::household::{Household, read};
use maeul_rules::problem::Problems;
use maeul_rules::yaml::Source;

pub const FACTS: &str = "\
enums:
  role: {ko: 관계, en: Role, values: {head: 가구주, spouse: 배우자, child: 자녀}}
  region: {ko: 지역, en: Region, values: {seoul: 서울, busan: 부산}}
facts:
  role: {of: person, type: role, ko: 관계, en: Role}
  birth: {of: person, type: date, ko: 생년월일, en: Date of birth}
  income: {of: person, type: won/month, ko: 소득, en: Income}
  ill: {of: person, type: bool, ko: 질병, en: Ill}
  rent: {of: household, type: won/month, ko: 임차료, en: Rent}
  size: {of: household, type: count, ko: 가구원 수, en: Size, max: 10}
  region: {of: household, type: region, ko: 지역, en: Region}
  owner: {of: household, type: bool, ko: 자가, en: Owner}
  area: {of: household, type: m2, ko: 면적, en: Area}
";

pub const DEFINITIONS: &str = "\
definitions:
  age: {ko: 만 나이, en: Age, value: years_since(birth)}
  given_size: {ko: 수, en: Size, given: true, of: household, type: count, value: members.count(true)}
";

pub const PARAMETERS: &str = "\
parameters:
  limit:
    ko: 한도
    en: Limit
    unit: won
    values:
      - {from: 2025-01-01, to: 2025-12-31, value: 100, basis: 법 1, mark: V}
      - {from: 2026-01-01, value: 200, basis: 법 1, mark: V}
  later:
    ko: 나중
    en: Later
    unit: won
    values:
      - {from: 2030-01-01, value: 100, basis: 법 1, mark: V}
  by_size:
    ko: 수별
    en: By size
    unit: won
    by: [size]
    values:
      - {from: 2025-01-01, value: {1: 100, 2: 200, 3: 300, 4: 400}, each_more: 50, basis: 법 1, mark: V}
  by_region:
    ko: 지역별
    en: By region
    unit: won
    by: [region]
    values:
      - {from: 2025-01-01, value: {seoul: 9}, basis: 법 1, mark: V}
";

/// A programme `a` with one condition.
pub fn rule(entity: &str, when: &str) -> String {
    format!(
        "programme: a\nko: 가\nen: a\nfor: {entity}\nlaw: 법\nversions:\n  - from: 2024-01-01\n    \
         conditions:\n      - {{id: one, ko: 하나, en: one, article: 법, when: \"{when}\"}}\n    \
         announcement: {{ko: 알림, en: notice}}\n"
    )
}

/// The small world with these programmes.
pub fn library(programmes: &[(&str, &str)]) -> Result<Library, Problems> {
    let mut sources = vec![
        Source::new("data/facts.yaml", FACTS),
        Source::new("data/definitions/d.yaml", DEFINITIONS),
        Source::new("data/parameters/p.yaml", PARAMETERS),
    ];
    for (id, text) in programmes {
        sources.push(Source::new(&format!("data/programmes/{id}.yaml"), text));
    }
    Library::load(&sources)
}

/// A household of the small world.
pub fn household(text: &str) -> Household {
    let library = library(&[]).unwrap();
    read(&library.registry, &Source::new("household.yaml", text))
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// What an expression is for a household, as files write it.
pub fn value(expr: &str, household: &Household, on: i64) -> Option<String> {
    // The value is what the condition `value == value` measures.
    let library = library(&[("a", &rule("household", &format!("{expr} == {expr}")))])
        .or_else(|_| library(&[("a", &rule("household", &format!("({expr}) == ({expr})")))]))
        .unwrap_or_else(|problems| panic!("{expr}: {problems}"));
    let compiled = library.compile(on).unwrap();
    let mut values = Values::default();
    values.run(&compiled, household);
    let (node, _) = compiled.programmes[0].conditions[0].measured.clone().unwrap();
    let ty = compiled.nodes[node].ty;
    values.household(node).map(|value| compiled.registry.plain(ty, value))
}
