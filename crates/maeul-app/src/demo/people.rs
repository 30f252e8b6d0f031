//! The people of the demonstration: residents nobody could take for real, and who works where.

use std::collections::BTreeMap;

use maeul_base::{Actor, Ids, OfficeId, Role, UnitId};
use maeul_cases::{ContactInput, Knowledge};
use maeul_people::{Staff, TotpSecret};

use super::SEED;
use super::dice::Dice;

/// Plainly no names: roles with letters of the alphabet behind them.
const WHO: [&str; 6] = ["주민", "이웃", "세입자", "상인", "학부모", "통행인"];
const LETTERS: [&str; 13] = [
    "가나다",
    "나다라",
    "다라마",
    "라마바",
    "마바사",
    "바사아",
    "사아자",
    "아자차",
    "자차카",
    "차카타",
    "카타파",
    "타파하",
    "파하가",
];
const LATIN: [&str; 6] = ["Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot"];

/// A resident: the telephone exchange 010-0000 and example.com belong to nobody.
pub(crate) fn resident(dice: &mut Dice, korean: bool) -> ContactInput {
    let name = if korean {
        let who = dice.pick(&WHO).copied().unwrap_or("주민");
        format!("{who} {}", dice.pick(&LETTERS).copied().unwrap_or("가나다"))
    } else {
        format!("Resident {}", dice.pick(&LATIN).copied().unwrap_or("Alpha"))
    };
    let number = dice.between(1, 9_999);
    let by_mail = dice.chance(if korean { 25 } else { 60 });
    ContactInput {
        name,
        phone: if by_mail { String::new() } else { format!("010-0000-{number:04}") },
        email: if by_mail { format!("resident{number}@example.com") } else { String::new() },
        prefers: None,
    }
}

/// The one-time secret of an account: always the same, so that it can be written down once.
pub(crate) fn totp_secret(office: OfficeId, login: &str) -> TotpSecret {
    let mut seed = SEED ^ u64::from(office.0.unsigned_abs());
    for byte in login.bytes() {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    TotpSecret::random(&Ids::seeded(seed))
}

/// Who works the cases of one unit.
#[derive(Clone, Debug, Default)]
struct Team {
    officers: Vec<Staff>,
    heads: Vec<Staff>,
}

/// The staff of an office, by the unit whose cases they work.
#[derive(Clone, Debug)]
pub(crate) struct Crew {
    teams: BTreeMap<UnitId, Team>,
    coordinator: Staff,
    /// Who enters cases at counters and on the telephone.
    clerks: Vec<Staff>,
}

impl Crew {
    /// From the whole staff; `None` where there is no coordinator.
    pub(crate) fn new(know: &Knowledge, staff: &[Staff]) -> Option<Self> {
        let coordinator = staff.iter().find(|it| it.role == Role::Coordinator)?.clone();
        let mut teams: BTreeMap<UnitId, Team> = BTreeMap::new();
        for person in staff {
            // Those of the unit itself come before those of a unit above it.
            for unit in know.units_around(person.unit) {
                let team = teams.entry(unit).or_default();
                let group = match person.role {
                    Role::Officer => &mut team.officers,
                    Role::Head => &mut team.heads,
                    Role::Coordinator | Role::Administrator | Role::Viewer | Role::Auditor => {
                        continue;
                    }
                };
                if person.unit == unit {
                    group.insert(0, person.clone());
                } else {
                    group.push(person.clone());
                }
            }
        }
        let clerks =
            staff.iter().filter(|it| it.role == Role::Officer).cloned().collect::<Vec<_>>();
        Some(Self { teams, coordinator, clerks })
    }

    /// An officer of the unit; where it has none, its head or the coordinator.
    pub(crate) fn officer(&self, dice: &mut Dice, unit: Option<UnitId>) -> &Staff {
        let team = unit.and_then(|unit| self.teams.get(&unit));
        team.and_then(|team| dice.pick(&team.officers).or_else(|| team.heads.first()))
            .unwrap_or(&self.coordinator)
    }

    /// Who approves the unit's answers.
    pub(crate) fn head(&self, unit: Option<UnitId>) -> &Staff {
        let team = unit.and_then(|unit| self.teams.get(&unit));
        team.and_then(|team| team.heads.first()).unwrap_or(&self.coordinator)
    }

    /// The coordinator.
    pub(crate) const fn coordinator(&self) -> &Staff {
        &self.coordinator
    }

    /// Whether anyone of its own works the unit's cases.
    pub(crate) fn works(&self, unit: UnitId) -> bool {
        self.teams.get(&unit).is_some_and(|team| !team.officers.is_empty())
    }

    /// Who sits at a counter.
    pub(crate) fn clerk(&self, dice: &mut Dice) -> &Staff {
        dice.pick(&self.clerks).unwrap_or(&self.coordinator)
    }
}

/// A member of staff as the actor of an act.
pub(crate) fn actor(staff: &Staff) -> Actor {
    Actor::in_role(staff.id, staff.unit, staff.role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn residents_can_be_reached_and_are_nobody() {
        for index in 0..500 {
            let mut dice = Dice::new(SEED, 29140, index);
            let contact = resident(&mut dice, index % 3 != 0);
            let parsed = contact.parse(true).unwrap();
            assert!(parsed.prefers.is_some());
            if let Some(phone) = parsed.phone {
                assert!(phone.digits().starts_with("0100000"), "{phone}");
            }
        }
    }

    #[test]
    fn secrets_stay_the_same_and_differ() {
        let of = |office, login| totp_secret(OfficeId(office), login).to_base32();
        assert_eq!(of(29140, "road1"), of(29140, "road1"));
        assert_ne!(of(29140, "road1"), of(29140, "road2"));
        assert_ne!(of(29140, "road1"), of(41150, "road1"));
    }
}
