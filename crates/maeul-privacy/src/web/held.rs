//! What is held about a person in a case, put together at a desk for somebody who has shown who they are:
//! as a page to print and hand over, or as a file.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use maeul_base::{CaseId, Failure, Fault, Lang, PartyId, Refusal as _, seoul};
use maeul_cases::Knowledge;
use maeul_cases::personal::{OneParty, people_of};
use maeul_cases::read::case_now;
use maeul_people::{Look, LookAct, RevealRefusal, log_look};
use maeul_room::Person;
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page, page_with};
use serde::Deserialize;

use super::record::{self, AskedLine, LookLine, Section, Told};
use crate::about::{self, Whole};
use crate::{Shelf, erasure};

struct Line {
    id: String,
    label: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "privacy/held.html")]
struct HeldPage {
    c: PageCtx,
    case: String,
    number: String,
    people: Vec<Line>,
    party: String,
    reason: String,
    party_error: String,
    reason_error: String,
}

/// The paper.
#[derive(Template)]
#[template(path = "privacy/handed.html")]
struct HandedPage {
    c: PageCtx,
    case: String,
    number: String,
    party: String,
    person: String,
    since: String,
    now: String,
    unit: String,
    reason: String,
    sections: Vec<Section>,
    looks: Vec<LookLine>,
    asked: Vec<AskedLine>,
    on_hold: bool,
}

/// What is typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    party: String,
    reason: String,
    party_error: String,
    reason_error: String,
}

/// How a person stands to the case.
fn name_of(it: &OneParty, lang: Lang) -> String {
    let kind = it.kind.name(lang);
    match (it.anonymous, lang) {
        (false, _) => kind.to_owned(),
        (true, Lang::Ko) => format!("{kind} (이름 없음)"),
        (true, Lang::En) => format!("{kind} (without a name)"),
    }
}

async fn build(visit: &Visit, case: CaseId, typed: Typed) -> Result<HeldPage, WebError> {
    let (_, know) = Shelf::of(visit).await?;
    let ctx = visit.ctx();
    let found = visit
        .site()
        .db()
        .read(move |tx| {
            let Some(now) = case_now(tx, ctx.office, case)? else { return Ok(None) };
            if !erasure::is_theirs(tx, &ctx, &know, case)? {
                return Ok(None);
            }
            Ok::<_, Fault>(Some((now.number, people_of(tx, ctx.office, case)?)))
        })
        .await?;
    let (number, people) = found.ok_or_else(WebError::not_found)?;
    let lang = visit.lang();
    let line = |it: OneParty| Line {
        id: it.id.to_string(),
        label: name_of(&it, lang),
        hint: seoul::time_text(it.created_at, lang),
    };
    let people: Vec<Line> = people.into_iter().map(line).collect();
    // One person alone needs no choosing.
    let only = people.first().filter(|_| people.len() == 1).map(|it| it.id.clone());
    Ok(HeldPage {
        c: visit.page("queue"),
        case: case.to_string(),
        number,
        party: if typed.party.is_empty() { only.unwrap_or_default() } else { typed.party },
        people,
        reason: typed.reason,
        party_error: typed.party_error,
        reason_error: typed.reason_error,
    })
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    party: String,
}

/// `GET /staff/case/{case}/held?party=`
pub(super) async fn show(
    visit: Visit,
    Path(case): Path<CaseId>,
    Query(chosen): Query<Chosen>,
) -> PageResult {
    let typed = Typed { party: chosen.party, ..Typed::default() };
    page_with(StatusCode::OK, &build(&visit, case, typed).await?)
}

/// `POST /staff/case/{case}/held`: party, reason, and `file` for the file instead of the page. A look is
/// written in the same transaction.
pub(super) async fn give(visit: Visit, Path(case): Path<CaseId>, posted: Posted) -> PageResult {
    let (party, reason) = (posted.get("party").to_owned(), posted.get("reason").to_owned());
    let typed = || Typed { party: party.clone(), reason: reason.clone(), ..Typed::default() };
    let Ok(chosen) = party.parse::<PartyId>() else {
        let error =
            visit.t("누구의 정보인지 골라 주십시오.", "Please choose whose data.").to_owned();
        let page = build(&visit, case, Typed { party_error: error, ..typed() }).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let (shelf, know) = Shelf::of(&visit).await?;
    match of_person(&visit, &shelf, &know, Person { case, party: chosen }, &reason).await {
        Ok(Some(found)) if posted.fields.has("file") => record::file(&visit, &know, &found.whole),
        Ok(Some(found)) => page(&handed(&visit, &shelf, &know, found, reason)?),
        Ok(None) => Err(WebError::not_found()),
        Err(Failure::Refused(refusal)) => {
            let error = refusal.say(visit.lang());
            let page = build(&visit, case, Typed { reason_error: error, ..typed() }).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

struct Found {
    case: CaseId,
    number: String,
    party: OneParty,
    whole: Whole,
}

fn handed(
    visit: &Visit,
    shelf: &Shelf,
    know: &Knowledge,
    found: Found,
    reason: String,
) -> Result<HandedPage, WebError> {
    let lang = visit.lang();
    let Told { sections, looks, asked, on_hold, .. } =
        record::told(visit, shelf, know, found.whole);
    let unit = visit.require_staff()?.unit;
    Ok(HandedPage {
        c: visit.page("queue"),
        case: found.case.to_string(),
        number: found.number,
        party: found.party.id.to_string(),
        person: name_of(&found.party, lang),
        since: seoul::time_text(found.party.created_at, lang),
        now: seoul::time_text(visit.now(), lang),
        unit: know.unit_name(Some(unit), lang).to_owned(),
        reason: reason.trim().to_owned(),
        sections,
        looks,
        asked,
        on_hold,
    })
}

/// Everything held about the person; none where it is not this officer's to see. It is a look, and is
/// written down in the same transaction.
async fn of_person(
    visit: &Visit,
    shelf: &Shelf,
    know: &Knowledge,
    person: Person,
    how: &str,
) -> Result<Option<Found>, Failure<RevealRefusal>> {
    let (ctx, shelf, know) = (visit.ctx(), shelf.clone(), know.clone());
    let (address, how) = (visit.client().to_owned(), how.to_owned());
    let act = move |tx: &mut maeul_db::Tx| {
        let Some(case) = case_now(tx, ctx.office, person.case)? else { return Ok(None) };
        if !erasure::is_theirs(tx, &ctx, &know, person.case)? {
            return Ok(None);
        }
        let people = people_of(tx, ctx.office, person.case)?;
        let Some(party) = people.into_iter().find(|it| it.id == person.party) else {
            return Ok(None);
        };
        let whole = about::whole(tx, &ctx, &shelf, person)?;
        let look = Look {
            act: LookAct::Access,
            what_kind: "case_party",
            what_id: person.party.0,
            case: Some(person.case),
            owner: case.unit,
            fields: &["name", "phone", "email", "words", "photos"],
            people: 1,
            reason: &how,
            address: Some(address.as_str()).filter(|it| !it.is_empty()),
        };
        log_look(tx, &ctx, &look)?;
        Ok::<_, Failure<RevealRefusal>>(Some(Found {
            case: person.case,
            number: case.number,
            party,
            whole,
        }))
    };
    visit.site().db().write(act).await
}
