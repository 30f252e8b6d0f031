//! What other rooms and pages ask about places.

use jiff::civil::Date;
use maeul_base::{DongCode, Fault, FaultKind, Lang, OfficeId};
use maeul_db::{Tx, args, row, text_value};
use serde_json::Value;

use crate::{Dong, DongIndex, Shape};

row! {
    /// A 동 without its border.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct DongName {
        /// Its code.
        pub code: DongCode,
        /// Its Korean name.
        pub name_ko: String,
        /// Its English name.
        pub name_en: String,
        /// Its area in square metres.
        pub area_m2: i64,
    }
}

impl DongName {
    /// The name in that language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.name_ko, &self.name_en)
    }
}

row! {
    /// How many people live in a 동.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct DongPopulation {
        /// The 동.
        pub code: DongCode,
        /// The day of the count.
        pub on_day: Date,
        /// All residents.
        pub residents: i64,
        /// Of them, women and girls.
        pub female: i64,
        /// Of them, men and boys.
        pub male: i64,
        /// Of them, 65 years and older.
        pub aged_65: i64,
    }
}

/// The sex the resident register keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// 여
    Female,
    /// 남
    Male,
}

impl Sex {
    /// The word kept in the database and in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }

    /// The sex of that word, also as statistics files write it.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "female" | "F" | "f" | "여" | "여자" => Some(Self::Female),
            "male" | "M" | "m" | "남" | "남자" => Some(Self::Male),
            _ => None,
        }
    }
}

text_value!(Sex);

row! {
    /// Residents of a 동 of one sex and age.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct AgeGroup {
        /// Their sex.
        pub sex: Sex,
        /// The youngest, in years.
        pub age_from: i32,
        /// The oldest; `None` means that age and older.
        pub age_to: Option<i32>,
        /// How many.
        pub residents: i64,
    }
}

row! {
    /// A 법정동 that lies, in part or whole, in a 행정동.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct LegalDong {
        /// The 행정동.
        pub dong_code: DongCode,
        /// The 법정동's own ten digits.
        pub legal_code: String,
        /// The 법정동's name.
        pub name: String,
    }
}

type DongRow = (DongCode, String, String, Date, Option<Date>, Value);

fn dong(row: DongRow) -> Result<Dong, Fault> {
    let (code, name_ko, name_en, valid_from, valid_to, geometry) = row;
    let shape = Shape::from_json(&geometry).ok_or_else(|| {
        Fault::new(FaultKind::Decode, format!("place_dong.geometry of {code} cannot be read"))
    })?;
    Ok(Dong { code, name_ko, name_en, valid_from, valid_to, shape })
}

/// Every 동 of an office with its border, past ones too, by code and day.
pub fn all_dongs(tx: &mut Tx, office: OfficeId) -> Result<Vec<Dong>, Fault> {
    let rows: Vec<DongRow> = tx.all(
        "SELECT code, name_ko, name_en, valid_from, valid_to, geometry FROM place_dong
          WHERE office_id = $1 ORDER BY code, valid_from",
        args![office],
    )?;
    rows.into_iter().map(dong).collect()
}

