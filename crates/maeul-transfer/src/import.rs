//! `agencies.toml`: the agencies to which cases are sent, and which of their services stand for ours.

use std::collections::BTreeMap;

use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Ctx, Failure, OfficeId};
use maeul_cases::import::{ImportRefused, Lines};
use maeul_db::{Seal, Tx};
use maeul_queue::NewJob;
use serde::Deserialize;
use toml::Spanned;

use crate::agency::{ALARM_HOURS, Agency, Mapped, WireFormat};
use crate::id::AgencyId;
use crate::jobs::CHECK;
use crate::store;

/// The longest silence that can be set, in hours: half a year.
const LONGEST_ALARM: i32 = 4_380;

/// A file that was read without complaint.
#[derive(Clone, Debug)]
pub struct AgencyFile {
    agencies: Vec<Planned>,
}

#[derive(Clone)]
struct Planned {
    line: usize,
    agency: Agency,
    /// With the lines of the services.
    services: Vec<usize>,
    key: Option<String>,
}

/// Shows no key.
impl std::fmt::Debug for Planned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.agency.code)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    agency: Vec<Spanned<Line>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    code: Spanned<String>,
    #[serde(default)]
    name_ko: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    phone: String,
    endpoint: Spanned<String>,
    discovery: Option<Spanned<String>>,
    #[serde(default)]
    jurisdiction_id: String,
    format: Option<Spanned<String>>,
    #[serde(default)]
    updates: bool,
    alarm_hours: Option<Spanned<i32>>,
    api_key: Option<Spanned<String>>,
    #[serde(default)]
    service: Vec<Spanned<ServiceLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceLine {
    service: String,
    code: String,
    #[serde(default)]
    attributes: BTreeMap<String, Answers>,
}

/// One answer or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answers {
    One(String),
    Many(Vec<String>),
}

/// Reads the file.
pub fn plan_agencies(text: &str) -> Result<AgencyFile, Vec<LineRefusal>> {
    let mut lines = Lines::new(text);
    let file: File = lines.read(text)?;
    let mut met = Vec::new();
    let mut agencies = Vec::new();
    for it in file.agency {
        let span = it.span();
        let it = it.into_inner();
        let code = lines.code(&it.code, &mut met);
        let name = lines.both(&span, "name", &it.name_ko, &it.name_en);
        let endpoint = address(&mut lines, &it.endpoint, "endpoint");
        let discovery = it.discovery.as_ref().map(|it| address(&mut lines, it, "discovery"));
        let format = match &it.format {
            None => Some(WireFormat::default()),
            Some(word) => WireFormat::parse(word.get_ref()).or_else(|| {
                lines.refuse(
                    &word.span(),
                    "format",
                    "format은 xml이나 json입니다.",
                    "The format is xml or json.",
                );
                None
            }),
        };
        let alarm_hours = it.alarm_hours.as_ref().map_or(ALARM_HOURS, |it| *it.get_ref());
        if let Some(given) =
            it.alarm_hours.as_ref().filter(|_| !(1..=LONGEST_ALARM).contains(&alarm_hours))
        {
            lines.refuse(
                &given.span(),
                "alarm_hours",
                format!("alarm_hours는 1부터 {LONGEST_ALARM}까지의 시간입니다."),
                format!("alarm_hours is between 1 and {LONGEST_ALARM}."),
            );
        }
        let key = it.api_key.as_ref().map(|key| key.get_ref().trim().to_owned());
        if let Some(given) = it.api_key.as_ref().filter(|_| key.as_deref() == Some("")) {
            lines.refuse(
                &given.span(),
                "api_key",
                "열쇠가 비어 있습니다. 줄을 지우면 있던 열쇠를 그대로 씁니다.",
                "The key is empty. Without the line, the one that is kept stays.",
            );
        }
        if it.service.is_empty() {
            lines.refuse(
                &span,
                "service",
                "보낼 수 있는 민원 종류가 없습니다. [[agency.service]]로 적어 주십시오.",
                "No service can be sent. Write [[agency.service]].",
            );
        }
        let mut mapping: Vec<Mapped> = Vec::new();
        let mut services = Vec::new();
        for it in it.service {
            let span = it.span();
            let it = it.into_inner();
            if it.service.trim().is_empty() || it.code.trim().is_empty() {
                lines.refuse(
                    &span,
                    "service",
                    "service(우리 코드)와 code(상대 코드)를 모두 적어 주십시오.",
                    "Both service (our code) and code (theirs) are needed.",
                );
            }
            if mapping.iter().any(|other| other.service == it.service) {
                lines.refuse(
                    &span,
                    "service",
                    format!("{}이(가) 두 번 나옵니다.", it.service),
                    format!("{} stands here twice.", it.service),
                );
            }
            let attributes = it.attributes.into_iter().map(|(code, answers)| match answers {
                Answers::One(answer) => (code, vec![answer]),
                Answers::Many(answers) => (code, answers),
            });
            mapping.push(Mapped {
                service: it.service.trim().to_owned(),
                code: it.code.trim().to_owned(),
                attributes: attributes.collect(),
            });
            services.push(lines.line(&span));
        }
        agencies.push(Planned {
            line: lines.line(&span),
            agency: Agency {
                id: AgencyId::from(uuid::Uuid::nil()),
                code,
                active: true,
                name,
                phone: it.phone.trim().to_owned(),
                endpoint,
                discovery: discovery.unwrap_or_default(),
                jurisdiction: it.jurisdiction_id.trim().to_owned(),
                format: format.unwrap_or_default(),
                updates: it.updates,
                alarm_hours,
                has_key: false,
                mapping,
                offered: Vec::new(),
                checked_at: None,
                check_failed: None,
            },
            services,
            key,
        });
    }
    lines.finish(AgencyFile { agencies })
}

