//! What a member of staff may do, and over which part of the office: roles over scopes.
//!
//! A room declares a [`Permission`] with the roles that have it; a grant gives a person a role over a
//! [`Scope`]; [`Rights`] are a person's grants in force at one moment.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{DongCode, Lang, UnitId};

/// What somebody does in the office. What a role may do is said by the permissions that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 담당자: works cases, enters cases at the counter.
    Officer,
    /// 팀장·과장: approves answers besides.
    Head,
    /// 민원조정관: the queue of cases no unit owns; reassigns anywhere.
    Coordinator,
    /// 전산 담당: imports, settings, accounts; sees no resident's contact.
    Administrator,
    /// 열람자: sees cases without working them.
    Viewer,
    /// 감사 담당: looks over what was done with rights.
    Auditor,
}

impl Role {
    /// All roles, in the order of the authorisation matrix.
    pub const ALL: [Self; 6] = [
        Self::Officer,
        Self::Head,
        Self::Coordinator,
        Self::Administrator,
        Self::Viewer,
        Self::Auditor,
    ];

    /// The name kept in the database and in import files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Head => "head",
            Self::Coordinator => "coordinator",
            Self::Administrator => "administrator",
            Self::Viewer => "viewer",
            Self::Auditor => "auditor",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// The name people read.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Officer => lang.t("담당자", "Officer"),
            Self::Head => lang.t("팀장·과장", "Head"),
            Self::Coordinator => lang.t("민원조정관", "Coordinator"),
            Self::Administrator => lang.t("전산 담당", "Administrator"),
            Self::Viewer => lang.t("열람자", "Viewer"),
            Self::Auditor => lang.t("감사 담당", "Auditor"),
        }
    }

    /// Whether the role is about the office as a whole and cannot be had over less.
    pub const fn is_of_office(self) -> bool {
        matches!(self, Self::Coordinator | Self::Administrator | Self::Auditor)
    }
}

/// Over which part of the office somebody has a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// What is assigned to themself.
    Own,
    /// What lies in that 동, whoever works it.
    Dong(DongCode),
    /// What that unit and those below it work.
    Unit(UnitId),
    /// All of the office.
    Office,
}

/// Something a member of staff may do, declared by a room.
#[derive(Debug, PartialEq, Eq)]
pub struct Permission {
    /// `room.verb`
    pub name: &'static str,
    /// What it is for, in Korean and English.
    pub what: (&'static str, &'static str),
    /// The roles that have it.
    pub roles: &'static [Role],
}

/// A role somebody has over a scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// Over what.
    pub scope: Scope,
}

/// A permission that an office gives to a role or takes from it, otherwise than the rooms declare.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleChange {
    /// Which role.
    pub role: Role,
    /// Which permission: `room.verb`.
    pub permission: String,
    /// Given, else taken away.
    pub given: bool,
}

/// Everything somebody holds at one moment; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    held: Arc<[Held]>,
    changes: Arc<[RoleChange]>,
}

impl Rights {
    /// From what is held; each once, in the order of the roles.
    pub fn new(held: impl IntoIterator<Item = Held>) -> Self {
        let held: BTreeSet<Held> = held.into_iter().collect();
        Self { held: held.into_iter().collect(), changes: Arc::default() }
    }

    /// The same where the office has changed its roles so.
    #[must_use]
    pub fn changed(self, changes: impl IntoIterator<Item = RoleChange>) -> Self {
        Self { changes: changes.into_iter().collect(), ..self }
    }

    /// Whether a role carries the permission here, which the rooms declare for `roles`.
    fn carries(&self, role: Role, permission: &str, roles: &[Role]) -> bool {
        let changed = self.changes.iter().find(|it| it.role == role && it.permission == permission);
        changed.map_or_else(|| roles.contains(&role), |it| it.given)
    }

    /// Whether they have the permission of that name, which the rooms declare for `roles`: for a menu,
    /// which knows no room.
    pub fn has_named(&self, permission: &str, roles: &[Role]) -> bool {
        self.held.iter().any(|it| self.carries(it.role, permission, roles))
    }

    /// The least with which that role does its work: over the office where the role is of the
    /// office, else over the person's own unit and those below it.
    pub fn usual(role: Role, unit: UnitId) -> Self {
        let scope = if role.is_of_office() { Scope::Office } else { Scope::Unit(unit) };
        Self::new([Held { role, scope }])
    }

    /// What is held.
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// Whether they have the permission over anything.
    pub fn has(&self, permission: &Permission) -> bool {
        self.scopes(permission).next().is_some()
    }

    /// Over what they have the permission.
    pub fn scopes<'a>(
        &'a self,
        permission: &Permission,
    ) -> impl Iterator<Item = &'a Scope> + use<'a> {
        let (name, roles) = (permission.name, permission.roles);
        self.held.iter().filter(move |it| self.carries(it.role, name, roles)).map(|it| &it.scope)
    }

    /// Whether they hold the role over anything.
    pub fn is(&self, role: Role) -> bool {
        self.held.iter().any(|it| it.role == role)
    }

    /// The role by which somebody mostly works: the widest that works cases, else the first.
    pub fn main_role(&self) -> Option<Role> {
        let first = [Role::Coordinator, Role::Head, Role::Officer];
        first.into_iter().find(|it| self.is(*it)).or_else(|| self.roles().first().copied())
    }

    /// The roles held, each once, in the order of the matrix.
    pub fn roles(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| self.is(*role)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ids;

    const SEE: Permission = Permission {
        name: "test.see",
        what: ("보기", "See"),
        roles: &[Role::Officer, Role::Viewer],
    };

    #[test]
    fn a_permission_goes_as_far_as_the_roles_that_name_it() {
        let unit: UnitId = Ids::seeded(1).next(jiff::Timestamp::UNIX_EPOCH);
        let dong = "2914059500".parse::<DongCode>().unwrap();
        let rights = Rights::new([
            Held { role: Role::Officer, scope: Scope::Unit(unit) },
            Held { role: Role::Viewer, scope: Scope::Dong(dong.clone()) },
            Held { role: Role::Administrator, scope: Scope::Office },
        ]);
        let scopes: Vec<_> = rights.scopes(&SEE).cloned().collect();
        assert_eq!(scopes, [Scope::Unit(unit), Scope::Dong(dong)]);
        assert!(rights.has(&SEE));
        assert!(!Rights::usual(Role::Administrator, unit).has(&SEE));
        assert_eq!(rights.roles(), [Role::Officer, Role::Administrator, Role::Viewer]);
    }

    #[test]
    fn an_office_gives_to_a_role_and_takes_from_it() {
        let unit: UnitId = Ids::seeded(1).next(jiff::Timestamp::UNIX_EPOCH);
        let change = |role, given| RoleChange { role, permission: SEE.name.to_owned(), given };
        let officer = Rights::usual(Role::Officer, unit);
        assert!(!officer.clone().changed([change(Role::Officer, false)]).has(&SEE));
        assert!(officer.clone().changed([change(Role::Viewer, false)]).has(&SEE), "another role");
        let head = Rights::usual(Role::Head, unit);
        assert!(!head.has(&SEE));
        let head = head.changed([change(Role::Head, true)]);
        assert_eq!(
            head.scopes(&SEE).collect::<Vec<_>>(),
            [&Scope::Unit(unit)],
            "as far as the role"
        );
        assert!(head.has_named("test.see", SEE.roles) && !head.has_named("test.other", SEE.roles));
    }

    #[test]
    fn names_go_both_ways() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
    }
}
