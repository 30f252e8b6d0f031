//! Imports of an office's own files: read and judge (pure), compare with what is stored, write.

mod apply;
mod check;
mod holidays;
mod org_file;
mod toml_reader;

use maeul_base::import::LineRefusal;
use maeul_base::{Lang, Refusal};

pub use apply::{apply_office, apply_org, preview_org};
pub use holidays::{apply_holidays, csv_rows, plan_holidays, preview_holidays};
pub use org_file::{
    AssignmentLine, DutyLine, FormerParentLine, MapView, OfficeLine, OrgFile, SuccessionLine,
    UnitLine, plan_org,
};

/// A file that was refused; nothing of it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRefused(pub Vec<LineRefusal>);

impl Refusal for ImportRefused {
    fn code(&self) -> &'static str {
        "import.refused"
    }

    fn say(&self, lang: Lang) -> String {
        let lines: Vec<String> = self.0.iter().map(|line| line.say(lang)).collect();
        lines.join("\n")
    }
}

/// What a code may look like: 1 to 40 lower-case letters, digits and hyphens.
pub fn is_code(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
}
