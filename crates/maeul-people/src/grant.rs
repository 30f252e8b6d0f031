//! Grants: a role given to a person over a part of the office, from a day until a day.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{DongCode, Held, Lang, Role, Scope, StaffId, UnitId};
use maeul_db::row;

use crate::id::GrantId;

/// For how many years an ended grant is kept: the notice on safety measures asks for three at the
/// least (art. 5), and nothing is destroyed earlier.
pub const GRANTS_KEPT_YEARS: i16 = 3;

/// Over which part of the office a grant reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantScope {
    /// What is assigned to the person.
    Own,
    /// What lies in that 동.
    Dong(DongCode),
    /// Their own unit, whichever it is on the day, and those below it.
    OwnUnit,
    /// That unit and those below it.
    Unit(UnitId),
    /// All of the office.
    Office,
}

impl GrantScope {
    /// The word kept in the database.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Dong(_) => "dong",
            Self::OwnUnit | Self::Unit(_) => "unit",
            Self::Office => "office",
        }
    }

    /// What it is for someone of that unit.
    pub fn resolve(&self, unit: UnitId) -> Scope {
        match self {
            Self::Own => Scope::Own,
            Self::Dong(code) => Scope::Dong(code.clone()),
            Self::OwnUnit => Scope::Unit(unit),
            Self::Unit(unit) => Scope::Unit(*unit),
            Self::Office => Scope::Office,
        }
    }

    /// The least with which that role does its work.
    pub const fn usual(role: Role) -> Self {
        if role.is_of_office() { Self::Office } else { Self::OwnUnit }
    }

    pub(crate) fn of(word: &str, unit: Option<UnitId>, dong: Option<DongCode>) -> Option<Self> {
        match (word, unit, dong) {
            ("own", None, None) => Some(Self::Own),
            ("dong", None, Some(code)) => Some(Self::Dong(code)),
            ("unit", None, None) => Some(Self::OwnUnit),
            ("unit", Some(unit), None) => Some(Self::Unit(unit)),
            ("office", None, None) => Some(Self::Office),
            _ => None,
        }
    }

    pub(crate) const fn unit(&self) -> Option<UnitId> {
        if let Self::Unit(unit) = self { Some(*unit) } else { None }
    }

    pub(crate) const fn dong(&self) -> Option<&DongCode> {
        if let Self::Dong(code) = self { Some(code) } else { None }
    }
}

/// Where a grant came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The staff file said the role.
    Import,
    /// Somebody gave it.
    Hand,
}

impl Origin {
    /// The word kept in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Hand => "hand",
        }
    }

    /// The one of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Import, Self::Hand].into_iter().find(|it| it.as_str() == word)
    }
}

maeul_db::text_value!(Origin);

row! {
    pub(crate) struct GrantRow {
        id: GrantId,
        staff: StaffId,
        role: Role,
        scope: String,
        unit: Option<UnitId>,
        dong: Option<DongCode>,
        from: Date,
        until: Option<Date>,
        origin: Origin,
        reason: String,
        granted_at: Timestamp,
        granted_by: Option<StaffId>,
        ended_at: Option<Timestamp>,
        ended_by: Option<StaffId>,
        end_reason: Option<String>,
    }
}

/// A grant, as it stands in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Whose.
    pub staff: StaffId,
    /// The role.
    pub role: Role,
    /// Over what.
    pub scope: GrantScope,
    /// The first day.
    pub from: Date,
    /// The first day on which it is no more; none for no end.
    pub until: Option<Date>,
    /// Where it came from.
    pub origin: Origin,
    /// Why it was given.
    pub reason: String,
    /// When it was given.
    pub granted_at: Timestamp,
    /// Who gave it; none for Maeul itself (an import, a command).
    pub granted_by: Option<StaffId>,
    /// When it was ended before its day.
    pub ended_at: Option<Timestamp>,
    /// Who ended it; none for Maeul itself.
    pub ended_by: Option<StaffId>,
    /// Why it was ended.
    pub end_reason: Option<String>,
}

impl GrantRow {
    pub(crate) fn grant(self) -> Option<Grant> {
        Some(Grant {
            scope: GrantScope::of(&self.scope, self.unit, self.dong)?,
            id: self.id,
            staff: self.staff,
            role: self.role,
            from: self.from,
            until: self.until,
            origin: self.origin,
            reason: self.reason,
            granted_at: self.granted_at,
            granted_by: self.granted_by,
            ended_at: self.ended_at,
            ended_by: self.ended_by,
            end_reason: self.end_reason,
        })
    }
}

/// How a grant stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its first day lies ahead.
    Ahead,
    /// In force.
    InForce,
    /// Over.
    Over,
}

impl Grant {
    /// How it stands on that day.
    pub fn standing(&self, on: Date) -> Standing {
        if self.ended_at.is_some() || self.until.is_some_and(|until| until <= on) {
            Standing::Over
        } else if on < self.from {
            Standing::Ahead
        } else {
            Standing::InForce
        }
    }

    /// What is held by it, for someone of that unit.
    pub fn held(&self, unit: UnitId) -> Held {
        Held { role: self.role, scope: self.scope.resolve(unit) }
    }
}

impl Standing {
    /// The name people read.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Ahead => lang.t("시작 전", "Not yet"),
            Self::InForce => lang.t("유효", "In force"),
            Self::Over => lang.t("끝남", "Ended"),
        }
    }
}
