//! Which facts of the registry a synthetic household answers, and how.

use super::SynthOptions;
use super::chance::Chance;
use super::circumstances::{Disability, Home, Person, Tenure, Work};
use super::compose::Tie;
use super::counts::Sex;
use super::more::{MORE_HOME, MORE_PERSON};
use crate::registry::{Entity, Registry};
use crate::screen::{Batch, FactColumn, Of};
use crate::value::Type;

/// An answer before it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes(bool),
    Number(i64),
    /// A word of the fact's enumeration.
    Word(&'static str),
}

/// What is known of the office rather than of a household.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    property: &'static str,
    settlement: &'static str,
    pub(super) municipality: &'static str,
    pub(super) on: i64,
}

pub(super) type OfPerson = fn(&Home, &Person, &Region) -> Answer;
pub(super) type OfHome = fn(&Home, &Region) -> Answer;

/// A fact, how it is answered, and whether an office often does not know it.
pub(super) struct Line<F> {
    name: &'static str,
    often_unknown: bool,
    answer: F,
}

pub(super) const fn sure<F>(name: &'static str, answer: F) -> Line<F> {
    Line { name, often_unknown: false, answer }
}

pub(super) const fn hard<F>(name: &'static str, answer: F) -> Line<F> {
    Line { name, often_unknown: true, answer }
}

use Answer::{Number, Word, Yes};

const PERSON: &[Line<OfPerson>] = &[
    sure("role", |_, person, _| {
        Word(match person.resident.tie {
            Tie::Head => "head",
            Tie::Spouse => "spouse",
            Tie::Child => "child",
            Tie::Parent => "parent",
            Tie::Grandchild => "grandchild",
            Tie::Other => "other",
        })
    }),
    sure("birth_date", |_, person, _| Number(person.birth)),
    sure("sex", |_, person, _| {
        Word(if person.resident.sex == Sex::Male { "male" } else { "female" })
    }),
    sure("resident_since", |_, person, region| {
        Number(months_before(region.on, person.months_resident).max(person.birth))
    }),
    sure("foreign_national", |_, _, _| Yes(false)),
    sure("marriage_migrant", |_, person, _| Yes(person.marriage_migrant)),
    sure("disability", |_, person, _| {
        Word(match person.disability {
            Disability::None => "none",
            Disability::Mild => "mild",
            Disability::Severe => "severe",
        })
    }),
    hard("pregnant", |_, person, _| Yes(person.pregnant)),
    sure("student", |_, person, _| Yes(person.work == Work::Student)),
    sure("veteran", |_, person, _| Yes(person.veteran)),
    sure("north_korean_defector", |_, person, _| Yes(person.defector)),
    hard("earned_income", |_, person, _| Number(person.earned)),
    hard("business_income", |_, person, _| Number(person.business)),
    hard("property_income", |home, person, _| {
        let owns = person.resident.tie == Tie::Head;
        Number(if owns { home.general / 400 / 10_000 * 10_000 } else { 0 })
    }),
    hard("transfer_income", |_, person, _| Number(person.transfer)),
    sure("unemployment_benefit", |_, person, _| {
        Yes(person.work == Work::Seeking && (1..=7).contains(&person.months_unemployed))
    }),
    hard("unemployed_months", |_, person, _| Number(person.months_unemployed)),
    sure("civil_servant_family", |_, person, _| Yes(person.birth % 31 == 7)),
    sure("public_jobs_3_years", |_, person, _| {
        Number(if person.work == Work::Seeking { person.birth % 4 } else { 0 })
    }),
    sure("public_jobs_years_running", |_, person, _| {
        Number(if person.work == Work::Seeking { person.birth % 4 } else { 0 })
    }),
    hard("needs_daily_help", |_, person, _| Yes(person.needs_help)),
    sure("recognised_by_head", |_, _, _| Yes(false)),
];

