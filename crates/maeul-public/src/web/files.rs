//! Files for everybody: CSV, JSON, GeoJSON, the bulk form of Open311, feeds, figures, and the
//! catalogue of them all. Long ones are streamed; all say of what time they are.

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use maeul_base::{Cursor, Fault, Lang, OfficeId, hex};
use maeul_db::Db;
use maeul_web::{Fields, PageResult, Visit, WebError};
use maeul_wire::open311::{BULK_COLUMNS, SERVICE_REQUESTS, csv_line};
use sha2::{Digest, Sha256};

use super::asked::asked;
use super::figures::{self, Span};
use super::record::{COLUMNS, Record, rfc_2822, xml};
use super::shelf::Shelf;
use super::{LICENCE_URL, catalogue, licence};
use crate::read::{self, Filter, Mark, PublicCase};

/// Rows read at a time.
const PAGE: usize = 500;
/// Entries of a feed.
const ENTRIES: usize = 50;

/// The files of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Csv,
    Json,
    GeoJson,
    BulkCsv,
    BulkJson,
    BulkXml,
    Rss,
    Atom,
}

impl Form {
    /// All of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::Csv,
        Self::Json,
        Self::GeoJson,
        Self::BulkCsv,
        Self::BulkJson,
        Self::BulkXml,
        Self::Rss,
        Self::Atom,
    ];

    pub(crate) const fn file(self) -> &'static str {
        match self {
            Self::Csv => "cases.csv",
            Self::Json => "cases.json",
            Self::GeoJson => "cases.geojson",
            Self::BulkCsv => "open311.csv",
            Self::BulkJson => "open311.json",
            Self::BulkXml => "open311.xml",
            Self::Rss => "cases.rss",
            Self::Atom => "cases.atom",
        }
    }

    /// Without its parameters, as a catalogue wants it.
    pub(crate) const fn media(self) -> &'static str {
        match self {
            Self::Csv | Self::BulkCsv => "text/csv",
            Self::Json | Self::BulkJson => "application/json",
            Self::GeoJson => "application/geo+json",
            Self::BulkXml => "application/xml",
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv | Self::BulkCsv => "text/csv; charset=utf-8",
            Self::Json | Self::BulkJson => "application/json; charset=utf-8",
            Self::GeoJson => "application/geo+json",
            Self::BulkXml => "application/xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
        }
    }
}

/// `GET /open-data/{file}`
pub(crate) async fn show(
    visit: Visit,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> PageResult {
    match file.as_str() {
        "figures.csv" => return of_figures(&visit, query.as_deref()).await,
        "catalog.jsonld" => return catalogue::show(&visit).await,
        _ => {}
    }
    let form = Form::ALL.into_iter().find(|form| form.file() == file);
    let form = form.ok_or_else(WebError::not_found)?;
    let (_, know) = Shelf::of(&visit).await?;
    let asked = asked(visit.lang(), &know, query.as_deref()).right()?;
    let office = visit.office().id;
    let latest = visit.site().db().read(move |tx| read::latest(tx, office)).await?;
    let root = root(&visit);
    let record = Record { know, root, base: visit.base().to_owned() };
    let mark = etag(&visit, &record, &file, query.as_deref(), latest);
    let stamps = Stamps { mark, latest };
    if let Some(unchanged) = stamps.unchanged(&headers) {
        return Ok(unchanged);
    }
    let newest = asked.newest;
    let mut filter = asked.filter.clone();
    filter.with_place |= form == Form::GeoJson;
    let most = match form {
        Form::Rss | Form::Atom => Some(newest.unwrap_or(ENTRIES).min(PAGE)),
        _ => newest,
    };
    let about = About {
        form,
        lang: visit.lang(),
        query: asked.query(),
        office: record.know.office().name(visit.lang()).to_owned(),
        changed: latest.map_or_else(|| visit.now(), |it| it.at),
    };
    let reader = Reader { db: visit.site().db().clone(), office, filter, most, record, about };
    let mut response = stream(reader);
    stamps.put(response.headers_mut());
    let kind = HeaderValue::from_static(form.content_type());
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if matches!(form, Form::Csv | Form::BulkCsv) {
        let name = format!("attachment; filename=\"{}-{file}\"", visit.office().code);
        if let Ok(name) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
        }
    }
    Ok(open_to_all(response))
}

