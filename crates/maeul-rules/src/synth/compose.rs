//! Who lives with whom: the residents of one 동 become households, everyone exactly once, so that the counts by sex
//! and age stay the real ones.

use super::chance::Chance;
use super::counts::{Cell, Sex};

/// The oldest age that is drawn.
const OLDEST: u8 = 104;
/// From this age a resident may head a household.
pub(super) const ADULT: u8 = 19;

/// What a member is to the head of the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tie {
    /// 세대주
    Head,
    /// 배우자
    Spouse,
    /// 자녀
    Child,
    /// 부모
    Parent,
    /// 손자녀
    Grandchild,
    /// 그 밖의 동거인
    Other,
}

/// One resident in a household, before money and circumstances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Their sex.
    pub sex: Sex,
    /// Full years on the day of the population.
    pub age: u8,
    /// What they are to the head.
    pub tie: Tie,
}

/// How many residents of each sex and age still have no household.
struct Pool {
    left: [Vec<u32>; 2],
}

impl Pool {
    fn of(cells: &[Cell], chance: &mut Chance) -> Self {
        let mut left = [vec![0; usize::from(OLDEST) + 1], vec![0; usize::from(OLDEST) + 1]];
        for cell in cells {
            let years = u64::from(cell.age_to.min(OLDEST).saturating_sub(cell.age_from)) + 1;
            for _ in 0..cell.residents {
                // Ages within a band are even; the open band at the top thins out.
                let mut step = chance.below(years);
                if cell.age_to == OLDEST {
                    step = step.min(chance.below(years)).min(chance.below(years));
                }
                let age = usize::from(cell.age_from) + usize::try_from(step).unwrap_or(0);
                if let Some(count) = left.get_mut(slot(cell.sex)).and_then(|ages| ages.get_mut(age))
                {
                    *count += 1;
                }
            }
        }
        Self { left }
    }

    /// Takes one resident of that sex whose age is nearest to `wanted` within `from..=to`.
    fn near(&mut self, sex: Sex, wanted: u8, from: u8, to: u8) -> Option<(Sex, u8)> {
        let ages = self.left.get_mut(slot(sex))?;
        let to = to.min(OLDEST);
        let wanted = wanted.clamp(from, to);
        for distance in 0..=to - from {
            let older = wanted.checked_add(distance).filter(|&age| age <= to);
            let younger = wanted.checked_sub(distance).filter(|&age| age >= from);
            for age in older.into_iter().chain(younger) {
                if let Some(count) = ages.get_mut(usize::from(age)).filter(|count| **count > 0) {
                    *count -= 1;
                    return Some((sex, age));
                }
            }
        }
        None
    }

    /// The same of either sex, `first` preferred.
    fn either(&mut self, first: Sex, wanted: u8, from: u8, to: u8) -> Option<(Sex, u8)> {
        self.near(first, wanted, from, to).or_else(|| self.near(other(first), wanted, from, to))
    }
}

const fn slot(sex: Sex) -> usize {
    match sex {
        Sex::Male => 0,
        Sex::Female => 1,
    }
}

/// The other sex of the register.
const fn other(sex: Sex) -> Sex {
    match sex {
        Sex::Male => Sex::Female,
        Sex::Female => Sex::Male,
    }
}

fn any_sex(chance: &mut Chance) -> Sex {
    if chance.per_mille(500) { Sex::Male } else { Sex::Female }
}

fn years(chance: &mut Chance, from: u8, spread: u64) -> u8 {
    from.saturating_add(u8::try_from(chance.below(spread)).unwrap_or(0))
}

/// The households of one 동, the head first in each.
pub(super) fn compose(cells: &[Cell], chance: &mut Chance) -> Vec<Vec<Resident>> {
    let mut pool = Pool::of(cells, chance);
    let mut homes = Vec::new();
    families(&mut pool, chance, &mut homes);
    grown_children(&mut pool, chance, &mut homes);
    adults(&mut pool, chance, &mut homes);
    // By size and sort they came out in blocks; a register is not so.
    chance.shuffle(&mut homes);
    homes
}

