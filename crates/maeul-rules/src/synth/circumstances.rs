//! Money, housing, work and health of a synthetic household.
//!
//! **These are plausible round figures of our own, not statistics.** They were chosen so that every programme meets
//! people on both sides of its limits. Nothing may be concluded from them about a real place. docs/screening.md lists
//! them for readers who do not read code.

use super::chance::Chance;
use super::compose::{Resident, Tie};
use super::counts::Sex;

/// How a household lives in its dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenure {
    /// 자가
    Owner,
    /// 전세
    Deposit,
    /// 월세
    Rent,
    /// 공공임대
    PublicRental,
    /// 무상
    Free,
}

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// 임금근로자
    Employee,
    /// 자영업자
    SelfEmployed,
    /// 구직자
    Seeking,
    /// 학생
    Student,
    /// 그 밖
    None,
}

/// 장애 정도
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disability {
    /// 없음
    None,
    /// 심하지 않은 장애
    Mild,
    /// 심한 장애
    Severe,
}

/// One person's circumstances. Amounts are won a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who they are.
    pub resident: Resident,
    /// Born on this day, yyyymmdd.
    pub birth: i64,
    /// What they do.
    pub work: Work,
    /// Wages.
    pub earned: i64,
    /// Income of a business.
    pub business: i64,
    /// Pensions and other public transfers.
    pub transfer: i64,
    /// Registered disability.
    pub disability: Disability,
    /// Came from abroad to marry.
    pub marriage_migrant: bool,
    /// Expects a child.
    pub pregnant: bool,
    /// A veteran or of a veteran's family, as registered.
    pub veteran: bool,
    /// Came from North Korea.
    pub defector: bool,
    /// Months without work; 0 for those who do not seek any.
    pub months_unemployed: i64,
    /// Months since the last registration in this office's area.
    pub months_resident: i64,
    /// Cannot live through a day without somebody's help.
    pub needs_help: bool,
    /// From which rarer facts are drawn; see `lot`.
    pub luck: u64,
}

/// One household's circumstances. Amounts are won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The ten-digit code of its 행정동.
    pub dong: u64,
    /// The members, the head first.
    pub people: Vec<Person>,
    /// How it lives.
    pub tenure: Tenure,
    /// The dwelling's floor in hundredths of ㎡.
    pub area: i64,
    /// What the dwelling is worth if they own it; else the deposit.
    pub housing: i64,
    /// Monthly rent.
    pub rent: i64,
    /// Other land, buildings and things.
    pub general: i64,
    /// Deposits, shares, insurance.
    pub financial: i64,
    /// Cars.
    pub vehicles: i64,
    /// Debts.
    pub debts: i64,
    /// The roof is of asbestos slate.
    pub slate_roof: bool,
    /// The slate's area in hundredths of ㎡; 0 without.
    pub slate_area: i64,
    /// A crisis the emergency act names, by number; 0 for none.
    pub crisis: usize,
    /// From which rarer facts are drawn; see `lot`.
    pub luck: u64,
}

/// A number in `0..bound` that one fact, named by `salt`, draws from a person's or household's luck. Facts drawn so are
/// independent, and a new one does not change those that were there.
pub(super) const fn lot(luck: u64, salt: u64, bound: u64) -> u64 {
    Chance::new(luck, salt).below(bound)
}

/// Thousandths of the people and an amount in won.
type Quantiles = &'static [(i64, i64)];

/// Wages a month of an employee.
const WAGES: Quantiles = &[
    (0, 200_000),
    (80, 700_000),
    (200, 1_500_000),
    (350, 2_200_000),
    (500, 2_800_000),
    (700, 3_800_000),
    (850, 5_300_000),
    (950, 7_800_000),
    (1000, 15_000_000),
];
/// Income a month of a business.
const BUSINESS: Quantiles = &[
    (0, 0),
    (150, 300_000),
    (400, 1_200_000),
    (650, 2_500_000),
    (850, 4_500_000),
    (960, 8_000_000),
    (1000, 20_000_000),
];
/// Public pensions a month from 65.
const PENSIONS: Quantiles = &[
    (0, 200_000),
    (300, 334_000),
    (600, 600_000),
    (850, 1_100_000),
    (950, 2_000_000),
    (1000, 3_600_000),
];
/// What an owned dwelling is worth.
const DWELLINGS: Quantiles = &[
    (0, 15_000_000),
    (150, 70_000_000),
    (400, 160_000_000),
    (650, 270_000_000),
    (850, 420_000_000),
    (960, 700_000_000),
    (1000, 1_600_000_000),
];
/// Other land, buildings and things.
const GENERAL: Quantiles = &[
    (0, 0),
    (550, 0),
    (700, 30_000_000),
    (850, 110_000_000),
    (950, 330_000_000),
    (1000, 1_500_000_000),
];
/// Money in banks, shares and insurance.
const FINANCIAL: Quantiles = &[
    (0, 0),
    (120, 600_000),
    (300, 4_000_000),
    (500, 13_000_000),
    (700, 35_000_000),
    (850, 80_000_000),
    (950, 190_000_000),
    (1000, 700_000_000),
];
/// Debts of those who have any.
const DEBTS: Quantiles = &[
    (0, 500_000),
    (250, 12_000_000),
    (500, 45_000_000),
    (750, 110_000_000),
    (930, 240_000_000),
    (1000, 600_000_000),
];

