//! Imports of an office's places: a file is first read whole (`plan_…`, pure, every fault with its
//! line), then compared with what is stored (`preview_…`, the dry run), then written in one
//! transaction (`apply_…`), or refused and nothing changed. A second time it changes nothing.

mod boundaries;
mod legal;
mod population;
mod table;

use std::collections::BTreeSet;

pub use boundaries::{apply_boundaries, plan_boundaries, preview_boundaries};
pub use legal::{apply_legal_dongs, plan_legal_dongs, preview_legal_dongs};
use maeul_base::import::LineRefusal;
use maeul_base::{Fault, Lang, OfficeId, Refusal};
use maeul_db::{Tx, args};
pub use population::{PopulationFile, apply_population, plan_population, preview_population};

/// An import that does not fit what is stored; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRefused(pub Vec<LineRefusal>);

impl Refusal for ImportRefused {
    fn code(&self) -> &'static str {
        "place.import"
    }

    fn say(&self, lang: Lang) -> String {
        let lines: Vec<String> = self.0.iter().map(|line| line.say(lang)).collect();
        lines.join("\n")
    }
}

fn bump_revision(tx: &mut Tx, office: OfficeId) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO place_revision (office_id, revision) VALUES ($1, 1)
         ON CONFLICT (office_id) DO UPDATE SET revision = place_revision.revision + 1",
        args![office],
    )
}

/// Every 동 the office has or had.
fn known_codes(tx: &mut Tx, office: OfficeId) -> Result<BTreeSet<String>, Fault> {
    let rows: Vec<(String,)> =
        tx.all("SELECT DISTINCT code FROM place_dong WHERE office_id = $1", args![office])?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// The refusal of a line whose 동 the office never had.
fn unknown_dong(line: usize, code: &str) -> LineRefusal {
    LineRefusal::new(
        line,
        "dong_code",
        format!("이 기관에 없는 행정동입니다: {code}. 경계를 먼저 가져오십시오."),
        format!("the office has no such dong: {code}; import its boundaries first"),
    )
}
