//! A point in Korea, to the seventh decimal of a degree (about a centimetre).

use std::fmt;

use maeul_base::{Lang, Refusal};
use serde::{Deserialize, Serialize};

/// 10^7: the units of a degree.
pub(crate) const E7: f64 = 1e7;
/// The Earth's mean radius in metres (IUGG).
pub(crate) const EARTH_M: f64 = 6_371_008.8;

/// The southernmost and northernmost latitude served (마라도 to 고성), degrees × 10^7.
pub(crate) const LATITUDES: std::ops::RangeInclusive<i64> = 330_000_000..=387_000_000;
/// The westernmost and easternmost longitude served (백령도 to 독도), degrees × 10^7.
pub(crate) const LONGITUDES: std::ops::RangeInclusive<i64> = 1_245_000_000..=1_320_000_000;

/// A point on the map of Korea (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "RawPoint", into = "RawPoint")]
pub struct Point {
    lat_e7: i64,
    lon_e7: i64,
}

#[derive(Serialize, Deserialize)]
struct RawPoint {
    lat_e7: i64,
    lon_e7: i64,
}

/// Why two numbers are no point in Korea.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointRefusal {
    /// One of them is not a number.
    NotNumbers,
    /// Latitude and longitude have changed places.
    Swapped,
    /// Somewhere else on Earth, or nowhere.
    OutsideKorea,
}

impl Point {
    /// From degrees × 10^7.
    pub fn new(lat_e7: i64, lon_e7: i64) -> Result<Self, PointRefusal> {
        if LATITUDES.contains(&lat_e7) && LONGITUDES.contains(&lon_e7) {
            Ok(Self { lat_e7, lon_e7 })
        } else if LATITUDES.contains(&lon_e7) && LONGITUDES.contains(&lat_e7) {
            Err(PointRefusal::Swapped)
        } else {
            Err(PointRefusal::OutsideKorea)
        }
    }

    /// From degrees, as maps and devices give them.
    pub fn from_degrees(lat: f64, lon: f64) -> Result<Self, PointRefusal> {
        let e7 = |degrees: f64| {
            (degrees.is_finite()).then(|| round(degrees * E7)).ok_or(PointRefusal::NotNumbers)
        };
        Self::new(e7(lat)?, e7(lon)?)
    }

    /// From two form fields.
    pub fn parse(lat: &str, lon: &str) -> Result<Self, PointRefusal> {
        let number = |text: &str| text.trim().parse::<f64>().map_err(|_| PointRefusal::NotNumbers);
        Self::from_degrees(number(lat)?, number(lon)?)
    }

    /// Latitude, degrees × 10^7.
    pub const fn lat_e7(self) -> i64 {
        self.lat_e7
    }

    /// Longitude, degrees × 10^7.
    pub const fn lon_e7(self) -> i64 {
        self.lon_e7
    }

    /// Latitude in degrees, for the edge.
    pub fn lat(self) -> f64 {
        self.lat_e7 as f64 / E7
    }

    /// Longitude in degrees, for the edge.
    pub fn lon(self) -> f64 {
        self.lon_e7 as f64 / E7
    }

    /// Great-circle distance in whole metres.
    pub fn distance_m(self, other: Self) -> u32 {
        let (lat, other_lat) = (self.lat().to_radians(), other.lat().to_radians());
        let lon = (other.lon() - self.lon()).to_radians();
        let half_chord = ((other_lat - lat) / 2.0).sin().powi(2)
            + lat.cos() * other_lat.cos() * (lon / 2.0).sin().powi(2);
        metres(2.0 * EARTH_M * half_chord.sqrt().min(1.0).asin())
    }

    /// The south-west and north-east corners of a box that holds every point within `metres`: what
    /// a nearby search asks the database for before measuring.
    pub fn around(self, metres: u32) -> BoundingBox {
        let lat = f64::from(metres) / EARTH_M * (180.0 / std::f64::consts::PI) * E7 * 1.001;
        let lon = lat / self.lat().to_radians().cos();
        BoundingBox {
            south_e7: self.lat_e7 - round(lat) - 1,
            west_e7: self.lon_e7 - round(lon) - 1,
            north_e7: self.lat_e7 + round(lat) + 1,
            east_e7: self.lon_e7 + round(lon) + 1,
        }
    }
}

/// A box of latitudes and longitudes, degrees × 10^7, all inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundingBox {
    /// Least latitude.
    pub south_e7: i64,
    /// Least longitude.
    pub west_e7: i64,
    /// Greatest latitude.
    pub north_e7: i64,
    /// Greatest longitude.
    pub east_e7: i64,
}

impl fmt::Display for Point {
    /// `35.1566465, 126.9001107`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.7}, {:.7}", self.lat(), self.lon())
    }
}

impl TryFrom<RawPoint> for Point {
    type Error = PointRefusal;

    fn try_from(raw: RawPoint) -> Result<Self, PointRefusal> {
        Self::new(raw.lat_e7, raw.lon_e7)
    }
}

impl From<Point> for RawPoint {
    fn from(point: Point) -> Self {
        Self { lat_e7: point.lat_e7, lon_e7: point.lon_e7 }
    }
}

impl fmt::Display for PointRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for PointRefusal {}

impl Refusal for PointRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotNumbers => "place.not_numbers",
            Self::Swapped => "place.swapped",
            Self::OutsideKorea => "place.outside_korea",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotNumbers => lang.t(
                "위치를 읽지 못했어요. 지도에서 다시 골라 주세요.",
                "The position could not be read. Please choose it on the map again.",
            ),
            Self::Swapped => lang.t(
                "위도와 경도의 순서가 바뀐 것 같아요. 위도를 먼저 적어 주세요.",
                "Latitude and longitude seem to have changed places. Give the latitude first.",
            ),
            Self::OutsideKorea => lang.t(
                "대한민국 밖의 위치예요. 지도에서 다시 골라 주세요.",
                "This position is outside Korea. Please choose it on the map again.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        Some("place")
    }
}

/// The nearest whole number; the ends of the range for what lies beyond.
#[expect(clippy::cast_possible_truncation, reason = "rounded first; saturates by definition")]
pub(crate) const fn round(number: f64) -> i64 {
    number.round() as i64
}

/// Whole metres.
pub(crate) fn metres(distance: f64) -> u32 {
    u32::try_from(round(distance)).unwrap_or(u32::MAX)
}
