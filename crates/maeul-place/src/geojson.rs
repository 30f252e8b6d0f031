//! 동 for the map in the browser: GeoJSON, simplified, to the metre.

use serde_json::{Value, json};

use crate::index::Dong;
use crate::shape::{Ring, Shape, Vertex};
use crate::simplify::simplify;

/// A `FeatureCollection` of the 동 with `code`, `name_ko` and `name_en`, borders simplified to
/// within `tolerance_m` metres (0 keeps every vertex), coordinates to five decimals.
pub fn geojson(dongs: &[Dong], tolerance_m: f64) -> Value {
    let shapes: Vec<&Shape> = dongs.iter().map(|dong| &dong.shape).collect();
    let features: Vec<Value> = dongs
        .iter()
        .zip(simplify(&shapes, tolerance_m))
        .map(|(dong, shape)| {
            json!({
                "type": "Feature",
                "id": dong.code.as_str(),
                "properties": {
                    "code": dong.code.as_str(),
                    "name_ko": dong.name_ko,
                    "name_en": dong.name_en,
                },
                "geometry": { "type": "MultiPolygon", "coordinates": coordinates(&shape) },
            })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features })
}

fn coordinates(shape: &Shape) -> Value {
    let decimals = |e7: i32| ((f64::from(e7) / 100.0).round()) / 1e5;
    let position = |v: &Vertex| json!([decimals(v.lon), decimals(v.lat)]);
    let ring = |ring: &Ring| -> Value { ring.iter().chain(ring.first()).map(position).collect() };
    shape.polygons.iter().map(|rings| rings.iter().map(ring).collect::<Value>()).collect()
}
