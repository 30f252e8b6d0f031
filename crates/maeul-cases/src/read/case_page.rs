//! The page on which staff work a case.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Failure, Fault, Lang, PartyId, StaffId};
use maeul_db::Tx;
use maeul_people::{Holder, Opening};

use crate::act::{OPENED, may, opened_to, see, signature};
use crate::case::Case;
use crate::due::ExplainedDue;
use crate::event::{Event, Recorded, Signature, due_of};
use crate::knowledge::Knowledge;
use crate::permissions::{ANSWER_APPROVE, CASES_REVEAL, CASES_SEE, CASES_WORK};
use crate::reach::Reach;
use crate::read::EventView;
use crate::read::events::Names;
use crate::read::groups::{Together, together};
use crate::refusal::CaseRefusal;
use crate::store::{self, Party, PhotoOf, PhotoView};
use crate::words::{Bilingual, Outcome, PartyKind, Prefers, State};

/// Everything on the page.
#[derive(Clone, Debug)]
pub struct CasePage {
    /// The case.
    pub case: Case,
    /// When it is due, with every line of the count.
    pub due: Option<ExplainedDue>,
    /// The people behind it, masked.
    pub parties: Vec<PartyView>,
    /// Its history.
    pub events: Vec<EventView>,
    /// Its photos.
    pub photos: Vec<PhotoView>,
    /// The answer templates that can be chosen.
    pub templates: Vec<TemplateView>,
    /// Who of the unit it can be given to.
    pub colleagues: Vec<Colleague>,
    /// Who would sign an answer now; none where nobody could.
    pub signature: Option<Signature>,
    /// The officer's name.
    pub assignee_name: Option<String>,
    /// With which cases it is answered.
    pub together: Together,
    /// Who opened it in an emergency, the latest first.
    pub openings: Vec<Opening>,
    /// Until when it stands open to the reader, who has no right of their own.
    pub open_until: Option<Timestamp>,
    /// What the reader may do.
    pub rights: Rights,
}

/// A person behind a case, as far as shown without a reveal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyView {
    /// Their id, for the reveal.
    pub id: PartyId,
    /// How they stand to the case.
    pub kind: PartyKind,
    /// Whether they gave no name.
    pub anonymous: bool,
    /// The name, masked.
    pub name: Option<String>,
    /// The telephone, masked.
    pub phone: Option<String>,
    /// The e-mail, masked.
    pub email: Option<String>,
    /// How they want to hear from us.
    pub prefers: Option<Prefers>,
    /// Their language.
    pub lang: Lang,
    /// Since when they belong to it.
    pub created_at: Timestamp,
}

/// A template in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// The outcome it is for.
    pub outcome: Outcome,
}

/// Someone of the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Whether they approve answers.
    pub approves: bool,
}

/// What the reader may do with the case as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one button each, independent of one another")]
pub struct Rights {
    /// Work it at all.
    pub work: bool,
    /// Take it.
    pub take: bool,
    /// Give it to an officer.
    pub assign: bool,
    /// Pass it on.
    pub reassign: bool,
    /// Write a note.
    pub note: bool,
    /// Ask the resident.
    pub ask: bool,
    /// Draft an answer.
    pub draft: bool,
    /// Hand the draft in.
    pub submit: bool,
    /// Approve the draft.
    pub approve: bool,
    /// Return the draft.
    pub return_draft: bool,
    /// Answer without a draft.
    pub answer: bool,
    /// Open it again.
    pub reopen: bool,
    /// Correct its place.
    pub relocate: bool,
    /// Change its service.
    pub reclassify: bool,
    /// See a contact.
    pub reveal: bool,
    /// Put together what is held about its people.
    pub held: bool,
}

impl Rights {
    /// By the state of the case and what its reader may do.
    fn of(ctx: &Ctx, know: &Knowledge, case: &Case, reachable: bool) -> Self {
        if !may(ctx, know, &CASES_WORK, case) {
            return Self::default();
        }
        let open = case.state.is_open();
        let head = may(ctx, know, &ANSWER_APPROVE, case);
        let in_unit = open && case.unit.is_some();
        let approval = case.state == State::Approval;
        Self {
            work: true,
            take: in_unit && case.assignee.is_none(),
            assign: in_unit,
            reassign: open,
            note: true,
            ask: open && reachable,
            draft: in_unit,
            submit: in_unit && !approval && case.draft.is_some(),
            approve: in_unit && head && case.draft.is_some(),
            return_draft: head && approval,
            answer: in_unit && head,
            reopen: !open,
            relocate: open,
            reclassify: open,
            reveal: false,
            held: head,
        }
    }
}

