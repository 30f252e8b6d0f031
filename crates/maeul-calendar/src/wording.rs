//! The words of an explanation, kept short: each line is a date and what it does to the count.

use jiff::civil::Date;
use maeul_base::{Lang, seoul};

use crate::day;

/// `2026. 6. 8.(월): 1일째`
pub(crate) fn on_day(date: Date, text: &str, lang: Lang) -> String {
    format!("{}: {text}", seoul::day_text(date, lang))
}

/// `2026. 6. 8.(월)–2026. 6. 10.(수): …`
pub(crate) fn on_days(from: Date, to: Date, text: &str, lang: Lang) -> String {
    if from == to {
        return on_day(from, text, lang);
    }
    format!("{}–{}: {text}", seoul::day_text(from, lang), seoul::day_text(to, lang))
}

/// `2026. 6. 8.(월) 10:30–12:00: …`
pub(crate) fn in_hours(date: Date, from: i64, to: i64, text: &str, lang: Lang) -> String {
    format!("{} {}–{}: {text}", seoul::day_text(date, lang), clock(from), clock(to))
}

/// `2026. 6. 8.(월) 18:00–: …`
pub(crate) fn from_hour(date: Date, from: i64, text: &str, lang: Lang) -> String {
    format!("{} {}–: {text}", seoul::day_text(date, lang), clock(from))
}

/// The text that follows the dates of a line; no date or time contains a colon and a space.
pub(crate) fn after_dates(line: &str) -> &str {
    line.split_once(": ").map_or(line, |(_, text)| text)
}

/// The n-th working day.
pub(crate) fn working_day(date: Date, total: i64, local: Option<&str>, lang: Lang) -> String {
    let text = match (lang, local) {
        (Lang::Ko, None) => format!("{total}일째"),
        (Lang::En, None) => format!("day {total}"),
        (Lang::Ko, Some(name)) => format!("{total}일째 ({name}: 지방공휴일은 셈)"),
        (Lang::En, Some(name)) => format!("day {total} ({name}: a local holiday counts)"),
    };
    on_day(date, &text, lang)
}

/// Calendar days that count, up to the total.
pub(crate) fn calendar_days(from: Date, to: Date, total: i64, days: i64, lang: Lang) -> String {
    let first = total - days + 1;
    let text = match (lang, days) {
        (Lang::Ko, 1) => format!("{total}일째"),
        (Lang::En, 1) => format!("day {total}"),
        (Lang::Ko, _) => format!("{first}–{total}일째"),
        (Lang::En, _) => format!("days {first}–{total}"),
    };
    on_days(from, to, &text, lang)
}

/// Working hours that count.
pub(crate) fn hours(
    date: Date,
    from: i64,
    to: i64,
    total: i64,
    local: Option<&str>,
    lang: Lang,
) -> String {
    let (here, sum) = (duration(to - from, lang), duration(total, lang));
    let mut text = match lang {
        Lang::Ko => format!("{here} 셈, 모두 {sum}"),
        Lang::En => format!("{here} counted, {sum} in all"),
    };
    if let Some(name) = local {
        text.push_str(&match lang {
            Lang::Ko => format!(" ({name}: 지방공휴일은 셈)"),
            Lang::En => format!(" ({name}: a local holiday counts)"),
        });
    }
    in_hours(date, from, to, &text, lang)
}

/// `세지 않음, 토요일`
pub(crate) fn not_counted(why: &str, lang: Lang) -> String {
    format!("{}{why}", lang.t("세지 않음, ", "not counted, "))
}

/// The last day cannot be the last.
pub(crate) fn moved(why: &str, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("끝나는 날이 {why}이어서 다음 날로 넘어감"),
        Lang::En => format!("the last day is a closed day ({why}) and moves to the next"),
    }
}

fn duration(seconds: i64, lang: Lang) -> String {
    let parts = [
        (seconds / 3_600, lang.t("시간", " h")),
        (seconds / 60 % 60, lang.t("분", " min")),
        (seconds % 60, lang.t("초", " s")),
    ];
    let mut text = String::new();
    for (n, unit) in parts.into_iter().filter(|(n, _)| *n > 0) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&n.to_string());
        text.push_str(unit);
    }
    text
}

fn clock(second: i64) -> String {
    if second == 86_400 {
        return "24:00".into();
    }
    let time = day::time_of(second);
    match time.second() {
        0 => format!("{:02}:{:02}", time.hour(), time.minute()),
        s => format!("{:02}:{:02}:{s:02}", time.hour(), time.minute()),
    }
}
