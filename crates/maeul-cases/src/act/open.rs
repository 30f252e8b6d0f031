//! Open: in an emergency somebody without the right sees one case for a short time. The reason is
//! kept, shown on the case and reviewed the next day.

use jiff::{SignedDuration, Timestamp};
use maeul_base::{CaseId, Ctx, Failure, Lang, Refusal};
use maeul_db::Tx;
use maeul_people::{NewOpening, OpeningRefusal};

use crate::act::work::{OPENED, may};
use crate::knowledge::Knowledge;
use crate::number::CaseNumber;
use crate::permissions::{CASES_OPEN, CASES_SEE};
use crate::refusal::CaseRefusal;
use crate::store;

/// Which case, why.
#[derive(Clone, Debug)]
pub struct OpenCase {
    /// The receipt number, as it was told or read.
    pub number: String,
    /// Why it must be seen now.
    pub reason: String,
    /// For how long it stands open.
    pub lasts: SignedDuration,
    /// From which network address.
    pub address: Option<String>,
}

/// Why nothing is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenRefusal {
    /// What any act on a case may answer.
    Case(CaseRefusal),
    /// The log does not take it.
    Log(OpeningRefusal),
    /// The number belongs to no case. It is told only to who gave a reason that is kept.
    NoSuchCase,
}

impl Refusal for OpenRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Case(refusal) => refusal.code(),
            Self::Log(refusal) => refusal.code(),
            Self::NoSuchCase => "open.no_such_case",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Case(refusal) => refusal.say(lang),
            Self::Log(refusal) => refusal.say(lang),
            Self::NoSuchCase => lang
                .t(
                    "그 접수번호의 민원이 없습니다. 번호를 확인해 주십시오.",
                    "No case has that receipt number. Please check it.",
                )
                .to_owned(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Case(refusal) => refusal.field(),
            Self::Log(refusal) => refusal.field(),
            Self::NoSuchCase => Some("number"),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Case(refusal) => refusal.status(),
            Self::Log(refusal) => refusal.status(),
            Self::NoSuchCase => 422,
        }
    }
}

/// Opens the case of that number to the acting member of staff, and until when; a case they may see
/// anyway needs no opening.
pub fn open_case(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &OpenCase,
) -> Result<(CaseId, Option<Timestamp>), Failure<OpenRefusal>> {
    if ctx.actor.staff().is_none() {
        return Err(Failure::Refused(OpenRefusal::Case(CaseRefusal::StaffOnly)));
    }
    if !ctx.actor.may(&CASES_OPEN) {
        return Err(Failure::Refused(OpenRefusal::Case(CaseRefusal::NotFound)));
    }
    // The reason is judged first: a number is not tried without one.
    if input.reason.split_whitespace().collect::<Vec<_>>().join(" ").chars().count()
        < maeul_people::SHORTEST_REASON
    {
        return Err(Failure::Refused(OpenRefusal::Log(OpeningRefusal::Reason)));
    }
    let number = CaseNumber::parse(&input.number, &know.office().short_ko).ok();
    let id = match number {
        Some(number) => store::id_by_number(tx, ctx.office, &number.to_string())?,
        None => None,
    };
    let case = match id {
        Some(id) => store::load(tx, ctx.office, id)?,
        None => None,
    };
    let case = case.ok_or(Failure::Refused(OpenRefusal::NoSuchCase))?;
    if may(ctx, know, &CASES_SEE, &case) {
        return Ok((case.id, None));
    }
    let opening = NewOpening {
        what_kind: OPENED,
        what_id: case.id.0,
        label: case.number.clone(),
        reason: input.reason.clone(),
        lasts: input.lasts,
        address: input.address.clone(),
    };
    let until =
        maeul_people::open(tx, ctx, &opening).map_err(|failure| failure.map(OpenRefusal::Log))?;
    Ok((case.id, Some(until)))
}
