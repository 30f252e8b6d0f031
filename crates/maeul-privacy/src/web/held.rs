//! What is held about a person in a case, put together at a desk for somebody who has shown who they are:
//! from the page of the case, without any request to erase.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{CaseId, Failure, Fault, Lang, PartyId, Refusal as _, seoul};
use maeul_cases::personal::{OneParty, people_of};
use maeul_cases::read::case_now;
use maeul_people::{Look, LookAct, LookEntry, RevealRefusal, log_look};
use maeul_room::Person;
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page_with};

use super::mine;
use crate::{Shelf, about, erasure};

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

/// What is typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    party: String,
    reason: String,
    party_error: String,
    reason_error: String,
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
        label: match (it.anonymous, lang) {
            (false, _) => it.kind.name(lang).to_owned(),
            (true, Lang::Ko) => format!("{} (이름 없음)", it.kind.name(lang)),
            (true, Lang::En) => format!("{} (without a name)", it.kind.name(lang)),
        },
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

/// `GET /staff/case/{case}/held`
pub(super) async fn show(visit: Visit, Path(case): Path<CaseId>) -> PageResult {
    page_with(StatusCode::OK, &build(&visit, case, Typed::default()).await?)
}

/// `POST /staff/case/{case}/held`: party and reason. The file, and a look written in the same transaction.
pub(super) async fn file(visit: Visit, Path(case): Path<CaseId>, posted: Posted) -> PageResult {
    let (party, reason) = (posted.get("party").to_owned(), posted.get("reason").to_owned());
    let typed = || Typed { party: party.clone(), reason: reason.clone(), ..Typed::default() };
    let Ok(chosen) = party.parse::<PartyId>() else {
        let error =
            visit.t("누구의 정보인지 골라 주십시오.", "Please choose whose data.").to_owned();
        let page = build(&visit, case, Typed { party_error: error, ..typed() }).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    match of_person(&visit, Person { case, party: chosen }, &reason).await {
        Ok(Some(file)) => Ok(file),
        Ok(None) => Err(WebError::not_found()),
        Err(Failure::Refused(refusal)) => {
            let error = refusal.say(visit.lang());
            let page = build(&visit, case, Typed { reason_error: error, ..typed() }).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// Everything held about the person, as a file; none where it is not this officer's to see. It is a look,
/// and is written down in the same transaction.
pub(super) async fn of_person(
    visit: &Visit,
    person: Person,
    how: &str,
) -> Result<Option<axum::response::Response>, Failure<RevealRefusal>> {
    let (shelf, know) = Shelf::of(visit)
        .await
        .map_err(|_| Failure::Fault(Fault::other("what is known of the office")))?;
    let (ctx, inside, how) = (visit.ctx(), know.clone(), how.to_owned());
    let address = visit.client().to_owned();
    let found = visit
        .site()
        .db()
        .write(move |tx| {
            if !erasure::is_theirs(tx, &ctx, &inside, person.case)? {
                return Ok(None);
            }
            let people = people_of(tx, ctx.office, person.case)?;
            if people.iter().all(|it| it.id != person.party) {
                return Ok(None);
            }
            let parts = about::parts(tx, &ctx, &shelf, person)?;
            let looks = about::looks(tx, &ctx, person)?;
            let owner = case_now(tx, ctx.office, person.case)?;
            let look = Look {
                act: LookAct::Access,
                what_kind: "case_party",
                what_id: person.party.0,
                case: Some(person.case),
                owner: owner.and_then(|case| case.unit),
                fields: &["name", "phone", "email", "words", "photos"],
                people: 1,
                reason: &how,
                address: Some(address.as_str()).filter(|it| !it.is_empty()),
            };
            log_look(tx, &ctx, &look)?;
            Ok::<_, Failure<RevealRefusal>>(Some((parts, looks)))
        })
        .await?;
    let Some((parts, looks)) = found else { return Ok(None) };
    let unit = |it: &LookEntry| {
        it.unit.map(|unit| know.unit_name(Some(unit), visit.lang()).to_owned()).unwrap_or_default()
    };
    let all = about::as_json(&visit.ctx(), &visit.office().code, &parts, &looks, unit);
    mine::file(&all)
        .map(Some)
        .map_err(|_| Failure::Fault(Fault::other("a person's data as a file")))
}
