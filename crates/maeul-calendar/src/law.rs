//! The law's facts as read from `data/holidays/`: parsed once, never changed.

use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use serde::Deserialize;

use crate::{ExtraHoliday, ExtraKind, Ground, LocalHolidays, OfficeHours, Segment, Text};

/// All of it.
pub(crate) struct Law {
    pub(crate) decree: Decree,
    pub(crate) elections: Elections,
    pub(crate) temporary: Vec<Date>,
    pub(crate) local: Vec<LocalOffice>,
    pub(crate) clock: ClockLaw,
}

/// `decree.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decree {
    pub(crate) title: Text,
    pub(crate) article: String,
    pub(crate) substitute_article: String,
    pub(crate) day: Vec<DecreeDay>,
}

/// One rule for a holiday.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecreeDay {
    pub(crate) name: Text,
    pub(crate) on: Option<MonthDay>,
    pub(crate) lunar: Option<MonthDay>,
    #[serde(default)]
    pub(crate) shift: i8,
    pub(crate) valid_from: Option<Date>,
    pub(crate) substitute: Option<Substitute>,
}

/// When a clash gives a substitute day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Substitute {
    pub(crate) on: Vec<WeekendDay>,
    pub(crate) valid_from: Date,
}

/// A day of the weekend.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WeekendDay {
    Saturday,
    Sunday,
}

/// A month and day, written `08-15`.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct MonthDay {
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl TryFrom<String> for MonthDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split_once('-').and_then(|(month, day)| {
            Some(Self { month: month.parse().ok()?, day: day.parse().ok()? })
        });
        parts
            .filter(|it| (1..=12).contains(&it.month) && (1..=31).contains(&it.day))
            .ok_or_else(|| format!("{text} is not a month and day such as 08-15"))
    }
}

/// `elections.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Elections {
    pub(crate) known_until: Date,
    pub(crate) day: Vec<ElectionDay>,
}

/// One election day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ElectionDay {
    pub(crate) date: Date,
    pub(crate) name: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Temporary {
    day: Vec<TemporaryDay>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemporaryDay {
    date: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Local {
    office: Vec<LocalOffice>,
}

/// One office's local holidays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocalOffice {
    pub(crate) code: String,
    #[expect(dead_code, reason = "for the reader of the data file")]
    name: Text,
    #[expect(dead_code, reason = "for the reader of the data file")]
    basis: String,
    pub(crate) stops_clock: bool,
    pub(crate) days: Vec<ElectionDay>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockFile {
    immediate_hours: i64,
    hour_clock_max_days: i64,
    office_hours: HoursFile,
    ground: Vec<GroundLaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursFile {
    morning: (Time, Time),
    afternoon: (Time, Time),
}

/// `clock.toml`
pub(crate) struct ClockLaw {
    pub(crate) immediate_hours: i64,
    pub(crate) hour_clock_max_days: i64,
    pub(crate) hours: OfficeHours,
    pub(crate) grounds: Vec<GroundLaw>,
}

/// A ground on which time is not counted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroundLaw {
    pub(crate) ground: Ground,
    pub(crate) name: Text,
    /// Both end days are excluded whole, whatever the time.
    #[serde(default)]
    pub(crate) whole_days: bool,
    pub(crate) valid_from: Option<Date>,
    #[serde(default = "excluded_article")]
    pub(crate) article: Text,
}

fn excluded_article() -> Text {
    Text::new(
        "민원 처리에 관한 법률 시행령 제20조, 행정절차법 시행령 제11조",
        "Enforcement Decree of the Civil Petitions Treatment Act, art. 20; Enforcement Decree of \
         the Administrative Procedures Act, art. 11",
    )
}

fn read() -> Result<Law, String> {
    fn parse<T: for<'de> Deserialize<'de>>(name: &str, text: &str) -> Result<T, String> {
        toml::from_str(text).map_err(|error| format!("{name}: {error}"))
    }
    let clock: ClockFile = parse("clock.toml", include_str!("../../../data/holidays/clock.toml"))?;
    let segment = |(from, to)| Segment { from, to };
    let hours = OfficeHours::new(
        segment(clock.office_hours.morning),
        segment(clock.office_hours.afternoon),
    )
    .ok_or("clock.toml: office_hours do not make eight hours")?;
    let temporary: Temporary =
        parse("temporary.toml", include_str!("../../../data/holidays/temporary.toml"))?;
    let local: Local = parse("local.toml", include_str!("../../../data/holidays/local.toml"))?;
    Ok(Law {
        decree: parse("decree.toml", include_str!("../../../data/holidays/decree.toml"))?,
        elections: parse("elections.toml", include_str!("../../../data/holidays/elections.toml"))?,
        temporary: temporary.day.into_iter().map(|day| day.date).collect(),
        local: local.office,
        clock: ClockLaw {
            immediate_hours: clock.immediate_hours,
            hour_clock_max_days: clock.hour_clock_max_days,
            hours,
            grounds: clock.ground,
        },
    })
}

/// The law, read at first use.
#[expect(clippy::panic, reason = "the files are built in, and a test reads them")]
pub(crate) fn law() -> &'static Law {
    static LAW: LazyLock<Law> = LazyLock::new(|| match read() {
        Ok(law) => law,
        Err(message) => panic!("the holiday data built into this program: {message}"),
    });
    &LAW
}

/// The local holidays an office (5-digit code) is known to have designated, and whether they stop
/// its clock. An office not in the data has none.
pub fn local_holidays(office: &str) -> (Vec<ExtraHoliday>, LocalHolidays) {
    let Some(local) = law().local.iter().find(|local| local.code == office) else {
        return (Vec::new(), LocalHolidays::Count);
    };
    let days = local
        .days
        .iter()
        .map(|day| ExtraHoliday { date: day.date, name: day.name.clone(), kind: ExtraKind::Local })
        .collect();
    (days, if local.stops_clock { LocalHolidays::Stop } else { LocalHolidays::Count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_data_is_well_formed() {
        let law = read().unwrap();
        for day in &law.decree.day {
            assert!(day.on.is_some() != day.lunar.is_some(), "{}", day.name.en);
        }
        for ground in Ground::ALL {
            assert_eq!(
                law.clock.grounds.iter().filter(|known| known.ground == ground).count(),
                1,
                "{ground:?}"
            );
        }
        assert!(law.elections.day.iter().all(|day| day.date <= law.elections.known_until));
        assert_eq!(local_holidays("29140"), (Vec::new(), LocalHolidays::Count));
    }
}
