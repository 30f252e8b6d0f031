//! A new request: through the same act as every channel.

use std::borrow::Cow;

use axum::extract::Request;
use axum::response::Response;
use maeul_base::{Ctx, Failure, Fault, Lang, Refusal, hex};
use maeul_db::Tx;
use maeul_people::Scope;
use maeul_photo::{Photo, PhotoRefusal};
use maeul_web::{Upload, Visit};
use maeul_wire::open311::{Errors, Format, NewRequest, Receipt, SERVICE_REQUESTS};
use sha2::{Digest, Sha256};

use super::answer::{answer, broken};
use super::call::{Call, posted};
use super::posted::{Judged, judge};
use crate::act::{self, AddPhotoRefusal, MOST_PHOTOS, ReceiveRefusal, Relayed, RelayedCase};
use crate::number::CaseNumber;
use crate::read::open311::request_id;
use crate::{Knowledge, PhotoOf, read};

/// The highest sequence there is: a number for trying out, given to no case that stays.
const TRIAL: u32 = 999_999_999;
/// Longest key of a submission.
const LONGEST_KEY: usize = 200;

/// Why nothing is kept.
enum Unkept {
    /// It was only tried out.
    Trial(Box<Relayed>),
    Report(ReceiveRefusal),
    Photo(AddPhotoRefusal),
}

/// `POST requests.F`
pub(super) async fn post(
    visit: &Visit,
    format: Format,
    request: Request,
    test: bool,
) -> Result<Response, Errors> {
    let key = request.headers().get("idempotency-key").cloned();
    let (call, files) = posted(visit, format, request).await?;
    let client = call.require(Scope::CreateRequests)?.clone();
    let new = NewRequest::read(&call.pairs);
    let judged = judge(&call, &new)?;
    let photos = photos(&call, files).await?;
    let key = key.as_ref().and_then(|it| it.to_str().ok()).or(call.pairs.get("client_key"));
    let client_key = match key {
        Some(key) => Some(submission(&call, &client.id.to_string(), key)?),
        None => None,
    };
    let number = number(&call, test).await?;
    let report = act::judge(&call.ctx, &call.know, judged.new_case(number, client_key));
    let input = RelayedCase {
        report: report.map_err(|fault| broken(call.lang(), &fault))?,
        client: client.id,
        client_name: client.name,
        media: judged.media.clone(),
    };
    let done = call.write(move |tx, ctx, know| keep(tx, ctx, know, &input, &photos, test)).await;
    let relayed = match done {
        Ok(relayed) => relayed,
        Err(Failure::Refused(Unkept::Trial(relayed))) => *relayed,
        Err(Failure::Refused(Unkept::Report(refusal))) => return Err(refused(&call, &refusal)),
        Err(Failure::Refused(Unkept::Photo(refusal))) => {
            return Err(Errors::one(400, refusal.say(call.lang())));
        }
        Err(Failure::Fault(fault)) => return Err(broken(call.lang(), &fault)),
    };
    let notice = notice(&call, &judged, &relayed, test);
    let id = request_id(&relayed.receipt.number);
    let receipt = Receipt {
        service_request_id: (!client.tokens).then_some(id),
        token: client.tokens.then_some(relayed.token),
        service_notice: Some(notice),
        account_id: new.account_id,
    };
    Ok(answer(format, SERVICE_REQUESTS, &receipt.list()))
}

/// The key under which the same submission is known again: of this client alone.
fn submission(call: &Call, client: &str, key: &str) -> Result<String, Errors> {
    let key = key.trim();
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Errors::one(
            400,
            call.t(
                "Idempotency-Key(client_key)는 1~200자여야 합니다.",
                "Idempotency-Key (client_key) must have 1 to 200 characters.",
            ),
        ));
    }
    let digest = Sha256::digest(key.as_bytes());
    let digest = hex(digest.iter().take(16));
    Ok(format!("o311:{client}:{digest}"))
}

async fn number(call: &Call, test: bool) -> Result<CaseNumber, Errors> {
    if test {
        let year = call.ctx.today().year();
        return CaseNumber::new(year, &call.know.office().short_ko, TRIAL)
            .map_err(|wrong| Errors::one(500, wrong.say(call.lang())));
    }
    let db = call.visit.site().db();
    let leased = call.desk.numbers.next(db, &call.ctx, &call.know).await;
    leased.map_err(|fault| broken(call.lang(), &fault))
}

