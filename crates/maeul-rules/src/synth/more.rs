//! Rarer facts: arrears, energy use, slate roofs, donations, fines, posts in the 동. Shares are our own round figures.

use super::circumstances::{Disability, Home, Person, Tenure, Work, lot};
use super::compose::Tie;
use super::facts::Answer::{Number, Word, Yes};
use super::facts::{Line, OfHome, OfPerson, hard, months_before, poverty, sure};

/// `per_mille` in a thousand.
const fn few(luck: u64, salt: u64, per_mille: u64) -> bool {
    lot(luck, salt, 1000) < per_mille
}

/// A whole number from `from` in `count` steps of `step`.
fn steps(luck: u64, salt: u64, from: i64, count: u64, step: i64) -> i64 {
    from + i64::try_from(lot(luck, salt, count)).unwrap_or(0) * step
}

fn adult(person: &Person) -> bool {
    person.resident.age >= 19
}

/// Fined for something at all: 3 %.
fn fined(person: &Person) -> bool {
    adult(person) && few(person.luck, 1, 30)
}

/// Gave to another municipality this year: 2 %.
fn gives(person: &Person) -> bool {
    adult(person) && few(person.luck, 2, 20)
}

/// At college: half of the students from 19.
fn at_college(person: &Person) -> bool {
    adult(person) && person.work == Work::Student
}

