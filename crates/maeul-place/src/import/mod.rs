//! Imports of an office's places: a file is first read whole (`plan_…`, pure, every fault with its
//! line), then compared with what is stored (`preview_…`, the dry run), then written in one
//! transaction (`apply_…`), or refused and nothing changed. A second time it changes nothing.

mod boundaries;
mod legal;
mod population;
mod table;

pub use boundaries::{apply_boundaries, plan_boundaries, preview_boundaries};
pub use legal::{apply_legal_dongs, plan_legal_dongs, preview_legal_dongs};
use maeul_base::import::LineRefusal;
use maeul_base::{Lang, Refusal};
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

/// The refusal of a line whose 동 the office never had.
fn unknown_dong(line: usize, code: &str) -> LineRefusal {
    LineRefusal::new(
        line,
        "dong_code",
        format!("이 기관에 없는 행정동입니다: {code}. 경계를 먼저 가져오십시오."),
        format!("the office has no such dong: {code}; import its boundaries first"),
    )
}