fn address(lines: &mut Lines, it: &Spanned<String>, field: &str) -> String {
    let text = it.get_ref().trim().trim_end_matches('/');
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let plain = !text.contains(['?', '#', ' ', '@']) && text.is_ascii();
    if host.is_empty() || !plain {
        lines.refuse(
            &it.span(),
            field,
            "https:// 또는 http://로 시작하고 ?가 없는 주소를 적어 주십시오.",
            "Write an address that begins with https:// or http:// and has no query.",
        );
    }
    text.to_owned()
}

/// What the import would do, without doing it.
pub fn preview_agencies(
    tx: &mut Tx,
    office: OfficeId,
    file: &AgencyFile,
) -> Result<ImportReport, Failure<ImportRefused>> {
    Ok(compare(tx, office, file)?.report)
}

/// Makes the agencies equal to the file; to those missing from it nothing more is sent, and what
/// was sent before is followed all the same.
pub fn apply_agencies(
    tx: &mut Tx,
    ctx: &Ctx,
    seal: &Seal,
    file: &AgencyFile,
) -> Result<ImportReport, Failure<ImportRefused>> {
    let Compared { report, stored } = compare(tx, ctx.office, file)?;
    for (ord, planned) in (1_i32..).zip(&file.agencies) {
        let known = stored.iter().find(|it| it.code == planned.agency.code);
        let id = known.map_or_else(|| ctx.id(), |it| it.id);
        store::put_agency(tx, ctx, ord, &Agency { id, ..planned.agency.clone() })?;
        if let Some(key) = &planned.key {
            store::put_key(tx, ctx, seal, id, key)?;
        }
        let payload = serde_json::json!({ "agency": id });
        maeul_queue::enqueue(tx, ctx, &NewJob::now(ctx, CHECK, payload))?;
    }
    for gone in stored.into_iter().filter(|it| it.active && !file.has(&it.code)) {
        store::put_agency(tx, ctx, i32::MAX, &Agency { active: false, ..gone })?;
    }
    Ok(report)
}

