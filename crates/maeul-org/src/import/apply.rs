//! Compares an `org.toml` with what is stored, and writes the difference.

use std::collections::{BTreeMap, BTreeSet};

use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Ctx, Failure, Fault, FaultKind, OfficeId, UnitId};
use maeul_db::Tx;
use uuid::Uuid;

use super::{AssignmentLine, ImportRefused, OfficeLine, OrgFile, UnitLine};
use crate::id::ChartRowId;
use crate::{Assignment, Duty, Office, Succession, Unit, read, store};

/// What the import would do, without doing it.
pub fn preview_org(tx: &mut Tx, file: &OrgFile) -> Result<ImportReport, Failure<ImportRefused>> {
    judge(tx, file)?;
    let mut report = ImportReport::default();
    walk(tx, file, None, &mut report)?;
    Ok(report)
}

/// Makes the stored office and chart equal to the file; a second time it changes nothing. Units and
/// duties missing from the file stay, because cases point at them; assignments and successions
/// missing from it go, because the file is the whole chart.
pub fn apply_org(
    tx: &mut Tx,
    ctx: &Ctx,
    file: &OrgFile,
) -> Result<ImportReport, Failure<ImportRefused>> {
    same_office(ctx, file)?;
    judge(tx, file)?;
    let mut report = ImportReport::default();
    walk(tx, file, Some(ctx), &mut report)?;
    if !report.is_nothing() {
        store::bump_revision(tx, file.office.id)?;
    }
    Ok(report)
}

/// Creates or changes only the office itself.
pub fn apply_office(
    tx: &mut Tx,
    ctx: &Ctx,
    file: &OrgFile,
) -> Result<ImportReport, Failure<ImportRefused>> {
    same_office(ctx, file)?;
    judge(tx, file)?;
    let mut report = ImportReport::default();
    office(tx, &file.office, Some(ctx), &mut report)?;
    if !report.is_nothing() {
        store::bump_revision(tx, file.office.id)?;
    }
    Ok(report)
}

fn same_office(ctx: &Ctx, file: &OrgFile) -> Result<(), Failure<ImportRefused>> {
    if ctx.office == file.office.id {
        return Ok(());
    }
    let (line, own, given) = (file.office.line, ctx.office, file.office.id);
    Err(Failure::Refused(ImportRefused(vec![LineRefusal::new(
        line,
        "id",
        format!("이 파일은 기관 {given}의 것입니다. 지금 기관은 {own}입니다."),
        format!("This file is for office {given}; the office chosen is {own}."),
    )])))
}

/// What can only be judged beside what is stored.
fn judge(tx: &mut Tx, file: &OrgFile) -> Result<(), Failure<ImportRefused>> {
    let other = read::office_by_slug(tx, &file.office.slug)?;
    if let Some(other) = other.filter(|other| other.id != file.office.id) {
        return Err(Failure::Refused(ImportRefused(vec![LineRefusal::new(
            file.office.line,
            "slug",
            format!("주소 이름 {}은(는) 기관 {}이(가) 이미 씁니다.", other.slug, other.name_ko),
            format!("The web name {} belongs to {} already.", other.slug, other.name_en),
        )])));
    }
    Ok(())
}

/// Counts a record, and tells whether it must be written.
fn differs<T>(report: &mut ImportReport, stored: Option<T>, same: impl Fn(&T) -> bool) -> bool {
    match stored {
        None => report.added += 1,
        Some(stored) if same(&stored) => {
            report.unchanged += 1;
            return false;
        }
        Some(_) => report.changed += 1,
    }
    true
}

fn walk(
    tx: &mut Tx,
    file: &OrgFile,
    ctx: Option<&Ctx>,
    report: &mut ImportReport,
) -> Result<(), Fault> {
    office(tx, &file.office, ctx, report)?;
    let units = units(tx, file, ctx, report)?;
    duties(tx, file, ctx, report)?;
    assignments(tx, file, &units, ctx, report)?;
    successions(tx, file, &units, ctx, report)
}

