//! Bring in: a case of another system becomes one of ours, with the time it came in, how it ended,
//! and everything that stood in its row. Nobody is written to: they heard long ago.

use std::collections::BTreeMap;

use maeul_base::{CaseId, Ctx, Failure, Fault, PartyId};
use maeul_db::Tx;
use maeul_facts::Fact;

use crate::case::Case;
use crate::contact::Contact;
use crate::due::ExplainedDue;
use crate::event::{Brought, BroughtEnd, Event, Received};
use crate::import::cases::OldCase;
use crate::knowledge::Knowledge;
use crate::number::CaseNumber;
use crate::outbox;
use crate::refusal::CaseRefusal;
use crate::routing::route;
use crate::store::{self, NewParty};
use crate::words::{PartyKind, PetitionKind};

/// Brings the case in under a number of ours; false where it was brought in before.
pub(crate) fn bring(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    number: &CaseNumber,
    old: &OldCase,
) -> Result<bool, Fault> {
    if store::id_by_client_key(tx, ctx.office, &old.key)?.is_some() {
        return Ok(false);
    }
    let mut case = Case::blank(ctx.office, ctx.id());
    let party: PartyId = ctx.id();
    let service = old.service.as_deref().and_then(|code| know.service(code));
    let petition_kind = service.map_or(PetitionKind::Other, |service| service.petition_kind);
    let anonymous = old.contact.is_none();
    // An open case goes to whom it concerns today; of a closed one only the record matters.
    let (unit, why) = route(know, service, old.place.dong.as_ref(), ctx.today());
    let received = Received {
        number: number.to_string(),
        client_key: Some(old.key.clone()),
        title: old.title.clone(),
        body: old.body.clone(),
        channel: old.channel,
        oral: false,
        anonymous,
        lang: old.lang,
        service: service.map(|service| service.code.clone()),
        answers: BTreeMap::new(),
        petition_kind,
        place: old.place.clone(),
        received_at: old.received_at,
        due: ExplainedDue::for_case(
            know.calendar(),
            old.received_at,
            service,
            petition_kind,
            anonymous,
        ),
        photos: 0,
        party,
    };
    let end = old.closed.as_ref().map(|closed| BroughtEnd {
        at: closed.at,
        outcome: closed.outcome,
        answer: closed.answer.clone(),
    });
    let is_open = end.is_none();
    let brought = Brought { reference: old.reference.clone(), end, fields: old.fields.clone() };
    let followers: Vec<(PartyId, &Contact)> =
        old.followers.iter().map(|contact| (ctx.id(), contact)).collect();
    let joined = followers.iter().map(|(party, _)| Event::Followed { party: *party, photos: 0 });
    let events = [Event::Received(Box::new(received)), Event::Routed { unit, why }]
        .into_iter()
        .chain(joined)
        .chain([Event::Brought(Box::new(brought))]);
    match crate::act::work::record::<CaseRefusal>(tx, ctx, &mut case, events) {
        Ok(()) => {}
        Err(Failure::Fault(fault)) => return Err(fault),
        Err(Failure::Refused(_)) => return Err(Fault::other("a new case was changed by another")),
    }
    write_party(tx, ctx, know, &case, (party, PartyKind::Petitioner), old.contact.as_ref())?;
    for (party, contact) in followers {
        write_party(tx, ctx, know, &case, (party, PartyKind::Follower), Some(contact))?;
    }
    // Nobody must act on a closed one; who keeps figures must still hear of it.
    let fact = if is_open {
        Fact::CaseReceived { case: case.id, unit: case.unit }
    } else {
        Fact::CaseChanged { case: case.id }
    };
    outbox::emit(tx, ctx, &fact)?;
    outbox::index(tx, ctx, case.id)?;
    Ok(true)
}

/// The party, with a way in: by number and contact they can follow their case here.
fn write_party(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: &Case,
    (id, kind): (PartyId, PartyKind),
    contact: Option<&Contact>,
) -> Result<(), Fault> {
    let case_id: CaseId = case.id;
    let row = NewParty { id, case: case_id, kind, contact, lang: case.lang };
    store::insert_party(tx, ctx.office, &store::seal_party(ctx, know.seal(), &row)?)?;
    let token = store::token_of(know.seal(), ctx.office, case_id, id);
    store::insert_access(tx, ctx.office, &token, case_id, id, None)
}
