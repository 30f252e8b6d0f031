//! Figures in words.

use maeul_base::{Lang, Won};

/// An office day: eight hours.
const DAY: i64 = 8 * 60;

/// Minutes of office hours for reading: `2일 3시간`, `2 days 3 h`; a day has eight hours.
pub(crate) fn say_minutes(minutes: i64, lang: Lang) -> String {
    let (days, rest) = (minutes / DAY, minutes % DAY);
    let (hours, minutes) = (rest / 60, rest % 60);
    let parts = match lang {
        Lang::Ko => [format!("{days}일"), format!("{hours}시간"), format!("{minutes}분")],
        Lang::En => [
            format!("{days} {}", if days == 1 { "day" } else { "days" }),
            format!("{hours} h"),
            format!("{minutes} min"),
        ],
    };
    let [day, hour, minute] = parts;
    match (days, hours) {
        (0, 0) => minute,
        (0, _) if minutes == 0 => hour,
        (0, _) => format!("{hour} {minute}"),
        (_, 0) => day,
        _ => format!("{day} {hour}"),
    }
}

/// With thousands apart.
pub(crate) fn say_count(n: i64) -> String {
    Won(n).to_string()
}

/// Per mille as a percentage with one place: `72.7%`.
pub(crate) fn say_permille(n: i64) -> String {
    format!("{}.{}%", n / 10, n % 10)
}

/// Hundredths with one place: `4.2`.
pub(crate) fn say_hundredths(n: i64) -> String {
    let tenths = (n + 5) / 10;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_eight_hours() {
        for (minutes, ko, en) in [
            (5, "5분", "5 min"),
            (60, "1시간", "1 h"),
            (90, "1시간 30분", "1 h 30 min"),
            (480, "1일", "1 day"),
            (1_150, "2일 3시간", "2 days 3 h"),
        ] {
            assert_eq!(say_minutes(minutes, Lang::Ko), ko);
            assert_eq!(say_minutes(minutes, Lang::En), en);
        }
        assert_eq!(say_permille(727), "72.7%");
        assert_eq!(say_hundredths(415), "4.2");
    }
}
