//! A case as a party to it sees it.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Ctx, DongCode, Fault};
use maeul_db::Tx;

use crate::act::{rating_of, reopen_until};
use crate::due::ExplainedDue;
use crate::event::{Event, Recorded, due_of};
use crate::knowledge::Knowledge;
use crate::notify::title_for;
use crate::read::events::Names;
use crate::read::{Access, Step, names_in};
use crate::store::{self, PhotoOf, PhotoView};
use crate::words::{Outcome, State};

/// Everything on the party's page.
#[derive(Clone, Debug)]
pub struct ResidentCase {
    /// The receipt number.
    pub number: String,
    /// In a few words.
    pub title: String,
    /// The report; only its petitioner reads it whole.
    pub body: Option<String>,
    /// Where it stands.
    pub state: State,
    /// The service's name.
    pub service: Option<String>,
    /// The questions of the service and what was answered; only for the petitioner.
    pub answers: Vec<(String, String)>,
    /// The 동.
    pub dong: Option<DongCode>,
    /// The place in words.
    pub place: String,
    /// The point: latitude and longitude, degrees × 10^7.
    pub point: Option<(i64, i64)>,
    /// The responsible unit's name.
    pub unit_name: String,
    /// The telephone to call.
    pub unit_phone: String,
    /// The officer's name, once there is one.
    pub officer: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it is due and why.
    pub due: Option<ExplainedDue>,
    /// When it was answered.
    pub closed_at: Option<Timestamp>,
    /// How it was answered.
    pub outcome: Option<Outcome>,
    /// When a long-term answer is looked at again.
    pub review_on: Option<Date>,
    /// The letter.
    pub answer: Option<String>,
    /// The way so far.
    pub steps: Vec<Step>,
    /// The photos; only for the petitioner.
    pub photos: Vec<PhotoView>,
    /// The question that waits for the petitioner's reply.
    pub question: Option<String>,
    /// Whether a message can be sent.
    pub can_reply: bool,
    /// Whether the answer can be rated.
    pub can_rate: bool,
    /// Whether it can be opened again.
    pub can_reopen: bool,
    /// The last day on which it can be.
    pub reopen_until: Option<Date>,
    /// The party's rating of the last answer.
    pub rating: Option<i32>,
    /// Whether the petitioner gave no name.
    pub anonymous: bool,
    /// Whether the petitions act binds.
    pub statutory: bool,
    /// Whether the reader raised it, or joined in.
    pub petitioner: bool,
}

/// The case behind a party's right.
pub fn resident_case(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    access: &Access,
) -> Result<Option<ResidentCase>, Fault> {
    let Some(case) = store::load(tx, ctx.office, access.case)? else { return Ok(None) };
    let events = store::events(tx, ctx.office, case.id)?;
    let staff = names_in(tx, ctx, &events, case.assignee)?;
    let names = Names { know, staff: &staff, lang: ctx.lang };
    let petitioner = access.party == case.petitioner;
    let steps = events.iter().filter_map(|it| names.for_party(it, access.party)).collect();
    let photos = if petitioner {
        store::photos(tx, ctx.office, PhotoOf::Case(case.id))?
    } else {
        Vec::new()
    };
    let closed = !case.state.is_open();
    let rating = rating_of(&events, access.party);
    let until = reopen_until(&case);
    let service = case.service.as_deref();
    let answers = service
        .and_then(|code| know.service(code))
        .filter(|_| petitioner)
        .map(|service| service.read_answers(&case.answers, ctx.lang))
        .unwrap_or_default();
    Ok(Some(ResidentCase {
        question: open_question(&case.state, &events).filter(|_| petitioner),
        service: service.map(|code| know.service_name(code, ctx.lang).to_owned()),
        answers,
        unit_name: know.unit_name(case.unit, ctx.lang).to_owned(),
        unit_phone: know.unit_phone(case.unit).to_owned(),
        officer: case
            .assignee
            .and_then(|id| staff.iter().find(|(staff, _)| *staff == id))
            .map(|(_, name)| name.clone()),
        can_reply: !closed,
        can_rate: closed && rating.is_none(),
        can_reopen: closed && until.is_some_and(|until| ctx.today() <= until),
        reopen_until: until,
        rating,
        steps,
        photos,
        statutory: !case.anonymous,
        title: title_for(&case, access.party),
        number: case.number,
        body: petitioner.then_some(case.body),
        state: case.state,
        dong: case.place.dong.clone(),
        point: case.place.point(),
        place: case.place.text,
        received_at: case.received_at,
        due: due_of(&events).cloned(),
        closed_at: case.closed_at,
        outcome: case.outcome,
        review_on: case.review_on,
        answer: case.answer,
        anonymous: case.anonymous,
        petitioner,
    }))
}

/// The last question, while nobody has replied to it.
fn open_question(state: &State, events: &[Recorded]) -> Option<String> {
    if *state != State::Waiting {
        return None;
    }
    events.iter().rev().find_map(|it| match &it.event {
        Event::Asked { text } => Some(text.clone()),
        _ => None,
    })
}
