//! The rows of this room.

mod confirmation;
mod news;
mod person;
mod subscription;

pub(crate) use confirmation::{
    Confirmation, count_try, drop_confirmation, drop_expired, live_by_secret, live_of_person,
    may_confirm, put_confirmation,
};
pub(crate) use news::{
    Mark, forget_case, last_news, mark, news_between, put_mark, put_news, put_standings, standings,
    tidy_news,
};
pub(crate) use person::{
    contact_of, drop_lonely, insert_person, person_by_contact, person_by_link, set_lang,
};
pub(crate) use subscription::{
    DueLine, activate, active_count, behind, confirmed_at, drop_stopped, drop_unconfirmed, due,
    insert_pending, mark_told, of_person, oldest_mark, set_rhythm, stop, stop_all, subscription,
    subscription_with,
};
