//! The one place that changes events: what people wrote is taken out of them, what happened stays.

use maeul_base::{CaseId, Fault, OfficeId};
use maeul_db::{Tx, args, json};

use crate::case::Case;
use crate::store::{events, json_option};

/// Takes every text out of a case's events and row; the case as it then is. Its version stays.
pub(crate) fn purge_words(tx: &mut Tx, office: OfficeId, id: CaseId) -> Result<Case, Fault> {
    let mut case = Case::blank(office, id);
    for mut recorded in events(tx, office, id)? {
        recorded.event = recorded.event.without_words();
        tx.exec_one(
            "UPDATE cases_event SET data = $1 WHERE office_id = $2 AND case_id = $3 AND seq = $4",
            args![json(&recorded.event)?, office, id, recorded.seq],
        )?;
        case.apply(&recorded);
    }
    tx.exec_one(
        "UPDATE cases_case SET title = $1, body = $2, answers = $3, place_text = $4, draft = $5,
            answer = $6, client_key = $7
          WHERE office_id = $8 AND id = $9",
        args![
            case.title,
            case.body,
            json(&case.answers)?,
            case.place.text,
            json_option(case.draft.as_ref())?,
            case.answer,
            case.client_key,
            office,
            id
        ],
    )?;
    tx.exec(
        "UPDATE cases_relay SET media = '' WHERE office_id = $1 AND case_id = $2",
        args![office, id],
    )?;
    Ok(case)
}

/// Forgets who stands behind a case, and closes their ways in.
pub(crate) fn purge_contacts(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<(), Fault> {
    tx.exec(
        "DELETE FROM cases_code WHERE office_id = $1 AND party_id IN
            (SELECT id FROM cases_party WHERE office_id = $1 AND case_id = $2)",
        args![office, case],
    )?;
    tx.exec(
        "UPDATE cases_party SET name = NULL, phone = NULL, email = NULL, phone_hash = NULL,
            email_hash = NULL, prefers = NULL
          WHERE office_id = $1 AND case_id = $2",
        args![office, case],
    )?;
    tx.exec("DELETE FROM cases_access WHERE office_id = $1 AND case_id = $2", args![office, case])?;
    Ok(())
}

/// Deletes the photos of a case.
pub(crate) fn delete_case_photos(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<(), Fault> {
    tx.exec("DELETE FROM cases_photo WHERE office_id = $1 AND case_id = $2", args![office, case])?;
    Ok(())
}
