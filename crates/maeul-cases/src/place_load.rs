//! Reads the areas of all offices from the commons.

use jiff::civil::Date;
use maeul_base::Fault;
use maeul_db::Tx;
use maeul_place::{OfficeArea, OfficeIndex};

/// The areas in force on that day.
pub(crate) fn offices(tx: &mut Tx, today: Date) -> Result<OfficeIndex, Fault> {
    let mut areas = Vec::new();
    for office in maeul_org::offices(tx)? {
        areas.push(OfficeArea {
            dongs: maeul_place::load_index(tx, office.id, today)?,
            office: office.id,
            name_ko: office.name_ko,
            name_en: office.name_en,
            served: true,
        });
    }
    Ok(OfficeIndex::new(areas))
}
