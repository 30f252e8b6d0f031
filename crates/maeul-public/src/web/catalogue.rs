//! The catalogue of open data (DCAT-AP as JSON-LD), and the page that says it to people.

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::Timestamp;
use maeul_base::{Fault, seoul};
use maeul_cases::{Outcome, Publicity};
use maeul_web::{PageCtx, PageResult, Visit, page};
use serde_json::{Value, json};

use super::files::{Form, root};
use super::shelf::Shelf;
use super::{LICENCE_URL, figures, licence, record};
use crate::read;
use crate::words::PublicState;

/// From the first case that may be known to the last change.
async fn period(visit: &Visit) -> Result<(Option<Timestamp>, Option<Timestamp>), Fault> {
    let office = visit.office().id;
    visit
        .site()
        .db()
        .read(move |tx| {
            let latest = read::latest(tx, office)?.map(|it| it.at);
            Ok((read::earliest(tx, office)?, latest))
        })
        .await
}

fn distribution(root: &str, form: Form) -> Value {
    let url = format!("{root}/open-data/{}", form.file());
    let (file_type, says) = match form {
        Form::Csv | Form::BulkCsv => ("CSV", None),
        Form::Json | Form::BulkJson => ("JSON", None),
        Form::GeoJson => ("GEOJSON", Some("https://www.rfc-editor.org/rfc/rfc7946")),
        Form::BulkXml => ("XML", None),
        Form::Rss => ("RSS", None),
        Form::Atom => ("ATOM", Some("https://www.rfc-editor.org/rfc/rfc4287")),
    };
    let bulk = matches!(form, Form::BulkCsv | Form::BulkJson | Form::BulkXml);
    let says = if bulk { Some("http://wiki.open311.org/GeoReport_v2/") } else { says };
    let mut it = json!({
        "@id": format!("{url}#distribution"),
        "@type": "dcat:Distribution",
        "dct:title": { "@value": form.file(), "@language": "en" },
        "dcat:accessURL": { "@id": url },
        "dcat:downloadURL": { "@id": url },
        "dcat:mediaType": { "@id": format!("https://www.iana.org/assignments/media-types/{}", form.media()) },
        "dct:format": { "@id": format!("http://publications.europa.eu/resource/authority/file-type/{file_type}") },
        "dct:license": { "@id": LICENCE_URL },
    });
    if let (Some(object), Some(says)) = (it.as_object_mut(), says) {
        object.insert("dct:conformsTo".to_owned(), json!({ "@id": says }));
    }
    it
}

