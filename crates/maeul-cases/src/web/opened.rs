//! That a member of staff opened a page with a resident's words on it.

use maeul_base::{CaseId, Failure, UnitId};
use maeul_people::{Look, LookAct, RevealRefusal, log_look};
use maeul_web::{Visit, WebError};
use uuid::Uuid;

/// What was opened.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// What kind of record: `case`, `text_talk`, `mail` …
    pub kind: &'static str,
    /// Which.
    pub id: Uuid,
    /// The case it belongs to, if it belongs to one.
    pub case: Option<CaseId>,
    /// The unit it is with.
    pub owner: Option<UnitId>,
    /// Names of what the page shows.
    pub fields: &'static [&'static str],
}

/// Writes it into the log of looks. Called before the page is answered: without the line in the log
/// nothing is shown.
pub async fn note_open(visit: &Visit, opened: Opened) -> Result<(), WebError> {
    let (ctx, client) = (visit.ctx(), visit.client().to_owned());
    let logged = visit.site().db().write(move |tx| {
        let look = Look {
            act: LookAct::Open,
            what_kind: opened.kind,
            what_id: opened.id,
            case: opened.case,
            owner: opened.owner,
            fields: opened.fields,
            people: 1,
            // Nobody is asked for a reason to do their work; what is unusual is found by the review.
            reason: "민원 처리",
            address: Some(client.as_str()).filter(|it| !it.is_empty()),
        };
        log_look(tx, &ctx, &look)
    });
    logged.await.map_err(|failure: Failure<RevealRefusal>| match failure {
        Failure::Refused(refusal) => WebError::refusal(&refusal),
        Failure::Fault(fault) => fault.into(),
    })
}
