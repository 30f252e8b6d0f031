//! The Korean lunar calendar, from ICU (which carries the published almanac to 2050).

use icu_calendar::cal::{Iso, KoreanTraditional};
use icu_calendar::types::Month;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::law::MonthDay;

/// The solar date of a day of the lunar year that begins in `year`; leap months never hold a holiday.
pub(crate) fn solar(year: i16, lunar: MonthDay, shift: i8) -> Option<Date> {
    let day = icu_calendar::Date::try_new(
        i32::from(year).into(),
        Month::new(lunar.month),
        lunar.day,
        KoreanTraditional::new(),
    )
    .ok()?
    .to_calendar(Iso);
    let year = i16::try_from(day.year().extended_year()).ok()?;
    let month = i8::try_from(day.month().number()).ok()?;
    let date = Date::new(year, month, i8::try_from(day.day_of_month().0).ok()?).ok()?;
    date.checked_add(i32::from(shift).days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 설, 추석 and 부처님 오신 날 as published, 2027-2035.
    #[test]
    fn the_lunar_days_are_those_of_the_almanac() {
        let table = [
            ("2027-02-07", "2027-09-15", "2027-05-13"),
            ("2028-01-27", "2028-10-03", "2028-05-02"),
            ("2029-02-13", "2029-09-22", "2029-05-20"),
            ("2030-02-03", "2030-09-12", "2030-05-09"),
            ("2031-01-23", "2031-10-01", "2031-05-28"),
            ("2032-02-11", "2032-09-19", "2032-05-16"),
            ("2033-01-31", "2033-09-08", "2033-05-06"),
            ("2034-02-19", "2034-09-27", "2034-05-25"),
            ("2035-02-08", "2035-09-16", "2035-05-15"),
        ];
        for (seollal, chuseok, buddha) in table {
            let year = seollal.parse::<Date>().unwrap().year();
            let day = |month, day| solar(year, MonthDay { month, day }, 0).unwrap().to_string();
            assert_eq!(day(1, 1), seollal);
            assert_eq!(day(8, 15), chuseok);
            assert_eq!(day(4, 8), buddha);
        }
    }
}
