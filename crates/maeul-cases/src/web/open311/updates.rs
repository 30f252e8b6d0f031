//! What happened to requests: told to other systems, and by them.

use axum::extract::Request;
use axum::response::Response;
use maeul_base::{Actor, CaseId, Failure, Refusal};
use maeul_people::Scope;
use maeul_web::Visit;
use maeul_wire::open311::{
    Errors, Filter, Format, NewUpdate, Update, UpdateStatus, Window, Wrong, is_ahead, read_time,
};

use super::answer::{answer, broken};
use super::call::{Call, posted};
use super::new_request::photos;
use super::posted::is_web_address;
use super::requests::no_request;
use crate::act::{self, KeepPhoto, KeepPhotoRefusal, MOST_PHOTOS, Tell, TellRefusal};
use crate::read::open311 as read;
use crate::{CaseRefusal, read as reads};

const ROOT: &str = "service_request_updates";
/// Longest id of an update, in bytes.
const LONGEST_ID: usize = 100;

/// Why nothing is kept.
enum Untold {
    /// It was only tried out.
    Trial(i64),
    Refused(TellRefusal),
    Photo(KeepPhotoRefusal),
}

/// `GET servicerequestupdates.F`
pub(super) async fn list(call: &Call) -> Result<Response, Errors> {
    let (now, lang) = (call.ctx.now, call.lang());
    let mut wrong = Wrong::new(lang);
    let window = Window::read(&call.pairs, now, true, &mut wrong);
    // Pages are read as in the list of requests; times are judged here alone.
    let pages = Filter::read(&call.pairs, now, lang).map(|it| (it.page, it.page_size));
    let window = match (window, wrong.said.is_empty()) {
        (Some(window), true) => window,
        _ => return Err(Errors::all(400, wrong.said)),
    };
    let pages = pages.map_err(|wrong| Errors::all(400, wrong))?;
    let reader = call.reader();
    let found =
        call.read(move |tx, ctx, know| read::updates(tx, ctx, know, window, pages, reader)).await?;
    Ok(answer(call.format, ROOT, &Update::list(&found)))
}

/// `POST servicerequestupdates.F`
pub(super) async fn post(
    visit: &Visit,
    format: Format,
    request: Request,
    test: bool,
) -> Result<Response, Errors> {
    let (call, files) = posted(visit, format, request).await?;
    let client = call.require(Scope::WriteUpdates)?;
    let new = NewUpdate::read(&call.pairs);
    let judged = judge(&call, &new, files.len())?;
    let number = read::number_of(&call.know, &judged.request).ok_or_else(|| no_request(&call))?;
    let (id, name, reader) = (client.id, client.name.clone(), call.reader());
    let (text, update, status) = (judged.text, judged.update, judged.status);
    let media = judged.media;
    let files: Vec<KeepPhoto> = photos(&call, files)
        .await?
        .into_iter()
        // The case is set where it is known.
        .map(|it| KeepPhoto {
            case: CaseId(uuid::Uuid::nil()),
            jpeg: it.jpeg,
            thumb: it.thumb,
            width: it.width,
            height: it.height,
            sha256: it.sha256,
        })
        .collect();
    let request = read::request_id(&number);
    let done = {
        // A program speaks, not the person whose report it is.
        let ctx = maeul_base::Ctx { actor: Actor::System, ..call.ctx.clone() };
        let know = call.know.clone();
        call.visit
            .site()
            .db()
            .write(move |tx| {
                let case = reads::case_of_number(tx, &ctx, &number)?.ok_or(Failure::Refused(
                    Untold::Refused(TellRefusal::Case(CaseRefusal::NotFound)),
                ))?;
                let tell = Tell {
                    case,
                    client: id,
                    client_name: name.clone(),
                    reader,
                    update: update.clone(),
                    status: status.word().to_owned(),
                    open: status.is_open(),
                    text: text.clone(),
                };
                let seq = act::tell(tx, &ctx, &know, &tell)
                    .map_err(|failure| failure.map(Untold::Refused))?;
                act::tell_media(tx, &ctx, &know, &tell, &files, &media)
                    .map_err(|failure| failure.map(Untold::Photo))?;
                if test { Err(Failure::Refused(Untold::Trial(seq))) } else { Ok(seq) }
            })
            .await
    };
    match done {
        Ok(seq) | Err(Failure::Refused(Untold::Trial(seq))) => {
            let node = Update::receipt(&read::update_id(&request, seq));
            Ok(answer(format, ROOT, &node))
        }
        Err(Failure::Refused(Untold::Refused(TellRefusal::Case(CaseRefusal::NotFound)))) => {
            Err(no_request(&call))
        }
        Err(Failure::Refused(Untold::Refused(refusal))) => {
            Err(Errors::one(400, refusal.say(call.lang())))
        }
        Err(Failure::Refused(Untold::Photo(refusal))) => {
            Err(Errors::one(400, refusal.say(call.lang())))
        }
        Err(Failure::Fault(fault)) => Err(broken(call.lang(), &fault)),
    }
}

