//! Rows of persons become whole households. A household that cannot be judged is refused with all its rows and the
//! reason; nothing is dropped in silence.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use maeul_base::import::LineRefusal;

use super::batch::Batch;
use super::colfile::{FactColumn, Of};
use crate::registry::{Entity, Registry};
use crate::value::Type;

/// No household has more members: the limit on which the rules' arithmetic relies.
pub const LARGEST_HOUSEHOLD: usize = 30;

/// The four columns every population has, before the facts.
pub const KEYS: [&str; 4] = ["household_id", "person_id", "dong_code", "role"];

/// One person as read: text is still as it stood in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The line in the file, from 1; of a file without lines, the row.
    pub line: usize,
    /// The household's identifier.
    pub household_id: String,
    /// The person's identifier.
    pub person_id: String,
    /// The 행정동, ten digits.
    pub dong_code: String,
    /// The values of the facts, in the order of the columns; `None` is not known.
    pub values: Vec<Option<i64>>,
    /// What was wrong with the row already when it was read.
    pub refusals: Vec<LineRefusal>,
    /// The row as it stood in the file, for the list of refused rows.
    pub raw: String,
}

/// A row that was refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// The reason; it may lie in another row of the same household.
    pub why: LineRefusal,
    /// The line of this row.
    pub line: usize,
    /// The row as it stood in the file.
    pub raw: String,
}

/// Collects rows into households and households into batches.
pub struct Assembler {
    facts: Vec<FactColumn>,
    /// Where `role` is among the facts, and which value is the head.
    role: Option<(usize, i64)>,
    home: Vec<Row>,
    seen: Seen,
    batch: Batch,
    refused: Vec<RefusedRow>,
}

/// Which households and persons were met: eight bytes each.
#[derive(Default)]
struct Seen {
    households: HashSet<u64, BuildHasherDefault<Same>>,
    persons: HashSet<u64, BuildHasherDefault<Same>>,
}

/// The keys are hashes already.
#[derive(Default)]
struct Same(u64);

impl std::hash::Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

fn hash(text: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}

/// The columns of `names` in a population file, as the registry knows them.
///
/// # Errors
/// For each column that is no fact or names another unit: where it stands and what was expected.
pub fn fact_columns(
    registry: &Registry,
    names: &[&str],
    line: usize,
) -> Result<Vec<FactColumn>, Vec<LineRefusal>> {
    let mut columns: Vec<FactColumn> = Vec::with_capacity(names.len());
    let mut refusals = Vec::new();
    for written in names {
        // A header may name the unit: `earned_income[won/month]`.
        let (name, unit) = match written.split_once('[') {
            Some((name, unit)) => (name.trim(), Some(unit.trim_end_matches(']').trim())),
            None => (written.trim(), None),
        };
        let Some((_, fact)) = registry.fact(name) else {
            let near =
                crate::problem::nearest(name, registry.facts.iter().map(|fact| fact.id.as_str()));
            let (ko, en) = crate::problem::did_you_mean(near);
            refusals.push(LineRefusal::new(
                line,
                name,
                format!("모르는 열입니다.{ko}"),
                format!("This column is no known fact.{en}"),
            ));
            continue;
        };
        let expected = registry.type_name(fact.ty);
        if unit.is_some_and(|unit| unit != expected) {
            refusals.push(LineRefusal::new(
                line,
                name,
                format!("단위가 맞지 않습니다. {expected}이어야 합니다."),
                format!("Wrong unit: it must be {expected}."),
            ));
        }
        if columns.iter().any(|column| column.name == name) {
            refusals.push(LineRefusal::new(
                line,
                name,
                "열이 두 번 있습니다.",
                "The column is there twice.",
            ));
        }
        let of = if fact.entity == Entity::Person { Of::Person } else { Of::Household };
        columns.push(FactColumn { name: name.to_owned(), of, unit: expected });
    }
    if refusals.is_empty() { Ok(columns) } else { Err(refusals) }
}

/// Reads one cell of a column; an empty one is not known.
///
/// # Errors
/// Why, in Korean and English.
pub fn read_cell(
    registry: &Registry,
    fact: &str,
    text: &str,
) -> Result<Option<i64>, (String, String)> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let Some((_, def)) = registry.fact(fact) else { return Ok(None) };
    let text = match (def.ty, text) {
        (Type::Bool, "1" | "예" | "Y" | "y") => "true",
        (Type::Bool, "0" | "아니요" | "아니오" | "N" | "n") => "false",
        _ => text,
    };
    let value = registry.read(def.ty, text)?;
    check_range(registry, fact, value).map(|()| Some(value))
}

/// Is the value within the fact's limits?
///
/// # Errors
/// Why not, in Korean and English.
pub fn check_range(registry: &Registry, fact: &str, value: i64) -> Result<(), (String, String)> {
    let Some((_, def)) = registry.fact(fact) else { return Ok(()) };
    if value < 0 && def.min >= 0 {
        return Err(("0보다 작을 수 없습니다.".into(), "It cannot be negative.".into()));
    }
    if value < def.min || value > def.max {
        let show = |value, lang| registry.show(def.ty, value, lang);
        use maeul_base::Lang::{En, Ko};
        return Err((
            format!("{} 이상 {} 이하여야 합니다.", show(def.min, Ko), show(def.max, Ko)),
            format!("It must be between {} and {}.", show(def.min, En), show(def.max, En)),
        ));
    }
    Ok(())
}