/// `GET /open-data/catalog.jsonld`
pub(crate) async fn show(visit: &Visit) -> PageResult {
    let (_, know) = Shelf::of(visit).await?;
    let (from, changed) = period(visit).await?;
    let root = root(visit);
    let office = know.office();
    let both = |ko: &str, en: &str| json!([{ "@value": ko, "@language": "ko" }, { "@value": en, "@language": "en" }]);
    let time = |at: Option<Timestamp>| {
        at.map(|at| json!({ "@value": seoul::iso(at), "@type": "xsd:dateTime" }))
    };
    let publisher = json!({
        "@id": format!("{root}#publisher"),
        "@type": "foaf:Agent",
        "foaf:name": both(&office.name_ko, &office.name_en),
    });
    let languages = json!([
        { "@id": "http://publications.europa.eu/resource/authority/language/KOR" },
        { "@id": "http://publications.europa.eu/resource/authority/language/ENG" },
    ]);
    let dataset = |id: &str, title: Value, description: Value, distributions: Vec<Value>| {
        json!({
            "@id": format!("{root}/open-data#{id}"),
            "@type": "dcat:Dataset",
            "dct:identifier": format!("{}-{id}", office.code),
            "dct:title": title,
            "dct:description": description,
            "dct:publisher": { "@id": format!("{root}#publisher") },
            "dct:language": languages,
            "dct:license": { "@id": LICENCE_URL },
            "dct:accrualPeriodicity": { "@id": "http://publications.europa.eu/resource/authority/frequency/UPDATE_CONT" },
            "dct:temporal": {
                "@type": "dct:PeriodOfTime",
                "dcat:startDate": time(from),
                "dcat:endDate": time(changed),
            },
            "dct:spatial": { "@type": "dct:Location", "skos:prefLabel": both(&office.name_ko, &office.name_en) },
            "dct:modified": time(changed),
            "dcat:theme": { "@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE" },
            "dcat:keyword": both("민원", "service requests"),
            "dcat:landingPage": { "@id": format!("{root}/open-data") },
            "dcat:distribution": distributions,
        })
    };
    let figures_url = format!("{root}/open-data/figures.csv");
    let cases = Form::ALL.into_iter().map(|form| distribution(&root, form)).collect();
    let figures = vec![json!({
        "@id": format!("{figures_url}#distribution"),
        "@type": "dcat:Distribution",
        "dct:title": { "@value": "figures.csv", "@language": "en" },
        "dcat:accessURL": { "@id": figures_url },
        "dcat:downloadURL": { "@id": figures_url },
        "dcat:mediaType": { "@id": "https://www.iana.org/assignments/media-types/text/csv" },
        "dct:format": { "@id": "http://publications.europa.eu/resource/authority/file-type/CSV" },
        "dct:license": { "@id": LICENCE_URL },
    })];
    let body = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": format!("{root}/open-data/catalog.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": both(
            &format!("{} 민원 공개 자료", office.name_ko),
            &format!("Open data on cases of {}", office.name_en),
        ),
        "dct:description": both(
            "공개하기로 한 민원의 목록과 통계. 개인정보와 정확한 위치는 들어 있지 않음.",
            "Cases that may be public, and figures. No personal data and no exact places.",
        ),
        "dct:publisher": publisher,
        "dct:language": languages,
        "dct:license": { "@id": LICENCE_URL },
        "dct:modified": time(changed),
        "foaf:homepage": { "@id": format!("{root}/open-data") },
        "dcat:dataset": [
            dataset(
                "cases",
                both("공개 민원", "Public cases"),
                both(
                    "분야·동·단계·처리 기한·처리 결과와, 담당자가 확인해 공개한 요약. 위치는 250 m 칸의 가운데까지만.",
                    "Service, dong, steps, due time and outcome of each case, and the summaries an officer looked at. Places only to the middle of a 250 m cell.",
                ),
                cases,
            ),
            dataset(
                "figures",
                both("민원 처리 통계", "Figures on cases"),
                both(
                    "월·동·분야별 접수, 답변, 처리 시간의 중앙값과 90번째 백분위수, 법정 처리기간 안에 답한 비율, 만족도.",
                    "Received, answered, median and 90th percentile of working time, share within the statutory time, satisfaction; by month, dong and service.",
                ),
                figures,
            ),
        ],
    });
    let kind = (header::CONTENT_TYPE, "application/ld+json; charset=utf-8");
    let cache = (header::CACHE_CONTROL, "public, max-age=300");
    let open = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    Ok(([kind, cache, open], body.to_string()).into_response())
}

struct File {
    href: String,
    name: &'static str,
    what: &'static str,
}

struct Column {
    name: &'static str,
    what: &'static str,
}

struct Openness {
    service: String,
    level: &'static str,
}

#[derive(Template)]
#[template(path = "public/open_data.html")]
struct OpenDataPage {
    c: PageCtx,
    files: Vec<File>,
    columns: Vec<Column>,
    figures_columns: usize,
    states: Vec<(&'static str, &'static str)>,
    outcomes: Vec<(&'static str, &'static str)>,
    services: Vec<Openness>,
    licence: String,
    licence_url: &'static str,
    delay_hours: i64,
    smallest: i64,
    from: String,
    to: String,
}