async fn of_figures(visit: &Visit, query: Option<&str>) -> PageResult {
    let (shelf, know) = Shelf::of(visit).await?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let span = Span::read(&fields, visit.now());
    let found = shelf.figures(visit, &span).await?;
    let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8");
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"figures.csv\"");
    let body = figures::csv(&know, &found, &span);
    Ok(open_to_all(([kind, name], body).into_response()))
}

/// The address of the office's pages, whole.
pub(crate) fn root(visit: &Visit) -> String {
    format!("{}/o/{}", visit.site().config().base_url, visit.office().slug)
}

/// Any page may read it, and caches may keep it if they ask whether it is still so.
fn open_to_all(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    response
}

/// Of what time a file is.
struct Stamps {
    mark: String,
    latest: Option<Mark>,
}

impl Stamps {
    /// 304 where the reader has it already.
    fn unchanged(&self, headers: &HeaderMap) -> Option<Response> {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let same = match text(header::IF_NONE_MATCH) {
            Some(marks) => {
                marks.split(',').any(|it| matches!(it.trim(), "*") || it.trim() == self.mark)
            }
            // A mark says more than a time; the time counts only without one.
            None => {
                let since = jiff::fmt::rfc2822::parse(text(header::IF_MODIFIED_SINCE)?).ok()?;
                self.latest?.at.as_second() <= since.timestamp().as_second()
            }
        };
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        self.put(response.headers_mut());
        same.then(|| open_to_all(response))
    }

    fn put(&self, headers: &mut HeaderMap) {
        if let Ok(mark) = HeaderValue::from_str(&self.mark) {
            headers.insert(header::ETAG, mark);
        }
        let at = self.latest.map(|it| it.at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        if let Some(at) = at.and_then(|at| HeaderValue::from_str(&at).ok()) {
            headers.insert(header::LAST_MODIFIED, at);
        }
    }
}

/// Another whenever anything is that a file is made of: the pictures, the names in it, the question.
fn etag(
    visit: &Visit,
    record: &Record,
    file: &str,
    query: Option<&str>,
    latest: Option<Mark>,
) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    add(env!("CARGO_PKG_VERSION"));
    add(file);
    add(query.unwrap_or_default());
    add(visit.lang().tag());
    add(&record.root);
    add(&latest.map(|it| it.to_string()).unwrap_or_default());
    add(&record.know.office().revision.to_string());
    for service in record.know.all_services() {
        add(&service.name.ko);
        add(&service.name.en);
        add(&service.group.ko);
    }
    for dong in record.know.dongs() {
        add(&dong.name.ko);
    }
    let digest = hash.finalize();
    let short = hex(digest.iter().take(12));
    // Weak: the same words may be packed in other ways.
    format!("W/\"{short}\"")
}

/// What a file says of itself.
struct About {
    form: Form,
    lang: Lang,
    query: String,
    office: String,
    changed: jiff::Timestamp,
}

struct Reader {
    db: Db,
    office: OfficeId,
    filter: Filter,
    most: Option<usize>,
    record: Record,
    about: About,
}

/// Where the stream stands.
enum Step {
    Begin,
    Rows(Option<Cursor>, usize),
    Done,
}

