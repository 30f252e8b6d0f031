//! `--scheme`: counting by a declared scheme instead of a rule.

use std::path::Path;

use maeul_base::{Lang, Refusal};
use maeul_tally::pb::PbFile;
use maeul_tally::scheme::{self, Scheme, SchemeError};
use maeul_tally::{Election, report};

use super::{Answer, TallyArgs, TallyEnd, line, write_all};

/// Counts by the scheme of that file, or by the shipped one of that name.
pub(super) fn answer(
    args: &TallyArgs,
    path: &Path,
    title: &str,
    file: &PbFile<'_>,
    election: &Election,
    lang: Lang,
) -> Result<Answer, TallyEnd> {
    let text = text(path, lang)?;
    let named = |error: SchemeError| format!("{}: {}", path.display(), error.say(lang));
    let scheme = Scheme::read(&text).map_err(|error| TallyEnd::command(named(error)))?;
    let count = scheme.count(file, election).map_err(|error| TallyEnd::unsuited(named(error)))?;
    let told = Answer {
        text: scheme::summary(&scheme, election, &count, lang),
        json: scheme::json(&scheme, election, &count),
    };
    if let Some(folder) = &args.output {
        let files = [
            ("report.html", report::scheme_html(title, election, &scheme, &count)),
            ("result.json", line(&told.json)),
            ("result.txt", told.text.clone()),
        ];
        write_all(folder, &files, lang)?;
    }
    let Some(id) = &args.explain else { return Ok(told) };
    let standing =
        election.find(id).and_then(|project| count.standing(project)).ok_or_else(|| {
            TallyEnd::missing(match lang {
                Lang::Ko => format!("사업 '{id}'가 없습니다. 파일의 project_id를 그대로 쓰십시오."),
                Lang::En => {
                    format!("There is no project '{id}'. Write its project_id as in the file.")
                }
            })
        })?;
    let projects = told.json.get("projects").and_then(|all| all.as_array());
    let json = projects.and_then(|all| {
        all.iter().find(|one| one.get("project").and_then(|p| p.as_str()) == Some(id))
    });
    Ok(Answer {
        text: scheme::explain(&scheme, election, &count, standing, lang),
        json: json.cloned().unwrap_or_default(),
    })
}

fn text(path: &Path, lang: Lang) -> Result<String, TallyEnd> {
    std::fs::read_to_string(path).or_else(|error| {
        let shipped = path.to_str().and_then(scheme::shipped);
        shipped.map(str::to_owned).ok_or_else(|| {
            TallyEnd::file(match lang {
                Lang::Ko => format!(
                    "--scheme {}: 읽을 수 없습니다({error}). TOML 파일이나, 함께 제공되는 방식의 이름을 쓰십시오.",
                    path.display()
                ),
                Lang::En => format!(
                    "--scheme {}: it cannot be read ({error}). Name a TOML file or a shipped scheme.",
                    path.display()
                ),
            })
        })
    })
}
