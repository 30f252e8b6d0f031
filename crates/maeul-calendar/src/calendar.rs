//! The days on which an office is open, precomputed so that a due time is two look-ups.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::day::{self, DAYS, FIRST, LAST};
use crate::holidays::{self, Cause, CauseKind, Closed, ExtraHoliday, ExtraKind, Named, Weekend};
use crate::law::law;
use crate::{OfficeHours, Text};

/// Whether local holidays (지방공휴일) stop the petition clock. The law does not list them as public
/// holidays, so they do not unless the office says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LocalHolidays {
    /// They count as days like any other.
    #[default]
    Count,
    /// They stop the clock.
    Stop,
}

/// What an office adds to the public holidays of the decree.
#[derive(Clone, Debug, Default)]
pub struct CalendarOptions {
    /// Temporary, election and local holidays the built-in data does not have. Days outside the
    /// years covered have no effect.
    pub extra: Vec<ExtraHoliday>,
    /// The office's switch for local holidays.
    pub local: LocalHolidays,
    /// Only the rules in force on that day: to see again what was answered then. Holidays in
    /// `extra` are the caller's to leave out.
    pub known_on: Option<Date>,
    /// The hours of a working day.
    pub hours: OfficeHours,
}

/// The working days and hours of an office, 2014-01-01 to 2050-12-31. Make it once and share it.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub(crate) hours: OfficeHours,
    /// Working days before each day; one more entry than days.
    rank: Box<[u16]>,
    /// The day number of each working day.
    working: Box<[u16]>,
    named: Named,
    local: BTreeMap<Date, Cause>,
    fingerprint: String,
}

impl Calendar {
    /// The first day covered.
    pub const FIRST: Date = FIRST;
    /// The last day covered.
    pub const LAST: Date = LAST;

    /// The calendar of an office.
    pub fn new(options: &CalendarOptions) -> Self {
        let mut named = holidays::public(law(), options.known_on, &options.extra);
        let mut local = BTreeMap::new();
        for extra in options.extra.iter().filter(|extra| extra.kind == ExtraKind::Local) {
            let cause = Cause { kind: CauseKind::Local, name: extra.name.clone() };
            match options.local {
                LocalHolidays::Stop => named.entry(extra.date).or_default().push(cause),
                LocalHolidays::Count => {
                    local.insert(extra.date, cause);
                }
            }
        }
        Self::index(options.hours, named, local)
    }

    /// The calendar of an office that adds nothing.
    pub fn national() -> &'static Self {
        static NATIONAL: LazyLock<Calendar> =
            LazyLock::new(|| Calendar::new(&CalendarOptions::default()));
        &NATIONAL
    }

    fn index(hours: OfficeHours, named: Named, local: BTreeMap<Date, Cause>) -> Self {
        let mut rank: Vec<u16> = Vec::new();
        let mut working: Vec<u16> = Vec::new();
        let mut hash = Fnv::new();
        let count = |working: &Vec<u16>| u16::try_from(working.len()).unwrap_or(u16::MAX);
        for (number, date) in (0_u16..).zip(FIRST.series(jiff::ToSpan::day(1))) {
            if i64::from(number) >= DAYS {
                break;
            }
            rank.push(count(&working));
            if Weekend::of(date).is_none() {
                if named.contains_key(&date) {
                    hash.add(number);
                } else {
                    working.push(number);
                }
            }
        }
        rank.push(count(&working));
        for second in [hours.morning.0, hours.morning.1, hours.afternoon.0, hours.afternoon.1] {
            hash.add(u16::try_from(second / 60).unwrap_or(u16::MAX));
        }
        let fingerprint = hash.text();
        Self { hours, rank: rank.into(), working: working.into(), named, local, fingerprint }
    }

    /// Why the office is closed on a day for the clock; `None` on a working day.
    pub fn closed(&self, date: Date) -> Option<Closed<'_>> {
        let weekend = Weekend::of(date);
        let holidays = self.named.get(&date).map_or(&[][..], Vec::as_slice);
        (weekend.is_some() || !holidays.is_empty()).then_some(Closed { weekend, holidays })
    }

    /// The local holiday on a day that counts all the same ([`LocalHolidays::Count`]).
    pub fn counted_local(&self, date: Date) -> Option<&Cause> {
        self.local.get(&date)
    }

    /// Whether a day is a working day.
    pub fn is_working_day(&self, date: Date) -> bool {
        self.closed(date).is_none()
    }

    /// The hours of a working day.
    pub const fn hours(&self) -> OfficeHours {
        self.hours
    }

    /// Changes exactly when a weekday becomes open or closed or the hours change: stored beside a
    /// due time, it tells whether the due time must be looked at again.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The named holidays of a year in order, those on weekends too.
    pub fn holidays(&self, year: i16) -> impl Iterator<Item = (Date, &[Cause])> {
        let year = Date::new(year, 1, 1).ok().zip(Date::new(year, 12, 31).ok());
        year.into_iter()
            .flat_map(|(from, to)| self.named.range(from..=to))
            .map(|(date, causes)| (*date, causes.as_slice()))
    }

    /// The last day for which election days are known.
    pub fn elections_known_until() -> Date {
        law().elections.known_until
    }

    /// What a reader should know about an answer this far ahead.
    pub(crate) fn notes(date: Date) -> Vec<Text> {
        let known = Self::elections_known_until();
        if date <= known {
            return Vec::new();
        }
        vec![Text::new(
            format!(
                "{known} 뒤의 선거일은 아직 알 수 없어 넣지 않았습니다. 선거일이 정해지면 기한이 늦어질 수 있습니다."
            ),
            format!(
                "Election days after {known} are not known yet and are left out; one of them may move the due time later."
            ),
        )]
    }

    /// Working days before a day number.
    pub(crate) fn rank(&self, number: i64) -> i64 {
        let index = usize::try_from(number.clamp(0, DAYS)).unwrap_or(0);
        self.rank.get(index).map_or(0, |rank| i64::from(*rank))
    }

    /// The day number of the k-th working day from the first day covered, counted from 0.
    pub(crate) fn working(&self, k: i64) -> Option<i64> {
        self.working.get(usize::try_from(k).ok()?).map(|number| i64::from(*number))
    }

    /// Whether a day number is a working day.
    pub(crate) fn open(&self, number: i64) -> bool {
        self.rank(number + 1) > self.rank(number)
    }

    /// Why a day number is closed.
    pub(crate) fn closed_on(&self, number: i64) -> Option<Closed<'_>> {
        self.closed(day::date_of(number))
    }
}

/// FNV-1a, 64 bits: small, and the same on every machine and in every version.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, value: u16) {
        for byte in value.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn text(&self) -> String {
        format!("{:016x}", self.0)
    }
}
