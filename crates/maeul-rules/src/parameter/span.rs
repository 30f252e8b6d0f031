//! A value and the days on which it holds, with its source.

use maeul_base::Lang;

use crate::problem::{Place, Problem};
use crate::value::{date_text, last_day};

/// The source marks: how a number was verified. Letter, Korean, English.
pub const MARKS: [(char, &str, &str); 6] = [
    ('V', "법령 조문에서 확인", "read in the statute or decree"),
    ('O', "자치법규에서 확인", "read in the municipality's own ordinance or rule"),
    (
        'G',
        "공공기관 안내나 보도에서 확인",
        "from a public agency's page or the press, not the legal text",
    ),
    ('X', "확인된 규칙에서 계산", "computed from a verified rule"),
    ('I', "우리 해석이나 선택이며 법이 아님", "our interpretation or choice, not law"),
    ('U', "확인되지 않음", "not verified"),
];

/// What a mark means, in the reader's language.
pub fn mark_text(mark: char, lang: Lang) -> &'static str {
    MARKS.iter().find(|(known, ..)| *known == mark).map_or("", |(_, ko, en)| lang.t(ko, en))
}

/// A value in force from one day to another.
#[derive(Clone, Debug)]
pub struct Dated<V> {
    /// The first day (yyyymmdd); 0 where the source does not say since when.
    pub from: i64,
    /// The last day; `None` while no end is known.
    pub to: Option<i64>,
    /// What held.
    pub value: V,
    /// The article or announcement.
    pub basis: String,
    /// How it was verified: a letter of [`MARKS`].
    pub mark: char,
    /// Cells verified otherwise than the rest: `7`, `child_zone.car`, `each_more`.
    pub marks: Vec<(String, char)>,
    /// Where it is written.
    pub place: Place,
}

impl<V> Dated<V> {
    /// Does it hold on this day?
    pub fn holds(&self, day: i64) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// How one cell of the table was verified.
    pub fn mark_of(&self, cell: &str) -> char {
        self.marks.iter().find(|(known, _)| known == cell).map_or(self.mark, |(_, mark)| *mark)
    }

    /// `2024-01-01 ~ 2024-12-31`; an open end stays open.
    pub fn days(&self, lang: Lang) -> String {
        let from = match self.from {
            0 => lang.t("(시작일 자료에 없음)", "(start not stated)").to_owned(),
            day => date_text(day),
        };
        format!("{from} ~ {}", self.to.map(date_text).unwrap_or_default())
    }
}

/// What holds on a day.
pub(super) fn on<V>(values: &[Dated<V>], day: i64) -> Option<&Dated<V>> {
    values.iter().find(|value| value.holds(day))
}

/// The values in the order of time.
///
/// # Errors
/// Two of them hold on the same day, or one ends before it begins.
pub(super) fn ordered<V>(mut values: Vec<Dated<V>>) -> Result<Vec<Dated<V>>, Problem> {
    for value in &values {
        if let Some(to) = value.to.filter(|to| *to < value.from) {
            let (from, to) = (date_text(value.from), date_text(to));
            return Err(Problem::new(
                &value.place,
                format!("끝나는 날({to})이 시작하는 날({from})보다 앞섭니다."),
                format!("It ends ({to}) before it begins ({from})."),
            ));
        }
    }
    values.sort_by_key(|value| value.from);
    for pair in values.windows(2) {
        let [first, second] = pair else { continue };
        if first.to.is_none_or(|to| to >= second.from) {
            let day = date_text(second.from);
            return Err(Problem::new(
                &second.place,
                format!(
                    "{}의 값과 기간이 겹칩니다: {day}에 값이 둘입니다. 앞의 값에 `to`를 적으세요.",
                    first.place
                ),
                format!(
                    "It overlaps the value at {}: two values on {day}. Give the earlier one a `to`.",
                    first.place
                ),
            ));
        }
    }
    Ok(values)
}

/// The day after.
pub(super) fn next_day(day: i64) -> i64 {
    let (year, month, date) = (day / 10_000, day / 100 % 100, day % 100);
    match (date >= last_day(year, month), month) {
        (false, _) => day + 1,
        (true, 12) => (year + 1) * 10_000 + 101,
        (true, _) => year * 10_000 + (month + 1) * 100 + 1,
    }
}

/// The day before.
pub(super) fn day_before(day: i64) -> i64 {
    let (year, month, date) = (day / 10_000, day / 100 % 100, day % 100);
    match (date, month) {
        (2.., _) => day - 1,
        (_, 1) => (year - 1) * 10_000 + 1_231,
        _ => year * 10_000 + (month - 1) * 100 + last_day(year, month - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_day_and_the_day_before_know_months_and_leap_years() {
        for (day, next) in [
            (20_240_228, 20_240_229),
            (20_240_229, 20_240_301),
            (20_230_228, 20_230_301),
            (20_251_231, 20_260_101),
            (20_260_430, 20_260_501),
        ] {
            assert_eq!(next_day(day), next);
            assert_eq!(day_before(next), day);
        }
    }
}
