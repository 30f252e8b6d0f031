//! Squares on a made-up map, and the real files where they stand.

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use maeul_place::{Dong, DongIndex, Point, parse_boundaries};

pub const DAY: Date = date(2026, 7, 1);

/// A feature: a square of `size` millidegrees, its south-west corner at (lon, lat) thousandths.
pub fn square(code: &str, name: &str, lon: i32, lat: i32, size: i32) -> String {
    let at = |x: i32, y: i32| {
        format!("[{:.3},{:.3}]", f64::from(lon + x) / 1e3, f64::from(lat + y) / 1e3)
    };
    let ring = [at(0, 0), at(size, 0), at(size, size), at(0, size), at(0, 0)].join(",");
    format!(
        r#"{{"type":"Feature","properties":{{"dong_code":"{code}","name_ko":"{name}","name_en":"{name}-dong"}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#
    )
}

pub fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n"))
}

/// Two squares side by side: 가동 in the west, 나동 in the east, each 10 millidegrees.
pub fn two() -> Vec<Dong> {
    dongs(&collection(&[
        square("2914010000", "가동", 126_900, 35_150, 10),
        square("2914020000", "나동", 126_910, 35_150, 10),
    ]))
}

pub fn dongs(text: &str) -> Vec<Dong> {
    let boundaries = parse_boundaries(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    boundaries.into_iter().map(|b| Dong::from_boundary(b, date(2021, 4, 1))).collect()
}

pub fn point(lat: f64, lon: f64) -> Point {
    Point::from_degrees(lat, lon).unwrap()
}

/// The offices the project ships.
pub fn shipped() -> Vec<(PathBuf, Vec<Dong>)> {
    let offices = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/offices");
    let mut found: Vec<_> = std::fs::read_dir(offices)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("boundaries.geojson"))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path, dongs(&text))
        })
        .collect()
}

/// A file of the data folder that stands beside the repository during development.
pub fn beside(path: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("skipped: {} not found", path.display());
        return None;
    };
    eprintln!("found {}", path.display());
    if path.extension().is_none_or(|end| end != "gz") {
        return Some(bytes);
    }
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut plain)
        .unwrap();
    Some(plain)
}

pub fn index(dongs: Vec<Dong>) -> DongIndex {
    DongIndex::on(dongs, DAY)
}
