//! The words of an explanation, kept short: each line is a date and what it does to the count.
//!
//! Every line is written into one string: an explained answer is mostly the writing of its lines.

use jiff::civil::Date;
use maeul_base::{Lang, seoul};

use crate::day;

/// `2026. 6. 8.(월): 1일째`
pub(crate) fn on_day(date: Date, text: &str, lang: Lang) -> String {
    let mut line = begin(date, lang);
    push(&mut line, &[": ", text]);
    line
}

/// `2026. 6. 8.(월)–2026. 6. 10.(수): …`
pub(crate) fn on_days(from: Date, to: Date, text: &str, lang: Lang) -> String {
    let mut line = begin(from, lang);
    if from != to {
        line.push('–');
        push_date(&mut line, to, lang);
    }
    push(&mut line, &[": ", text]);
    line
}

/// `2026. 6. 8.(월) 10:30–12:00: …`
pub(crate) fn in_hours(date: Date, from: i64, to: i64, text: &str, lang: Lang) -> String {
    let mut line = begin(date, lang);
    push(&mut line, &[" ", &clock(from), "–", &clock(to), ": ", text]);
    line
}

/// `2026. 6. 8.(월) 18:00–: …`
pub(crate) fn from_hour(date: Date, from: i64, text: &str, lang: Lang) -> String {
    let mut line = begin(date, lang);
    push(&mut line, &[" ", &clock(from), "–: ", text]);
    line
}

/// The text that follows the dates of a line; no date or time contains a colon and a space.
pub(crate) fn after_dates(line: &str) -> &str {
    line.split_once(": ").map_or(line, |(_, text)| text)
}

/// The n-th working day.
pub(crate) fn working_day(date: Date, total: i64, local: Option<&str>, lang: Lang) -> String {
    let mut line = begin(date, lang);
    line.push_str(lang.t(": ", ": day "));
    push_number(&mut line, total);
    line.push_str(lang.t("일째", ""));
    push_local(&mut line, local, lang);
    line
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
    let text = match lang {
        Lang::Ko => format!("{here} 셈, 모두 {sum}"),
        Lang::En => format!("{here} counted, {sum} in all"),
    };
    let mut line = in_hours(date, from, to, &text, lang);
    push_local(&mut line, local, lang);
    line
}

/// `세지 않음, 토요일`
pub(crate) fn not_counted(why: &str, lang: Lang) -> String {
    let mut text = String::from(lang.t("세지 않음, ", "not counted, "));
    text.push_str(why);
    text
}

/// The last day cannot be the last.
pub(crate) fn moved(why: &str, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("끝나는 날이 쉬는 날({why})이어서 다음 날로 넘어감"),
        Lang::En => format!("the last day is a closed day ({why}) and moves to the next"),
    }
}

fn begin(date: Date, lang: Lang) -> String {
    let mut line = String::with_capacity(64);
    push_date(&mut line, date, lang);
    line
}

fn push(line: &mut String, parts: &[&str]) {
    for part in parts {
        line.push_str(part);
    }
}

/// The same text as `seoul::day_text`, written in place.
fn push_date(line: &mut String, date: Date, lang: Lang) {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let weekday = seoul::weekday(date.weekday(), lang);
    let (year, month, day) =
        (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    match lang {
        Lang::Ko => {
            push_number(line, year);
            line.push_str(". ");
            push_number(line, month);
            line.push_str(". ");
            push_number(line, day);
            push(line, &[".(", weekday, ")"]);
        }
        Lang::En => {
            push(line, &[weekday, " "]);
            push_number(line, day);
            let month = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index));
            push(line, &[" ", month.copied().unwrap_or_default(), " "]);
            push_number(line, year);
        }
    }
}

fn push_number(line: &mut String, number: i64) {
    if number >= 10 {
        push_number(line, number / 10);
    }
    let digit = u8::try_from(number.rem_euclid(10)).unwrap_or_default();
    line.push(char::from(b'0' + digit));
}

fn push_local(line: &mut String, local: Option<&str>, lang: Lang) {
    if let Some(name) = local {
        push(line, &[" (", name, lang.t(": 지방공휴일은 셈)", ": a local holiday counts)")]);
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
        push_number(&mut text, n);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_everywhere_else() {
        for date in ["2014-01-01", "2026-06-08", "2026-12-25", "2050-10-31"] {
            let date: Date = date.parse().unwrap();
            for lang in Lang::ALL {
                assert_eq!(begin(date, lang), seoul::day_text(date, lang));
            }
        }
        assert_eq!(duration(5_400, Lang::Ko), "1시간 30분");
        assert_eq!(duration(36_061, Lang::En), "10 h 1 min 1 s");
        assert_eq!(clock(86_400), "24:00");
        assert_eq!(clock(34_201), "09:30:01");
    }
}