pub(super) const MORE_PERSON: &[Line<OfPerson>] = &[
    sure("severe_disability_recognised", |_, one, _| Yes(one.disability == Disability::Severe)),
    sure("care_cause", |home, one, _| {
        Word(match () {
            () if one.needs_help && home.people.len() == 1 => "no_carer",
            () if one.needs_help && few(one.luck, 3, 200) => "long_term_care_refused",
            () if few(one.luck, 4, 4) => "discharged",
            () => "none",
        })
    }),
    hard("care_consent", |_, one, _| Yes(few(one.luck, 5, 800))),
    hard("isolation_score", |home, one, _| {
        let alone = home.people.len() == 1 && one.resident.age >= 40;
        Number(if alone { steps(one.luck, 6, 0, 14, 100) } else { steps(one.luck, 6, 0, 3, 100) })
    }),
    sure("carer_of_infant", |home, one, _| {
        let parent = matches!(one.resident.tie, Tie::Head | Tie::Spouse);
        Yes(parent && home.people.iter().any(|other| other.resident.age < 6))
    }),
    sure("other_member_in_public_job", |_, one, _| Yes(few(one.luck, 7, 3))),
    sure("fine_amount", |_, one, _| {
        Number(if fined(one) { steps(one.luck, 8, 32_000, 40, 4_000) } else { 0 })
    }),
    sure("fine_act_date", |_, one, region| {
        Number(months_before(region.on, steps(one.luck, 9, 0, 70, 1)))
    }),
    sure("fine_opinion_deadline", |_, one, region| {
        Number(months_before(region.on, steps(one.luck, 9, -1, 3, 1)))
    }),
    sure("fine_imposed", |_, one, _| Yes(fined(one) && few(one.luck, 10, 500))),
    sure("fine_in_arrears", |_, one, _| Yes(fined(one) && few(one.luck, 11, 200))),
    sure("fine_on_owner", |_, one, _| Yes(fined(one) && few(one.luck, 12, 600))),
    sure("minor", |_, one, _| Yes(!adult(one))),
    sure("veteran_grade_1_to_3", |_, one, _| Yes(one.veteran && few(one.luck, 13, 150))),
    sure("deferral_cause", |_, one, _| {
        Word(if few(one.luck, 14, 30) {
            "illness"
        } else if few(one.luck, 14, 50) {
            "sole_supporter"
        } else {
            "none"
        })
    }),
    hard("illness_months", |_, one, _| {
        Number(if few(one.luck, 14, 30) { steps(one.luck, 15, 1, 12, 1) } else { 0 })
    }),
    sure("parking_place", |_, one, _| {
        const PLACES: [&str; 5] =
            ["ordinary", "child_zone", "senior_disabled_zone", "fire_marked", "fire_unmarked"];
        Word(
            usize::try_from(lot(one.luck, 16, 8))
                .ok()
                .and_then(|at| PLACES.get(at))
                .copied()
                .unwrap_or("ordinary"),
        )
    }),
    sure("parking_class", |_, one, _| Word(if few(one.luck, 17, 850) { "car" } else { "van" })),
    sure("parking_in_zone_hours", |_, one, _| Yes(few(one.luck, 18, 600))),
    sure("parking_cause", |_, one, _| {
        Word(if few(one.luck, 19, 40) { "emergency_patient" } else { "none" })
    }),
    sure("local_tax_claim", |_, one, _| {
        Number(if adult(one) { steps(one.luck, 20, 0, 200, 100_000) } else { 0 })
    }),
    hard("annual_income", |_, one, _| Number((one.earned + one.business + one.transfer) * 12)),
    hard("own_property", |home, one, _| {
        let heads = one.resident.tie == Tie::Head;
        Number(if heads { home.housing + home.general + home.financial } else { 0 })
    }),
    sure("natural_person", |_, _, _| Yes(true)),
    sure("donation", |_, one, _| {
        Number(if gives(one) { steps(one.luck, 21, 10_000, 60, 10_000) } else { 0 })
    }),
    sure("donated_before", |_, one, _| {
        Number(if gives(one) { steps(one.luck, 22, 0, 4, 100_000) } else { 0 })
    }),
    sure("donation_to_own", |_, one, _| Yes(few(one.luck, 23, 30))),
    sure("donation_in_own_name", |_, one, _| Yes(few(one.luck, 24, 990))),
    sure("donation_contractor", |_, one, _| Yes(few(one.luck, 25, 10))),
    sure("donation_pressed", |_, one, _| Yes(few(one.luck, 26, 2))),
    sure("donation_disaster_area", |_, one, _| Yes(few(one.luck, 27, 50))),
    hard("donation_tax_due", |_, one, _| Number((one.earned * 12 / 20).max(0))),
    sure("guardian_resident_since", |_, one, region| {
        Number(months_before(region.on, steps(one.luck, 28, 0, 240, 1)))
    }),
    sure("college_years", |_, one, _| {
        Number(if at_college(one) { steps(one.luck, 29, 2, 3, 1) } else { 0 })
    }),
    sure("college_in_capital_area", |_, one, _| Yes(at_college(one) && few(one.luck, 30, 250))),
    hard("grade_score", |_, one, _| Number(steps(one.luck, 31, 4_000, 6_001, 1))),
    hard("living_score", |home, _, _| Number(steps(home.luck, 32, 2_000, 8_001, 1))),
    sure("multi_child", |home, _, _| {
        Yes(home.people.iter().filter(|other| other.resident.tie == Tie::Child).count() >= 3)
    }),
    sure("lives_in_tong", |_, one, _| Yes(adult(one))),
    sure("tong_recommenders", |_, one, _| Number(steps(one.luck, 33, 0, 25, 1))),
    sure("tong_renewals", |_, one, _| Number(steps(one.luck, 34, 0, 4, 1))),
    sure("dong_link", |_, _, _| Word("registered")),
    sure("association_school_hours", |_, one, _| Number(if few(one.luck, 35, 20) { 6 } else { 0 })),
    sure("association_renewing", |_, one, _| Yes(few(one.luck, 36, 5))),
    sure("councillor", |_, one, _| Yes(few(one.luck, 37, 1))),
    sure("district_staff", |_, one, _| Yes(one.work == Work::Employee && few(one.luck, 38, 6))),
    sure("association_elsewhere", |_, one, _| Yes(few(one.luck, 39, 2))),
    sure("association_dismissed", |_, one, _| Yes(few(one.luck, 40, 1))),
    sure("association_dismissed_on", |_, one, region| {
        Number(months_before(region.on, steps(one.luck, 41, 1, 60, 1)))
    }),
    sure("district_link", |_, _, _| Word("address")),
    sure("budget_school_done", |_, one, _| Yes(few(one.luck, 42, 10))),
    sure("budget_renewals", |_, one, _| Number(steps(one.luck, 43, 0, 3, 1))),
];

/// Behind with payments: a fifth of the poor, a fiftieth of the others.
fn behind(home: &Home, salt: u64) -> bool {
    few(home.luck, salt, if poverty(home) > 0 { 200 } else { 20 })
}