/// Minors with those who bring them up: 84 % with two parents, 11 % with the mother, 3 % with the father, 2 % with
/// grandparents; one, two or three children in 48, 42 and 10 of a hundred families; 6 % have a grandparent at home.
fn families(pool: &mut Pool, chance: &mut Chance, homes: &mut Vec<Vec<Resident>>) {
    const MINOR: u8 = ADULT - 1;
    loop {
        let wanted = years(chance, 0, u64::from(ADULT));
        let sex = any_sex(chance);
        let Some(eldest) = pool.either(sex, wanted, 0, MINOR) else { return };
        let mut children = vec![eldest];
        for _ in 0..chance.weighted(&[480, 420, 100]) {
            let wanted = eldest.1.saturating_sub(years(chance, 1, 4));
            let sex = any_sex(chance);
            children.extend(pool.either(sex, wanted, 0, eldest.1));
        }
        let mut home = Vec::with_capacity(children.len() + 2);
        let kind = chance.weighted(&[840, 110, 30, 20]);
        let mother_age = years(chance, eldest.1 + 25, 13);
        let generations = if kind == 3 { 2 } else { 1 };
        let parent_age = if kind == 3 { mother_age.saturating_add(26) } else { mother_age };
        let (from, to) = if kind == 3 { (50, OLDEST) } else { (eldest.1 + ADULT, 64) };
        let tie = if generations == 2 { Tie::Grandchild } else { Tie::Child };
        let mother = (kind != 2).then(|| pool.near(Sex::Female, parent_age, from, to)).flatten();
        let father = (kind == 0 || kind == 2 || mother.is_none())
            .then(|| {
                let wanted = mother.map_or(parent_age, |(_, age)| age).saturating_add(2);
                pool.near(Sex::Male, wanted, from, to.saturating_add(5))
            })
            .flatten();
        couple(&mut home, father, mother, chance);
        if home.is_empty() {
            // Nobody of a parent's age is left in this 동: any adult takes them in, or they join a family.
            match pool.either(Sex::Female, parent_age, ADULT, OLDEST) {
                Some(adult) => home.push(resident(adult, Tie::Head)),
                None => match homes.last_mut() {
                    Some(last) => {
                        last.extend(children.into_iter().map(|child| resident(child, Tie::Other)));
                        continue;
                    }
                    // A 동 of children only: the eldest heads the household.
                    None => home.push(resident(children.remove(0), Tie::Head)),
                },
            }
        }
        home.extend(children.into_iter().map(|child| resident(child, tie)));
        if generations == 1 && chance.per_mille(60) {
            let grandparent = pool.near(Sex::Female, parent_age.saturating_add(29), 60, OLDEST);
            home.extend(grandparent.map(|one| resident(one, Tie::Parent)));
        }
        homes.push(home);
    }
}

/// Half of those from 19 to 29, and an eighth of those from 30 to 39, live with their parents.
fn grown_children(pool: &mut Pool, chance: &mut Chance, homes: &mut Vec<Vec<Resident>>) {
    for (from, to, share) in [(ADULT, 29, 500), (30, 39, 125)] {
        let waiting: u32 = pool
            .left
            .iter()
            .filter_map(|ages| ages.get(usize::from(from)..=usize::from(to)))
            .flatten()
            .sum();
        let mut staying = u64::from(waiting) * share / 1000;
        while staying > 0 {
            let wanted = years(chance, from, u64::from(to - from) + 1);
            let sex = any_sex(chance);
            let Some(child) = pool.either(sex, wanted, from, to) else { break };
            staying -= 1;
            let parent_age = years(chance, child.1 + 26, 8);
            let (low, high) = (child.1 + 20, 79);
            let mother = pool.near(Sex::Female, parent_age, low, high);
            let father = if mother.is_none() || chance.per_mille(800) {
                let wanted = mother.map_or(parent_age, |(_, age)| age).saturating_add(2);
                pool.near(Sex::Male, wanted, low, high)
            } else {
                None
            };
            let mut home = Vec::with_capacity(4);
            couple(&mut home, father, mother, chance);
            let tie = if home.is_empty() { Tie::Head } else { Tie::Child };
            home.push(resident(child, tie));
            if staying > 0 && chance.per_mille(300) {
                let sex = any_sex(chance);
                if let Some(sibling) = pool.either(sex, child.1.saturating_sub(3), from, child.1) {
                    staying -= 1;
                    let tie = if tie == Tie::Child { tie } else { Tie::Other };
                    home.push(resident(sibling, tie));
                }
            }
            homes.push(home);
        }
    }
}

