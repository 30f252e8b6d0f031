//! The pages of the room, and the ways in of the gateways.

mod acts;
mod board;
mod talk;

use maeul_base::{Ctx, Failure, Fault};
use maeul_cases::web::Desk;
use maeul_cases::{Knowledge, KnowledgeCache, NumberLease};
use maeul_db::Tx;
use maeul_room::Room;
use maeul_web::{Access, Routes, Visit, WebError};

use crate::permissions::{TEXTS_PROMISE, TEXTS_READ_ALL, TEXTS_WORK};

/// The room as it joins the house.
pub fn room(knowledge: &KnowledgeCache, numbers: &NumberLease) -> Room {
    let work = Access::Staff(&TEXTS_WORK);
    let promise = Access::Staff(&TEXTS_PROMISE);
    let routes = Routes::new()
        .get("/staff/texts", work, board::show)
        .get("/staff/texts/promise", promise, board::promise)
        .post("/staff/texts/promise", promise, board::set_promise)
        .get("/staff/texts/{talk}", work, talk::show)
        .post("/staff/texts/{talk}/split", work, acts::split)
        .post("/staff/texts/{talk}/join", work, acts::join)
        .post("/staff/texts/{talk}/case", work, acts::turn_into_case)
        .post("/staff/texts/{talk}/looked", work, acts::looked)
        .post("/staff/texts/{talk}/ask", work, acts::ask)
        .post("/staff/texts/{talk}/reveal", work, acts::reveal);
    Room {
        name: "text",
        routes: routes.merge(crate::hook::routes()),
        permissions: &[&TEXTS_WORK, &TEXTS_READ_ALL, &TEXTS_PROMISE],
        handlers: crate::jobs::handlers(knowledge, numbers),
        schedules: crate::jobs::schedules(),
    }
}

/// What is known of the visit's office, and the numbers leased.
async fn desk(visit: &Visit) -> Result<(Desk, Knowledge), WebError> {
    let desk = visit.site().room::<Desk>()?.clone();
    let know = desk.knowledge.get(visit.site().db(), visit.office().id, visit.now()).await?;
    Ok((desk, know))
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

/// Runs a read on one snapshot.
async fn read<T, F>(visit: &Visit, know: &Knowledge, read: F) -> Result<T, Fault>
where
    T: Send + 'static,
    F: Fn(&mut Tx, &Ctx, &Knowledge) -> Result<T, Fault> + Send + Sync + 'static,
{
    let (ctx, know) = (visit.ctx(), know.clone());
    visit.site().db().read(move |tx| read(tx, &ctx, &know)).await
}
