//! Counts and won by programme, 행정동 and age band.

use std::collections::BTreeMap;

use maeul_base::Lang;
use serde_json::{Value, json};

/// The first age of each band; the last entry of [`BANDS`] is for those whose birth date is not known.
const FIRST_AGES: [i64; 6] = [0, 19, 35, 50, 65, 75];
/// The bands of ages by which is counted; a household is counted with its head.
pub const BANDS: [&str; 7] = ["0-18", "19-34", "35-49", "50-64", "65-74", "75+", "unknown"];

/// The band of an age in full years.
pub fn band(age: Option<i64>) -> usize {
    match age {
        Some(age) => FIRST_AGES.iter().rposition(|first| age >= *first).unwrap_or(0),
        None => BANDS.len() - 1,
    }
}

/// What was found in one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Those judged: households or persons, as the programme is for.
    pub judged: u64,
    /// Eligible.
    pub eligible: u64,
    /// Not decidable: a fact is missing.
    pub unknown: u64,
    /// The sum of the known amounts of the eligible, in the programme's unit.
    pub won: i128,
    /// Eligible, but the amount is not known.
    pub amount_unknown: u64,
}

impl Count {
    /// Adds another count.
    pub const fn add(&mut self, other: &Self) {
        self.judged += other.judged;
        self.eligible += other.eligible;
        self.unknown += other.unknown;
        self.won += other.won;
        self.amount_unknown += other.amount_unknown;
    }
}

/// The counts of a run, or of a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Households read.
    pub households: u64,
    /// Persons read.
    pub persons: u64,
    /// By programme (its place among those compiled), 동 and band.
    pub cells: BTreeMap<(usize, i64, usize), Count>,
    /// How often each fact was missing, by programme.
    pub missing: BTreeMap<(usize, String), u64>,
}

impl Tally {
    /// Adds the counts of another part.
    pub fn add(&mut self, other: &Self) {
        self.households += other.households;
        self.persons += other.persons;
        for (key, count) in &other.cells {
            self.cells.entry(*key).or_default().add(count);
        }
        for (key, count) in &other.missing {
            *self.missing.entry(key.clone()).or_default() += count;
        }
    }

    /// The counts of a programme over everything.
    pub fn programme(&self, programme: usize) -> Count {
        let mut total = Count::default();
        for (_, count) in self.cells.range((programme, i64::MIN, 0)..(programme + 1, i64::MIN, 0)) {
            total.add(count);
        }
        total
    }

    /// The counts of a programme by 동.
    pub fn by_dong(&self, programme: usize) -> BTreeMap<i64, Count> {
        let mut dongs: BTreeMap<i64, Count> = BTreeMap::new();
        for (&(_, dong, _), count) in
            self.cells.range((programme, i64::MIN, 0)..(programme + 1, i64::MIN, 0))
        {
            dongs.entry(dong).or_default().add(count);
        }
        dongs
    }

    /// The counts of a programme by age band.
    pub fn by_band(&self, programme: usize) -> BTreeMap<usize, Count> {
        let mut bands: BTreeMap<usize, Count> = BTreeMap::new();
        for (&(_, _, band), count) in
            self.cells.range((programme, i64::MIN, 0)..(programme + 1, i64::MIN, 0))
        {
            bands.entry(band).or_default().add(count);
        }
        bands
    }

    /// What is missing most often for a programme.
    pub fn missing_of(&self, programme: usize) -> Vec<(&str, u64)> {
        let mut found: Vec<(&str, u64)> = self
            .missing
            .range((programme, String::new())..(programme + 1, String::new()))
            .map(|((_, fact), count)| (fact.as_str(), *count))
            .collect();
        found.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
        found
    }

    /// As it is kept between the pieces of a run.
    pub fn to_json(&self) -> Value {
        let cells: Vec<Value> = self
            .cells
            .iter()
            .map(|((programme, dong, band), count)| {
                json!([
                    programme,
                    dong,
                    band,
                    count.judged,
                    count.eligible,
                    count.unknown,
                    count.won.to_string(),
                    count.amount_unknown
                ])
            })
            .collect();
        let missing: Vec<Value> = self
            .missing
            .iter()
            .map(|((programme, fact), count)| json!([programme, fact, count]))
            .collect();
        json!({"households": self.households, "persons": self.persons, "cells": cells, "missing": missing})
    }

    /// What [`Tally::to_json`] wrote; `None` if it is something else.
    pub fn of_json(value: &Value) -> Option<Self> {
        let mut tally = Self {
            households: value.get("households")?.as_u64()?,
            persons: value.get("persons")?.as_u64()?,
            ..Self::default()
        };
        let number = |row: &Value, at: usize| row.get(at)?.as_u64();
        let place = |row: &Value, at: usize| usize::try_from(number(row, at)?).ok();
        for row in value.get("cells")?.as_array()? {
            let count = Count {
                judged: number(row, 3)?,
                eligible: number(row, 4)?,
                unknown: number(row, 5)?,
                won: row.get(6)?.as_str()?.parse().ok()?,
                amount_unknown: number(row, 7)?,
            };
            tally.cells.insert((place(row, 0)?, row.get(1)?.as_i64()?, place(row, 2)?), count);
        }
        for row in value.get("missing")?.as_array()? {
            tally
                .missing
                .insert((place(row, 0)?, row.get(1)?.as_str()?.to_owned()), number(row, 2)?);
        }
        Some(tally)
    }
}

/// A band's name for a person to read.
pub fn band_name(band: usize, lang: Lang) -> String {
    match BANDS.get(band) {
        None | Some(&"unknown") => lang.t("나이 모름", "age unknown").to_owned(),
        Some(&"75+") => lang.t("75세 이상", "75 and over").to_owned(),
        Some(range) => format!("{range}{}", lang.t("세", "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_fall_into_their_bands() {
        let bands: Vec<&str> =
            [Some(-1), Some(0), Some(18), Some(19), Some(64), Some(65), Some(75), Some(104), None]
                .map(|age| BANDS[band(age)])
                .into();
        assert_eq!(
            bands,
            ["0-18", "0-18", "0-18", "19-34", "50-64", "65-74", "75+", "75+", "unknown"]
        );
    }

    #[test]
    fn a_tally_survives_a_break() {
        let mut tally = Tally { households: 2, persons: 5, ..Tally::default() };
        let count = Count { judged: 5, eligible: 1, unknown: 2, won: 1 << 70, amount_unknown: 1 };
        tally.cells.insert((0, 2_914_057_500, 3), count);
        tally.cells.insert((1, 2_914_057_500, 4), count);
        tally.missing.insert((0, "earned_income".into()), 2);
        assert_eq!(Tally::of_json(&tally.to_json()), Some(tally.clone()));
        let once = tally.clone();
        tally.add(&once);
        assert_eq!(tally.programme(0).won, 1 << 71);
        assert_eq!(tally.by_dong(0).len(), 1);
        assert_eq!(tally.missing_of(0), [("earned_income", 4)]);
        assert!(tally.missing_of(1).is_empty());
    }
}