/// The circumstances of the household of `residents` on `on` (yyyymmdd).
pub(super) fn furnish(dong: u64, residents: &[Resident], on: i64, chance: &mut Chance) -> Home {
    let people: Vec<Person> = residents.iter().map(|&one| person(one, on, chance)).collect();
    let head_age = residents.first().map_or(40, |head| head.age);
    let size = i64::try_from(residents.len()).unwrap_or(1);
    // Young heads rent, old heads own; per mille in the order of `Tenure`.
    let weights = match head_age {
        ..=34 => [150, 330, 420, 60, 40],
        35..=49 => [520, 190, 200, 60, 30],
        50..=64 => [640, 110, 150, 70, 30],
        65.. => [690, 60, 110, 90, 50],
    };
    let tenure = match chance.weighted(&weights) {
        0 => Tenure::Owner,
        1 => Tenure::Deposit,
        2 => Tenure::Rent,
        3 => Tenure::PublicRental,
        _ => Tenure::Free,
    };
    let dwelling = chance.quantile(DWELLINGS, 100_000);
    let housing = match tenure {
        Tenure::Owner => dwelling,
        Tenure::Deposit => dwelling * 6 / 10,
        Tenure::Rent => dwelling / 20,
        Tenure::PublicRental => dwelling / 25,
        Tenure::Free => 0,
    };
    let rent = match tenure {
        Tenure::Rent => 150_000 + dwelling / 500,
        Tenure::PublicRental => 60_000 + dwelling / 2_000,
        _ => 0,
    };
    let in_debt = if tenure == Tenure::Owner { 520 } else { 380 };
    let slate_roof =
        tenure == Tenure::Owner && chance.per_mille(if head_age >= 65 { 22 } else { 6 });
    Home {
        dong,
        tenure,
        area: 2_000 + 900 * size + chance.quantile(&[(0, 0), (600, 2_500), (1000, 9_000)], 10),
        housing: housing - housing.rem_euclid(10_000),
        rent: rent - rent.rem_euclid(10_000),
        general: chance.quantile(GENERAL, 100_000),
        financial: chance.quantile(FINANCIAL, 10_000),
        vehicles: if chance.per_mille(620) {
            chance.quantile(&[(0, 500_000), (500, 7_000_000), (1000, 60_000_000)], 100_000)
        } else {
            0
        },
        debts: if chance.per_mille(in_debt) { chance.quantile(DEBTS, 10_000) } else { 0 },
        slate_roof,
        slate_area: if slate_roof {
            2_500 + chance.quantile(&[(0, 0), (1000, 22_500)], 10)
        } else {
            0
        },
        crisis: if chance.per_mille(15) {
            1 + usize::try_from(chance.below(7)).unwrap_or(0)
        } else {
            0
        },
        luck: chance.draw(),
        people,
    }
}