struct Judged {
    request: String,
    update: String,
    status: UpdateStatus,
    text: String,
    /// Addresses of pictures.
    media: Vec<String>,
}

/// Everything that is wrong at once, or what is told.
fn judge(call: &Call, new: &NewUpdate, files: usize) -> Result<Judged, Errors> {
    let mut wrong = Vec::new();
    let mut needed = |name: &str, value: &Option<String>| {
        if value.is_none() {
            wrong.push(call.t(&format!("{name}: 보내 주십시오."), &format!("{name} is required.")));
        }
        value.clone().unwrap_or_default()
    };
    let request = needed("service_request_id", &new.service_request_id);
    let update = needed("update_id", &new.update_id);
    let word = needed("status", &new.status);
    let at = needed("updated_datetime", &new.updated_datetime);
    let description = needed("description", &new.description);
    let status = UpdateStatus::parse(&word);
    if new.status.is_some() && status.is_none() {
        let words = UpdateStatus::ALL.iter().map(|it| it.word().to_ascii_uppercase());
        let words = words.collect::<Vec<_>>().join(", ");
        wrong.push(call.t(
            &format!("status는 다음 가운데 하나입니다: {words}"),
            &format!("status must be one of: {words}"),
        ));
    }
    match (read_time(&at), new.updated_datetime.is_some()) {
        (None, true) => wrong.push(call.t(
            "updated_datetime: 날짜와 시각을 시간대와 함께 적어 주십시오. 예: 2026-06-08T10:15:00+09:00",
            "updated_datetime: write date, time and zone, e.g. 2026-06-08T10:15:00+09:00.",
        )),
        (Some(at), _) if is_ahead(at, call.ctx.now) => wrong.push(call.t(
            "updated_datetime이 지금보다 늦습니다. 보내는 쪽의 시계를 확인해 주십시오.",
            "updated_datetime is in the future. Check the clock of the sender.",
        )),
        _ => {}
    }
    if update.len() > LONGEST_ID {
        wrong.push(call.t("update_id는 100바이트까지입니다.", "update_id: at most 100 bytes."));
    }
    if let Some(bad) = new.media_urls.iter().find(|url| !is_web_address(url)) {
        let bad: String = bad.chars().take(60).collect();
        wrong.push(call.t(
            &format!("media_url은 http(s) 주소여야 합니다: {bad}"),
            &format!("media_url must be an http(s) address: {bad}"),
        ));
    }
    if files + new.media_urls.len() > MOST_PHOTOS {
        wrong.push(call.t("사진은 5장까지 보낼 수 있습니다.", "At most five photos can be sent."));
    }
    match (status, wrong.is_empty()) {
        (Some(status), true) => {
            let media = new.media_urls.clone();
            let words = media.iter().map(String::as_str);
            let text = std::iter::once(description.as_str()).chain(words).collect::<Vec<_>>();
            let text = text.join("\n");
            Ok(Judged { request, update, status, text, media })
        }
        _ => Err(Errors::all(400, wrong)),
    }
}
