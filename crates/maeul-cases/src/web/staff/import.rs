//! The administrator's pages that take in another system's cases and write out ours.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use jiff::SignedDuration;
use jiff::civil::Date;
use maeul_base::{Failure, Lang, Refusal, seoul};
use maeul_web::form::{BODY_BYTES, with_files};
use maeul_web::{
    Access, Errors, PageCtx, PageResult, Posted, Routes, Visit, WebError, page, page_with,
};
use serde::Deserialize;

use crate::act::{self, ImportRefusal, NewImport, RefusedRowsOf};
use crate::id::ImportId;
use crate::import::cases::{Mapping, Shape, Writer, cells, unknown_services};
use crate::knowledge::Knowledge;
use crate::permissions::IMPORT_CASES;
use crate::read::{self, Span};
use crate::store::Import;
use crate::web::desk::{self, know};
use crate::words::ImportState;

const HERE: &str = "/staff/admin/import";
/// Cases read at a time when ours are written out.
const PAGE: usize = 500;
/// What has not gone on for so long can be pushed on by hand: a job's lease is over by then.
const STILL: SignedDuration = SignedDuration::from_mins(6);

/// The pages with who may use them.
pub(super) fn routes() -> Routes {
    let keep = Access::Staff(&IMPORT_CASES);
    Routes::new()
        .get(HERE, keep, list)
        .post(HERE, keep, hand_in)
        .get("/staff/admin/import/{import}", keep, show)
        .post("/staff/admin/import/{import}/start", keep, start)
        .post("/staff/admin/import/{import}/resume", keep, resume)
        .post("/staff/admin/import/{import}/stop", keep, stop)
        .post("/staff/admin/import/{import}/refused", keep, refused)
        .get("/staff/admin/export", keep, export)
}

/// A file as people read it.
struct Line {
    href: String,
    name: String,
    badge: &'static str,
    state: &'static str,
    size: String,
    sent: String,
    iso: String,
    total: i64,
    done: i64,
    fresh: i64,
    known: i64,
    refused: i64,
    per_cent: i64,
    is_under_way: bool,
    is_checked: bool,
    is_done: bool,
    is_still: bool,
    problem: String,
}

impl Line {
    fn of(visit: &Visit, it: &Import) -> Self {
        let lang = visit.lang();
        let total = it.total.unwrap_or_default();
        let still = visit.now().duration_since(it.changed_at) >= STILL;
        Self {
            href: format!("{}{HERE}/{}", visit.base(), it.id),
            name: it.name.clone(),
            badge: match it.state {
                ImportState::Checking | ImportState::Running => "badge-work",
                ImportState::Checked => "badge-wait",
                ImportState::Done => "badge-done",
                ImportState::Stopped => "badge-plain",
                ImportState::Broken => "badge-late",
            },
            state: it.state.name(lang),
            size: format!("{} KB", thousands((it.size + 1_023) / 1_024)),
            sent: seoul::time_text(it.created_at, lang),
            iso: seoul::iso(it.created_at),
            per_cent: if total > 0 { (it.done * 100 / total).min(100) } else { 0 },
            total,
            done: it.done,
            fresh: it.fresh,
            known: it.known,
            refused: it.refused,
            is_under_way: it.state.is_under_way(),
            is_checked: it.state == ImportState::Checked,
            is_done: it.state == ImportState::Done,
            is_still: it.state.is_under_way() && still,
            problem: it.problem.as_ref().map(|it| it.get(lang).to_owned()).unwrap_or_default(),
        }
    }
}