impl Reader {
    async fn page(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<maeul_base::Page<PublicCase>, Fault> {
        let (office, filter) = (self.office, self.filter.clone());
        self.db.read(move |tx| read::page(tx, office, &filter, after, limit)).await
    }
}

fn stream(reader: Reader) -> Response {
    let chunks = futures_util::stream::unfold((reader, Step::Begin), |(reader, step)| async move {
        let (after, had) = match step {
            Step::Begin => (None, 0),
            Step::Rows(after, had) => (after, had),
            Step::Done => return None,
        };
        let limit = reader.most.map_or(PAGE, |most| (most - had.min(most)).min(PAGE));
        // A broken stream ends the connection: half a file never looks like a whole one.
        let Ok(page) = reader.page(after, limit).await else {
            return Some((Err(std::io::Error::other("the database")), (reader, Step::Done)));
        };
        let count = had + page.rows.len();
        let next = page.next.filter(|_| reader.most.is_none_or(|most| count < most));
        let text = written(&reader, &page.rows, had == 0 && after.is_none(), next.is_none());
        let step = if next.is_some() { Step::Rows(next, count) } else { Step::Done };
        Some((Ok(Bytes::from(text)), (reader, step)))
    });
    // Whoever packs the answer asks once more after its end.
    Body::from_stream(chunks.fuse()).into_response()
}

fn written(reader: &Reader, rows: &[PublicCase], first: bool, last: bool) -> String {
    let (record, about) = (&reader.record, &reader.about);
    let mut out = String::new();
    if first {
        out.push_str(&head(record, about));
    }
    let mut listed = false;
    for case in rows {
        let json = match about.form {
            Form::Csv => {
                out.push_str(&csv_line(record.cells(case)));
                continue;
            }
            Form::BulkCsv => {
                out.push_str(&csv_line(record.bulk(case, about.lang).cells()));
                continue;
            }
            Form::BulkXml => {
                record.bulk(case, about.lang).node().element("request", &mut out);
                continue;
            }
            Form::Rss => {
                out.push_str(&record.rss(case, about.lang));
                continue;
            }
            Form::Atom => {
                out.push_str(&record.atom(case, about.lang));
                continue;
            }
            Form::Json => record.json(case),
            Form::BulkJson => record.bulk(case, about.lang).node().json(),
            Form::GeoJson => match record.feature(case, about.lang) {
                Some(feature) => feature,
                None => continue,
            },
        };
        if listed || !first {
            out.push_str(",\n");
        }
        listed = true;
        out.push_str(&json.to_string());
    }
    if last {
        out.push_str(tail(about.form));
    }
    out
}

fn head(record: &Record, about: &About) -> String {
    let licence = licence(about.lang);
    match about.form {
        // So that spreadsheets read Korean.
        Form::Csv => format!("\u{FEFF}{}", csv_line(COLUMNS)),
        Form::BulkCsv => format!("\u{FEFF}{}", csv_line(BULK_COLUMNS)),
        Form::Json => format!(
            "{{\"source\":{},\"licence\":{},\"licence_url\":\"{LICENCE_URL}\",\"changed_at\":\"{}\",\"cases\":[\n",
            serde_json::Value::from(about.office.as_str()),
            serde_json::Value::from(licence),
            maeul_base::seoul::iso(about.changed),
        ),
        Form::GeoJson => "{\"type\":\"FeatureCollection\",\"features\":[\n".to_owned(),
        Form::BulkJson => "[".to_owned(),
        Form::BulkXml => {
            format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<{SERVICE_REQUESTS}>")
        }
        Form::Rss | Form::Atom => feed_head(record, about, licence),
    }
}

fn feed_head(record: &Record, about: &About, licence: &str) -> String {
    let mark = if about.query.is_empty() { String::new() } else { format!("?{}", about.query) };
    let page = xml(&format!("{}/cases{mark}", record.root));
    let own = xml(&format!("{}/open-data/{}{mark}", record.root, about.form.file()));
    let title = xml(&format!("{} {}", about.office, about.lang.t("공개 민원", "public cases")));
    let changed = about.changed;
    if about.form == Form::Atom {
        return format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
             xml:lang=\"{lang}\">\n<title>{title}</title><id>{own}</id><link href=\"{page}\"/>\
             <link rel=\"self\" href=\"{own}\"/><updated>{at}</updated><author><name>{office}</name>\
             </author><rights>{rights}</rights>\n",
            lang = about.lang.tag(),
            at = maeul_wire::open311::write_time(changed),
            office = xml(&about.office),
            rights = xml(licence),
        );
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" \
         xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>\n<title>{title}</title>\
         <link>{page}</link><atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{own}\"/>\
         <description>{title}</description><language>{lang}</language><copyright>{rights}</copyright>\
         <lastBuildDate>{at}</lastBuildDate>\n",
        lang = about.lang.tag(),
        at = rfc_2822(changed),
        rights = xml(licence),
    )
}

const fn tail(form: Form) -> &'static str {
    match form {
        Form::Csv | Form::BulkCsv => "",
        Form::Json | Form::GeoJson => "]}\n",
        Form::BulkJson => "]\n",
        Form::BulkXml => "</service_requests>\n",
        Form::Rss => "</channel></rss>\n",
        Form::Atom => "</feed>\n",
    }
}