/// Months behind with one kind of payment.
fn arrears(home: &Home, salt: u64) -> i64 {
    if behind(home, salt) { steps(home.luck, salt + 100, 1, 9, 1) } else { 0 }
}

/// A saving against the year before, from -20 % to +24 %, in hundredths of a per cent.
fn saving(home: &Home, salt: u64) -> i64 {
    steps(home.luck, salt, -2_000, 4_401, 1)
}

pub(super) const MORE_HOME: &[Line<OfHome>] = &[
    sure("municipality", |_, region| Word(region.municipality)),
    sure("other_vulnerable", |home, _| Yes(few(home.luck, 1, 30))),
    sure("same_help_elsewhere", |home, _| Yes(few(home.luck, 2, 15))),
    sure("emergency_living_months", |home, _| {
        Number(if home.crisis > 0 { steps(home.luck, 3, 0, 4, 1) } else { 0 })
    }),
    sure("emergency_housing_months", |home, _| {
        Number(if home.crisis > 0 { steps(home.luck, 4, 0, 4, 1) } else { 0 })
    }),
    sure("emergency_facility_months", |_, _| Number(0)),
    sure("emergency_other_months", |_, _| Number(0)),
    sure("emergency_medical_times", |home, _| {
        Number(if home.crisis > 0 { steps(home.luck, 5, 0, 2, 1) } else { 0 })
    }),
    sure("emergency_education_times", |_, _| Number(0)),
    hard("medical_cost", |home, _| {
        Number(if few(home.luck, 6, 60) { steps(home.luck, 7, 100_000, 90, 50_000) } else { 0 })
    }),
    sure("utility_cut", |home, _| Yes(behind(home, 8) && few(home.luck, 9, 300))),
    sure("school_flagged", |home, _| Yes(few(home.luck, 10, 3))),
    sure("welfare_dropped", |home, _| Yes(few(home.luck, 11, 6))),
    sure("left_facility", |home, _| Yes(few(home.luck, 12, 1))),
    sure("pension_loan", |home, _| Yes(few(home.luck, 13, 4))),
    sure("premium_arrears_months", |home, _| Number(arrears(home, 14))),
    hard("credit_arrears", |home, _| {
        Number(if behind(home, 15) { steps(home.luck, 16, 200_000, 250, 100_000) } else { 0 })
    }),
    hard("credit_arrears_since", |home, region| {
        Number(months_before(region.on, steps(home.luck, 17, 1, 36, 1)))
    }),
    sure("telecom_arrears_months", |home, _| Number(arrears(home, 18))),
    sure("rent_arrears_months", |home, _| {
        Number(if home.tenure == Tenure::PublicRental { arrears(home, 19) } else { 0 })
    }),
    sure("apartment_fee_arrears_months", |home, _| Number(arrears(home, 20))),
    sure("building_fee_arrears_months", |home, _| Number(arrears(home, 21))),
    sure("carbon_user", |home, _| Word(if few(home.luck, 22, 120) { "home" } else { "none" })),
    sure("electricity_reduction", |home, _| Number(saving(home, 23))),
    sure("electricity_times_reduced", |home, _| Number(steps(home.luck, 24, 0, 5, 1))),
    sure("electricity_share_of_mean", |home, _| Number(steps(home.luck, 25, 3_000, 15_001, 1))),
    sure("water_reduction", |home, _| Number(saving(home, 26))),
    sure("water_times_reduced", |home, _| Number(steps(home.luck, 27, 0, 5, 1))),
    sure("water_share_of_mean", |home, _| Number(steps(home.luck, 28, 3_000, 15_001, 1))),
    sure("gas_reduction", |home, _| Number(saving(home, 29))),
    sure("gas_times_reduced", |home, _| Number(steps(home.luck, 30, 0, 5, 1))),
    sure("gas_share_of_mean", |home, _| Number(steps(home.luck, 31, 3_000, 15_001, 1))),
    sure("slate_building", |home, _| Word(if home.slate_roof { "house" } else { "none" })),
    sure("slate_area", |home, _| Number(home.slate_area)),
    hard("slate_cost", |home, _| Number(home.slate_area * 400)),
    hard("roof_cost", |home, _| Number(home.slate_area * 700)),
    sure("slate_self_removal", |home, _| Yes(home.slate_roof && few(home.luck, 32, 50))),
];
