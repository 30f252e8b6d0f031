//! All requests in the bulk form: a stream, so that an office's whole history fits.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use maeul_web::Visit;
use maeul_wire::open311::{
    BULK_COLUMNS, BulkRow, Errors, Format, SERVICE_REQUESTS, Window, Wrong, csv_line, read_time,
};

use super::answer::{errors, open_to_all, unknown};
use super::call::Call;
use crate::read::open311::{self as read, After};

/// Rows read at a time.
const PAGE: usize = 500;

#[derive(Clone, Copy)]
enum Ending {
    Csv,
    Of(Format),
}

/// `GET bulk.csv`, `bulk.json`, `bulk.xml`: start_date and end_date, of any span.
pub(super) async fn show(
    visit: Visit,
    ending: &str,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Response {
    let (ending, format) = match (ending, Format::split(&format!("bulk.{ending}"))) {
        ("csv", _) => (Ending::Csv, Format::Json),
        (_, Some((_, format))) => (Ending::Of(format), format),
        _ => return unknown(&visit),
    };
    let done = async {
        let call = Call::open(&visit, format, query, headers).await?;
        let window = window(&call)?;
        Ok(stream(call, ending, window))
    };
    done.await.unwrap_or_else(|wrong: Errors| errors(format, &wrong))
}

/// Any span: each bound may stand alone.
fn window(call: &Call) -> Result<Option<Window>, Errors> {
    let mut wrong = Wrong::new(call.lang());
    let bound = |name: &str| call.pairs.get(name).and_then(read_time);
    let (from, to) = (bound("start_date"), bound("end_date"));
    // Only to say which bound cannot be read.
    let _ = Window::read(&call.pairs, call.ctx.now, false, &mut wrong);
    let unread = |name: &str, read: bool| call.pairs.get(name).is_some() && !read;
    if unread("start_date", from.is_some()) || unread("end_date", to.is_some()) {
        return Err(Errors::all(400, wrong.said));
    }
    Ok((from.is_some() || to.is_some()).then(|| Window {
        from: from.unwrap_or(jiff::Timestamp::UNIX_EPOCH),
        to: to.unwrap_or(call.ctx.now),
    }))
}

/// Where the stream stands.
enum Step {
    Begin,
    Rows(After),
    Done,
}

fn stream(call: Call, ending: Ending, window: Option<Window>) -> Response {
    let kind = match ending {
        Ending::Csv => "text/csv; charset=utf-8",
        Ending::Of(format) => format.media_type(),
    };
    let first = (call, Step::Begin);
    let chunks = futures_util::stream::unfold(first, move |(call, step)| async move {
        let (after, opening) = match step {
            Step::Begin => (None, true),
            Step::Rows(after) => (after, false),
            Step::Done => return None,
        };
        let reader = call.reader();
        let page = call
            .read(move |tx, ctx, know| read::bulk(tx, ctx, know, window, reader, after, PAGE))
            .await;
        // A broken stream ends the connection: half a file never looks like a whole one.
        let Ok((rows, next)) = page else {
            return Some((Err(std::io::Error::other("the database")), (call, Step::Done)));
        };
        let text = written(ending, &rows, opening, next.is_none());
        let step = if next.is_some() { Step::Rows(next) } else { Step::Done };
        Some((Ok(Bytes::from(text)), (call, step)))
    });
    // Whoever packs the answer asks once more after its end.
    let body = Body::from_stream(chunks.fuse());
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    let name = match ending {
        Ending::Csv => "attachment; filename=\"requests.csv\"",
        Ending::Of(Format::Json) => "inline; filename=\"requests.json\"",
        Ending::Of(Format::Xml) => "inline; filename=\"requests.xml\"",
    };
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    open_to_all(response)
}

fn written(ending: Ending, rows: &[BulkRow], first: bool, last: bool) -> String {
    let mut out = String::new();
    match ending {
        Ending::Csv => {
            if first {
                // So that spreadsheets read Korean.
                out.push('\u{FEFF}');
                out.push_str(&csv_line(BULK_COLUMNS));
            }
            rows.iter().for_each(|row| out.push_str(&csv_line(row.cells())));
        }
        Ending::Of(Format::Json) => {
            if first {
                out.push('[');
            }
            for (index, row) in rows.iter().enumerate() {
                if index > 0 || !first {
                    out.push_str(",\n");
                }
                out.push_str(&row.node().json().to_string());
            }
            if last {
                out.push_str("]\n");
            }
        }
        Ending::Of(Format::Xml) => {
            if first {
                out.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
                out.push_str(&format!("<{SERVICE_REQUESTS}>"));
            }
            rows.iter().for_each(|row| row.node().element("request", &mut out));
            if last {
                out.push_str(&format!("</{SERVICE_REQUESTS}>\n"));
            }
        }
    }
    out
}
