//! Relocate: an officer corrects the place; the old one stays in the history.

use maeul_base::{CaseId, Ctx, DongCode, Failure, Lang, Refusal};
use maeul_db::Tx;

use crate::act::work::{TextProblem, begin_open, record, words};
use crate::case::Case;
use crate::event::{Event, Relocated};
use crate::knowledge::Knowledge;
use crate::locate::{PlaceInput, PlaceRefusal, locate};
use crate::outbox;
use crate::refusal::CaseRefusal;

/// Which case, where, why.
#[derive(Clone, Debug)]
pub struct Relocate {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// A point: latitude and longitude, degrees × 10^7.
    pub point: Option<(i64, i64)>,
    /// A 동 chosen from the list.
    pub dong: Option<DongCode>,
    /// In words.
    pub place: String,
    /// Why.
    pub reason: String,
}

/// Why the place cannot be corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelocateRefusal {
    /// What any act on a case may answer.
    Case(CaseRefusal),
    /// The place cannot be taken.
    Place(PlaceRefusal),
    /// No place is given.
    PlaceMissing,
    /// No reason is given.
    ReasonMissing,
    /// The reason is too long.
    ReasonTooLong,
}

impl From<CaseRefusal> for RelocateRefusal {
    fn from(refusal: CaseRefusal) -> Self {
        Self::Case(refusal)
    }
}

impl Refusal for RelocateRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Case(refusal) => refusal.code(),
            Self::Place(refusal) => refusal.code(),
            Self::PlaceMissing => "relocate.place_missing",
            Self::ReasonMissing => "relocate.reason_missing",
            Self::ReasonTooLong => "relocate.reason_too_long",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Case(refusal) => return refusal.say(lang),
            Self::Place(refusal) => return refusal.say(lang),
            Self::PlaceMissing => lang.t(
                "바른 위치를 지도에서 고르거나 동을 고르거나 글로 적어 주십시오.",
                "Please choose the right place on the map, choose a dong, or write it.",
            ),
            Self::ReasonMissing => lang
                .t("위치를 고치는 까닭을 적어 주십시오.", "Please say why the place is corrected."),
            Self::ReasonTooLong => lang.t(
                "까닭은 1,000자 안으로 적어 주십시오.",
                "Please keep the reason to 1,000 characters.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Case(refusal) => refusal.field(),
            Self::Place(refusal) => refusal.field(),
            Self::PlaceMissing => Some("place"),
            Self::ReasonMissing | Self::ReasonTooLong => Some("reason"),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Case(refusal) => refusal.status(),
            _ => 422,
        }
    }
}

/// Corrects the place. The unit stays: passing the case on is an act of its own.
pub fn relocate(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Relocate,
) -> Result<Case, Failure<RelocateRefusal>> {
    let reason = words(&input.reason, 1_000).map_err(|problem| {
        Failure::Refused(match problem {
            TextProblem::Missing => RelocateRefusal::ReasonMissing,
            TextProblem::TooLong => RelocateRefusal::ReasonTooLong,
        })
    })?;
    let given =
        PlaceInput { point: input.point, dong: input.dong.clone(), text: input.place.clone() };
    let to = locate(know, &given)
        .map_err(|refusal| Failure::Refused(RelocateRefusal::Place(refusal)))?;
    if to.dong.is_none() && to.text.is_empty() {
        return Err(Failure::Refused(RelocateRefusal::PlaceMissing));
    }
    let mut case = begin_open::<RelocateRefusal>(tx, ctx, know, input.case, input.version)?.case;
    if case.place == to {
        return Ok(case);
    }
    let moved = Relocated { from: case.place.clone(), to, reason };
    record::<RelocateRefusal>(tx, ctx, &mut case, [Event::Relocated(Box::new(moved))])?;
    outbox::index(tx, ctx, case.id)?;
    Ok(case)
}
