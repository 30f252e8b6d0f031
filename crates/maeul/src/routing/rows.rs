//! What `maeul routing` reads: labelled texts as JSON lines, and the words of an office's services.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use maeul_base::Lang;
use maeul_language::routing::LabelWords;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::end::End;

/// Fields that may hold the label, the first found is taken.
const LABELS: [&str; 4] = ["label", "category", "service_code", "unit"];

/// Which fields to read.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Fields {
    /// The field with the text. A field `title` or `subject` is put before it.
    #[arg(long, value_name = "NAME", default_value = "text")]
    text_field: String,
    /// The field with the label. [default: the first of label, category, service_code, unit]
    #[arg(long, value_name = "NAME")]
    label_field: Option<String>,
}

/// A labelled text.
pub(super) struct Row {
    pub(super) text: String,
    pub(super) label: String,
}

/// Reads the files one after another; refuses the first line that cannot be meant, by its number.
pub(super) fn read_rows(
    files: &[PathBuf],
    fields: &Fields,
    mut input: impl BufRead,
    lang: Lang,
) -> Result<Vec<Row>, End> {
    let mut rows = Vec::new();
    for path in files {
        let unread = lang.t("파일을 읽을 수 없습니다", "the file cannot be read");
        let unread = format!("{unread}: {}", path.display());
        let reader: Box<dyn BufRead> = if path == Path::new("-") {
            let mut all = Vec::new();
            input.read_to_end(&mut all).map_err(End::doing(&unread))?;
            Box::new(std::io::Cursor::new(all))
        } else {
            let file = File::open(path).map_err(End::doing(&unread))?;
            if path.extension().is_some_and(|end| end == "gz") {
                Box::new(BufReader::new(MultiGzDecoder::new(file)))
            } else {
                Box::new(BufReader::new(file))
            }
        };
        for (number, line) in (1_u32..).zip(reader.lines()) {
            let line = line.map_err(End::doing(&unread))?;
            if line.trim().is_empty() {
                continue;
            }
            let row = read_row(&line, fields, lang)
                .map_err(|why| End::refused(refuse(path, number, &why, lang)))?;
            rows.push(row);
        }
    }
    Ok(rows)
}

fn refuse(path: &Path, line: u32, why: &str, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("{} {line}번째 줄: {why}", path.display()),
        Lang::En => format!("{} line {line}: {why}", path.display()),
    }
}

fn read_row(line: &str, fields: &Fields, lang: Lang) -> Result<Row, String> {
    let object: Map<String, Value> = serde_json::from_str(line).map_err(|error| {
        let why = lang.t(
            "JSON 객체가 아닙니다. 한 줄에 {\"text\": …, \"label\": …} 하나씩 쓰십시오.",
            "This is not a JSON object. Write one {\"text\": …, \"label\": …} a line.",
        );
        format!("{why} ({error})")
    })?;
    let word = |name: &str| match object.get(name) {
        Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let missing = |name: &str| match lang {
        Lang::Ko => format!("'{name}' 항목이 없거나 비었습니다. 채우거나 줄을 지우십시오."),
        Lang::En => format!("The field '{name}' is missing or empty. Fill it or remove the line."),
    };
    let body = word(&fields.text_field).ok_or_else(|| missing(&fields.text_field))?;
    let label = match &fields.label_field {
        Some(name) => word(name).ok_or_else(|| missing(name))?,
        None => LABELS.iter().find_map(|name| word(name)).ok_or_else(|| missing("label"))?,
    };
    let title = ["title", "subject"].iter().find_map(|name| word(name));
    let text = match title.filter(|_| fields.text_field == "text") {
        Some(title) => format!("{title}\n{body}"),
        None => body,
    };
    Ok(Row { text, label })
}

#[derive(Deserialize)]
struct Services {
    service: Vec<ServiceEntry>,
}

#[derive(Deserialize)]
struct ServiceEntry {
    code: String,
    name_ko: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    description_ko: String,
    #[serde(default)]
    description_en: String,
    duty: Option<String>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    keywords_en: Vec<String>,
}

#[derive(Deserialize, Default)]
struct Chart {
    #[serde(default)]
    duty: Vec<DutyEntry>,
}

#[derive(Deserialize)]
struct DutyEntry {
    code: String,
    name_ko: String,
}

/// The words of the services of an office's import file; the names of their duties (사무분장) too
/// where `org.toml` lies beside it.
pub(super) fn label_words(path: &Path, lang: Lang) -> Result<Vec<LabelWords>, End> {
    let unread = lang.t("민원 종류를 읽을 수 없습니다", "the services cannot be read");
    let unread = format!("{unread}: {}", path.display());
    let text = std::fs::read_to_string(path).map_err(End::doing(&unread))?;
    let services: Services =
        toml::from_str(&text).map_err(|error| End::refused(format!("{unread}: {error}")))?;
    let chart = std::fs::read_to_string(path.with_file_name("org.toml"))
        .ok()
        .and_then(|text| toml::from_str::<Chart>(&text).ok())
        .unwrap_or_default();
    let duties: BTreeMap<String, String> =
        chart.duty.into_iter().map(|duty| (duty.code, duty.name_ko)).collect();
    let words = services.service.into_iter().map(|service| LabelWords {
        label: service.code,
        names: [service.name_ko, service.name_en]
            .into_iter()
            .chain(service.duty.and_then(|duty| duties.get(&duty).cloned()))
            .collect(),
        keywords: service.keywords.into_iter().chain(service.keywords_en).collect(),
        descriptions: vec![service.description_ko, service.description_en],
    });
    Ok(words.collect())
}