fn person(resident: Resident, on: i64, chance: &mut Chance) -> Person {
    let age = resident.age;
    let work = match age {
        ..=7 => Work::None,
        8..=18 => Work::Student,
        19..=24 => pick(chance, [400, 20, 70, 440]),
        25..=34 => pick(chance, [700, 60, 60, 50]),
        35..=49 => pick(chance, [640, 150, 30, 5]),
        50..=64 => pick(chance, [480, 210, 30, 0]),
        65..=74 => pick(chance, [220, 140, 15, 0]),
        75.. => pick(chance, [60, 70, 3, 0]),
    };
    let wage = chance.quantile(WAGES, 10_000);
    let earned = match (work, age) {
        (Work::Employee, 65..) => wage * 4 / 10,
        (Work::Employee, ..=29) => wage * 7 / 10,
        (Work::Employee, _) => wage,
        _ => 0,
    };
    let transfer = if age >= 65 && chance.per_mille(880) {
        chance.quantile(PENSIONS, 1_000)
    } else if chance.per_mille(20) {
        100_000 + chance.quantile(&[(0, 0), (1000, 500_000)], 10_000)
    } else {
        0
    };
    // Per mille with a registered disability, and of those severe.
    let disabled = match age {
        ..=19 => 11,
        20..=39 => 17,
        40..=64 => 50,
        65..=79 => 125,
        80.. => 210,
    };
    let disability = match (chance.per_mille(disabled), chance.per_mille(370)) {
        (false, _) => Disability::None,
        (true, true) => Disability::Severe,
        (true, false) => Disability::Mild,
    };
    let helpless = match (age, disability) {
        (85.., _) => 350,
        (75..=84, _) => 150,
        (65..=74, Disability::Severe) => 250,
        (65..=74, _) => 50,
        (_, Disability::Severe) => 200,
        _ => 2,
    };
    Person {
        resident,
        birth: birth(on, age, chance),
        work,
        earned: earned - earned.rem_euclid(10_000),
        business: if work == Work::SelfEmployed { chance.quantile(BUSINESS, 10_000) } else { 0 },
        transfer,
        disability,
        marriage_migrant: resident.tie == Tie::Spouse && age < 60 && chance.per_mille(14),
        pregnant: resident.sex == Sex::Female && (20..=44).contains(&age) && chance.per_mille(18),
        veteran: age >= 40 && chance.per_mille(16),
        defector: age >= 19 && chance.per_mille(1),
        months_unemployed: if work == Work::Seeking {
            chance.quantile(&[(0, 0), (600, 6), (900, 14), (1000, 48)], 1)
        } else {
            0
        },
        months_resident: chance
            .quantile(&[(0, 0), (150, 12), (500, 84), (1000, 600)], 1)
            .min(i64::from(age) * 12),
        needs_help: chance.per_mille(helpless),
        luck: chance.draw(),
    }
}

/// Work by per mille: employee, self-employed, seeking, student; the rest none of these.
fn pick(chance: &mut Chance, shares: [u64; 4]) -> Work {
    let rest = 1000_u64.saturating_sub(shares.iter().sum());
    let [employee, own, seeking, student] = shares;
    match chance.weighted(&[employee, own, seeking, student, rest]) {
        0 => Work::Employee,
        1 => Work::SelfEmployed,
        2 => Work::Seeking,
        3 => Work::Student,
        _ => Work::None,
    }
}

/// A day on which somebody who is `age` on `on` was born: any day of that year of life, 29 February among them.
fn birth(on: i64, age: u8, chance: &mut Chance) -> i64 {
    let back = i64::try_from(chance.below(365)).unwrap_or(0);
    let (year, month, day) = (on / 10_000 - i64::from(age), on / 100 % 100, on % 100);
    let mut left = (year, month, day.min(crate::value::last_day(year, month)));
    // A walk over months rather than days: at most twelve steps.
    let mut back = back;
    while back >= left.2 {
        back -= left.2;
        left = if left.1 == 1 { (left.0 - 1, 12, 31) } else { (left.0, left.1 - 1, 0) };
        left.2 = crate::value::last_day(left.0, left.1);
    }
    left.0 * 10_000 + left.1 * 100 + left.2 - back
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births_give_back_the_age() {
        let mut chance = Chance::new(5, 5);
        for on in [20_260_301, 20_240_229, 20_261_122, 20_260_101] {
            for age in [0_u8, 1, 18, 65, 104] {
                for _ in 0..500 {
                    let birth = birth(on, age, &mut chance);
                    assert!(
                        crate::value::date(&crate::value::date_text(birth)).is_some(),
                        "{birth}"
                    );
                    assert_eq!((on - birth) / 10_000, i64::from(age), "{birth} on {on}");
                }
            }
        }
    }

    #[test]
    fn nobody_has_negative_money_and_children_do_not_work() {
        let mut chance = Chance::new(6, 6);
        let child = Resident { sex: Sex::Male, age: 7, tie: Tie::Child };
        let head = Resident { sex: Sex::Female, age: 41, tie: Tie::Head };
        for _ in 0..2_000 {
            let home = furnish(2_914_057_500, &[head, child], 20_261_122, &mut chance);
            let child = &home.people[1];
            assert_eq!((child.earned, child.business, child.pregnant), (0, 0, false));
            let amounts =
                [home.housing, home.rent, home.general, home.financial, home.vehicles, home.debts];
            assert!(amounts.iter().all(|amount| (0..10_000_000_000).contains(amount)), "{home:?}");
        }
    }
}
