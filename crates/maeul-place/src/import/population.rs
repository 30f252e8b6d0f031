//! Importing residents: `dong_code,on,sex,age_from,age_to,residents`, an empty `age_to` meaning
//! that age and older.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Ctx, DongCode, Failure, Fault, OfficeId};
use maeul_db::{Tx, args};

use super::table::{Line, read_table};
use super::{ImportRefused, unknown_dong};
use crate::Sex;
use crate::store;

const COLUMNS: [&str; 6] = ["dong_code", "on", "sex", "age_from", "age_to", "residents"];
/// Older than anyone.
const OLDEST: i64 = 150;

/// What identifies a figure of an office: day, 동, sex, youngest age.
type Key = (Date, DongCode, Sex, i32);
/// What it says: oldest age and how many.
type Figure = (Option<i32>, i64);

/// A population table that was read: its figures and the lines they stand on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PopulationFile {
    figures: BTreeMap<Key, (Figure, usize)>,
}

impl PopulationFile {
    /// The days of its counts, the newest last.
    pub fn days(&self) -> Vec<Date> {
        let days: BTreeSet<Date> = self.figures.keys().map(|key| key.0).collect();
        days.into_iter().collect()
    }

    /// All residents on a day.
    pub fn residents(&self, on: Date) -> i64 {
        self.figures.iter().filter(|(key, _)| key.0 == on).map(|(_, ((_, count), _))| count).sum()
    }
}

/// Reads the table.
pub fn plan_population(text: &str) -> Result<PopulationFile, Vec<LineRefusal>> {
    let mut figures: BTreeMap<Key, (Figure, usize)> = BTreeMap::new();
    read_table(text, &COLUMNS, |line| {
        let (key, figure) = read_line(line)?;
        if let Some((_, first)) = figures.insert(key, (figure, line.number)) {
            line.refuse(
                3,
                format!("{first}행과 같은 동·날짜·성별·나이입니다."),
                format!("the same dong, day, sex and age as line {first}"),
            );
        }
        Some(())
    })?;
    Ok(PopulationFile { figures })
}

fn read_line(line: &mut Line<'_>) -> Option<(Key, Figure)> {
    let code = line.code(0);
    let on = line.text(1).to_owned();
    let day: Option<Date> = on.parse().ok();
    if day.is_none() {
        line.refuse(
            1,
            format!("날짜는 2026-01-31처럼 적습니다: ‘{on}’"),
            format!("a date is written like 2026-01-31, not “{on}”"),
        );
    }
    let word = line.text(2).to_owned();
    let sex = Sex::parse(&word);
    if sex.is_none() {
        line.refuse(
            2,
            format!("female 또는 male이어야 합니다: ‘{word}’"),
            format!("must be female or male, not “{word}”"),
        );
    }
    let small = |number: i64| i32::try_from(number).ok();
    let youngest = line.number(3, 0, OLDEST).and_then(small);
    let oldest = if line.text(4).is_empty() {
        Some(None)
    } else {
        line.number(4, youngest.map_or(0, i64::from), OLDEST).and_then(small).map(Some)
    };
    let residents = line.number(5, 0, 100_000_000);
    Some(((day?, code?, sex?, youngest?), (oldest?, residents?)))
}

/// What the import would do, without doing it. `today` is the last day a count can be of.
pub fn preview_population(
    tx: &mut Tx,
    office: OfficeId,
    file: &PopulationFile,
    today: Date,
) -> Result<ImportReport, Failure<ImportRefused>> {
    run(tx, office, file, today, false)
}

/// Makes the counts of the file's days equal to the file; those of other days stay.
pub fn apply_population(
    tx: &mut Tx,
    ctx: &Ctx,
    file: &PopulationFile,
) -> Result<ImportReport, Failure<ImportRefused>> {
    run(tx, ctx.office, file, ctx.today(), true)
}

fn run(
    tx: &mut Tx,
    office: OfficeId,
    file: &PopulationFile,
    today: Date,
    write: bool,
) -> Result<ImportReport, Failure<ImportRefused>> {
    judge(file, &store::known_codes(tx, office)?, today).map_err(Failure::Refused)?;
    let mut report = ImportReport::default();
    for day in file.days() {
        let stored = stored(tx, office, day)?;
        let mut fresh = Vec::new();
        for (key, (figure, _)) in file.figures.iter().filter(|(key, _)| key.0 == day) {
            match stored.get(key) {
                Some(there) if there == figure => report.unchanged += 1,
                Some(_) => {
                    report.changed += 1;
                    fresh.push((key, figure));
                }
                None => {
                    report.added += 1;
                    fresh.push((key, figure));
                }
            }
        }
        let gone: Vec<&Key> =
            stored.keys().filter(|key| !file.figures.contains_key(*key)).collect();
        report.removed += gone.len();
        if !write {
            continue;
        }
        store::put_figures(
            tx,
            fresh.into_iter().map(|((on, code, sex, from), (to, residents))| {
                args![office, code, on, sex, from, to, residents]
            }),
        )?;
        store::delete_figures(
            tx,
            gone.into_iter().map(|(on, code, sex, from)| args![office, code, on, sex, from]),
        )?;
    }
    if write && !report.is_nothing() {
        store::bump_revision(tx, office)?;
    }
    Ok(report)
}

/// Whether every 동 is the office's and no day is still to come.
fn judge(
    file: &PopulationFile,
    known: &BTreeSet<String>,
    today: Date,
) -> Result<(), ImportRefused> {
    let mut refusals = Vec::new();
    let mut told = BTreeSet::new();
    for (key, (_, line)) in &file.figures {
        let (day, code) = (key.0, &key.1);
        // Once for each 동 and day, not for each of its forty rows.
        if !known.contains(code.as_str()) && told.insert(code.to_string()) {
            refusals.push(unknown_dong(*line, code.as_str()));
        }
        if day > today && told.insert(day.to_string()) {
            refusals.push(LineRefusal::new(
                *line,
                "on",
                format!("{day}은(는) 아직 오지 않은 날입니다."),
                format!("{day} is still to come"),
            ));
        }
    }
    refusals.sort();
    if refusals.is_empty() { Ok(()) } else { Err(ImportRefused(refusals)) }
}

fn stored(tx: &mut Tx, office: OfficeId, day: Date) -> Result<BTreeMap<Key, Figure>, Fault> {
    let rows = store::figures(tx, office, day)?;
    Ok(rows
        .into_iter()
        .map(|(code, sex, from, to, count)| ((day, code, sex, from), (to, count)))
        .collect())
}