/// Everyone else: couples by age, a few who share, and people alone.
fn adults(pool: &mut Pool, chance: &mut Chance, homes: &mut Vec<Vec<Resident>>) {
    for age in (0..=OLDEST).rev() {
        for sex in [Sex::Female, Sex::Male] {
            while let Some(first) = pool.near(sex, age, age, age) {
                let mut home = Vec::with_capacity(2);
                // Per mille of those still without a household who live as a couple.
                let paired = match age {
                    ..=24 => 40,
                    25..=29 => 180,
                    30..=39 => 480,
                    40..=59 => 560,
                    60..=74 => 680,
                    75..=84 => 560,
                    85.. => 330,
                };
                let partner = chance
                    .per_mille(paired)
                    .then(|| {
                        let wanted = if sex == Sex::Male { age.saturating_sub(2) } else { age + 2 };
                        let low = age.saturating_sub(12).max(ADULT);
                        pool.near(other(sex), wanted, low.min(age), age.saturating_add(12))
                    })
                    .flatten();
                let (father, mother) = match sex {
                    Sex::Male => (Some(first), partner),
                    Sex::Female => (partner, Some(first)),
                };
                couple(&mut home, father, mother, chance);
                if partner.is_none() && chance.per_mille(70) {
                    let low = age.saturating_sub(10).max(ADULT).min(age);
                    let mate = pool.either(sex, age, low, age.saturating_add(10));
                    home.extend(mate.map(|one| resident(one, Tie::Other)));
                }
                homes.push(home);
            }
        }
    }
}

/// Puts a couple, or the one there is, at the front; the man heads seven of ten couples.
fn couple(
    home: &mut Vec<Resident>,
    man: Option<(Sex, u8)>,
    woman: Option<(Sex, u8)>,
    chance: &mut Chance,
) {
    match (man, woman) {
        (Some(man), Some(woman)) => {
            let (head, spouse) = if chance.per_mille(700) { (man, woman) } else { (woman, man) };
            home.push(resident(head, Tie::Head));
            home.push(resident(spouse, Tie::Spouse));
        }
        (one, another) => home.extend(one.or(another).map(|one| resident(one, Tie::Head))),
    }
}

const fn resident((sex, age): (Sex, u8), tie: Tie) -> Resident {
    Resident { sex, age, tie }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(rows: &[(Sex, u8, u8, u64)]) -> Vec<Cell> {
        rows.iter()
            .map(|&(sex, age_from, age_to, residents)| Cell {
                dong: 1,
                sex,
                age_from,
                age_to,
                residents,
            })
            .collect()
    }

    #[test]
    fn everyone_lives_somewhere_exactly_once() {
        let cells = cells(&[
            (Sex::Male, 0, 9, 90),
            (Sex::Female, 10, 18, 80),
            (Sex::Male, 19, 39, 300),
            (Sex::Female, 19, 39, 280),
            (Sex::Male, 40, 64, 400),
            (Sex::Female, 40, 64, 410),
            (Sex::Female, 65, 104, 200),
            (Sex::Male, 65, 84, 150),
        ]);
        let homes = compose(&cells, &mut Chance::new(1, 1));
        for cell in &cells {
            let found = homes
                .iter()
                .flatten()
                .filter(|one| {
                    one.sex == cell.sex && (cell.age_from..=cell.age_to).contains(&one.age)
                })
                .count();
            assert_eq!(u64::try_from(found).unwrap(), cell.residents, "{cell:?}");
        }
        for home in &homes {
            let heads = home.iter().filter(|one| one.tie == Tie::Head).count();
            assert_eq!((heads, home[0].tie), (1, Tie::Head), "{home:?}");
            assert!(home.iter().filter(|one| one.tie == Tie::Spouse).count() <= 1);
            let head = home[0].age;
            for child in home.iter().filter(|one| one.tie == Tie::Child) {
                assert!(head >= child.age + 15, "{home:?}");
            }
        }
    }

    #[test]
    fn children_alone_still_have_a_head() {
        let homes = compose(&cells(&[(Sex::Male, 0, 9, 3)]), &mut Chance::new(1, 1));
        assert_eq!(homes.iter().map(Vec::len).sum::<usize>(), 3);
        assert!(homes.iter().all(|home| home[0].tie == Tie::Head));
    }
}
