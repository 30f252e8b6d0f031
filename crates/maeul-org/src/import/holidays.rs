//! `holidays.csv`: days beyond the computed public holidays.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Ctx, Fault, OfficeId};
use maeul_db::Tx;

use crate::act::add_holiday::{NewHoliday, announce};
use crate::{Holiday, HolidayKind, read, store};

const COLUMNS: [&str; 5] = ["date", "name_ko", "name_en", "kind", "basis"];

/// Reads and judges the whole file.
pub fn plan_holidays(text: &str) -> Result<Vec<NewHoliday>, Vec<LineRefusal>> {
    let mut refusals = Vec::new();
    let mut days: BTreeMap<Date, (usize, NewHoliday)> = BTreeMap::new();
    for (line, row) in csv_rows(text, &COLUMNS, &mut refusals) {
        let cell = |name: &str| row.get(name).map_or("", String::as_str);
        let mut refuse = |field: &str, ko: String, en: String| {
            refusals.push(LineRefusal::new(line, field, ko, en));
        };
        for name in ["name_ko", "name_en", "basis"] {
            if cell(name).is_empty() {
                refuse(name, "값이 없습니다.".into(), "A value is missing.".into());
            }
        }
        let on_day: Option<Date> = cell("date").parse().ok();
        if on_day.is_none() {
            refuse(
                "date",
                "날짜를 2026-05-18처럼 적어 주십시오.".into(),
                "Please write a day, such as 2026-05-18.".into(),
            );
        }
        let kind = HolidayKind::parse(cell("kind"));
        if kind.is_none() {
            refuse(
                "kind",
                "local(지방공휴일) 또는 temporary(임시공휴일)여야 합니다.".into(),
                "This must be local or temporary.".into(),
            );
        }
        let (Some(on_day), Some(kind)) = (on_day, kind) else { continue };
        if let Some((first, _)) = days.get(&on_day) {
            refuse(
                "date",
                format!("{on_day}은(는) {first}행에 이미 있습니다."),
                format!("{on_day} stands on line {first} already."),
            );
            continue;
        }
        let (name_ko, name_en) = (cell("name_ko").to_owned(), cell("name_en").to_owned());
        let basis = cell("basis").to_owned();
        days.insert(on_day, (line, NewHoliday { on_day, name_ko, name_en, kind, basis }));
    }
    if refusals.is_empty() {
        Ok(days.into_values().map(|(_, day)| day).collect())
    } else {
        refusals.sort();
        Err(refusals)
    }
}

/// What the import would do, without doing it.
pub fn preview_holidays(
    tx: &mut Tx,
    office: OfficeId,
    days: &[NewHoliday],
) -> Result<ImportReport, Fault> {
    Ok(compare(&read::holidays(tx, office)?, days).0)
}

/// Adds the days, or gives those already stored their new name, kind and basis.
pub fn apply_holidays(tx: &mut Tx, ctx: &Ctx, days: &[NewHoliday]) -> Result<ImportReport, Fault> {
    let (report, changed) = compare(&read::holidays(tx, ctx.office)?, days);
    for day in &changed {
        store::put_holiday(tx, ctx.office, &day.added(ctx.now))?;
    }
    if let Some(first) = changed.iter().map(|day| day.on_day).min() {
        announce(tx, ctx, first)?;
    }
    Ok(report)
}

fn compare<'a>(stored: &[Holiday], days: &'a [NewHoliday]) -> (ImportReport, Vec<&'a NewHoliday>) {
    let mut report = ImportReport::default();
    let mut changed = Vec::new();
    for day in days {
        match stored.iter().find(|it| it.on_day == day.on_day) {
            Some(it) if day.added(it.added_at) == *it => report.unchanged += 1,
            Some(_) => {
                report.changed += 1;
                changed.push(day);
            }
            None => {
                report.added += 1;
                changed.push(day);
            }
        }
    }
    (report, changed)
}

/// The rows of a table, each with its line and its cells by column name; the head line must have
/// exactly `columns`, in any order.
pub fn csv_rows(
    text: &str,
    columns: &[&str],
    refusals: &mut Vec<LineRefusal>,
) -> Vec<(usize, BTreeMap<String, String>)> {
    // With CRLF the reader would count the line of a record one too low.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let head: Vec<String> = match reader.headers() {
        Ok(head) => head.iter().map(str::to_owned).collect(),
        Err(_) => Vec::new(),
    };
    let before = refusals.len();
    for name in columns.iter().filter(|name| !head.iter().any(|it| it == *name)) {
        refusals.push(LineRefusal::new(1, *name, "열이 없습니다.", "The column is missing."));
    }
    for (at, name) in head.iter().enumerate() {
        if !columns.contains(&name.as_str()) {
            refusals.push(LineRefusal::new(1, name, "모르는 열입니다.", "Unknown column."));
        } else if head.iter().take(at).any(|earlier| earlier == name) {
            refusals.push(LineRefusal::new(
                1,
                name,
                "같은 열이 두 번 있습니다.",
                "The column appears twice.",
            ));
        }
    }
    if refusals.len() > before {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        // A text in memory cannot fail to be read, and it is valid UTF-8 already.
        let Ok(record) = record else { continue };
        let line = record.position().and_then(|at| usize::try_from(at.line()).ok()).unwrap_or(1);
        if record.len() != head.len() {
            let (has, wanted) = (record.len(), head.len());
            refusals.push(LineRefusal::new(
                line,
                "",
                format!("칸이 {wanted}개여야 하는데 {has}개입니다."),
                format!("There should be {wanted} cells, and there are {has}."),
            ));
            continue;
        }
        rows.push((line, head.iter().cloned().zip(record.iter().map(str::to_owned)).collect()));
    }
    rows
}