impl AgencyFile {
    fn has(&self, code: &str) -> bool {
        self.agencies.iter().any(|it| it.agency.code == code)
    }
}

struct Compared {
    report: ImportReport,
    stored: Vec<Agency>,
}

fn compare(
    tx: &mut Tx,
    office: OfficeId,
    file: &AgencyFile,
) -> Result<Compared, Failure<ImportRefused>> {
    let ours = maeul_cases::read::service_codes(tx, office)?;
    let mut wrong = Vec::new();
    for planned in &file.agencies {
        for (mapped, line) in planned.agency.mapping.iter().zip(&planned.services) {
            if !ours.contains(&mapped.service) {
                wrong.push(LineRefusal::new(
                    *line,
                    "service",
                    format!("우리 민원 종류에 {}이(가) 없습니다.", mapped.service),
                    format!("We have no service {}.", mapped.service),
                ));
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Refused(ImportRefused(wrong)));
    }
    let stored = store::agencies(tx, office)?;
    let mut report = ImportReport::default();
    for planned in &file.agencies {
        match stored.iter().find(|it| it.code == planned.agency.code) {
            None => report.added += 1,
            Some(old) if planned.key.is_none() && same(old, &planned.agency) => {
                report.unchanged += 1
            }
            Some(_) => report.changed += 1,
        }
        let keyless = planned.key.is_none()
            && !stored.iter().any(|it| it.code == planned.agency.code && it.has_key);
        if keyless {
            let name = &planned.agency.name;
            report.note(
                format!(
                    "{}: 열쇠(api_key)가 없습니다. 대부분의 기관은 열쇠 없이 받지 않습니다.",
                    name.ko
                ),
                format!("{}: there is no api_key; most agencies take nothing without.", name.en),
            );
        }
    }
    report.removed = stored.iter().filter(|it| it.active && !file.has(&it.code)).count();
    Ok(Compared { report, stored })
}

/// Whether the file says what is stored.
fn same(stored: &Agency, file: &Agency) -> bool {
    let as_stored = Agency {
        id: stored.id,
        has_key: stored.has_key,
        offered: stored.offered.clone(),
        checked_at: stored.checked_at,
        check_failed: stored.check_failed.clone(),
        ..file.clone()
    };
    *stored == as_stored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_has_its_line() {
        let text = "\
[[agency]]
code = \"City Hall\"
name_ko = \"시청\"
endpoint = \"ftp://city.example\"
format = \"yaml\"
alarm_hours = 0

[[agency.service]]
service = \"pothole\"
code = \"R1\"
[[agency.service]]
service = \"pothole\"
code = \"\"
";
        let wrong = plan_agencies(text).unwrap_err();
        let said: Vec<String> =
            wrong.iter().map(|it| format!("{} {}", it.line, it.field)).collect();
        assert_eq!(
            said,
            [
                "1 name",
                "2 code",
                "4 endpoint",
                "5 format",
                "6 alarm_hours",
                "11 service",
                "11 service"
            ]
        );
        assert_eq!(plan_agencies("[[agency]]\ncode = 1\n").unwrap_err()[0].line, 2);
    }

    #[test]
    fn addresses_lose_their_last_slash_and_keys_are_not_shown() {
        let text = "[[agency]]\ncode = \"city\"\nname_ko = \"시\"\nname_en = \"City\"\napi_key = \
                    \"s3cret\"\nendpoint = \"https://city.example/v2/\"\n[[agency.service]]\nservice = \
                    \"a\"\ncode = \"b\"\nattributes = { K = \"x\", L = [\"y\", \"z\"] }\n";
        let file = plan_agencies(text).unwrap();
        let agency = &file.agencies[0].agency;
        assert_eq!(agency.endpoint, "https://city.example/v2");
        assert_eq!(agency.mapping[0].attributes["L"], ["y", "z"]);
        assert!(!format!("{file:?}").contains("s3cret"));
    }
}