/// `GET /open-data`
pub(crate) async fn about(visit: Visit) -> PageResult {
    let (shelf, know) = Shelf::of(&visit).await?;
    let (from, to) = period(&visit).await?;
    let lang = visit.lang();
    let at = |name: &str| format!("{}/open-data/{name}", visit.base());
    let what = |form: Form| match form {
        Form::Csv => lang.t("표 (엑셀 등)", "Table for spreadsheets"),
        Form::Json => lang.t("프로그램용", "For programs"),
        Form::GeoJson => lang.t("지도 (위치가 있는 것만)", "For maps, those with a place"),
        Form::BulkCsv => lang.t("Open311 일괄 양식, 표", "Open311 bulk form, table"),
        Form::BulkJson => {
            lang.t("Open311 일괄 양식, 프로그램용", "Open311 bulk form, for programs")
        }
        Form::BulkXml => lang.t("Open311 일괄 양식, XML", "Open311 bulk form, XML"),
        Form::Rss => lang.t("새 소식 받기 (RSS)", "Feed (RSS)"),
        Form::Atom => lang.t("새 소식 받기 (Atom)", "Feed (Atom)"),
    };
    let day = |at: Option<Timestamp>| {
        at.map(|at| seoul::day_text(seoul::date(at), lang)).unwrap_or_default()
    };
    let settings = shelf.settings();
    page(&OpenDataPage {
        c: visit.page("open-data"),
        files: Form::ALL
            .into_iter()
            .map(|form| File { href: at(form.file()), name: form.file(), what: what(form) })
            .chain([
                File {
                    href: at("figures.csv"),
                    name: "figures.csv",
                    what: lang.t("통계", "Figures"),
                },
                File {
                    href: at("catalog.jsonld"),
                    name: "catalog.jsonld",
                    what: lang.t("자료 목록 (DCAT-AP)", "Catalogue (DCAT-AP)"),
                },
            ])
            .collect(),
        columns: record::COLUMNS
            .into_iter()
            .map(|name| Column { name, what: column(name, lang) })
            .collect(),
        figures_columns: figures::COLUMNS.len(),
        states: PublicState::ALL.iter().map(|it| (it.as_str(), it.name(lang))).collect(),
        outcomes: Outcome::ALL.iter().map(|it| (it.as_str(), it.name(lang))).collect(),
        services: know
            .services()
            .map(|it| Openness {
                service: it.name.get(lang).to_owned(),
                level: it
                    .public
                    .unwrap_or(Publicity::Private)
                    .min(it.petition_kind.most_public())
                    .name(lang),
            })
            .collect(),
        licence: licence(lang).to_owned(),
        licence_url: LICENCE_URL,
        delay_hours: settings.summary_delay.as_hours(),
        smallest: settings.smallest_count,
        from: day(from),
        to: day(to),
    })
}

/// What a column holds.
fn column(name: &str, lang: maeul_base::Lang) -> &'static str {
    match name {
        "id" => lang.t("공개 번호", "Public number"),
        "url" => lang.t("이 민원의 화면", "Its page"),
        "service_code" | "service_name_ko" | "service_name_en" => lang.t("분야", "Service"),
        "dong_code" | "dong_name_ko" | "dong_name_en" => lang.t("행정동", "Dong"),
        "unit_name_ko" | "unit_name_en" => lang.t("담당 부서", "Responsible unit"),
        "channel" => lang.t("접수 경로", "Channel"),
        "state" => lang.t("상태", "State"),
        "outcome" => lang.t("처리 결과", "Outcome"),
        "received_at" => lang.t("접수한 때", "When it was received"),
        "due_at" => lang.t("처리 기한", "When an answer is due"),
        "due_is_statutory" => lang.t("법이 정한 기한인지", "Whether the law sets it"),
        "closed_at" => lang.t("답변한 때", "When it was answered"),
        "work_minutes" => lang.t(
            "접수부터 마지막 답변까지 근무 시간(분)",
            "Minutes of office hours from receipt to the last answer",
        ),
        "in_time" => lang.t("기한 안에 답했는지", "Whether it was answered in time"),
        "reopened" => lang.t("다시 연 횟수", "How often it was opened again"),
        "latitude" | "longitude" => {
            lang.t("250 m 칸의 가운데 (WGS 84)", "Middle of the 250 m cell (WGS 84)")
        }
        "place_precision" => lang.t("위치의 정밀도", "How precise the place is"),
        "title" => lang.t("공개한 제목", "Published title"),
        "summary" => lang.t("공개한 요약", "Published summary"),
        _ => lang.t("공개 내용이 바뀐 때", "When what is public last changed"),
    }
}
