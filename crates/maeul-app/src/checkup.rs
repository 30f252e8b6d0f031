//! What the doctor reads of an installation's data, for every office: whether it can do its work.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Fault, Role, seoul};
use maeul_calendar::Calendar;
use maeul_db::{Seal, Tx, keys_missing};
use maeul_queue::{Dead, Pending};

use crate::rooms::bytes;

/// One office's standing.
#[derive(Clone, Debug)]
pub struct OfficeCheck {
    /// Five digits.
    pub code: String,
    /// In Korean.
    pub name_ko: String,
    /// In English.
    pub name_en: String,
    /// Units in force today.
    pub units: usize,
    /// 동 whose boundaries are known today.
    pub dongs: usize,
    /// Services that can be chosen.
    pub services: usize,
    /// Accounts in force today.
    pub staff: usize,
    /// Of those, administrators.
    pub administrators: usize,
    /// Temporary and local holidays entered for next year.
    pub holidays_next_year: usize,
}

/// The whole installation's standing.
#[derive(Clone, Debug)]
pub struct Checkup {
    /// Every office.
    pub offices: Vec<OfficeCheck>,
    /// Jobs that wait or were given up.
    pub jobs: Vec<Pending>,
    /// The jobs given up last.
    pub dead: Vec<Dead>,
    /// Whether the keys open a sealed field; `None` where nothing is sealed yet or there are no keys.
    pub keys_open: Option<bool>,
    /// Where they do not: the numbers of the keys that are missing, with how many values each sealed.
    pub keys_missing: BTreeMap<u8, i64>,
    /// The last day for which the product knows election days.
    pub elections_known_until: Date,
    /// The last day of next year.
    pub next_year_ends: Date,
}

/// Reads it all.
pub fn checkup(tx: &mut Tx, seal: Option<&Seal>, now: Timestamp) -> Result<Checkup, Fault> {
    let today = seoul::date(now);
    let next_year = today.year() + 1;
    let mut offices = vec![];
    for office in maeul_org::offices(tx)? {
        let staff = maeul_people::staff(tx, office.id, today)?;
        let holidays = maeul_org::holidays(tx, office.id)?;
        offices.push(OfficeCheck {
            units: maeul_org::units(tx, office.id, today)?.len(),
            dongs: maeul_place::dongs(tx, office.id, today)?.len(),
            services: maeul_cases::read::services_offered(tx, office.id)?,
            administrators: maeul_people::all_rights(tx, office.id, today)?
                .values()
                .filter(|it| it.is(Role::Administrator))
                .count(),
            staff: staff.len(),
            holidays_next_year: holidays.iter().filter(|it| it.on_day.year() == next_year).count(),
            code: office.code,
            name_ko: office.name_ko,
            name_en: office.name_en,
        });
    }
    let keys_open = match seal {
        Some(seal) => maeul_people::keys_open(tx, seal)?,
        None => None,
    };
    let keys_missing = match keys_open {
        Some(false) => keys_missing(tx, &bytes(), seal)?,
        _ => BTreeMap::new(),
    };
    Ok(Checkup {
        offices,
        jobs: maeul_queue::pending_counts(tx)?,
        dead: maeul_queue::dead(tx, None, 5)?,
        keys_open,
        keys_missing,
        elections_known_until: Calendar::elections_known_until(),
        next_year_ends: Date::new(next_year, 12, 31)
            .map_err(|error| Fault::from_error("next year", error))?,
    })
}
