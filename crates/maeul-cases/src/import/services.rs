//! `services.toml`: what residents can ask for.

use std::collections::BTreeMap;

use maeul_base::import::{ImportReport, LineRefusal};
use maeul_base::{Ctx, Failure, OfficeId};
use maeul_calendar::Period;
use maeul_db::Tx;
use maeul_facts::Fact;
use serde::Deserialize;
use toml::Spanned;

use crate::import::ImportRefused;
use crate::import::compare::{Listed, compare};
use crate::import::lines::Lines;
use crate::outbox;
use crate::service::{Choice, Question, Service};
use crate::store;
use crate::words::{Bilingual, Channel, DataType, PetitionKind, Publicity};

/// A file that was read without complaint.
#[derive(Clone, Debug)]
pub struct ServiceFile {
    /// The services with their lines, in the order of the file.
    services: Vec<(usize, Service)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    service: Vec<Spanned<ServiceLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceLine {
    code: Spanned<String>,
    #[serde(default)]
    name_ko: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    description_ko: String,
    #[serde(default)]
    description_en: String,
    #[serde(default)]
    group_ko: String,
    #[serde(default)]
    group_en: String,
    duty: String,
    petition_kind: Spanned<String>,
    period: Option<Spanned<String>>,
    #[serde(default)]
    period_article: String,
    #[serde(default)]
    period_basis: String,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    keywords_en: Vec<String>,
    #[serde(default)]
    allow_anonymous: bool,
    public: Option<Spanned<String>>,
    #[serde(default)]
    public_channels: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    question: Vec<Spanned<QuestionLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionLine {
    code: Spanned<String>,
    #[serde(default)]
    label_ko: String,
    #[serde(default)]
    label_en: String,
    datatype: Spanned<String>,
    #[serde(default)]
    required: bool,
    order: i32,
    #[serde(default)]
    help_ko: String,
    #[serde(default)]
    help_en: String,
    #[serde(default)]
    value: Vec<Spanned<ChoiceLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceLine {
    key: Spanned<String>,
    #[serde(default)]
    name_ko: String,
    #[serde(default)]
    name_en: String,
}

/// Reads the file; every complaint names its line.
pub fn plan_services(text: &str) -> Result<ServiceFile, Vec<LineRefusal>> {
    let mut lines = Lines::new(text);
    let file: File = lines.read(text)?;
    let mut met = Vec::new();
    let services = file
        .service
        .into_iter()
        .map(|it| {
            let span = it.span();
            let line = lines.line(&span);
            (line, service(&mut lines, &mut met, &span, it.into_inner()))
        })
        .collect();
    lines.finish(ServiceFile { services })
}

fn service(
    lines: &mut Lines,
    met: &mut Vec<String>,
    span: &std::ops::Range<usize>,
    it: ServiceLine,
) -> Service {
    let kind = PetitionKind::parse(it.petition_kind.get_ref()).unwrap_or_else(|| {
        let known: Vec<&str> = PetitionKind::ALL.iter().map(|kind| kind.as_str()).collect();
        lines.refuse(
            &it.petition_kind.span(),
            "petition_kind",
            format!("민원 종류는 다음 가운데 하나여야 합니다: {}", known.join(", ")),
            format!("The kind must be one of: {}", known.join(", ")),
        );
        PetitionKind::Other
    });
    let period = it.period.and_then(|text| match text.get_ref().parse::<Period>() {
        Ok(period) => Some(period),
        Err(error) => {
            let (ko, en) = (maeul_base::Lang::Ko, maeul_base::Lang::En);
            lines.refuse(&text.span(), "period", error.say(ko), error.say(en));
            None
        }
    });
    if period.is_some() && it.period_article.trim().is_empty() {
        lines.refuse(
            span,
            "period_article",
            "처리기간에는 근거 조문(period_article)을 적어 주십시오.",
            "A period needs the article it rests on (period_article).",
        );
    }
    let public = it.public.as_ref().map(|text| publicity(lines, kind, text));
    let public_channels = it
        .public_channels
        .iter()
        .filter_map(|(channel, text)| {
            let found = Channel::parse(channel);
            if found.is_none() {
                let known: Vec<&str> = Channel::ALL.iter().map(|it| it.as_str()).collect();
                lines.refuse(
                    &text.span(),
                    "public_channels",
                    format!("접수 경로는 다음 가운데 하나여야 합니다: {}", known.join(", ")),
                    format!("The channel must be one of: {}", known.join(", ")),
                );
            }
            Some((found?, publicity(lines, kind, text)))
        })
        .collect();
    let mut codes = Vec::new();
    let mut orders = Vec::new();
    let questions = it
        .question
        .into_iter()
        .map(|it| {
            let span = it.span();
            question(lines, &mut codes, &mut orders, &span, it.into_inner())
        })
        .collect();
    Service {
        code: lines.code(&it.code, met),
        name: lines.both(span, "name", &it.name_ko, &it.name_en),
        description: lines.both(span, "description", &it.description_ko, &it.description_en),
        group: lines.both(span, "group", &it.group_ko, &it.group_en),
        duty: it.duty,
        petition_kind: kind,
        period,
        period_article: it.period_article.trim().to_owned(),
        period_basis: it.period_basis.trim().to_owned(),
        keywords: it.keywords,
        keywords_en: it.keywords_en,
        allow_anonymous: it.allow_anonymous,
        public,
        public_channels,
        questions,
        active: true,
    }
}

/// How much is published; no more than the kind of petition allows.
fn publicity(lines: &mut Lines, kind: PetitionKind, text: &Spanned<String>) -> Publicity {
    let Some(wanted) = Publicity::parse(text.get_ref()) else {
        let known: Vec<&str> = Publicity::ALL.iter().map(|it| it.as_str()).collect();
        lines.refuse(
            &text.span(),
            "public",
            format!("공개 범위는 다음 가운데 하나여야 합니다: {}", known.join(", ")),
            format!("What is published must be one of: {}", known.join(", ")),
        );
        return Publicity::Private;
    };
    if wanted > kind.most_public() {
        let (ko, en) = (maeul_base::Lang::Ko, maeul_base::Lang::En);
        lines.refuse(
            &text.span(),
            "public",
            format!("{}은 figures까지만 공개할 수 있습니다.", kind.name(ko)),
            format!("{}: no more than figures can be published.", kind.name(en)),
        );
    }
    wanted
}

fn question(
    lines: &mut Lines,
    met: &mut Vec<String>,
    orders: &mut Vec<i32>,
    span: &std::ops::Range<usize>,
    it: QuestionLine,
) -> Question {
    let datatype = DataType::parse(it.datatype.get_ref()).unwrap_or_else(|| {
        let known: Vec<&str> = DataType::ALL.iter().map(|kind| kind.as_str()).collect();
        lines.refuse(
            &it.datatype.span(),
            "datatype",
            format!("자료형은 다음 가운데 하나여야 합니다: {}", known.join(", ")),
            format!("The data type must be one of: {}", known.join(", ")),
        );
        DataType::Text
    });
    let list = matches!(datatype, DataType::One | DataType::Many);
    if list == it.value.is_empty() {
        lines.refuse(
            span,
            "value",
            "고르는 질문에는 보기가 있어야 하고, 적는 질문에는 없어야 합니다.",
            "A question to choose from needs values, and any other has none.",
        );
    }
    if it.order < 1 || orders.contains(&it.order) {
        lines.refuse(
            span,
            "order",
            "순서는 1부터이고 서로 달라야 합니다.",
            "The order begins at 1, and no two are the same.",
        );
    }
    orders.push(it.order);
    let mut keys = Vec::new();
    let values = it
        .value
        .into_iter()
        .map(|it| {
            let span = it.span();
            let it = it.into_inner();
            Choice {
                key: lines.code(&it.key, &mut keys),
                name: lines.both(&span, "name", &it.name_ko, &it.name_en),
            }
        })
        .collect();
    Question {
        code: lines.code(&it.code, met),
        label: lines.both(span, "label", &it.label_ko, &it.label_en),
        datatype,
        required: it.required,
        order: it.order,
        help: Bilingual::new(it.help_ko.trim(), it.help_en.trim()),
        values,
    }
}

/// What the import would do, without doing it.
pub fn preview_services(
    tx: &mut Tx,
    office: OfficeId,
    file: &ServiceFile,
) -> Result<ImportReport, Failure<ImportRefused>> {
    walk(tx, office, file, false)
}

/// Makes the services equal to the file. Those missing from it are no longer offered, but stay,
/// because cases point at them.
pub fn apply_services(
    tx: &mut Tx,
    ctx: &Ctx,
    file: &ServiceFile,
) -> Result<ImportReport, Failure<ImportRefused>> {
    let report = walk(tx, ctx.office, file, true)?;
    if !report.is_nothing() {
        store::touch_catalogue(tx, ctx.office)?;
        outbox::emit(tx, ctx, &Fact::ServicesChanged)?;
    }
    Ok(report)
}

fn walk(
    tx: &mut Tx,
    office: OfficeId,
    file: &ServiceFile,
    write: bool,
) -> Result<ImportReport, Failure<ImportRefused>> {
    let duties = maeul_org::duties(tx, office)?;
    let unknown: Vec<LineRefusal> = file
        .services
        .iter()
        .filter(|(_, service)| duties.iter().all(|duty| duty.code != service.duty))
        .map(|(line, service)| {
            let duty = &service.duty;
            LineRefusal::new(
                *line,
                "duty",
                format!("조직도에 없는 업무입니다: {duty}. 조직도를 먼저 올려 주십시오."),
                format!("The chart has no duty {duty}. Please import the chart first."),
            )
        })
        .collect();
    if !unknown.is_empty() {
        return Err(Failure::Refused(ImportRefused(unknown)));
    }
    let services: Vec<&Service> = file.services.iter().map(|(_, service)| service).collect();
    let (mut report, gone) = compare(store::services(tx, office)?, &services);
    for service in &gone {
        report.note(
            format!("{}: 파일에 없어 더 받지 않습니다.", service.name.ko),
            format!("{}: no longer in the file, so no longer offered.", service.name.en),
        );
    }
    if write && !report.is_nothing() {
        for (ord, service) in (1_i32..).zip(services) {
            store::put_service(tx, office, ord, service)?;
        }
        for service in gone {
            store::put_service(tx, office, i32::MAX, &Service { active: false, ..service })?;
        }
    }
    Ok(report)
}

impl Listed for Service {
    fn code(&self) -> &str {
        &self.code
    }

    fn is_active(&self) -> bool {
        self.active
    }
}