fn office(
    tx: &mut Tx,
    line: &OfficeLine,
    ctx: Option<&Ctx>,
    report: &mut ImportReport,
) -> Result<(), Fault> {
    let stored = read::office(tx, line.id)?;
    if differs(report, stored, |it| office_is(line, it))
        && let Some(ctx) = ctx
    {
        store::put_office(tx, line, ctx.now)?;
    }
    for region in &line.former_parents {
        let stored = read::former_parent(tx, line.id, region.valid_to)?;
        if differs(report, stored, |it| it == region) && ctx.is_some() {
            store::put_former_parent(tx, line.id, region)?;
        }
    }
    Ok(())
}

fn office_is(line: &OfficeLine, it: &Office) -> bool {
    line.code == it.code
        && line.slug == it.slug
        && line.name_ko == it.name_ko
        && line.name_en == it.name_en
        && line.short_ko == it.short_ko
        && line.short_en == it.short_en
        && line.parent_ko == it.parent_ko
        && line.parent_en == it.parent_en
        && line.phone == it.phone
        && line.address_ko == it.address_ko
        && line.address_en == it.address_en
        && line.map.map(|map| map.lat_e7) == it.map_lat_e7
        && line.map.map(|map| map.lon_e7) == it.map_lon_e7
        && line.map.map(|map| map.zoom) == it.map_zoom
        && line.local_holidays_stop_clock == it.local_holidays_stop_clock
}

/// The id of every unit named in the file; new ones get theirs here (in a dry run too, unused).
fn units(
    tx: &mut Tx,
    file: &OrgFile,
    ctx: Option<&Ctx>,
    report: &mut ImportReport,
) -> Result<BTreeMap<String, UnitId>, Fault> {
    let office = file.office.id;
    let stored: BTreeMap<String, Unit> =
        read::all_units(tx, office)?.into_iter().map(|it| (it.code.clone(), it)).collect();
    let mut ids = BTreeMap::new();
    for line in parents_first(&file.units) {
        let old = stored.get(&line.code);
        let new_id = || ctx.map_or(UnitId(Uuid::nil()), Ctx::id);
        let id = old.map_or_else(new_id, |it| it.id);
        let parent = line.parent.as_ref().and_then(|code| ids.get(code).copied());
        ids.insert(line.code.clone(), id);
        if differs(report, old, |it| unit_is(line, parent, it)) && ctx.is_some() {
            store::put_unit(tx, office, id, parent, line)?;
        }
    }
    let missing: Vec<&str> =
        stored.keys().map(String::as_str).filter(|code| !ids.contains_key(*code)).collect();
    note_missing(report, "부서", "units", &missing);
    Ok(ids)
}

fn parents_first(units: &[UnitLine]) -> Vec<&UnitLine> {
    let mut left: Vec<&UnitLine> = units.iter().collect();
    let mut placed = BTreeSet::new();
    let mut sorted = Vec::with_capacity(left.len());
    // Each round places at least one, because the file has no loops.
    while !left.is_empty() {
        let ready = |it: &&UnitLine| it.parent.as_ref().is_none_or(|code| placed.contains(code));
        let (now, later): (Vec<_>, Vec<_>) = left.into_iter().partition(ready);
        if now.is_empty() {
            sorted.extend(later);
            break;
        }
        placed.extend(now.iter().map(|it| it.code.clone()));
        sorted.extend(now);
        left = later;
    }
    sorted
}

fn unit_is(line: &UnitLine, parent: Option<UnitId>, it: &Unit) -> bool {
    line.name_ko == it.name_ko
        && line.name_en == it.name_en
        && line.kind == it.kind
        && parent == it.parent
        && line.phone == it.phone
        && line.dong == it.dong
        && line.period == it.period()
        && line.trigger == it.trigger
}

