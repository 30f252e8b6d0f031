//! How a made-up report arrives, and what all lives share: the stage, the way they halt.

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Actor, Ctx, Failure, Fault, Ids, OfficeId, Refusal};
use maeul_cases::act::{self, NewCase, NewPhoto, Receipt, SaveDraft};
use maeul_cases::{CaseNumber, Channel, Knowledge, PhotoOf};
use maeul_db::Tx;
use maeul_photo::Photo;

use super::dice::Dice;
use super::people::{Crew, actor};
use super::phrases::Phrases;
use super::plan::Plan;

/// What all lives of one office share.
pub(crate) struct Stage {
    pub(crate) office: OfficeId,
    pub(crate) know: Knowledge,
    pub(crate) crew: Crew,
    pub(crate) phrases: std::sync::Arc<Phrases>,
    pub(crate) photos: std::sync::Arc<Vec<Photo>>,
    /// Nothing happens after this instant.
    pub(crate) now: Timestamp,
}

/// Why a life goes no further.
pub(crate) enum Halt {
    /// What comes next lies in the future, or is meant to.
    Here,
    /// Something of ours broke.
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

pub(crate) type Go<T = ()> = Result<T, Halt>;

/// The report comes in, with its photos.
pub(crate) fn receive(
    tx: &mut Tx,
    stage: &Stage,
    plan: &Plan,
    number: &CaseNumber,
    ids: &Ids,
    dice: &mut Dice,
) -> Go<Receipt> {
    let clerk = match plan.channel {
        Channel::Counter | Channel::Phone => actor(stage.crew.clerk(dice)),
        Channel::Web | Channel::Text | Channel::Email | Channel::Api | Channel::Import => {
            Actor::Resident
        }
    };
    let ctx = |at| Ctx {
        office: stage.office,
        actor: clerk.clone(),
        lang: plan.lang,
        now: at,
        ids: ids.clone(),
    };
    let know = &stage.know;
    let photos: Vec<&Photo> =
        plan.pictures.iter().filter_map(|place| stage.photos.get(*place)).collect();
    let draft = if photos.is_empty() {
        None
    } else {
        let before = ctx(plan.at - SignedDuration::from_mins(3));
        let body = serde_json::json!({ "text": plan.body });
        let new = SaveDraft { draft: None, body };
        let draft = did("save a draft", act::save_draft(tx, &before, know, &new))?;
        for photo in photos {
            let new = NewPhoto {
                to: PhotoOf::Draft(draft),
                access: None,
                jpeg: photo.jpeg.clone(),
                thumb: photo.thumb.clone(),
                width: photo.width,
                height: photo.height,
                sha256: photo.sha256,
            };
            did("add a photo", act::add_photo(tx, &before, know, &new))?;
        }
        Some(draft)
    };
    let oral = matches!(plan.channel, Channel::Counter | Channel::Phone);
    let new = NewCase {
        number: number.clone(),
        client_key: Some(format!("demo:{}", plan.index)),
        channel: plan.channel,
        title: plan.title.clone(),
        body: plan.body.clone(),
        service: plan.service.clone(),
        answers: plan.answers.clone(),
        point: plan.point,
        dong: plan.dong.clone(),
        place: plan.place.clone(),
        who: plan.who.clone(),
        lang: plan.lang,
        oral,
        received_at: None,
        draft,
    };
    did("receive", act::receive(tx, &ctx(plan.at), know, &new))
}

/// What an act did; that it refuses is a mistake in the demonstration.
pub(crate) fn did<T, R: Refusal>(what: &'static str, result: Result<T, Failure<R>>) -> Go<T> {
    result.map_err(|failure| {
        Halt::Fault(match failure {
            Failure::Fault(fault) => fault,
            Failure::Refused(refusal) => {
                Fault::other(format!("the demonstration: {what} was refused: {}", refusal.code()))
            }
        })
    })
}