const HOME: &[Line<OfHome>] = &[
    sure("property_region", |_, region| Word(region.property)),
    sure("settlement_class", |_, region| Word(region.settlement)),
    sure("crisis_cause", |home, _| {
        const CAUSES: [&str; 8] = [
            "none",
            "main_earner_lost",
            "illness",
            "violence",
            "disaster",
            "business_closed",
            "job_lost",
            "ordinance",
        ];
        Word(CAUSES.get(home.crisis).copied().unwrap_or("none"))
    }),
    sure("housing_tenure", |home, _| {
        Word(match home.tenure {
            Tenure::Owner => "own",
            Tenure::Deposit | Tenure::Rent | Tenure::PublicRental => "rent",
            Tenure::Free => "free",
        })
    }),
    hard("housing_property", |home, _| Number(home.housing)),
    hard("general_property", |home, _| Number(home.general)),
    hard("financial_property", |home, _| Number(home.financial)),
    hard("vehicle_value", |home, _| Number(home.vehicles)),
    hard("debt", |home, _| Number(home.debts)),
    hard("household_expenses", |home, _| {
        let ill = home.people.iter().filter(|one| one.disability == Disability::Severe).count();
        Number(100_000 * i64::try_from(ill).unwrap_or(0))
    }),
    hard("income_deduction", |home, _| {
        let working: i64 = home.people.iter().map(|one| one.earned + one.business).sum();
        Number(working * 3 / 10)
    }),
    hard("monthly_rent", |home, _| Number(home.rent)),
    sure("receives_living_benefit", |home, _| Yes(poverty(home) == 3)),
    sure("receives_medical_benefit", |home, _| Yes(poverty(home) == 3)),
    sure("receives_housing_benefit", |home, _| {
        Yes(poverty(home) >= 2 && home.tenure != Tenure::Free)
    }),
    sure("receives_education_benefit", |home, _| {
        Yes(poverty(home) >= 2 && home.people.iter().any(|one| one.work == Work::Student))
    }),
    sure("near_poor", |home, _| Yes(poverty(home) == 1)),
    sure("single_parent", |home, _| {
        let has = |tie| home.people.iter().any(|one| one.resident.tie == tie);
        let minor =
            home.people.iter().any(|one| one.resident.tie == Tie::Child && one.resident.age < 19);
        Yes(minor && !has(Tie::Spouse) && poverty(home) >= 1)
    }),
];

/// How poor, 0 to 3, by a rough mark of our own: income and a hundredth of what they own, by the square of need. It
/// decides who already receives; the rules decide who may.
pub(super) fn poverty(home: &Home) -> u8 {
    let income: i64 = home.people.iter().map(|one| one.earned + one.business + one.transfer).sum();
    let owned = (home.housing + home.general + home.financial + home.vehicles - home.debts).max(0);
    let needs = 600_000 + 400_000 * i64::try_from(home.people.len()).unwrap_or(1);
    let means = income + owned / 100;
    // A third of those who could do not: they are whom a screening is to find.
    let asked = home.people.first().is_none_or(|head| head.birth % 3 != 0);
    match means * 10 / needs {
        0..=6 if asked => 3,
        7..=9 if asked => 2,
        10..=12 if asked => 1,
        _ => 0,
    }
}

/// The day so many months before `on`; the first of the month.
pub(super) fn months_before(on: i64, months: i64) -> i64 {
    let index = (on / 10_000) * 12 + on / 100 % 100 - 1 - months;
    index.div_euclid(12) * 10_000 + (index.rem_euclid(12) + 1) * 100 + 1
}

/// One column to fill.
struct Entry<F: 'static> {
    at: usize,
    line: &'static Line<F>,
    /// The words of the enumeration, where the fact is one.
    words: Vec<String>,
}

/// The columns the generator fills in files for one registry.
pub(super) struct Sheet {
    columns: Vec<FactColumn>,
    person: Vec<Entry<OfPerson>>,
    home: Vec<Entry<OfHome>>,
    unmatched: Vec<&'static str>,
    region: Region,
    unknown: u64,
}

