//! The resident's contact, shown once for a reason that is logged.

use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{CaseId, Failure, PartyId};
use maeul_web::{PageResult, Posted, Visit, WebError};

use super::case::{self, Beside, Revealed};
use super::said::said;
use crate::act;
use crate::web::desk::{self, know};

/// `POST /staff/case/{case}/reveal`: party, reveal_reason. The contact stands on this one answer
/// only; opening the page again hides it.
pub(crate) async fn submit(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let know = know(&visit).await?;
    let party: PartyId = posted.get("party").parse().map_err(|_| WebError::not_found())?;
    let input = act::RevealContact {
        case: id,
        party,
        reason: posted.get("reveal_reason").to_owned(),
        address: Some(visit.client().to_owned()).filter(|address| !address.is_empty()),
    };
    let done = desk::write(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        act::reveal_contact(tx, ctx, know, &input).map_err(said)
    })
    .await;
    match done {
        Ok(contact) => {
            let revealed = Revealed {
                party: party.to_string(),
                name: contact.name,
                phone: contact.phone.map(|phone| phone.to_string()).unwrap_or_default(),
                email: contact.email.map(|email| email.to_string()).unwrap_or_default(),
            };
            let beside = Beside { revealed: Some(revealed), ..Beside::default() };
            case::show_with(&visit, &know, id, StatusCode::OK, beside).await
        }
        Err(Failure::Refused(refusal)) => {
            let names = [("reason", "reveal_reason")];
            case::again(&visit, &know, id, &posted.fields, &names, &refusal).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
