//! The pages of the room: sending a case, all that is away, and the agencies.

mod agencies;
mod case;
mod list;

use jiff::Timestamp;
use maeul_base::{Ctx, Failure, Fault, Lang};
use maeul_cases::Knowledge;
use maeul_cases::permissions::CASES_WORK;
use maeul_cases::web::Desk;
use maeul_db::{Transient, Tx};
use maeul_room::Room;
use maeul_web::{Access, Routes, Visit, WebError};

use crate::jobs::{self, Means};
use crate::permissions::KEEP_AGENCIES;

/// The room as it joins the house.
pub fn room(means: &Means) -> Room {
    let work = Access::Staff(&CASES_WORK);
    let keep = Access::Staff(&KEEP_AGENCIES);
    Room {
        name: "transfer",
        routes: Routes::new()
            .get("/staff/transfers", work, list::show)
            .post("/staff/transfers/{transfer}/retry", work, list::retry)
            .post("/staff/transfers/{transfer}/back", work, list::back)
            .get("/staff/case/{case}/transfer", work, case::show)
            .post("/staff/case/{case}/transfer", work, case::submit)
            .get("/staff/admin/agencies", keep, agencies::show)
            .post("/staff/admin/agencies", keep, agencies::import)
            .post("/staff/admin/agencies/{agency}/key", keep, agencies::key)
            .post("/staff/admin/agencies/{agency}/check", keep, agencies::check),
        permissions: &[&KEEP_AGENCIES],
        handlers: jobs::handlers(means),
        schedules: jobs::schedules(),
    }
}

/// What is known of the visit's office.
async fn know(visit: &Visit) -> Result<Knowledge, WebError> {
    let desk = visit.site().room::<Desk>()?;
    Ok(desk.knowledge.get(visit.site().db(), visit.office().id, visit.now()).await?)
}

/// Runs an act in a transaction of its own.
async fn write<T, R, F>(visit: &Visit, know: &Knowledge, act: F) -> Result<T, Failure<R>>
where
    T: Send + 'static,
    R: Send + 'static,
    F: Fn(&mut Tx, &Ctx, &Knowledge) -> Result<T, Failure<R>> + Send + Sync + 'static,
{
    let (ctx, know) = (visit.ctx(), know.clone());
    visit.site().db().write(move |tx| act(tx, &ctx, &know)).await
}

/// How long ago, for reading: `3일 4시간`.
fn ago(now: Timestamp, at: Timestamp, lang: Lang) -> String {
    let minutes = (now.as_second() - at.as_second()).max(0) / 60;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    match (days, hours, lang) {
        (0, 0, Lang::Ko) => format!("{minutes}분"),
        (0, 0, Lang::En) => format!("{minutes} min"),
        (0, _, Lang::Ko) => format!("{hours}시간 {minutes}분"),
        (0, _, Lang::En) => format!("{hours} h {minutes} min"),
        (_, _, Lang::Ko) => format!("{days}일 {hours}시간"),
        (_, _, Lang::En) => format!("{days} d {hours} h"),
    }
}

/// Runs a read on one snapshot.
async fn read<T, E, F>(visit: &Visit, know: &Knowledge, read: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Fault> + Transient + Send + 'static,
    F: Fn(&mut Tx, &Ctx, &Knowledge) -> Result<T, E> + Send + Sync + 'static,
{
    let (ctx, know) = (visit.ctx(), know.clone());
    visit.site().db().read(move |tx| read(tx, &ctx, &know)).await
}