/// Re-encodes the files on a thread that may block; one that is no photo refuses the whole.
pub(super) async fn photos(call: &Call, files: Vec<Upload>) -> Result<Vec<Photo>, Errors> {
    if files.len() > MOST_PHOTOS {
        return Err(Errors::one(
            400,
            call.t("사진은 5장까지 보낼 수 있습니다.", "At most five photos can be sent."),
        ));
    }
    let mut photos = Vec::with_capacity(files.len());
    for file in files {
        let taken = tokio::task::spawn_blocking(move || maeul_photo::take(&file.bytes)).await;
        let taken = taken.unwrap_or(Err(PhotoRefusal::Broken));
        photos.push(taken.map_err(|refusal| {
            Errors::one(400, format!("{}: {}", file.field, refusal.say(call.lang())))
        })?);
    }
    Ok(photos)
}

/// Report and photos in one transaction; a trial is undone whole.
fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &RelayedCase,
    photos: &[Photo],
    test: bool,
) -> Result<Relayed, Failure<Unkept>> {
    let before = |tx: &mut Tx| match input.report.client_key() {
        Some(key) => Ok::<_, Fault>(read::receipt_of(tx, ctx, know, key)?.is_some()),
        None => Ok(false),
    };
    let mut input = Cow::Borrowed(input);
    if !photos.is_empty() && !before(tx)? {
        let empty = act::SaveDraft { draft: None, body: serde_json::json!({}) };
        let draft = act::save_draft(tx, ctx, know, &empty)
            .map_err(|failure| failure.map(|_| Unkept::Photo(AddPhotoRefusal::DraftEnded)))?;
        for photo in photos {
            let new = act::NewPhoto {
                to: PhotoOf::Draft(draft),
                access: None,
                jpeg: photo.jpeg.clone(),
                thumb: photo.thumb.clone(),
                width: photo.width,
                height: photo.height,
                sha256: photo.sha256,
            };
            act::add_photo(tx, ctx, know, &new).map_err(|it| it.map(Unkept::Photo))?;
        }
        let report = input.report.clone().with_draft(draft);
        input = Cow::Owned(RelayedCase { report, ..input.into_owned() });
    }
    let relayed = act::relay_case(tx, ctx, know, &input).map_err(|it| it.map(Unkept::Report))?;
    if test { Err(Failure::Refused(Unkept::Trial(Box::new(relayed)))) } else { Ok(relayed) }
}

/// The act's refusal under the names clients know.
fn refused(call: &Call, refusal: &ReceiveRefusal) -> Errors {
    let status = if matches!(refusal, ReceiveRefusal::NoSuchService) { 404 } else { 400 };
    let field = refusal.field().map(|field| match field {
        "body" => "description",
        "point" => "lat, long",
        "place" => "address_string",
        "dong" => "address_id",
        "service" => "service_code",
        "name" => "first_name",
        other => other,
    });
    let said = refusal.say(call.lang());
    Errors::one(status, field.map_or_else(|| said.clone(), |field| format!("{field}: {said}")))
}

/// Until when, by whom, and what was not kept.
fn notice(call: &Call, judged: &Judged, relayed: &Relayed, test: bool) -> String {
    let lang = call.lang();
    let receipt = &relayed.receipt;
    let unit = call.know.unit_name(receipt.unit, lang);
    let phone = call.know.unit_phone(receipt.unit);
    let mut said = Vec::new();
    if test {
        said.push(call.t(
            "시험용 주소라 아무것도 저장하지 않았습니다.",
            "This is the test endpoint: nothing was kept.",
        ));
    }
    if let Some(due) = &receipt.due {
        said.push(match lang {
            Lang::Ko => format!("처리 기한: {}", due.say(lang)),
            Lang::En => format!("Due: {}", due.say(lang)),
        });
    }
    said.push(match lang {
        Lang::Ko => format!("담당: {unit} {phone}"),
        Lang::En => format!("Responsible: {unit} {phone}"),
    });
    said.extend(judged.remarks.iter().cloned());
    said.join("\n")
}
