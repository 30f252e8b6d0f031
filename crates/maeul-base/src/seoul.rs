//! Days and hours on the wall clock of Seoul: UTC+9, without daylight saving since 1988.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::Lang;

/// Korea Standard Time.
pub fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(9))
}

/// The wall-clock time in Seoul.
pub fn wall(at: Timestamp) -> DateTime {
    Offset::constant(9).to_datetime(at)
}

/// The date in Seoul.
pub fn date(at: Timestamp) -> Date {
    wall(at).date()
}

/// The instant of a wall-clock time in Seoul; the far ends of time are clamped.
pub fn instant(wall: DateTime) -> Timestamp {
    Offset::constant(9).to_timestamp(wall).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// With its offset, for machines: `2026-06-08T14:30:00+09:00`.
pub fn iso(at: Timestamp) -> String {
    Zoned::new(at, zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The weekday's short name: `월`, `Mon`.
pub const fn weekday(day: Weekday, lang: Lang) -> &'static str {
    match day {
        Weekday::Monday => lang.t("월", "Mon"),
        Weekday::Tuesday => lang.t("화", "Tue"),
        Weekday::Wednesday => lang.t("수", "Wed"),
        Weekday::Thursday => lang.t("목", "Thu"),
        Weekday::Friday => lang.t("금", "Fri"),
        Weekday::Saturday => lang.t("토", "Sat"),
        Weekday::Sunday => lang.t("일", "Sun"),
    }
}

/// A day for reading, with its weekday: `2026. 6. 8.(월)`, `Mon 8 Jun 2026`.
pub fn day_text(day: Date, lang: Lang) -> String {
    let name = weekday(day.weekday(), lang);
    match lang {
        Lang::Ko => format!("{}. {}. {}.({name})", day.year(), day.month(), day.day()),
        Lang::En => format!("{name} {}", day.strftime("%-d %b %Y")),
    }
}

/// An instant for reading, with its weekday: `2026. 6. 8.(월) 14:30`, `Mon 8 Jun 2026 14:30`.
pub fn time_text(at: Timestamp, lang: Lang) -> String {
    let wall = wall(at);
    format!("{} {:02}:{:02}", day_text(wall.date(), lang), wall.hour(), wall.minute())
}
