//! The monthly review of looks at personal data (safety standard, art. 8): who looked how often, and what
//! is unusual. The figures by which something is unusual are the office's own; no law sets them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maeul_base::{CaseId, Fault, Lang, OfficeId, Role, StaffId, UnitId, seoul};
use maeul_calendar::Calendar;
use maeul_cases::Knowledge;
use maeul_db::Tx;
use maeul_people::{LookAct, LookEntry};

/// From how many on something is unusual. Defaults are our proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Pages opened on one day by one officer.
    pub many_opens: i32,
    /// Contacts shown on one day to one officer.
    pub many_contacts: i32,
    /// Looks at one case in the month by one officer.
    pub same_case: i32,
}

impl Default for Marks {
    fn default() -> Self {
        Self { many_opens: 100, many_contacts: 20, same_case: 15 }
    }
}

/// What one officer looked at in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looker {
    /// Pages opened.
    pub opens: i64,
    /// Contacts shown.
    pub contacts: i64,
    /// Files, hand-overs and what was put together for people.
    pub files: i64,
    /// Outside the office's hours.
    pub outside: i64,
    /// At what was with a unit that is not theirs.
    pub elsewhere: i64,
    /// The most pages opened on one day.
    pub most_opens: i64,
    /// The most contacts shown on one day.
    pub most_contacts: i64,
    /// The most looks at one case.
    pub most_same: i64,
}

/// Something unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusual {
    /// Many pages on one day.
    ManyOpens(i64),
    /// Many contacts on one day.
    ManyContacts(i64),
    /// The same case again and again.
    SameCase(i64),
    /// Outside office hours.
    Outside(i64),
    /// Another unit's.
    Elsewhere(i64),
    /// Taken out as a file.
    Files(i64),
}

impl Unusual {
    /// As people read it.
    pub fn say(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::ManyOpens(n), Lang::Ko) => format!("하루에 화면 {n}건"),
            (Self::ManyOpens(n), Lang::En) => format!("{n} pages on one day"),
            (Self::ManyContacts(n), Lang::Ko) => format!("하루에 연락처 {n}건"),
            (Self::ManyContacts(n), Lang::En) => format!("{n} contacts on one day"),
            (Self::SameCase(n), Lang::Ko) => format!("같은 민원을 {n}번"),
            (Self::SameCase(n), Lang::En) => format!("the same case {n} times"),
            (Self::Outside(n), Lang::Ko) => format!("근무시간 밖 {n}건"),
            (Self::Outside(n), Lang::En) => format!("{n} outside office hours"),
            (Self::Elsewhere(n), Lang::Ko) => format!("다른 부서 민원 {n}건"),
            (Self::Elsewhere(n), Lang::En) => format!("{n} at another unit's"),
            (Self::Files(n), Lang::Ko) => format!("파일·이관 {n}건"),
            (Self::Files(n), Lang::En) => format!("{n} taken out or handed over"),
        }
    }
}

impl Looker {
    /// What is unusual of it.
    pub fn unusual(&self, marks: &Marks) -> Vec<Unusual> {
        let mut found = Vec::new();
        let mut add = |is: bool, it: Unusual| {
            if is {
                found.push(it);
            }
        };
        add(self.most_opens >= marks.many_opens.into(), Unusual::ManyOpens(self.most_opens));
        let contacts = self.most_contacts;
        add(contacts >= marks.many_contacts.into(), Unusual::ManyContacts(contacts));
        add(self.most_same >= marks.same_case.into(), Unusual::SameCase(self.most_same));
        add(self.outside > 0, Unusual::Outside(self.outside));
        add(self.elsewhere > 0, Unusual::Elsewhere(self.elsewhere));
        add(self.files > 0, Unusual::Files(self.files));
        found
    }

    /// All looks.
    pub const fn all(&self) -> i64 {
        self.opens + self.contacts + self.files
    }
}

/// Adds looks up, one after another.
#[derive(Debug, Default)]
pub struct Sum {
    lookers: BTreeMap<StaffId, Looker>,
    days: BTreeMap<(StaffId, Date, bool), i64>,
    cases: BTreeMap<(StaffId, CaseId), i64>,
}

impl Sum {
    /// Adds one look.
    pub fn add(&mut self, look: &LookEntry, is_outside: bool, is_elsewhere: bool) {
        let of = self.lookers.entry(look.staff).or_default();
        match look.act {
            LookAct::Open => of.opens += 1,
            LookAct::Reveal => of.contacts += 1,
            LookAct::HandOver | LookAct::Download | LookAct::Access => of.files += 1,
        }
        of.outside += i64::from(is_outside);
        of.elsewhere += i64::from(is_elsewhere);
        if matches!(look.act, LookAct::Open | LookAct::Reveal) {
            let is_open = look.act == LookAct::Open;
            let day = self.days.entry((look.staff, seoul::date(look.at), is_open)).or_default();
            *day += 1;
            let most = if is_open { &mut of.most_opens } else { &mut of.most_contacts };
            *most = (*most).max(*day);
        }
        if let Some(case) = look.case {
            let same = self.cases.entry((look.staff, case)).or_default();
            *same += 1;
            of.most_same = of.most_same.max(*same);
        }
    }