impl Assembler {
    /// For a file of these columns.
    pub fn new(registry: &Registry, facts: Vec<FactColumn>) -> Self {
        let head = registry.role().map(|(_, head)| head);
        let role = facts.iter().position(|fact| fact.name == crate::registry::ROLE).zip(head);
        let batch = Batch::new(facts.len());
        Self { facts, role, home: Vec::new(), seen: Seen::default(), batch, refused: Vec::new() }
    }

    /// The next row. The rows of a household follow each other.
    pub fn push(&mut self, row: Row) {
        if self.home.last().is_some_and(|last| last.household_id != row.household_id) {
            self.close();
        }
        self.home.push(row);
    }

    /// Ends the last household.
    pub fn finish(&mut self) {
        self.close();
    }

    /// The households ready to be taken.
    pub fn ready(&self) -> usize {
        self.batch.households()
    }

    /// Takes the households that are ready.
    pub fn take_batch(&mut self) -> Batch {
        std::mem::replace(&mut self.batch, Batch::new(self.facts.len()))
    }

    /// Takes the rows refused since the last time.
    pub fn take_refused(&mut self) -> Vec<RefusedRow> {
        std::mem::take(&mut self.refused)
    }

    fn close(&mut self) {
        let mut home = std::mem::take(&mut self.home);
        let Some(first) = home.first() else { return };
        let wrong = self.wrong(&home);
        // Met is met, refused or not: a second household of that name is refused as well.
        self.seen.households.insert(hash(&first.household_id));
        for row in &home {
            self.seen.persons.insert(hash(&row.person_id));
        }
        if let Some(why) = wrong {
            self.refused.extend(home.into_iter().map(|row| RefusedRow {
                why: why.clone(),
                line: row.line,
                raw: row.raw,
            }));
            return;
        }
        let head = self.role.map_or(0, |(role, head)| {
            home.iter()
                .position(|row| row.values.get(role).copied().flatten() == Some(head))
                .unwrap_or(0)
        });
        home.swap(0, head);
        for (index, (fact, column)) in self.facts.iter().zip(&mut self.batch.columns).enumerate() {
            let value = |row: &Row| row.values.get(index).copied().flatten();
            match fact.of {
                Of::Person => home.iter().for_each(|row| column.push(value(row))),
                Of::Household => column.push(home.iter().find_map(value)),
            }
        }
        for row in &home {
            self.batch.person_ids.push(&row.person_id);
        }
        if let Some(row) = home.first() {
            self.batch.close_household(&row.household_id, row.dong_code.parse().unwrap_or(0));
        }
    }

    /// The first reason why this household cannot be judged.
    fn wrong(&self, home: &[Row]) -> Option<LineRefusal> {
        let first = home.first()?;
        if let Some(refusal) = home.iter().find_map(|row| row.refusals.first()) {
            return Some(refusal.clone());
        }
        let refuse = |row: &Row, field: &str, ko: &str, en: &str| {
            Some(LineRefusal::new(row.line, field, ko, en))
        };
        if first.household_id.is_empty() {
            return refuse(
                first,
                "household_id",
                "가구 번호가 없습니다.",
                "The household's identifier is missing.",
            );
        }
        if self.seen.households.contains(&hash(&first.household_id)) {
            return refuse(
                first,
                "household_id",
                "같은 가구가 앞에 있습니다. 한 가구의 줄은 이어져 있어야 합니다.",
                "This household was met before: the rows of a household must follow each other.",
            );
        }
        if home.len() > LARGEST_HOUSEHOLD {
            return refuse(
                first,
                "household_id",
                "가구원이 30명을 넘습니다.",
                "The household has more than 30 members.",
            );
        }
        let mut ids = HashSet::new();
        for row in home {
            if row.person_id.is_empty() {
                return refuse(
                    row,
                    "person_id",
                    "사람 번호가 없습니다.",
                    "The person's identifier is missing.",
                );
            }
            if !ids.insert(&row.person_id) || self.seen.persons.contains(&hash(&row.person_id)) {
                return refuse(
                    row,
                    "person_id",
                    "같은 사람이 이미 있습니다.",
                    "This person is there already.",
                );
            }
            if row.dong_code.len() != 10 || row.dong_code.parse::<i64>().is_err() {
                return refuse(
                    row,
                    "dong_code",
                    "행정동 코드는 숫자 열 자리입니다.",
                    "The code of the 행정동 has ten digits.",
                );
            }
            if row.dong_code != first.dong_code {
                return refuse(
                    row,
                    "dong_code",
                    "한 가구의 행정동이 서로 다릅니다.",
                    "The members of one household have different 행정동.",
                );
            }
        }
        if let Some((role, head)) = self.role {
            let is_head = |row: &&Row| row.values.get(role).copied().flatten() == Some(head);
            let heads = home.iter().filter(is_head).count();
            if heads == 0 {
                return refuse(
                    first,
                    "role",
                    "세대주(head)가 없습니다.",
                    "The household has no head.",
                );
            }
            if heads > 1 {
                let second = home.iter().filter(is_head).nth(1).unwrap_or(first);
                return refuse(
                    second,
                    "role",
                    "세대주(head)가 둘 이상입니다.",
                    "The household has more than one head.",
                );
            }
        }
        for (index, fact) in
            self.facts.iter().enumerate().filter(|(_, fact)| fact.of == Of::Household)
        {
            let mut known = home
                .iter()
                .filter_map(|row| Some((row, row.values.get(index).copied().flatten()?)));
            if let Some((_, value)) = known.next()
                && let Some((row, _)) = known.find(|&(_, other)| other != value)
            {
                return refuse(
                    row,
                    &fact.name,
                    "가구의 사실인데 가구원마다 값이 다릅니다.",
                    "A fact of the household, but its members' rows disagree.",
                );
            }
        }
        None
    }
}
