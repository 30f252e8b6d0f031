//! `templates.toml`: answers that are given often.

use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Ctx, Failure, Lang, OfficeId};
use maeul_db::Tx;
use serde::Deserialize;
use toml::Spanned;

use crate::import::ImportRefused;
use crate::import::compare::{Listed, compare};
use crate::import::lines::Lines;
use crate::store;
use crate::template::{Template, TemplateWords};
use crate::words::Outcome;

/// A file that was read without complaint.
#[derive(Clone, Debug)]
pub struct TemplateFile {
    templates: Vec<Template>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    template: Vec<Spanned<Line>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    code: Spanned<String>,
    #[serde(default)]
    name_ko: String,
    #[serde(default)]
    name_en: String,
    outcome: Spanned<String>,
    #[serde(default)]
    body_ko: String,
    #[serde(default)]
    body_en: String,
}

/// Reads the file; a template that speaks of what there is not is refused here, not in a letter.
pub fn plan_templates(text: &str) -> Result<TemplateFile, Vec<LineRefusal>> {
    let mut lines = Lines::new(text);
    let file: File = lines.read(text)?;
    let mut met = Vec::new();
    let mut templates = Vec::new();
    for it in file.template {
        let span = it.span();
        let it = it.into_inner();
        let outcome = Outcome::parse(it.outcome.get_ref()).unwrap_or_else(|| {
            let known: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
            lines.refuse(
                &it.outcome.span(),
                "outcome",
                format!("처리 결과는 다음 가운데 하나여야 합니다: {}", known.join(", ")),
                format!("The outcome must be one of: {}", known.join(", ")),
            );
            Outcome::Done
        });
        let template = Template {
            code: lines.code(&it.code, &mut met),
            name: lines.both(&span, "name", &it.name_ko, &it.name_en),
            outcome,
            body: lines.both(&span, "body", &it.body_ko, &it.body_en),
            active: true,
        };
        for (lang, field) in [(Lang::Ko, "body_ko"), (Lang::En, "body_en")] {
            if let Err(error) = template.render(&TemplateWords::default(), lang) {
                lines.refuse(
                    &span,
                    field,
                    format!("서식을 채울 수 없습니다: {error}"),
                    format!("This template cannot be filled in: {error}"),
                );
            }
        }
        templates.push(template);
    }
    lines.finish(TemplateFile { templates })
}

/// What the import would do, without doing it.
pub fn preview_templates(
    tx: &mut Tx,
    office: OfficeId,
    file: &TemplateFile,
) -> Result<ImportReport, Failure<ImportRefused>> {
    walk(tx, office, file, false)
}

/// Makes the templates equal to the file; those missing from it are no longer offered.
pub fn apply_templates(
    tx: &mut Tx,
    ctx: &Ctx,
    file: &TemplateFile,
) -> Result<ImportReport, Failure<ImportRefused>> {
    let report = walk(tx, ctx.office, file, true)?;
    if !report.is_nothing() {
        store::touch_catalogue(tx, ctx.office)?;
    }
    Ok(report)
}

fn walk(
    tx: &mut Tx,
    office: OfficeId,
    file: &TemplateFile,
    write: bool,
) -> Result<ImportReport, Failure<ImportRefused>> {
    let templates: Vec<&Template> = file.templates.iter().collect();
    let (report, gone) = compare(store::templates(tx, office)?, &templates);
    if write && !report.is_nothing() {
        for (ord, template) in (1_i32..).zip(templates) {
            store::put_template(tx, office, ord, template)?;
        }
        for template in gone {
            store::put_template(tx, office, i32::MAX, &Template { active: false, ..template })?;
        }
    }
    Ok(report)
}

impl Listed for Template {
    fn code(&self) -> &str {
        &self.code
    }

    fn is_active(&self) -> bool {
        self.active
    }
}