fn duties(
    tx: &mut Tx,
    file: &OrgFile,
    ctx: Option<&Ctx>,
    report: &mut ImportReport,
) -> Result<(), Fault> {
    let stored: BTreeMap<String, Duty> =
        read::duties(tx, file.office.id)?.into_iter().map(|it| (it.code.clone(), it)).collect();
    for line in &file.duties {
        let same = |it: &&Duty| line.name_ko == it.name_ko && line.name_en == it.name_en;
        if differs(report, stored.get(&line.code), same) && ctx.is_some() {
            store::put_duty(tx, file.office.id, line)?;
        }
    }
    let named: BTreeSet<&str> = file.duties.iter().map(|it| it.code.as_str()).collect();
    let missing: Vec<&str> =
        stored.keys().map(String::as_str).filter(|code| !named.contains(code)).collect();
    note_missing(report, "임무", "duties", &missing);
    Ok(())
}

fn note_missing(report: &mut ImportReport, ko: &str, en: &str, missing: &[&str]) {
    if !missing.is_empty() {
        let list = missing.join(", ");
        report.note(
            format!("파일에 없는 {ko}(은)는 그대로 둡니다: {list}"),
            format!("These {en} are not in the file and stay: {list}"),
        );
    }
}

fn assignments(
    tx: &mut Tx,
    file: &OrgFile,
    units: &BTreeMap<String, UnitId>,
    ctx: Option<&Ctx>,
    report: &mut ImportReport,
) -> Result<(), Fault> {
    let office = file.office.id;
    let mut stored = read::assignments(tx, office)?;
    for line in &file.assignments {
        let unit = unit_id(units, &line.unit)?;
        // The same unit, duty, 동 and start is the same assignment; its end and basis may change.
        let at = stored.iter().position(|it| is_same_assignment(line, unit, it));
        let old = at.map(|at| stored.swap_remove(at));
        let id = old.as_ref().map_or_else(|| new_id(ctx), |it| it.id);
        let same = |it: &Assignment| line.period == it.period() && line.basis == it.basis;
        if differs(report, old, same) && ctx.is_some() {
            store::put_assignment(tx, office, id, unit, line)?;
        }
    }
    report.removed += stored.len();
    for gone in stored {
        if ctx.is_some() {
            store::remove_assignment(tx, office, gone.id)?;
        }
    }
    Ok(())
}

fn is_same_assignment(line: &AssignmentLine, unit: UnitId, it: &Assignment) -> bool {
    let starts_so = line.period.from == it.valid_from && line.trigger == it.trigger;
    // What waited for its event may have been given its day.
    let started = it.valid_from.is_none() && line.period.from.is_some();
    line.duty == it.duty && unit == it.unit && line.dong == it.dong && (starts_so || started)
}

fn successions(
    tx: &mut Tx,
    file: &OrgFile,
    units: &BTreeMap<String, UnitId>,
    ctx: Option<&Ctx>,
    report: &mut ImportReport,
) -> Result<(), Fault> {
    let office: OfficeId = file.office.id;
    let mut stored = read::successions(tx, office)?;
    for line in &file.successions {
        let (from, to) = (unit_id(units, &line.from)?, unit_id(units, &line.to)?);
        let duty = line.duty.clone();
        let new = Succession { id: new_id(ctx), from, to, duty, on_day: line.on_day };
        let same = |it: &Succession| Succession { id: new.id, ..it.clone() } == new;
        match stored.iter().position(same) {
            Some(at) => {
                stored.swap_remove(at);
                report.unchanged += 1;
            }
            None => {
                report.added += 1;
                if ctx.is_some() {
                    store::insert_succession(tx, office, &new)?;
                }
            }
        }
    }
    report.removed += stored.len();
    for gone in stored {
        if ctx.is_some() {
            store::remove_succession(tx, office, gone.id)?;
        }
    }
    Ok(())
}

fn new_id(ctx: Option<&Ctx>) -> Uuid {
    ctx.map_or(Uuid::nil(), |ctx| ctx.id::<ChartRowId>().into())
}

fn unit_id(units: &BTreeMap<String, UnitId>, code: &str) -> Result<UnitId, Fault> {
    units
        .get(code)
        .copied()
        .ok_or_else(|| Fault::new(FaultKind::Other, format!("unit {code} was not checked")))
}
