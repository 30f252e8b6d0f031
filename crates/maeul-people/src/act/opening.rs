//! Somebody opens one thing without having the right, for a short time and with a reason; somebody
//! else looks it over afterwards.

use jiff::SignedDuration;
use maeul_base::{Ctx, Failure, Fault, Lang, Refusal};
use maeul_db::Tx;
use uuid::Uuid;

use crate::id::OpeningId;
use crate::opening::Opening;
use crate::permissions::REVIEW;
use crate::staff::later;
use crate::store::opening as rows;
use crate::{read, store};

/// Shortest reason, in letters: what is written must mean something to the reviewer.
pub const SHORTEST_REASON: usize = 10;
/// Longest reason or note, in letters.
const LONGEST: usize = 500;

/// What is opened, why, for how long.
#[derive(Clone, Debug)]
pub struct NewOpening {
    /// What kind of thing, e.g. `case`.
    pub what_kind: &'static str,
    /// Which one.
    pub what_id: Uuid,
    /// What the reviewer reads, e.g. a receipt number.
    pub label: String,
    /// Why.
    pub reason: String,
    /// For how long.
    pub lasts: SignedDuration,
    /// From which network address.
    pub address: Option<String>,
}

/// Why nothing is opened or reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningRefusal {
    /// Nobody is signed in, or may not.
    NotAllowed,
    /// No reason is given that could be reviewed.
    Reason,
    /// The reason is too long.
    ReasonTooLong,
    /// There is no such opening.
    NotFound,
    /// Nobody reviews what they opened themself.
    Own,
    /// It was reviewed before.
    Reviewed,
    /// No note is written.
    NoteMissing,
    /// The note is too long.
    NoteTooLong,
}

impl Refusal for OpeningRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "opening.not_allowed",
            Self::Reason => "opening.reason",
            Self::ReasonTooLong => "opening.reason_too_long",
            Self::NotFound => "opening.not_found",
            Self::Own => "opening.own",
            Self::Reviewed => "opening.reviewed",
            Self::NoteMissing => "opening.note_missing",
            Self::NoteTooLong => "opening.note_too_long",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotAllowed => {
                lang.t("이 일을 할 권한이 없습니다.", "You have no right to do this.")
            }
            Self::Reason => lang.t(
                "왜 지금 봐야 하는지 10자 이상으로 적어 주십시오. 점검하는 사람이 읽습니다.",
                "Say in at least ten characters why it must be seen now. The reviewer reads it.",
            ),
            Self::ReasonTooLong => lang.t(
                "까닭은 500자 안으로 적어 주십시오.",
                "Please keep the reason to 500 characters.",
            ),
            Self::NotFound => lang.t("그런 기록이 없습니다.", "There is no such record."),
            Self::Own => lang.t(
                "자기가 연 것은 스스로 점검할 수 없습니다. 다른 점검자에게 맡겨 주십시오.",
                "You cannot review what you opened yourself. Please leave it to another reviewer.",
            ),
            Self::Reviewed => lang.t("이미 점검한 기록입니다.", "It has been reviewed already."),
            Self::NoteMissing => lang.t(
                "점검한 결과를 적어 주십시오. 기록에 남습니다.",
                "Please write what you found. It is kept.",
            ),
            Self::NoteTooLong => lang.t(
                "점검 결과는 500자 안으로 적어 주십시오.",
                "Please keep the note to 500 characters.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Reason | Self::ReasonTooLong => Some("reason"),
            Self::NoteMissing | Self::NoteTooLong => Some("note"),
            _ => None,
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotAllowed | Self::Own => 403,
            Self::NotFound => 404,
            Self::Reviewed => 409,
            _ => 422,
        }
    }
}

type Done<T> = Result<T, Failure<OpeningRefusal>>;

fn refuse<T>(refusal: OpeningRefusal) -> Done<T> {
    Err(Failure::Refused(refusal))
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Opens the thing to the acting member of staff. Whether they may do so at all is said by the room
/// whose thing it is. An opening that still runs is not made twice.
pub fn open(tx: &mut Tx, ctx: &Ctx, new: &NewOpening) -> Done<jiff::Timestamp> {
    let Some(staff) = ctx.actor.staff_id() else { return refuse(OpeningRefusal::NotAllowed) };
    let reason = tidy(&new.reason);
    match reason.chars().count() {
        count if count < SHORTEST_REASON => return refuse(OpeningRefusal::Reason),
        count if count > LONGEST => return refuse(OpeningRefusal::ReasonTooLong),
        _ => {}
    }
    let what = (new.what_kind, new.what_id);
    if let Some(until) = rows::open_until(tx, ctx.office, staff, what, ctx.now)? {
        return Ok(until);
    }
    let person = read::staff_by_id(tx, ctx.office, staff)?
        .ok_or_else(|| Fault::other("the acting member of staff is gone"))?;
    let opening = Opening {
        id: ctx.id(),
        staff,
        staff_name: person.name,
        what_kind: new.what_kind.to_owned(),
        what_id: new.what_id,
        label: new.label.clone(),
        reason,
        opened_at: ctx.now,
        until: later(ctx.now, new.lasts),
        reviewed_at: None,
        reviewed_by: None,
        note: None,
    };
    rows::insert(tx, ctx, &opening, new.address.as_deref())?;
    let detail = format!("{} {}", new.what_kind, new.label);
    store::log_account(tx, ctx, staff, "opened", &detail)?;
    Ok(opening.until)
}

/// Marks an opening reviewed, with what was found.
pub fn review_opening(tx: &mut Tx, ctx: &Ctx, id: OpeningId, note: &str) -> Done<Opening> {
    if !ctx.actor.may(&REVIEW) {
        return refuse(OpeningRefusal::NotAllowed);
    }
    let note = tidy(note);
    match note.chars().count() {
        0 => return refuse(OpeningRefusal::NoteMissing),
        count if count > LONGEST => return refuse(OpeningRefusal::NoteTooLong),
        _ => {}
    }
    let Some(it) = rows::opening(tx, ctx.office, id)? else {
        return refuse(OpeningRefusal::NotFound);
    };
    if ctx.actor.staff_id() == Some(it.staff) {
        return refuse(OpeningRefusal::Own);
    }
    if it.reviewed_at.is_some() {
        return refuse(OpeningRefusal::Reviewed);
    }
    rows::review(tx, ctx, id, &note)?;
    store::log_account(tx, ctx, it.staff, "opening_reviewed", &id.to_string())?;
    Ok(it)
}