impl Sheet {
    pub(super) fn new(registry: &Registry, options: &SynthOptions) -> Self {
        // The first two digits are the province: 서울 11, 광역시 and 세종 26-36, 경기 41.
        let (property, settlement) = match options.office.get(..2) {
            Some("11") => ("seoul", "large_city"),
            Some("26" | "27" | "28" | "29" | "30" | "31" | "36") => ("metropolitan", "large_city"),
            Some("41") => ("gyeonggi", "city"),
            _ => ("other", "rural"),
        };
        let municipality = match options.office.as_str() {
            "29140" => "gwangju_seogu",
            "11380" => "eunpyeong",
            "41150" => "uijeongbu",
            office if office.starts_with("11") => "seoul_other",
            _ => "other",
        };
        let mut sheet = Self {
            columns: Vec::new(),
            person: Vec::new(),
            home: Vec::new(),
            unmatched: Vec::new(),
            region: Region { property, settlement, municipality, on: options.on },
            unknown: options.unknown_per_mille,
        };
        for line in PERSON.iter().chain(MORE_PERSON) {
            if let Some((at, words)) = sheet.add(registry, line.name, Entity::Person) {
                sheet.person.push(Entry { at, line, words });
            }
        }
        for line in HOME.iter().chain(MORE_HOME) {
            if let Some((at, words)) = sheet.add(registry, line.name, Entity::Household) {
                sheet.home.push(Entry { at, line, words });
            }
        }
        sheet
    }

    fn add(
        &mut self,
        registry: &Registry,
        name: &'static str,
        entity: Entity,
    ) -> Option<(usize, Vec<String>)> {
        let Some((_, def)) = registry.fact(name).filter(|(_, def)| def.entity == entity) else {
            self.unmatched.push(name);
            return None;
        };
        let words = match def.ty {
            Type::Enum(id) => registry
                .enums
                .get(id)
                .map(|words| words.values.iter().map(|(word, _)| word.clone()).collect()),
            _ => None,
        };
        let of = if entity == Entity::Person { Of::Person } else { Of::Household };
        self.columns.push(FactColumn {
            name: name.to_owned(),
            of,
            unit: registry.type_name(def.ty),
        });
        Some((self.columns.len() - 1, words.unwrap_or_default()))
    }

    pub(super) fn columns(&self) -> Vec<FactColumn> {
        self.columns.clone()
    }

    pub(super) fn unmatched(&self) -> &[&'static str] {
        &self.unmatched
    }

    pub(super) fn person(
        &self,
        batch: &mut Batch,
        home: &Home,
        person: &Person,
        chance: &mut Chance,
    ) {
        for entry in &self.person {
            let answer = (entry.line.answer)(home, person, &self.region);
            self.store(batch, entry.at, entry.line.often_unknown, &entry.words, answer, chance);
        }
    }

    pub(super) fn home(&self, batch: &mut Batch, home: &Home, chance: &mut Chance) {
        for entry in &self.home {
            let answer = (entry.line.answer)(home, &self.region);
            self.store(batch, entry.at, entry.line.often_unknown, &entry.words, answer, chance);
        }
    }

    fn store(
        &self,
        batch: &mut Batch,
        at: usize,
        hard: bool,
        words: &[String],
        answer: Answer,
        chance: &mut Chance,
    ) {
        let value = match answer {
            Yes(yes) => Some(i64::from(yes)),
            Number(number) => Some(number),
            Word(word) => {
                words.iter().position(|known| known == word).and_then(|at| i64::try_from(at).ok())
            }
        };
        let hidden = hard && chance.per_mille(self.unknown);
        if let Some(column) = batch.columns.get_mut(at) {
            column.push(value.filter(|_| !hidden));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_taken_over_the_year() {
        assert_eq!(months_before(20_260_322, 3), 20_251_201);
        assert_eq!(months_before(20_260_322, 0), 20_260_301);
        assert_eq!(months_before(20_260_322, 36), 20_230_301);
    }
}
