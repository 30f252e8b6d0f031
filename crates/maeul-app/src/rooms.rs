//! The list of rooms and the one table of facts and reactions: the true picture of the house.

use std::sync::Arc;

use maeul_cases::{KnowledgeCache, NumberLease};
use maeul_db::{BytesColumn, Migration};
use maeul_facts::Fact;
use maeul_queue::{Handler, JobCtx, JobError, handler};
use maeul_room::{About, Keeping, Room};

/// What rooms are made with.
#[derive(Clone)]
pub struct Parts {
    /// What is known of each office.
    pub knowledge: KnowledgeCache,
    /// Receipt numbers leased.
    pub numbers: NumberLease,
    /// What is decided about the public pages.
    pub public: maeul_public::Settings,
    /// What letters work with.
    pub mail: maeul_mail::jobs::Means,
    /// What transfers work with.
    pub transfers: maeul_transfer::jobs::Means,
    /// What the room of those who follow shares.
    pub follow: maeul_follow::Shelf,
    /// What the room of personal data shares.
    pub privacy: maeul_privacy::Shelf,
}

/// Every room, in the order of the menu.
pub fn rooms(parts: &Parts) -> Vec<Room> {
    vec![
        maeul_door::room(),
        maeul_people::web::room(),
        maeul_cases::web::room(&parts.knowledge, &parts.numbers),
        maeul_public::room(&parts.knowledge, parts.public),
        maeul_text::web::room(&parts.knowledge, &parts.numbers),
        maeul_mail::room(&parts.mail),
        maeul_transfer::room(&parts.transfers),
        maeul_follow::room(&parts.follow),
        maeul_privacy::room(&parts.privacy),
        crate::web::room(),
    ]
}

/// Who reacts to which fact. A fact that stands in no row concerns nobody yet.
pub(crate) fn reactions(parts: &Parts) -> Vec<(&'static str, Handler)> {
    let picture = || maeul_public::jobs::case_changed(&parts.knowledge, parts.public);
    vec![
        (Fact::CASE_RECEIVED, together(vec![picture()])),
        (Fact::CASE_CHANGED, together(vec![picture(), maeul_text::jobs::case_changed()])),
        (Fact::CASE_ANSWERED, together(vec![picture(), maeul_text::jobs::case_changed()])),
        (
            Fact::SERVICES_CHANGED,
            together(vec![maeul_public::jobs::services_changed(&parts.knowledge)]),
        ),
        (
            Fact::HOLIDAYS_CHANGED,
            together(vec![maeul_cases::jobs::holidays_changed(&parts.knowledge)]),
        ),
        (
            Fact::TEXTS_STOPPED,
            together(vec![maeul_follow::jobs::texts_stopped(
                &parts.follow,
                maeul_text::jobs::number_of,
            )]),
        ),
    ]
}

/// Several reactions to one fact, one after another. One that fails holds up none of the others; then
/// all are run again, which they bear, because jobs run at least once anyway.
fn together(reactions: Vec<Handler>) -> Handler {
    if let [alone] = reactions.as_slice() {
        return alone.clone();
    }
    let reactions = Arc::new(reactions);
    handler(move |job: JobCtx| {
        let reactions = Arc::clone(&reactions);
        async move {
            let mut ended = Ok(());
            for reaction in reactions.iter() {
                match reaction.run(job.clone()).await {
                    Ok(()) => {}
                    // What may go better later keeps the fact alive for all.
                    Err(again @ JobError::Again(_)) => ended = Err(again),
                    Err(never) if ended.is_ok() => ended = Err(never),
                    Err(JobError::GiveUp(_)) => {}
                }
            }
            ended
        }
    })
}

/// Every table of the house: mechanisms, commons, rooms.
pub fn migrations() -> Vec<Migration> {
    [
        maeul_queue::MIGRATIONS,
        maeul_place::MIGRATIONS,
        maeul_org::MIGRATIONS,
        maeul_people::MIGRATIONS,
        maeul_notice::MIGRATIONS,
        maeul_cases::MIGRATIONS,
        maeul_public::MIGRATIONS,
        maeul_text::MIGRATIONS,
        maeul_mail::MIGRATIONS,
        maeul_transfer::MIGRATIONS,
        maeul_follow::MIGRATIONS,
        maeul_privacy::MIGRATIONS,
    ]
    .concat()
}

/// What every column of bytes holds: a test compares it with the tables.
pub fn bytes() -> Vec<BytesColumn> {
    [
        maeul_people::BYTES,
        maeul_notice::BYTES,
        maeul_cases::BYTES,
        maeul_public::BYTES,
        maeul_text::BYTES,
        maeul_mail::BYTES,
        maeul_transfer::BYTES,
        maeul_follow::BYTES,
        maeul_privacy::BYTES,
    ]
    .concat()
}

/// The kinds of personal data that are kept for a time, as the rooms say.
pub(crate) fn keeps() -> Vec<Keeping> {
    [
        maeul_cases::personal::keeps(),
        maeul_text::personal::keeps(),
        maeul_mail::personal::keeps(),
        maeul_transfer::personal::keeps(),
    ]
    .concat()
}

/// What the rooms hold about one person.
pub(crate) fn about(knowledge: &KnowledgeCache) -> Vec<About> {
    vec![
        maeul_cases::personal::about(),
        maeul_text::personal::about(),
        maeul_mail::personal::about(),
        maeul_transfer::personal::about(),
        maeul_follow::personal::about(knowledge),
    ]
}