fn thousands(number: i64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[derive(Template)]
#[template(path = "cases/staff/imports.html")]
struct ListPage {
    c: PageCtx,
    lines: Vec<Line>,
    file_hint: String,
    keep_days: i64,
    errors: Errors,
    wrong: Vec<String>,
    from: String,
    to: String,
}

async fn build(visit: &Visit, know: &Knowledge) -> Result<ListPage, WebError> {
    let found = desk::read(visit, visit.ctx(), know, read::imports).await?;
    let settings = know.import_settings();
    let most = settings.most_bytes / (1_024 * 1_024);
    Ok(ListPage {
        c: visit.page("admin"),
        lines: found.iter().map(|it| Line::of(visit, it)).collect(),
        file_hint: match visit.lang() {
            Lang::Ko => format!(
                "UTF-8로 된 .csv(첫 줄은 칸 이름)나 .jsonl 파일, {most} MB까지. 더 크면 명령 maeul import cases를 씁니다."
            ),
            Lang::En => format!(
                "UTF-8, named .csv (a header first) or .jsonl, up to {most} MB. Larger ones by the command maeul import cases."
            ),
        },
        keep_days: settings.keep.as_hours() / 24,
        errors: Errors::default(),
        wrong: Vec::new(),
        from: String::new(),
        to: String::new(),
    })
}

/// `GET /staff/admin/import`
async fn list(visit: Visit) -> PageResult {
    let know = know(&visit).await?;
    page(&build(&visit, &know).await?)
}

async fn again(
    visit: &Visit,
    know: &Knowledge,
    field: &str,
    error: String,
    wrong: Vec<String>,
) -> PageResult {
    let mut template = build(visit, know).await?;
    template.errors = Errors::one(field, error);
    template.wrong = wrong;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

/// `POST /staff/admin/import`: file, mapping (a file, may be missing).
async fn hand_in(visit: Visit, request: Request) -> PageResult {
    // A file of any size that may come at all is read, so that its sender is told on the form.
    let posted: Posted = with_files(request, BODY_BYTES).await?;
    let know = know(&visit).await?;
    let file = posted.files.iter().find(|it| it.field == "file");
    let mapping = posted.files.iter().find(|it| it.field == "mapping");
    let mapping = mapping.map(|it| String::from_utf8(it.bytes.to_vec())).transpose();
    let Ok(mapping) = mapping else {
        let said = visit.t("매핑 파일이 UTF-8이 아닙니다.", "The mapping file is not UTF-8.");
        return again(&visit, &know, "mapping", said.to_owned(), Vec::new()).await;
    };
    let mapping = mapping.unwrap_or_default();
    if !mapping.trim().is_empty() {
        let wrong = match Mapping::parse(&mapping) {
            Ok(read) => {
                unknown_services(&read, &know).map(|it| vec![it.get(visit.lang()).to_owned()])
            }
            Err(lines) => Some(lines.iter().map(|it| it.say(visit.lang())).collect()),
        };
        if let Some(wrong) = wrong {
            let said = visit.t("매핑 파일을 고쳐 주십시오.", "Please correct the mapping file.");
            return again(&visit, &know, "mapping", said.to_owned(), wrong).await;
        }
    }
    let input = NewImport {
        name: file.map(|it| it.name.clone()).unwrap_or_default(),
        bytes: file.map(|it| it.bytes.to_vec()).unwrap_or_default(),
        mapping,
    };
    let ctx = visit.ctx();
    let done =
        desk::write(&visit, ctx, &know, move |tx, ctx, know| act::hand_in(tx, ctx, know, &input))
            .await;
    match done {
        Ok(id) => Ok(visit.redirect(&format!("{HERE}/{id}"))),
        Err(Failure::Refused(refusal)) => {
            let field = refusal.field().unwrap_or("file");
            again(&visit, &know, field, refusal.say(visit.lang()), Vec::new()).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "cases/staff/import.html")]
struct OnePage {
    c: PageCtx,
    it: Line,
    mapped: Vec<(&'static str, String)>,
    kept: String,
    services: Vec<(String, usize)>,
    unknown: Vec<(String, usize)>,
    reasons: Vec<(String, String, usize)>,
    open: usize,
    closed: usize,
    located: usize,
    named: usize,
    keep_days: i64,
}

/// `GET /staff/admin/import/{import}`
async fn show(visit: Visit, Path(id): Path<ImportId>) -> PageResult {
    let know = know(&visit).await?;
    let found = desk::read(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        read::import(tx, ctx, know, id)
    })
    .await?;
    let found = found.ok_or_else(WebError::not_found)?;
    let mapping = act::mapping_of(&found)?;
    let (lang, survey) = (visit.lang(), &found.survey);
    let mapped = survey.mapped(&mapping);
    page(&OnePage {
        c: visit.page("admin"),
        it: Line::of(&visit, &found),
        mapped: mapped
            .into_iter()
            .map(|(ours, theirs)| (ours.as_str(), theirs.unwrap_or_default().to_owned()))
            .collect(),
        kept: survey.kept(&mapping).join(", "),
        services: survey
            .services
            .iter()
            .map(|(code, count)| (know.service_name(code, lang).to_owned(), *count))
            .collect(),
        unknown: survey
            .unknown_services
            .iter()
            .map(|(word, n)| (word.clone(), *n))
            .take(50)
            .collect(),
        reasons: survey
            .reasons
            .iter()
            .map(|((field, ko, en), count)| {
                (field.clone(), lang.t(ko.as_str(), en.as_str()).to_owned(), *count)
            })
            .take(20)
            .collect(),
        open: survey.open,
        closed: survey.closed,
        located: survey.located,
        named: survey.named,
        keep_days: know.import_settings().keep.as_hours() / 24,
    })
}

type Act = fn(
    &mut maeul_db::Tx,
    &maeul_base::Ctx,
    &Knowledge,
    &ImportId,
) -> Result<(), Failure<ImportRefusal>>;

async fn press(visit: &Visit, id: ImportId, act: Act, said: &str) -> PageResult {
    let know = know(visit).await?;
    desk::write(visit, visit.ctx(), &know, move |tx, ctx, know| act(tx, ctx, know, &id)).await?;
    Ok(visit.redirect_with(&format!("{HERE}/{id}"), said))
}

/// `POST /staff/admin/import/{import}/start`
async fn start(visit: Visit, Path(id): Path<ImportId>, _: Posted) -> PageResult {
    let said = visit.t("가져오기 시작했습니다.", "The import has begun.");
    press(&visit, id, act::start_import, said).await
}

/// `POST /staff/admin/import/{import}/resume`
async fn resume(visit: Visit, Path(id): Path<ImportId>, _: Posted) -> PageResult {
    let said = visit.t("멈춘 곳부터 잇습니다.", "It goes on where it stood still.");
    press(&visit, id, act::resume_import, said).await
}

/// `POST /staff/admin/import/{import}/stop`
async fn stop(visit: Visit, Path(id): Path<ImportId>, _: Posted) -> PageResult {
    let said = visit.t(
        "올린 파일을 지웠습니다. 이미 가져온 민원은 그대로입니다.",
        "The file was deleted. Cases that were brought in stay.",
    );
    press(&visit, id, act::stop_import, said).await
}

/// `POST /staff/admin/import/{import}/refused`: the refused rows as a file; the look is logged.
async fn refused(visit: Visit, Path(id): Path<ImportId>, _: Posted) -> PageResult {
    let know = know(&visit).await?;
    let input = RefusedRowsOf {
        import: id,
        address: Some(visit.client().to_owned()).filter(|it| !it.is_empty()),
    };
    let (kept, rows) = desk::write(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        act::refused_rows(tx, ctx, know, &input)
    })
    .await?;
    let (kind, ending) = kind_of(kept.shape);
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"refused.{ending}\"")),
    ];
    Ok((headers, rows).into_response())
}

