//! The chart in memory, and the rule that finds who is responsible. Pure: no SQL.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use maeul_base::{DongCode, Lang, UnitId};
use maeul_db::row;
use uuid::Uuid;

use crate::{Duty, Period, Unit};

row! {
    /// A duty given to a unit for some days and some 동.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Assignment {
        /// Its id.
        pub id: Uuid,
        /// The code of the duty.
        pub duty: String,
        /// The unit that has it.
        pub unit: UnitId,
        /// The 동 it holds in; none: every 동 that has no assignment of its own.
        pub dong: Option<DongCode>,
        /// The first day; none while it waits for `trigger`.
        pub valid_from: Option<Date>,
        /// The first day on which it holds no more; none for no end.
        pub valid_to: Option<Date>,
        /// The event that puts it in force, where the rule names an event and not a date.
        pub trigger: Option<String>,
        /// The ordinance or rule it rests on.
        pub basis: String,
    }

    /// What one unit hands on to another.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Succession {
        /// Its id.
        pub id: Uuid,
        /// The former unit.
        pub from: UnitId,
        /// The unit that takes over.
        pub to: UnitId,
        /// Only this duty; none: all duties of a unit that ends.
        pub duty: Option<String>,
        /// The first day of the new order.
        pub on_day: Date,
    }
}

impl Assignment {
    /// The days on which it holds.
    pub const fn period(&self) -> Period {
        Period { from: self.valid_from, to: self.valid_to }
    }
}

/// One step of an explanation, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

impl Reason {
    fn new(ko: String, en: String) -> Self {
        Self { ko, en }
    }

    /// In that language.
    pub fn say(&self, lang: Lang) -> &str {
        lang.t(&self.ko, &self.en)
    }
}

/// Who is responsible, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routing {
    /// The code of the duty that was asked for.
    pub duty: String,
    /// The responsible unit; none: the coordinator's queue.
    pub unit: Option<Unit>,
    /// The steps that led there.
    pub because: Vec<Reason>,
}

/// An office's units, duties, assignments and successions through all time.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    units: BTreeMap<UnitId, Unit>,
    duties: BTreeMap<String, Duty>,
    assignments: Vec<Assignment>,
    successions: Vec<Succession>,
}

impl Chart {
    /// From its parts.
    pub fn new(
        units: Vec<Unit>,
        duties: Vec<Duty>,
        assignments: Vec<Assignment>,
        successions: Vec<Succession>,
    ) -> Self {
        Self {
            units: units.into_iter().map(|unit| (unit.id, unit)).collect(),
            duties: duties.into_iter().map(|duty| (duty.code.clone(), duty)).collect(),
            assignments,
            successions,
        }
    }

    /// All units, former and coming ones too.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// The unit of that id.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// All duties, by code.
    pub fn duties(&self) -> impl Iterator<Item = &Duty> {
        self.duties.values()
    }

    /// Who does `duty` in `dong` on that day. An assignment for the 동 wins over one for all; a
    /// unit that is no more is followed to its successor; what was assigned to a unit until its
    /// very end passes on with it.
    pub fn responsible(&self, duty: &str, dong: Option<&DongCode>, on: Date) -> Routing {
        let mut because = Vec::new();
        let unit = self.find(duty, dong, on, &mut because).cloned();
        if unit.is_none() {
            because.push(Reason::new(
                "담당 부서를 정할 수 없어 민원조정관에게 보냅니다.".into(),
                "No unit could be determined, so it goes to the coordinator.".into(),
            ));
        }
        Routing { duty: duty.to_owned(), unit, because }
    }

    /// The unit that stands in the place of `unit` on that day: itself while it exists.
    pub fn successor(&self, unit: UnitId, duty: Option<&str>, on: Date) -> Option<&Unit> {
        self.follow(unit, duty, None, on, &mut Vec::new())
    }

    fn find(
        &self,
        duty: &str,
        dong: Option<&DongCode>,
        on: Date,
        because: &mut Vec<Reason>,
    ) -> Option<&Unit> {
        let Some(named) = self.duties.get(duty) else {
            because.push(Reason::new(
                format!("조직도에 없는 업무입니다: {duty}"),
                format!("The chart has no duty {duty}."),
            ));
            return None;
        };
        let scopes = [dong.map(Some), Some(None)];
        for scope in scopes.into_iter().flatten() {
            let mine = self.of(duty, scope);
            let held = mine.filter(|it| it.period().contains(on)).max_by_key(|it| it.valid_from);
            if let Some(assignment) = held {
                because.push(self.assigned(named, assignment));
                let since = assignment.valid_from;
                let unit = self.follow(assignment.unit, Some(duty), since, on, because);
                if unit.is_some() {
                    return unit;
                }
            }
        }
        for scope in scopes.into_iter().flatten() {
            let last = self.of(duty, scope).filter(|it| self.ended_with_unit(it, on));
            if let Some(assignment) = last.max_by_key(|it| it.valid_to) {
                because.push(self.assigned(named, assignment));
                let since = assignment.valid_from;
                let unit = self.follow(assignment.unit, Some(duty), since, on, because);
                if unit.is_some() {
                    return unit;
                }
            }
        }
        if because.is_empty() {
            let (ko, en) = (&named.name_ko, &named.name_en);
            because.push(Reason::new(
                format!("{on} 현재 '{ko}' 업무를 맡은 부서가 없습니다."),
                format!("On {on} no unit is assigned to \u{201c}{en}\u{201d}."),
            ));
        }
        None
    }

