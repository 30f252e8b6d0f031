//! Importing which 법정동 lie in which 행정동: `dong_code,legal_dong_code,legal_dong_name`.

use std::collections::{BTreeMap, BTreeSet};

use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Ctx, Failure, OfficeId};
use maeul_db::Tx;

use super::table::read_table;
use super::{ImportRefused, unknown_dong};
use crate::store;
use crate::{LegalDong, legal_dongs};

const COLUMNS: [&str; 3] = ["dong_code", "legal_dong_code", "legal_dong_name"];

/// Reads the table; each row with its line.
pub fn plan_legal_dongs(text: &str) -> Result<Vec<(usize, LegalDong)>, Vec<LineRefusal>> {
    let mut seen = BTreeMap::new();
    read_table(text, &COLUMNS, |line| {
        let codes = (line.code(0), line.code(1));
        let name = line.text(2).to_owned();
        if name.is_empty() {
            line.refuse(2, "이름이 비어 있습니다.", "the name is empty");
            return None;
        }
        let (Some(dong_code), Some(legal_code)) = codes else { return None };
        let legal_code = legal_code.as_str().to_owned();
        if let Some(first) = seen.insert((dong_code.clone(), legal_code.clone()), line.number) {
            line.refuse(1, format!("{first}행과 같습니다."), format!("the same as line {first}"));
            return None;
        }
        Some((line.number, LegalDong { dong_code, legal_code, name }))
    })
}

/// What the import would do, without doing it.
pub fn preview_legal_dongs(
    tx: &mut Tx,
    office: OfficeId,
    file: &[(usize, LegalDong)],
) -> Result<ImportReport, Failure<ImportRefused>> {
    run(tx, office, file, false)
}

/// Makes the stored table equal to the file.
pub fn apply_legal_dongs(
    tx: &mut Tx,
    ctx: &Ctx,
    file: &[(usize, LegalDong)],
) -> Result<ImportReport, Failure<ImportRefused>> {
    run(tx, ctx.office, file, true)
}

fn run(
    tx: &mut Tx,
    office: OfficeId,
    file: &[(usize, LegalDong)],
    write: bool,
) -> Result<ImportReport, Failure<ImportRefused>> {
    let known = store::known_codes(tx, office)?;
    let unknown: Vec<LineRefusal> = file
        .iter()
        .filter(|(_, legal)| !known.contains(legal.dong_code.as_str()))
        .map(|(line, legal)| unknown_dong(*line, legal.dong_code.as_str()))
        .collect();
    if !unknown.is_empty() {
        return Err(Failure::Refused(ImportRefused(unknown)));
    }
    let key = |legal: &LegalDong| (legal.dong_code.clone(), legal.legal_code.clone());
    let stored: BTreeMap<_, _> =
        legal_dongs(tx, office)?.into_iter().map(|legal| (key(&legal), legal.name)).collect();
    let kept: BTreeSet<_> = file.iter().map(|(_, legal)| key(legal)).collect();
    let mut report = ImportReport::default();
    for (_, legal) in file {
        match stored.get(&key(legal)) {
            Some(name) if *name == legal.name => {
                report.unchanged += 1;
                continue;
            }
            Some(_) => report.changed += 1,
            None => report.added += 1,
        }
        if write {
            store::put_legal(tx, office, legal)?;
        }
    }
    for (dong, legal) in stored.keys().filter(|key| !kept.contains(key)) {
        report.removed += 1;
        if write {
            store::delete_legal(tx, office, dong, legal)?;
        }
    }
    if write && !report.is_nothing() {
        store::bump_revision(tx, office)?;
    }
    Ok(report)
}
