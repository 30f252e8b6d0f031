//! How a case stands in a list, and how its lateness is said: by word first, by colour besides.

use jiff::Timestamp;
use maeul_base::{Lang, seoul};
use maeul_web::Visit;

use crate::Knowledge;
use crate::read::QueueRow;
use crate::web::resident::case::badge;

/// How near a due time is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Nearness {
    /// For a list: `6. 16.(화)`, `오늘 14:30까지`, `6. 9.(화) 3일 지남`.
    pub(crate) short: String,
    /// For the case page, beside the full date: `3일 남음`.
    pub(crate) left: String,
    /// `is-soon`, `is-late`, `is-done` or nothing.
    pub(crate) class: &'static str,
}

/// How near the due time is now. Days are calendar days; the date itself stands beside them.
pub(crate) fn nearness(due: Option<Timestamp>, open: bool, now: Timestamp, lang: Lang) -> Nearness {
    let none = || Nearness {
        short: lang.t("기한 없음", "No due day").to_owned(),
        left: String::new(),
        class: "",
    };
    let Some(due) = due else { return none() };
    let (day, today) = (seoul::date(due), seoul::date(now));
    let days = (day - today).get_days();
    let date = short_day(day, today, lang);
    if !open {
        return Nearness { short: date, left: String::new(), class: "is-done" };
    }
    let wall = seoul::wall(due);
    let time = format!("{:02}:{:02}", wall.hour(), wall.minute());
    let late = due < now;
    let said = |short: String, left: String, class| Nearness { short, left, class };
    match (late, days, lang) {
        (true, 0, Lang::Ko) => {
            said(format!("오늘 {time} 지남"), "기한이 오늘 지났습니다".into(), "is-late")
        }
        (true, 0, Lang::En) => {
            said(format!("Late since {time}"), "Overdue since today".into(), "is-late")
        }
        (true, _, Lang::Ko) => said(
            format!("{date} {}일 지남", -days),
            format!("기한이 {}일 지났습니다", -days),
            "is-late",
        ),
        (true, _, Lang::En) => {
            said(format!("{date}, {} d late", -days), format!("{} days overdue", -days), "is-late")
        }
        (false, 0, Lang::Ko) => {
            said(format!("오늘 {time}까지"), "오늘까지입니다".into(), "is-soon")
        }
        (false, 0, Lang::En) => said(format!("Today {time}"), "Due today".into(), "is-soon"),
        (false, 1, Lang::Ko) => said(format!("{date} 내일"), "내일까지입니다".into(), "is-soon"),
        (false, 1, Lang::En) => said(format!("{date}, tomorrow"), "Due tomorrow".into(), "is-soon"),
        (false, _, Lang::Ko) => said(date, format!("{days}일 남았습니다"), ""),
        (false, _, Lang::En) => said(date, format!("{days} days left"), ""),
    }
}

/// A day with its weekday; the year only where it is another one.
fn short_day(day: jiff::civil::Date, today: jiff::civil::Date, lang: Lang) -> String {
    if day.year() != today.year() {
        return seoul::day_text(day, lang);
    }
    let weekday = seoul::weekday(day.weekday(), lang);
    match lang {
        Lang::Ko => format!("{}. {}.({weekday})", day.month(), day.day()),
        Lang::En => format!("{weekday} {}", day.strftime("%-d %b")),
    }
}

/// A row of the macro `queue_row`.
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) due: String,
    pub(crate) due_iso: String,
    pub(crate) due_class: &'static str,
    pub(crate) badge: &'static str,
    pub(crate) state: &'static str,
    pub(crate) dong: String,
    pub(crate) unit: String,
    pub(crate) channel: &'static str,
    pub(crate) flag: String,
}

/// The rows for reading.
pub(crate) fn lines(visit: &Visit, know: &Knowledge, rows: Vec<QueueRow>) -> Vec<Line> {
    rows.into_iter().map(|row| line(visit, know, row)).collect()
}

fn line(visit: &Visit, know: &Knowledge, row: QueueRow) -> Line {
    let lang = visit.lang();
    let near = nearness(row.due_at, row.state.is_open(), visit.now(), lang);
    let unit = know.unit_name(row.unit, lang);
    let mut flags = Vec::new();
    if row.reopened > 0 {
        flags.push(lang.t("다시 열림", "reopened").to_owned());
    }
    if row.followers > 0 {
        flags.push(match lang {
            Lang::Ko => format!("함께 {}명", row.followers),
            Lang::En => format!("+{} people", row.followers),
        });
    }
    if row.anonymous {
        flags.push(lang.t("이름 없음", "no name").to_owned());
    }
    Line {
        href: format!("{}/staff/case/{}", visit.base(), row.id),
        id: row.id.to_string(),
        title: row.title,
        due: near.short,
        due_iso: row.due_at.map(seoul::iso).unwrap_or_default(),
        due_class: near.class,
        badge: badge(row.state),
        state: row.state.name(lang),
        dong: row.dong.map(|dong| know.dong_name(&dong, lang).to_owned()).unwrap_or_default(),
        unit: row.assignee_name.map_or_else(|| unit.to_owned(), |name| format!("{unit} {name}")),
        channel: row.channel.name(lang),
        flag: flags.join(" · "),
        number: row.number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lateness_is_said_in_words() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-06-12T10:00:00+09:00");
        let say = |due: &str, lang| nearness(Some(at(due)), true, now, lang);
        let late = say("2026-06-09T18:00:00+09:00", Lang::Ko);
        assert_eq!((late.short.as_str(), late.class), ("6. 9.(화) 3일 지남", "is-late"));
        assert_eq!(say("2026-06-12T09:30:00+09:00", Lang::Ko).short, "오늘 09:30 지남");
        assert_eq!(say("2026-06-12T14:30:00+09:00", Lang::En).short, "Today 14:30");
        assert_eq!(say("2026-06-16T18:00:00+09:00", Lang::Ko).short, "6. 16.(화)");
        assert_eq!(say("2026-06-16T18:00:00+09:00", Lang::En).left, "4 days left");
        let done = nearness(Some(at("2026-06-09T18:00:00+09:00")), false, now, Lang::Ko);
        assert_eq!(done.class, "is-done");
        assert_eq!(nearness(None, true, now, Lang::En).short, "No due day");
    }
}
