//! The list of rooms and the one table of facts and reactions: the true picture of the house.

use maeul_cases::web::Desk;
use maeul_db::Migration;
use maeul_facts::Fact;
use maeul_queue::Handler;
use maeul_room::Room;

/// Every room, in the order of the menu.
pub fn rooms(desk: &Desk) -> Vec<Room> {
    vec![
        maeul_door::room(),
        maeul_cases::web::room(&desk.knowledge),
        maeul_text::web::room(&desk.knowledge, &desk.numbers),
        crate::web::room(),
    ]
}

/// Who reacts to which fact. A fact that stands in no row concerns nobody yet.
pub(crate) fn reactions(desk: &Desk) -> Vec<(&'static str, Handler)> {
    vec![
        (Fact::CASE_CHANGED, maeul_text::jobs::case_changed()),
        (Fact::CASE_ANSWERED, maeul_text::jobs::case_changed()),
        (Fact::HOLIDAYS_CHANGED, maeul_cases::jobs::holidays_changed(&desk.knowledge)),
    ]
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
        maeul_text::MIGRATIONS,
    ]
    .concat()
}
