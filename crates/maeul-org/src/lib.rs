//! Offices, units, duties and who is responsible on a day in a 동.

mod act;
mod chart;
mod id;
mod import;
mod office;
mod period;
mod read;
mod store;

use maeul_db::{Migration, migration};

pub use act::add_holiday::{HOLIDAYS, HolidayRefusal, NewHoliday, add_holiday};
pub use chart::{Assignment, Chart, Reason, Routing, Succession};
pub use import::{
    AssignmentLine, DutyLine, FormerParentLine, ImportRefused, MapView, OfficeLine, OrgFile,
    SuccessionLine, UnitLine, apply_holidays, apply_office, apply_org, csv_rows, is_code,
    plan_holidays, plan_org, preview_holidays, preview_org,
};
pub use office::{Duty, Holiday, HolidayKind, Office, Unit, UnitKind};
pub use period::Period;
pub use read::{
    REVISION, UNIT_NAMES, all_units, assignments, duties, holidays, office, office_by_slug,
    offices, parent_region, responsible_unit, revision, successions, unit_by_code, unit_by_id,
    unit_name, units,
};

/// The steps that build this crate's tables.
pub const MIGRATIONS: &[Migration] = &[migration!("org", "0001_chart")];
