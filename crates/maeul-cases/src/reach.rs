//! How far a permission goes among cases: all, those of units, those that lie in a 동, one's own.

use maeul_base::{Ctx, DongCode, Permission, Rights, Scope, StaffId, UnitId};
use maeul_db::{Sql, Value};

use crate::case::Case;
use crate::knowledge::Knowledge;

/// The cases over which the acting member of staff has one permission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// All of the office.
    office: bool,
    /// Those that these units work.
    units: Vec<UnitId>,
    /// Those that lie here.
    dongs: Vec<DongCode>,
    /// Those assigned to this person.
    own: Option<StaffId>,
}

/// The columns by which a table is narrowed to a reach.
#[derive(Clone, Copy, Debug)]
pub struct ReachColumns {
    /// The unit.
    pub unit: &'static str,
    /// The 동, where the table has one.
    pub dong: Option<&'static str>,
    /// The officer, where the table has one.
    pub officer: Option<&'static str>,
}

/// Those of `cases_case`.
pub(crate) const OF_CASES: ReachColumns =
    ReachColumns { unit: "unit_id", dong: Some("dong_code"), officer: Some("assignee_id") };

impl Reach {
    /// How far the permission goes for who acts; for anybody but staff it reaches nothing.
    pub fn of(ctx: &Ctx, know: &Knowledge, permission: &Permission) -> Self {
        match (ctx.actor.staff_id(), ctx.actor.rights()) {
            (Some(staff), Some(rights)) => Self::of_rights(staff, rights, know, permission),
            _ => Self::default(),
        }
    }

    /// How far it goes for a person with these rights.
    pub fn of_rights(
        staff: StaffId,
        rights: &Rights,
        know: &Knowledge,
        permission: &Permission,
    ) -> Self {
        let mut reach = Self::default();
        for scope in rights.scopes(permission) {
            match scope {
                Scope::Office => reach.office = true,
                Scope::Unit(unit) => {
                    for around in know.units_around(*unit) {
                        if !reach.units.contains(&around) {
                            reach.units.push(around);
                        }
                    }
                }
                Scope::Dong(code) if !reach.dongs.contains(code) => reach.dongs.push(code.clone()),
                Scope::Dong(_) => {}
                Scope::Own => reach.own = Some(staff),
            }
        }
        reach
    }

    /// Whether it reaches nothing at all.
    pub const fn is_nothing(&self) -> bool {
        !self.office && self.units.is_empty() && self.dongs.is_empty() && self.own.is_none()
    }

    /// Whether it reaches all of the office.
    pub const fn is_office(&self) -> bool {
        self.office
    }

    /// Whether units are all that it reaches.
    pub const fn is_by_unit_alone(&self) -> bool {
        !self.office && self.dongs.is_empty() && self.own.is_none()
    }

    /// Whether it reaches one's own.
    pub const fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// The units it reaches.
    pub fn units(&self) -> &[UnitId] {
        &self.units
    }

    /// The 동 it reaches.
    pub fn dongs(&self) -> &[DongCode] {
        &self.dongs
    }

    /// Whether it reaches what that unit works, in that 동, by that officer.
    pub fn covers(
        &self,
        unit: Option<UnitId>,
        dong: Option<&DongCode>,
        officer: Option<StaffId>,
    ) -> bool {
        self.office
            || unit.is_some_and(|unit| self.units.contains(&unit))
            || dong.is_some_and(|dong| self.dongs.contains(dong))
            || officer.is_some_and(|officer| self.own == Some(officer))
    }

    /// Whether it reaches the case.
    pub fn has(&self, case: &Case) -> bool {
        self.covers(case.unit, case.place.dong.as_ref(), case.assignee)
    }

    /// Narrows a statement to what it reaches.
    pub fn narrow(&self, sql: &mut Sql, columns: ReachColumns) {
        if self.office {
            return;
        }
        let mut ways: Vec<(&str, Vec<Value>)> = Vec::new();
        let mut way = |column, values: Vec<Value>| {
            if !values.is_empty() {
                ways.push((column, values));
            }
        };
        way(columns.unit, self.units.iter().map(maeul_db::ToValue::to_value).collect());
        if let Some(column) = columns.dong {
            way(column, self.dongs.iter().map(maeul_db::ToValue::to_value).collect());
        }
        if let Some(column) = columns.officer {
            way(column, self.own.iter().map(maeul_db::ToValue::to_value).collect());
        }
        let texts: Vec<String> = ways
            .iter()
            .map(|(column, values)| format!("{column} IN ({})", vec!["?"; values.len()].join(", ")))
            .collect();
        if texts.is_empty() {
            sql.add(" AND 1 = 0", []);
        } else {
            let values: Vec<Value> = ways.into_iter().flat_map(|(_, values)| values).collect();
            sql.add(&format!(" AND ({})", texts.join(" OR ")), values);
        }
    }
}
