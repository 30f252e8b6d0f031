//! Where a case is: a point, a 동, the resident's own words, and the 250 m cell for neighbours.

use maeul_base::DongCode;
use serde::{Deserialize, Serialize};

/// How a 동 was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Located {
    /// Not at all.
    #[default]
    Nowhere,
    /// From the point.
    Point,
    /// Chosen from the list.
    Chosen,
    /// Read from the typed place.
    Typed,
}

impl Located {
    /// The name kept in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nowhere => "nowhere",
            Self::Point => "point",
            Self::Chosen => "chosen",
            Self::Typed => "typed",
        }
    }

    /// The one of that name.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Nowhere, Self::Point, Self::Chosen, Self::Typed]
            .into_iter()
            .find(|it| it.as_str() == word)
    }
}

/// Where a case is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The 행정동.
    pub dong: Option<DongCode>,
    /// How the 동 was found.
    pub located: Located,
    /// In the resident's words: a crossing, a shop, an address.
    pub text: String,
    /// Latitude, degrees × 10^7 (WGS 84).
    pub lat_e7: Option<i64>,
    /// Longitude, degrees × 10^7 (WGS 84).
    pub lon_e7: Option<i64>,
}

/// About 250 m in latitude: 0.00225°.
pub(crate) const CELL_LAT_E7: i64 = 22_500;
/// About 250 m in longitude at 36° north: 0.0028°.
pub(crate) const CELL_LON_E7: i64 = 28_000;
/// More columns than Korea has.
const ROW: i64 = 1_000_000;

/// The cell of a point: a whole number, so that an index finds its neighbours.
pub const fn cell(lat_e7: i64, lon_e7: i64) -> i64 {
    lat_e7.div_euclid(CELL_LAT_E7) * ROW + lon_e7.div_euclid(CELL_LON_E7)
}

/// The middle of a point's cell: what may be said of a place without saying which door.
pub const fn cell_centre(lat_e7: i64, lon_e7: i64) -> (i64, i64) {
    (
        lat_e7.div_euclid(CELL_LAT_E7) * CELL_LAT_E7 + CELL_LAT_E7 / 2,
        lon_e7.div_euclid(CELL_LON_E7) * CELL_LON_E7 + CELL_LON_E7 / 2,
    )
}

/// The cell of a point and the eight around it.
pub const fn cells_around(lat_e7: i64, lon_e7: i64) -> [i64; 9] {
    let at = cell(lat_e7, lon_e7);
    [at - ROW - 1, at - ROW, at - ROW + 1, at - 1, at, at + 1, at + ROW - 1, at + ROW, at + ROW + 1]
}

impl Place {
    /// The point, if there is one.
    pub fn point(&self) -> Option<(i64, i64)> {
        self.lat_e7.zip(self.lon_e7)
    }

    /// The cell of the point.
    pub fn cell(&self) -> Option<i64> {
        self.point().map(|(lat, lon)| cell(lat, lon))
    }
}

/// Metres between two points, on a sphere flattened to the plane: right to a metre within a 동.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "degrees × 10^7 are below 2^53, and the distance is rounded to whole metres on purpose"
)]
pub fn metres_between(a: (i64, i64), b: (i64, i64)) -> i64 {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let (lat_a, lat_b) = (a.0 as f64 / 1e7, b.0 as f64 / 1e7);
    let north = (lat_b - lat_a) * METRES_PER_DEGREE;
    let middle = f64::midpoint(lat_a, lat_b).to_radians();
    let east = ((b.1 - a.1) as f64 / 1e7) * METRES_PER_DEGREE * middle.cos();
    north.hypot(east).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_degree_of_latitude_is_about_111_kilometres() {
        let metres = metres_between((351_500_000, 1_268_900_000), (361_500_000, 1_268_900_000));
        assert!((111_000..112_000).contains(&metres), "{metres}");
    }

    proptest! {
        #[test]
        fn whoever_is_within_250_m_is_in_a_neighbouring_cell(
            lat in 330_000_000_i64..387_000_000, lon in 1_245_000_000_i64..1_320_000_000,
            dlat in -22_000_i64..22_000, dlon in -27_000_i64..27_000,
        ) {
            let near = (lat + dlat, lon + dlon);
            if metres_between((lat, lon), near) <= 240 {
                prop_assert!(cells_around(lat, lon).contains(&cell(near.0, near.1)));
            }
        }
    }
}