const fn kind_of(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Csv => ("text/csv; charset=utf-8", "csv"),
        Shape::JsonLines => ("application/x-ndjson", "jsonl"),
    }
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    format: String,
}

/// An empty field is no bound; `None`: it is no day.
fn day(text: &str) -> Option<Option<Date>> {
    match text.trim() {
        "" => Some(None),
        text => text.parse().ok().map(Some),
    }
}

/// `GET /staff/admin/export`: from, to, format = csv | jsonl. Our cases in the exchange form, personal
/// data hidden; a full hand-over is the command's, with the name of who answers for it.
async fn export(visit: Visit, Query(wanted): Query<Wanted>) -> PageResult {
    let know = know(&visit).await?;
    let (Some(from), Some(to)) = (day(&wanted.from), day(&wanted.to)) else {
        let mut template = build(&visit, &know).await?;
        let said = visit.t("날짜를 2026-06-01처럼 적어 주십시오.", "Write days as 2026-06-01.");
        template.errors = Errors::one("from", said);
        (template.from, template.to) = (wanted.from, wanted.to);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &template);
    };
    let start_of = |day: Date| seoul::instant(day.at(0, 0, 0, 0));
    let span = Span {
        from: from.map(start_of),
        until: to.and_then(|day| day.tomorrow().ok()).map(start_of),
    };
    let shape = if wanted.format == "jsonl" { Shape::JsonLines } else { Shape::Csv };
    Ok(stream(visit, know, span, shape))
}

/// Where the stream stands.
enum Step {
    Begin,
    Rows(maeul_base::Cursor),
    Done,
}

fn stream(visit: Visit, know: Knowledge, span: Span, shape: Shape) -> Response {
    let name = format!("cases-{}.{}", seoul::date(visit.now()), kind_of(shape).1);
    let first = (visit, know, Step::Begin);
    let chunks = futures_util::stream::unfold(first, move |(visit, know, step)| async move {
        let after = match step {
            Step::Begin => None,
            Step::Rows(after) => Some(after),
            Step::Done => return None,
        };
        let page = desk::read(&visit, visit.ctx(), &know, move |tx, ctx, _| {
            read::cases_of(tx, ctx, span, after, PAGE)
        })
        .await;
        let written = page.map_err(std::io::Error::other).and_then(|(cases, next)| {
            let mut out = Vec::new();
            let mut writer = match after {
                None => Writer::new(shape, &mut out, false)?,
                Some(_) => Writer::going_on(shape, &mut out, false),
            };
            for handed in &cases {
                writer.row(&cells(&know, handed, false))?;
            }
            writer.finish()?;
            drop(writer);
            Ok((out, next))
        });
        // A broken stream ends the connection: half a file never looks like a whole one.
        match written {
            Ok((out, next)) => {
                let step = next.map_or(Step::Done, Step::Rows);
                Some((Ok(Bytes::from(out)), (visit, know, step)))
            }
            Err(error) => Some((Err(error), (visit, know, Step::Done))),
        }
    });
    let headers: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, kind_of(shape).0.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    // Whoever packs the answer asks once more after its end.
    (headers, Body::from_stream(chunks.fuse())).into_response()
}