/// The 동 in force on a day with their borders, by code.
pub fn load_dongs(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Vec<Dong>, Fault> {
    let rows: Vec<DongRow> = tx.all(
        "SELECT code, name_ko, name_en, valid_from, valid_to, geometry FROM place_dong
          WHERE office_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
          ORDER BY code",
        args![office, on],
    )?;
    rows.into_iter().map(dong).collect()
}

/// The index of the 동 in force on a day: built once, kept until [`revision`] changes.
pub fn load_index(tx: &mut Tx, office: OfficeId, on: Date) -> Result<DongIndex, Fault> {
    Ok(DongIndex::new(load_dongs(tx, office, on)?))
}

/// The 동 in force on a day without their borders, by code.
pub fn dongs(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Vec<DongName>, Fault> {
    tx.all(
        "SELECT code, name_ko, name_en, area_m2 FROM place_dong
          WHERE office_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
          ORDER BY code",
        args![office, on],
    )
}

/// How often places were imported; 0 at first. What is kept in memory reloads when it changes.
pub fn revision(tx: &mut Tx, office: OfficeId) -> Result<i64, Fault> {
    let found: Option<(i64,)> =
        tx.get("SELECT revision FROM place_revision WHERE office_id = $1", args![office])?;
    Ok(found.map_or(0, |(revision,)| revision))
}

/// Asks for the same over all offices, for what is kept of all of them together.
pub const TOTAL_REVISION: &str =
    "SELECT CAST(coalesce(sum(revision), 0) AS bigint) FROM place_revision";

/// The day of the newest count of residents up to `on`.
fn counted_on(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Option<Date>, Fault> {
    let found: Option<(Date,)> = tx.get(
        "SELECT on_day FROM place_population WHERE office_id = $1 AND on_day <= $2
          ORDER BY on_day DESC LIMIT 1",
        args![office, on],
    )?;
    Ok(found.map(|(day,)| day))
}

macro_rules! residents {
    ($which:literal) => {
        concat!(
            "SELECT dong_code, on_day, CAST(sum(residents) AS bigint),
                    CAST(sum(CASE WHEN sex = 'female' THEN residents ELSE 0 END) AS bigint),
                    CAST(sum(CASE WHEN sex = 'male' THEN residents ELSE 0 END) AS bigint),
                    CAST(sum(CASE WHEN age_from >= 65 THEN residents ELSE 0 END) AS bigint)
               FROM place_population ",
            $which
        )
    };
}

/// Residents by 동 at the newest count up to `on`, by code; empty when there is none.
pub fn population(tx: &mut Tx, office: OfficeId, on: Date) -> Result<Vec<DongPopulation>, Fault> {
    let Some(day) = counted_on(tx, office, on)? else { return Ok(Vec::new()) };
    tx.all(
        residents!(
            "WHERE office_id = $1 AND on_day = $2 GROUP BY dong_code, on_day ORDER BY dong_code"
        ),
        args![office, day],
    )
}

/// Residents of one 동 at the office's newest count up to `on`.
pub fn population_of(
    tx: &mut Tx,
    office: OfficeId,
    dong: &DongCode,
    on: Date,
) -> Result<Option<DongPopulation>, Fault> {
    tx.get(
        residents!(
            "WHERE office_id = $1 AND dong_code = $2 AND on_day = (
                SELECT max(on_day) FROM place_population WHERE office_id = $1 AND on_day <= $3)
              GROUP BY dong_code, on_day"
        ),
        args![office, dong, on],
    )
}

/// Residents of one 동 by sex and age at the newest count up to `on`.
pub fn population_by_age(
    tx: &mut Tx,
    office: OfficeId,
    dong: &DongCode,
    on: Date,
) -> Result<Vec<AgeGroup>, Fault> {
    let Some(day) = counted_on(tx, office, on)? else { return Ok(Vec::new()) };
    tx.all(
        "SELECT sex, age_from, age_to, residents FROM place_population
          WHERE office_id = $1 AND on_day = $2 AND dong_code = $3 ORDER BY sex, age_from",
        args![office, day, dong],
    )
}

/// Which 법정동 lie in which 행정동, by both codes.
pub fn legal_dongs(tx: &mut Tx, office: OfficeId) -> Result<Vec<LegalDong>, Fault> {
    tx.all(
        "SELECT dong_code, legal_code, name FROM place_legal_dong
          WHERE office_id = $1 ORDER BY dong_code, legal_code",
        args![office],
    )
}

/// The names of the 법정동 that lie in one 행정동, by code.
pub fn legal_names(tx: &mut Tx, office: OfficeId, dong: &DongCode) -> Result<Vec<String>, Fault> {
    let names: Vec<(String,)> = tx.all(
        "SELECT name FROM place_legal_dong
          WHERE office_id = $1 AND dong_code = $2 ORDER BY legal_code",
        args![office, dong],
    )?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}