/// The page of a case for the acting member of staff.
pub fn case_page(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: CaseId,
) -> Result<CasePage, Failure<CaseRefusal>> {
    let work = see::<CaseRefusal>(tx, ctx, know, id)?;
    let case = work.case;
    let open_until = match may(ctx, know, &CASES_SEE, &case) {
        true => None,
        false => opened_to(tx, ctx, id)?,
    };
    let reveals = open_until.is_some() || may(ctx, know, &CASES_REVEAL, &case);
    let recorded = store::events(tx, ctx.office, id)?;
    let staff = names_in(tx, ctx, &recorded, case.assignee)?;
    let names = Names { know, staff: &staff, lang: ctx.lang };
    let parties = store::parties(tx, ctx.office, id)?;
    let reachable = parties.iter().any(|party| !party.anonymous);
    let assignee_name = case
        .assignee
        .and_then(|id| staff.iter().find(|(staff, _)| *staff == id))
        .map(|(_, name)| name.clone());
    let officer = case.assignee.unwrap_or(work.staff);
    Ok(CasePage {
        due: due_of(&recorded).cloned(),
        parties: parties.iter().map(|party| view(know, party)).collect::<Result<_, _>>()?,
        events: recorded.into_iter().map(|it| names.for_staff(it)).collect(),
        photos: store::photos(tx, ctx.office, PhotoOf::Case(id))?,
        templates: store::templates(tx, ctx.office)?
            .into_iter()
            .filter(|template| template.active)
            .map(|it| TemplateView { code: it.code, name: it.name, outcome: it.outcome })
            .collect(),
        colleagues: colleagues(tx, ctx, know, &case)?,
        signature: signature(tx, ctx, know, &case, officer, ctx.lang)?,
        together: together(tx, ctx, know, id)?,
        openings: maeul_people::openings_of(tx, ctx.office, OPENED, id.0)?,
        rights: Rights { reveal: reachable && reveals, ..Rights::of(ctx, know, &case, reachable) },
        open_until,
        assignee_name,
        case,
    })
}

fn view(know: &Knowledge, party: &Party) -> Result<PartyView, Fault> {
    let contact = party.open(know.seal())?;
    Ok(PartyView {
        id: party.id,
        kind: party.kind,
        anonymous: party.anonymous,
        name: (!contact.name.is_empty()).then(|| contact.masked_name()),
        phone: contact.phone.map(|phone| phone.masked()),
        email: contact.email.map(|email| email.masked()),
        prefers: party.prefers,
        lang: party.lang,
        created_at: party.created_at,
    })
}

/// The names of all officers the history speaks of.
pub(crate) fn names_in(
    tx: &mut Tx,
    ctx: &Ctx,
    events: &[Recorded],
    assignee: Option<StaffId>,
) -> Result<Vec<(StaffId, String)>, Fault> {
    let named = events.iter().flat_map(|it| {
        let of_event = match &it.event {
            Event::Taken { by: officer } | Event::Assigned { to: officer } => Some(*officer),
            _ => None,
        };
        it.actor.into_iter().chain(of_event)
    });
    maeul_people::staff_names(tx, ctx.office, assignee.into_iter().chain(named))
}

/// Who works today in the units that work this case.
fn colleagues(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: &Case,
) -> Result<Vec<Colleague>, Fault> {
    let Some(unit) = case.unit else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let units = know.units_with(unit);
    let around = (&*units, case.place.dong.as_ref(), case.assignee);
    for Holder { id, name, unit: own, rights } in
        maeul_people::holders_around(tx, ctx.office, ctx.today(), around)?
    {
        let reach = Reach::of_rights(id, &rights, know, &CASES_WORK);
        let near = !reach.is_office() || know.units_around(own).contains(&unit);
        if near && reach.has(case) {
            let approves = rights.has(&ANSWER_APPROVE);
            found.push(Colleague { id, name, approves });
        }
    }
    found.sort_by(|a, b| (a.approves, &a.name).cmp(&(b.approves, &b.name)));
    Ok(found)
}