    /// Everybody who looked.
    pub const fn lookers(&self) -> &BTreeMap<StaffId, Looker> {
        &self.lookers
    }
}

/// Whether the office was closed at that instant: before the morning, after the evening, on days off.
/// Over lunch it is open: somebody always sits at the counter.
pub fn is_outside(calendar: &Calendar, at: Timestamp) -> bool {
    let wall = seoul::wall(at);
    let [morning, _] = calendar.hours().segments();
    let time = wall.time();
    !calendar.is_working_day(wall.date()) || time < morning.from || time >= calendar.hours().close()
}

/// Whether the record was with a unit whose cases that officer does not work. Coordinators work all.
pub fn is_elsewhere(know: &Knowledge, look: &LookEntry) -> bool {
    let (Some(unit), Some(owner)) = (look.unit, look.owner) else { return false };
    look.role != Role::Coordinator.as_str() && !around(know, unit).contains(&owner)
}

fn around(know: &Knowledge, unit: UnitId) -> Vec<UnitId> {
    know.units_around(unit)
}

/// The instants between which a month lies, by its first day.
pub fn span(month: Date) -> Result<(Timestamp, Timestamp), Fault> {
    let first = month.first_of_month();
    let next = first
        .checked_add(1.month())
        .map_err(|error| Fault::from_error("the month after", error))?;
    let begin = |day: Date| seoul::instant(day.at(0, 0, 0, 0));
    Ok((begin(first), begin(next)))
}

/// Looks read at a time.
const PAGE: i64 = 2_000;

/// Adds up the looks of a month.
pub fn month(tx: &mut Tx, office: OfficeId, know: &Knowledge, month: Date) -> Result<Sum, Fault> {
    let (from, until) = span(month)?;
    let mut sum = Sum::default();
    let mut after = None;
    loop {
        let page = maeul_people::looks_between(tx, office, from, until, after, PAGE)?;
        for look in &page {
            sum.add(look, is_outside(know.calendar(), look.at), is_elsewhere(know, look));
        }
        after = page.last().map(|it| (it.at, it.id));
        if page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            return Ok(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use maeul_base::UnitId;
    use uuid::Uuid;

    use super::*;

    fn look(staff: u128, at: &str, act: LookAct, case: u128) -> LookEntry {
        LookEntry {
            id: Uuid::nil(),
            at: seoul::instant(at.parse().unwrap()),
            staff: StaffId(Uuid::from_u128(staff)),
            unit: Some(UnitId(Uuid::nil())),
            role: "officer".to_owned(),
            act,
            what_kind: "case".to_owned(),
            what_id: Uuid::from_u128(case),
            case: Some(CaseId(Uuid::from_u128(case))),
            owner: None,
            fields: "words".to_owned(),
            people: 1,
            reason: "업무".to_owned(),
            address: None,
        }
    }

    #[test]
    fn what_is_unusual_is_marked_from_the_figure_on() {
        let marks = Marks { many_opens: 3, many_contacts: 2, same_case: 4 };
        let mut sum = Sum::default();
        for n in 0..2 {
            sum.add(&look(1, "2026-06-08T10:00", LookAct::Open, n), false, false);
            sum.add(&look(1, "2026-06-09T10:00", LookAct::Open, n), false, false);
        }
        sum.add(&look(1, "2026-06-09T10:00", LookAct::Reveal, 0), false, false);
        let of = |sum: &Sum, n| sum.lookers()[&StaffId(Uuid::from_u128(n))].clone();
        assert_eq!(of(&sum, 1).all(), 5);
        assert_eq!(of(&sum, 1).unusual(&marks), [], "two a day each, three at one case");
        sum.add(&look(1, "2026-06-09T11:00", LookAct::Open, 0), false, false);
        assert_eq!(of(&sum, 1).unusual(&marks), [Unusual::ManyOpens(3), Unusual::SameCase(4)]);
        sum.add(&look(2, "2026-06-09T22:00", LookAct::Reveal, 9), true, true);
        sum.add(&look(2, "2026-06-09T22:00", LookAct::Reveal, 8), true, false);
        sum.add(&look(2, "2026-06-09T12:00", LookAct::Download, 8), false, false);
        assert_eq!(
            of(&sum, 2).unusual(&marks),
            [
                Unusual::ManyContacts(2),
                Unusual::Outside(2),
                Unusual::Elsewhere(1),
                Unusual::Files(1)
            ]
        );
    }

    #[test]
    fn evenings_and_days_off_are_outside_and_lunch_is_not() {
        let outside =
            |at: &str| is_outside(Calendar::national(), seoul::instant(at.parse().unwrap()));
        assert!(!outside("2026-06-08T09:00") && !outside("2026-06-08T12:30"));
        assert!(outside("2026-06-08T08:59") && outside("2026-06-08T18:00"));
        assert!(outside("2026-06-03T10:00"), "the day of the local election");
        assert!(outside("2026-06-07T10:00"), "Sunday");
    }

    #[test]
    fn a_month_lies_between_two_midnights_in_seoul() {
        let (from, until) = span(jiff::civil::date(2026, 12, 17)).unwrap();
        assert_eq!(from.to_string(), "2026-11-30T15:00:00Z");
        assert_eq!(until.to_string(), "2026-12-31T15:00:00Z");
    }
}
