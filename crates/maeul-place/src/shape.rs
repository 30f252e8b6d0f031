//! Polygons in whole numbers: degrees × 10^7 fit 32 bits, and which side of a line a point lies on
//! is then decided exactly, the same on every machine.

use serde_json::Value;

use crate::Point;
use crate::point::{E7, EARTH_M};

/// A vertex: degrees × 10^7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vertex {
    /// Longitude.
    pub lon: i32,
    /// Latitude.
    pub lat: i32,
}

/// A closed line, without the repeated last vertex; at least three vertices.
pub type Ring = Vec<Vertex>;

/// The area of a 동: polygons, each an outer ring and its holes. Inside is what an odd number of
/// rings surround, borders included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Each polygon's rings, the outer one first.
    pub polygons: Vec<Vec<Ring>>,
}

impl Vertex {
    /// The vertex at a point (a point in Korea always fits).
    pub fn of(point: Point) -> Self {
        let fit = |number: i64| i32::try_from(number).unwrap_or_default();
        Self { lon: fit(point.lon_e7()), lat: fit(point.lat_e7()) }
    }

    /// The point, if it is in Korea.
    pub fn point(self) -> Option<Point> {
        Point::new(i64::from(self.lat), i64::from(self.lon)).ok()
    }
}

/// Twice the signed area of the triangle: positive when `c` lies to the left of `a` → `b`.
pub(crate) fn turn(a: Vertex, b: Vertex, c: Vertex) -> i64 {
    let (ax, ay) = (i64::from(a.lon), i64::from(a.lat));
    (i64::from(b.lon) - ax) * (i64::from(c.lat) - ay)
        - (i64::from(b.lat) - ay) * (i64::from(c.lon) - ax)
}

impl Shape {
    /// All rings.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.polygons.iter().flatten()
    }

    /// All edges of all rings.
    pub fn edges(&self) -> impl Iterator<Item = (Vertex, Vertex)> {
        self.rings().flat_map(|ring| edges(ring))
    }

    /// The south-west and north-east corners; `None` for an empty shape.
    pub fn bounds(&self) -> Option<(Vertex, Vertex)> {
        self.rings().flatten().fold(None, |bounds, v| {
            let (low, high) = bounds.unwrap_or((*v, *v));
            Some((
                Vertex { lon: low.lon.min(v.lon), lat: low.lat.min(v.lat) },
                Vertex { lon: high.lon.max(v.lon), lat: high.lat.max(v.lat) },
            ))
        })
    }

    /// The area in square metres, on the sphere.
    pub fn area_m2(&self) -> i64 {
        let ring_area = |ring: &Ring| {
            let twice: f64 = edges(ring)
                .map(|(a, b)| {
                    let lon = (f64::from(b.lon) - f64::from(a.lon)) / E7;
                    let sines = radians(a.lat).sin() + radians(b.lat).sin();
                    lon.to_radians() * (2.0 + sines)
                })
                .sum();
            (twice * EARTH_M * EARTH_M / 2.0).abs()
        };
        let polygon = |rings: &Vec<Ring>| {
            let mut areas = rings.iter().map(ring_area);
            areas.next().unwrap_or(0.0) - areas.sum::<f64>()
        };
        crate::point::round(self.polygons.iter().map(polygon).sum())
    }

    /// Metres from `point` to the nearest border, on a plane touching the sphere there.
    pub(crate) fn border_distance_m(&self, point: Vertex) -> f64 {
        let scale = radians(point.lat).cos();
        let unit_m = EARTH_M * (1.0 / E7).to_radians();
        let plane = |v: Vertex| {
            [
                (f64::from(v.lon) - f64::from(point.lon)) * scale * unit_m,
                (f64::from(v.lat) - f64::from(point.lat)) * unit_m,
            ]
        };
        self.edges()
            .map(|(a, b)| origin_to_segment(plane(a), plane(b)))
            .fold(f64::INFINITY, f64::min)
    }

    /// A point inside, far from the borders: where a label goes.
    pub fn label_point(&self) -> Option<Vertex> {
        const LINES: i64 = 24;
        let (low, high) = self.bounds()?;
        let mut best: Option<(f64, Vertex)> = None;
        for line in 1..LINES {
            let height = i64::from(high.lat) - i64::from(low.lat);
            let lat = i32::try_from(i64::from(low.lat) + height * line / LINES).ok()?;
            let mut crossings: Vec<i64> = self
                .edges()
                .filter(|(a, b)| (a.lat > lat) != (b.lat > lat))
                .map(|(a, b)| {
                    let along = i64::from(lat) - i64::from(a.lat);
                    let run = i64::from(b.lon) - i64::from(a.lon);
                    i64::from(a.lon) + run * along / (i64::from(b.lat) - i64::from(a.lat))
                })
                .collect();
            crossings.sort_unstable();
            for pair in crossings.chunks_exact(2) {
                let [from, to] = pair else { continue };
                let vertex = Vertex { lon: i32::try_from((from + to) / 2).ok()?, lat };
                let distance = self.border_distance_m(vertex);
                if best.is_none_or(|(most, _)| distance > most) {
                    best = Some((distance, vertex));
                }
            }
        }
        best.map(|(_, vertex)| vertex)
    }

    /// As kept in the database: polygons of rings of flat `lon, lat, lon, lat …` whole numbers.
    pub fn to_json(&self) -> Value {
        let ring = |ring: &Ring| -> Value {
            ring.iter().flat_map(|v| [v.lon, v.lat]).map(Value::from).collect()
        };
        self.polygons.iter().map(|rings| rings.iter().map(ring).collect::<Value>()).collect()
    }

    /// From what [`Shape::to_json`] wrote.
    pub fn from_json(json: &Value) -> Option<Self> {
        let number = |value: &Value| value.as_i64().and_then(|number| i32::try_from(number).ok());
        let ring = |value: &Value| -> Option<Ring> {
            let numbers = value.as_array()?;
            let pair = |pair: &[Value]| match pair {
                [lon, lat] => Some(Vertex { lon: number(lon)?, lat: number(lat)? }),
                _ => None,
            };
            numbers.chunks(2).map(pair).collect()
        };
        let polygon = |value: &Value| value.as_array()?.iter().map(ring).collect();
        let polygons = json.as_array()?.iter().map(polygon).collect::<Option<_>>()?;
        Some(Self { polygons })
    }
}

/// The edges of a ring, the closing one too.
pub(crate) fn edges(ring: &[Vertex]) -> impl Iterator<Item = (Vertex, Vertex)> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

pub(crate) fn radians(e7: i32) -> f64 {
    (f64::from(e7) / E7).to_radians()
}

/// Distance from the origin to the segment `a`–`b` of a plane.
pub(crate) fn origin_to_segment(a: [f64; 2], b: [f64; 2]) -> f64 {
    let run = [b[0] - a[0], b[1] - a[1]];
    let length = run[0] * run[0] + run[1] * run[1];
    let along = if length > 0.0 {
        (-(a[0] * run[0] + a[1] * run[1]) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (a[0] + along * run[0]).hypot(a[1] + along * run[1])
}
