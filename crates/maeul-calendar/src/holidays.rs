//! Which days are public holidays, and why: the decree's rules applied year by year.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use maeul_base::Lang;
use serde::{Deserialize, Serialize};

use crate::day::{FIRST, LAST};
use crate::law::{DecreeDay, Law, WeekendDay};
use crate::{Text, law, lunar};

/// A holiday the caller knows of and the built-in data does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraHoliday {
    /// The day.
    pub date: Date,
    /// Its name.
    pub name: Text,
    /// What makes it one.
    pub kind: ExtraKind,
}

/// What makes an extra holiday one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExtraKind {
    /// 임시공휴일: designated by the government; a public holiday.
    Temporary,
    /// The day of an election at the end of a term; a public holiday.
    Election,
    /// 지방공휴일: the municipality's own; stops the clock only where the office says so.
    Local,
}

/// One reason for which a day is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What kind of holiday.
    pub kind: CauseKind,
    /// Its name.
    pub name: Text,
}

/// Kinds of holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// Listed in the decree.
    Listed,
    /// 대체공휴일
    Substitute,
    /// An election day.
    Election,
    /// 임시공휴일
    Temporary,
    /// 지방공휴일
    Local,
}

impl Cause {
    /// The article that makes the day a holiday.
    pub fn article(&self, lang: Lang) -> String {
        let decree = &law::law().decree;
        match self.kind {
            CauseKind::Local => lang
                .t("지방공휴일규정 제2조", "Regulations on Local Public Holidays, art. 2")
                .into(),
            CauseKind::Substitute => {
                format!("{} {}", decree.title.t(lang), decree.substitute_article)
            }
            _ => format!("{} {}", decree.title.t(lang), decree.article),
        }
    }
}

/// The two days of the weekend, on which offices rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekend {
    /// Not a public holiday, but offices rest and the clock skips it.
    Saturday,
    /// A public holiday by the decree.
    Sunday,
}

impl Weekend {
    /// The weekend day a date is, if it is one.
    pub fn of(date: Date) -> Option<Self> {
        match date.weekday() {
            Weekday::Saturday => Some(Self::Saturday),
            Weekday::Sunday => Some(Self::Sunday),
            _ => None,
        }
    }

    /// Its name.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Saturday => lang.t("토요일", "Saturday"),
            Self::Sunday => lang.t("일요일", "Sunday"),
        }
    }
}

/// Why a day is closed; at least one of the two says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed<'a> {
    /// It is a Saturday or a Sunday.
    pub weekend: Option<Weekend>,
    /// The holidays on that day.
    pub holidays: &'a [Cause],
}

impl Closed<'_> {
    /// All reasons, the weekend first: `토요일, 현충일`.
    pub fn text(&self, lang: Lang) -> String {
        let mut text = String::from(self.weekend.map_or("", |weekend| weekend.name(lang)));
        for cause in self.holidays {
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(cause.name.t(lang));
        }
        text
    }
}

/// Named holidays by date (weekends are not named here).
pub(crate) type Named = BTreeMap<Date, Vec<Cause>>;

/// The public holidays from `FIRST` to `LAST`, by the rules known on a day (all, if none is given).
pub(crate) fn public(law: &Law, known_on: Option<Date>, extra: &[ExtraHoliday]) -> Named {
    let mut named = Named::new();
    let mut listed: BTreeMap<Date, Vec<&DecreeDay>> = BTreeMap::new();
    for year in FIRST.year()..=LAST.year() {
        for rule in &law.decree.day {
            let date = match (rule.on, rule.lunar) {
                (Some(on), _) => date_in(year, on.month, on.day),
                (None, Some(lunar)) => lunar::solar(year, lunar, rule.shift),
                (None, None) => None,
            };
            let in_force = |from: Date, date: Date| from <= date && known(from, known_on);
            if let Some(date) = date
                && rule.valid_from.is_none_or(|from| in_force(from, date))
            {
                listed.entry(date).or_default().push(rule);
                add(&mut named, date, CauseKind::Listed, &rule.name);
            }
        }
    }
    for day in &law.elections.day {
        add(&mut named, day.date, CauseKind::Election, &day.name);
    }
    for date in &law.temporary {
        add(&mut named, *date, CauseKind::Temporary, &temporary_name());
    }
    for day in extra {
        match day.kind {
            ExtraKind::Temporary => add(&mut named, day.date, CauseKind::Temporary, &day.name),
            ExtraKind::Election => add(&mut named, day.date, CauseKind::Election, &day.name),
            ExtraKind::Local => {}
        }
    }
    add_substitutes(&mut named, &listed, known_on);
    named
}

/// 임시공휴일
pub(crate) fn temporary_name() -> Text {
    Text::new("임시공휴일", "temporary public holiday")
}

fn known(from: Date, known_on: Option<Date>) -> bool {
    known_on.is_none_or(|day| from <= day)
}

fn date_in(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The same holiday named twice (built in, and entered by an office) is kept once.
fn add(named: &mut Named, date: Date, kind: CauseKind, name: &Text) {
    let causes = named.entry(date).or_default();
    if !causes
        .iter()
        .any(|cause| cause.kind == kind && (kind != CauseKind::Listed || cause.name == *name))
    {
        causes.push(Cause { kind, name: name.clone() });
    }
}

/// Substitute holidays (관공서의 공휴일에 관한 규정 제3조).
///
/// A day of the list that falls on a Saturday or Sunday (설 and 추석: a Sunday only), or that meets
/// another listed day on a weekday, makes the first following day that is no holiday a holiday
/// (para. 1). Where two substitutes meet, the next day that is no holiday is one as well (para. 2),
/// and one that would be a Saturday moves on (para. 3).
fn add_substitutes(
    named: &mut Named,
    listed: &BTreeMap<Date, Vec<&DecreeDay>>,
    known_on: Option<Date>,
) {
    let holidays: BTreeSet<Date> = named.keys().copied().collect();
    for (&date, rules) in listed {
        let weekend = match Weekend::of(date) {
            Some(Weekend::Saturday) => Some(WeekendDay::Saturday),
            Some(Weekend::Sunday) => Some(WeekendDay::Sunday),
            None => None,
        };
        let entitled = rules.iter().filter(|rule| {
            rule.substitute.as_ref().is_some_and(|substitute| {
                substitute.valid_from <= date
                    && known(substitute.valid_from, known_on)
                    && weekend.is_none_or(|weekend| substitute.on.contains(&weekend))
            })
        });
        let entitled: Vec<&DecreeDay> = match weekend {
            Some(_) => entitled.copied().collect(),
            // Two holidays meet on a weekday: one day is lost, so one is given. It is named after
            // the lunar one, as the official almanacs do.
            None if rules.len() >= 2 => {
                let mut rules: Vec<&DecreeDay> = entitled.copied().collect();
                rules.sort_by_key(|rule| rule.lunar.is_none());
                rules.truncate(1);
                rules
            }
            None => Vec::new(),
        };
        for rule in entitled {
            let mut day = date;
            while let Ok(next) = day.tomorrow() {
                day = next;
                let taken = named
                    .get(&day)
                    .is_some_and(|causes| causes.iter().any(|it| it.kind == CauseKind::Substitute));
                if Weekend::of(day).is_none() && !holidays.contains(&day) && !taken {
                    break;
                }
            }
            let name = Text::new(
                format!("대체공휴일({})", rule.name.ko),
                format!("substitute holiday for {}", rule.name.en),
            );
            add(named, day, CauseKind::Substitute, &name);
        }
    }
}
