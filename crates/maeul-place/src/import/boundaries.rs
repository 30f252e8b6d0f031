//! Importing borders: a file is the whole set of an office's 동 from a day on.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Ctx, DongCode, Failure, Fault, OfficeId};
use maeul_db::Tx;

use super::ImportRefused;
use crate::store;
use crate::{Boundary, Dong, all_dongs, parse_boundaries};

/// Reads a boundary file; see [`parse_boundaries`] for its form.
pub fn plan_boundaries(text: &str) -> Result<Vec<Boundary>, Vec<LineRefusal>> {
    parse_boundaries(text)
        .map_err(|problems| problems.iter().map(|problem| problem.refusal()).collect())
}

/// One row to write.
#[derive(Debug)]
enum Step {
    /// A border that is new.
    Add(Dong),
    /// The same 동 and day with another name, border or end.
    Change(Dong),
    /// A border that ends on a day.
    Close(DongCode, Date, Date),
    /// A border that was wrong from its first day.
    Remove(DongCode, Date),
}

/// What the import would do, without doing it. `otherwise` is the first day of borders for which
/// the file states none.
pub fn preview_boundaries(
    tx: &mut Tx,
    office: OfficeId,
    file: &[Boundary],
    otherwise: Date,
) -> Result<ImportReport, Failure<ImportRefused>> {
    Ok(compare(office, all_dongs(tx, office)?, file, otherwise).map_err(Failure::Refused)?.0)
}

/// Makes the stored borders those of the file from its day on. A 동 that changed gets a new
/// version and the earlier one ends that day; a 동 the file no longer has ends on the file's last
/// day of change; what held before that day stays as it was.
pub fn apply_boundaries(
    tx: &mut Tx,
    ctx: &Ctx,
    file: &[Boundary],
    otherwise: Date,
) -> Result<ImportReport, Failure<ImportRefused>> {
    let office = ctx.office;
    let stored = all_dongs(tx, office)?;
    let (report, steps) = compare(office, stored, file, otherwise).map_err(Failure::Refused)?;
    for step in &steps {
        write(tx, office, step)?;
    }
    if !steps.is_empty() {
        store::bump_revision(tx, office)?;
    }
    Ok(report)
}

fn write(tx: &mut Tx, office: OfficeId, step: &Step) -> Result<(), Fault> {
    match step {
        Step::Add(dong) | Step::Change(dong) => store::put_dong(tx, office, dong),
        Step::Close(code, from, to) => store::close_dong(tx, office, code, *from, *to),
        Step::Remove(code, from) => store::delete_dong(tx, office, code, *from),
    }
}

/// The difference between what is stored and the file; pure.
fn compare(
    office: OfficeId,
    stored: Vec<Dong>,
    file: &[Boundary],
    otherwise: Date,
) -> Result<(ImportReport, Vec<Step>), ImportRefused> {
    let mut versions: BTreeMap<DongCode, Vec<Dong>> = BTreeMap::new();
    for dong in stored {
        versions.entry(dong.code.clone()).or_default().push(dong);
    }
    let (mut report, mut steps) = (ImportReport::default(), Vec::new());
    let mut file: Vec<Dong> =
        file.iter().map(|it| Dong::from_boundary(it.clone(), otherwise)).collect();
    file.sort_by(|a, b| (a.valid_from, &a.code).cmp(&(b.valid_from, &b.code)));
    let last = file.last().map_or(otherwise, |dong| dong.valid_from);
    let ended = ended(&versions, &file, last)?;
    for dong in file {
        add(versions.entry(dong.code.clone()).or_default(), dong, &mut report, &mut steps);
    }
    for (code, from) in ended {
        let name = versions
            .get(&code)
            .and_then(|versions| versions.last())
            .map_or_else(|| code.to_string(), |dong| dong.name_ko.clone());
        report.removed += 1;
        report.note(
            format!("{name}({code})은(는) 파일에 없어 {last}부터 없는 동이 됩니다."),
            format!("{name} ({code}) is not in the file and ends on {last}"),
        );
        steps.push(if from == last {
            Step::Remove(code, from)
        } else {
            Step::Close(code, from, last)
        });
    }
    let prefix = format!("{:05}", office.0);
    if !versions.keys().any(|code| code.as_str().starts_with(&prefix)) {
        report.note(
            format!(
                "행정동 코드가 {prefix}(으)로 시작하지 않습니다. 이 기관의 파일인지 확인하십시오."
            ),
            format!("no dong code begins with {prefix}; is this file the office's own?"),
        );
    }
    Ok((report, steps))
}

/// The 동 in force on the file's last day which it does not have. A file that lacks more than half
/// of them is a part, not the whole, and is refused.
fn ended(
    versions: &BTreeMap<DongCode, Vec<Dong>>,
    file: &[Dong],
    last: Date,
) -> Result<Vec<(DongCode, Date)>, ImportRefused> {
    let current: Vec<&Dong> =
        versions.values().flatten().filter(|dong| dong.in_force(last)).collect();
    let missing: Vec<(DongCode, Date)> = current
        .iter()
        .filter(|dong| !file.iter().any(|other| other.code == dong.code))
        .map(|dong| (dong.code.clone(), dong.valid_from))
        .collect();
    if missing.len() * 2 > current.len() {
        let (gone, all) = (missing.len(), current.len());
        return Err(ImportRefused(vec![LineRefusal::new(
            1,
            "features",
            format!(
                "지금 있는 동 {all}개 가운데 {gone}개가 파일에 없습니다. 파일에는 모든 동이 있어야 합니다."
            ),
            format!("{gone} of the {all} present dongs are missing; a file must hold all of them"),
        )]));
    }
    Ok(missing)
}

/// Fits one 동 of the file into its versions.
fn add(versions: &mut Vec<Dong>, mut dong: Dong, report: &mut ImportReport, steps: &mut Vec<Step>) {
    let same =
        |a: &Dong, b: &Dong| a.name_ko == b.name_ko && a.name_en == b.name_en && a.shape == b.shape;
    let from = dong.valid_from;
    if let Some(there) = versions.iter_mut().find(|there| there.valid_from == from) {
        if same(there, &dong) {
            report.unchanged += 1;
        } else {
            dong.valid_to = there.valid_to;
            *there = dong.clone();
            report.changed += 1;
            steps.push(Step::Change(dong));
        }
        return;
    }
    let before = versions.iter_mut().find(|there| there.in_force(from));
    if let Some(before) = before {
        if same(before, &dong) {
            report.unchanged += 1;
            return;
        }
        dong.valid_to = before.valid_to;
        before.valid_to = Some(from);
        report.changed += 1;
        steps.push(Step::Close(before.code.clone(), before.valid_from, from));
    } else {
        dong.valid_to = versions.iter().map(|it| it.valid_from).filter(|day| *day > from).min();
        report.added += 1;
    }
    steps.push(Step::Add(dong.clone()));
    versions.push(dong);
    versions.sort_by_key(|dong| dong.valid_from);
}