    fn of<'a>(
        &'a self,
        duty: &'a str,
        dong: Option<&'a DongCode>,
    ) -> impl Iterator<Item = &'a Assignment> {
        self.assignments.iter().filter(move |it| it.duty == duty && it.dong.as_ref() == dong)
    }

    /// An assignment that stopped on the very day its unit did was not taken away: a succession
    /// clause hands it on.
    fn ended_with_unit(&self, assignment: &Assignment, on: Date) -> bool {
        let unit_end = self.units.get(&assignment.unit).and_then(|unit| unit.valid_to);
        assignment.valid_to.is_some_and(|to| to <= on && unit_end == Some(to))
    }

    fn assigned(&self, duty: &Duty, assignment: &Assignment) -> Reason {
        let unit = self.units.get(&assignment.unit);
        let name = |lang| unit.map_or("?", |unit| unit.name(lang));
        let since = assignment.valid_from.map_or_else(String::new, |day| day.to_string());
        let dong = |all: &str| {
            assignment.dong.as_ref().map_or_else(|| all.to_owned(), ToString::to_string)
        };
        Reason::new(
            format!(
                "'{}' 업무의 담당 부서: {} ({since}부터, 지역: {}, 근거: {})",
                duty.name_ko,
                name(Lang::Ko),
                dong("모든 동"),
                assignment.basis,
            ),
            format!(
                "\u{201c}{}\u{201d} is assigned to {} (since {since}, area: {}, basis: {})",
                duty.name_en,
                name(Lang::En),
                dong("every dong"),
                assignment.basis,
            ),
        )
    }

    /// Walks from a unit to whoever stands in its place on the day, meeting no unit twice.
    fn follow(
        &self,
        start: UnitId,
        duty: Option<&str>,
        assigned: Option<Date>,
        on: Date,
        because: &mut Vec<Reason>,
    ) -> Option<&Unit> {
        let mut met = BTreeSet::new();
        let mut at = start;
        let mut since = assigned;
        loop {
            let unit = self.units.get(&at)?;
            if !met.insert(at) {
                because.push(Reason::new(
                    format!("승계 관계가 처음으로 되돌아옵니다: {}", unit.name_ko),
                    format!("The successions lead in a circle at {}.", unit.name_en),
                ));
                return None;
            }
            let in_force = unit.in_force(on);
            // A duty that moved by itself moves although its unit lives on; but an assignment made
            // on that day or later is the newer decision. Later steps may share one day.
            let first = met.len() == 1;
            let moved = |it: &&Succession| {
                it.from == at
                    && it.on_day <= on
                    && match it.duty.as_deref() {
                        None => !in_force,
                        Some(only) => {
                            Some(only) == duty
                                && since.is_none_or(|day| {
                                    it.on_day > day || (!first && it.on_day == day)
                                })
                        }
                    }
            };
            let step = self
                .successions
                .iter()
                .filter(moved)
                .max_by_key(|it| (it.duty.is_some(), it.on_day));
            match step {
                Some(step) if self.is_split(step) => {
                    because.push(Reason::new(
                        format!("여러 부서로 나뉘어 승계 부서가 하나가 아닙니다: {}", unit.name_ko),
                        format!("{} was split, so it has no single successor.", unit.name_en),
                    ));
                    return None;
                }
                Some(step) => {
                    because.push(self.passed(unit, step));
                    since = Some(step.on_day);
                    at = step.to;
                }
                None if in_force => return Some(unit),
                None => {
                    because.push(Reason::new(
                        format!("{on}에는 없는 부서이고 승계 부서도 없습니다: {}", unit.name_ko),
                        format!("{} does not exist on {on} and has no successor.", unit.name_en),
                    ));
                    return None;
                }
            }
        }
    }

    /// Whether the unit's duties went to several units that day and this one is not named.
    fn is_split(&self, step: &Succession) -> bool {
        let other = |it: &Succession| {
            it.from == step.from
                && it.on_day == step.on_day
                && it.duty.is_none()
                && it.to != step.to
        };
        step.duty.is_none() && self.successions.iter().any(other)
    }

    fn passed(&self, from: &Unit, step: &Succession) -> Reason {
        let to = self.units.get(&step.to);
        let name = |lang| to.map_or("?", |unit| unit.name(lang));
        let day = step.on_day;
        Reason::new(
            format!("{day} 업무 승계: {} → {}", from.name_ko, name(Lang::Ko)),
            format!("Succession of {day}: {} → {}", from.name_en, name(Lang::En)),
        )
    }
}
