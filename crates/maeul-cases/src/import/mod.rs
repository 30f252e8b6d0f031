//! Loads an office's services and answer templates from its own files: planned without the
//! database, shown by a dry run, applied whole or not at all, and harmless when run again.

pub mod cases;
mod compare;
mod lines;
mod services;
mod templates;

pub use lines::Lines;
pub use services::{ServiceFile, apply_services, plan_services, preview_services};
pub use templates::{TemplateFile, apply_templates, plan_templates, preview_templates};

use maeul_base::import::LineRefusal;
use maeul_base::{Lang, Refusal};

/// A file of which nothing was taken, with every line at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRefused(pub Vec<LineRefusal>);

impl Refusal for ImportRefused {
    fn code(&self) -> &'static str {
        "cases.import"
    }

    fn say(&self, lang: Lang) -> String {
        let lines: Vec<String> = self.0.iter().map(|line| line.say(lang)).collect();
        lines.join("\n")
    }
}
