//! Boundary files: GeoJSON with one feature per 동, read whole, every fault reported at once.

use std::collections::HashMap;

use jiff::civil::Date;
use maeul_base::{DongCode, Lang};
use serde_json::Value;

use crate::crossing::crossing;
use crate::point::{E7, LATITUDES, LONGITUDES, round};
use crate::problem::{BoundaryFault, BoundaryProblem};
use crate::shape::{Ring, Shape, Vertex};

/// One 동 of a boundary file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// Its code.
    pub code: DongCode,
    /// Its Korean name.
    pub name_ko: String,
    /// Its English name; the Korean one where the file has none.
    pub name_en: String,
    /// The day this border came into force, where the file says so.
    pub valid_from: Option<Date>,
    /// Its area.
    pub shape: Shape,
}

impl Boundary {
    /// The name in that language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.name_ko, &self.name_en)
    }
}

/// Reads a boundary file.
///
/// A feature's properties are `dong_code`, `name_ko`, `name_en` and perhaps `valid_from`; those of
/// the public admdongkor files (`adm_cd2`, `emd_nm` or `adm_nm`) and of the statistics office
/// (`admi_cd`, `admi_nm`) are understood too. A `valid_from` of the whole collection holds for
/// every feature without its own. Coordinates are WGS 84 degrees, longitude first.
pub fn parse_boundaries(text: &str) -> Result<Vec<Boundary>, Vec<BoundaryProblem>> {
    let whole = |line, what| vec![BoundaryProblem { line, feature: None, code: None, what }];
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let json: Value = serde_json::from_str(text)
        .map_err(|error| whole(error.line(), BoundaryFault::Syntax(error.to_string())))?;
    let features = json
        .get("features")
        .and_then(Value::as_array)
        .filter(|features| {
            !features.is_empty()
                && json.get("type").and_then(Value::as_str) == Some("FeatureCollection")
        })
        .ok_or_else(|| whole(1, BoundaryFault::NoFeatures))?;
    let mut reader = Reader { problems: Vec::new(), line: 1, feature: None, code: None };
    let common = reader.date(&json);
    let lines = feature_lines(text);
    let mut boundaries = Vec::with_capacity(features.len());
    let mut seen: HashMap<(String, Option<Date>), usize> = HashMap::new();
    for (place, feature) in features.iter().enumerate() {
        reader.line = lines.get(place).copied().unwrap_or(1);
        reader.feature = Some(place + 1);
        reader.code = None;
        if let Some(mut boundary) = reader.feature(feature) {
            boundary.valid_from = boundary.valid_from.or(common);
            let key = (boundary.code.as_str().to_owned(), boundary.valid_from);
            match seen.get(&key) {
                Some(first) => reader.report(BoundaryFault::Duplicate(*first)),
                None => {
                    seen.insert(key, place + 1);
                    boundaries.push(boundary);
                }
            }
        }
    }
    if reader.problems.is_empty() { Ok(boundaries) } else { Err(reader.problems) }
}

struct Reader {
    problems: Vec<BoundaryProblem>,
    line: usize,
    feature: Option<usize>,
    code: Option<String>,
}

impl Reader {
    fn report(&mut self, what: BoundaryFault) {
        let Self { line, feature, .. } = *self;
        self.problems.push(BoundaryProblem { line, feature, code: self.code.clone(), what });
    }

    /// The boundary; `None` when anything was reported.
    fn feature(&mut self, feature: &Value) -> Option<Boundary> {
        let before = self.problems.len();
        let nothing = Value::Null;
        let properties = feature.get("properties").unwrap_or(&nothing);
        let property = |keys: &[&str]| {
            keys.iter().find_map(|key| match properties.get(key)? {
                Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
        };
        self.code = property(&["dong_code", "adm_cd2", "admi_cd"]);
        let code = match self.code.clone() {
            None => {
                self.report(BoundaryFault::CodeMissing);
                None
            }
            Some(text) => {
                text.parse::<DongCode>().map_err(|_| self.report(BoundaryFault::Code(text))).ok()
            }
        };
        // adm_nm is the whole path (광주광역시 서구 양동): its last word is the 동.
        let name_ko = property(&["name_ko", "emd_nm", "admi_nm"]).or_else(|| {
            property(&["adm_nm"]).and_then(|path| path.split(' ').next_back().map(str::to_owned))
        });
        if name_ko.is_none() {
            self.report(BoundaryFault::NameMissing);
        }
        let valid_from = self.date(properties);
        let shape = self.shape(feature.get("geometry").unwrap_or(&nothing));
        if self.problems.len() > before {
            return None;
        }
        let name_ko = name_ko?;
        let name_en = property(&["name_en"]).unwrap_or_else(|| name_ko.clone());
        Some(Boundary { code: code?, name_ko, name_en, valid_from, shape })
    }

    fn date(&mut self, properties: &Value) -> Option<Date> {
        match properties.get("valid_from") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => text
                .parse::<Date>()
                .map_err(|_| self.report(BoundaryFault::Date(text.clone())))
                .ok(),
            Some(other) => {
                self.report(BoundaryFault::Date(other.to_string()));
                None
            }
        }
    }

    fn shape(&mut self, geometry: &Value) -> Shape {
        let nothing = Vec::new();
        let coordinates = geometry.get("coordinates").and_then(Value::as_array).unwrap_or(&nothing);
        let kind = geometry.get("type").and_then(Value::as_str).unwrap_or("null");
        let polygons: Vec<&Value> = match kind {
            "Polygon" => geometry.get("coordinates").into_iter().collect(),
            "MultiPolygon" => coordinates.iter().collect(),
            _ => {
                self.report(BoundaryFault::Geometry(kind.to_owned()));
                return Shape::default();
            }
        };
        let mut number = 0;
        let mut shape = Shape::default();
        for polygon in polygons {
            let mut rings = Vec::new();
            for ring in polygon.as_array().unwrap_or(&nothing) {
                number += 1;
                rings.extend(self.ring(ring, number));
            }
            if !rings.is_empty() {
                shape.polygons.push(rings);
            }
        }
        if number == 0 {
            self.report(BoundaryFault::Geometry(format!("{kind} []")));
        }
        shape
    }

    /// The ring, rounded to 10^-7 degrees; of many like faults in it only the first is reported.
    fn ring(&mut self, positions: &Value, ring: usize) -> Option<Ring> {
        let nothing = Vec::new();
        let positions = positions.as_array().unwrap_or(&nothing);
        let mut vertices: Ring = Vec::with_capacity(positions.len());
        for (place, position) in positions.iter().enumerate() {
            let number = |at: usize| position.get(at).and_then(Value::as_f64);
            let (Some(lon), Some(lat)) = (number(0), number(1)) else {
                self.report(BoundaryFault::Position { ring, position: place + 1 });
                return None;
            };
            let (lon, lat) = (round(lon * E7), round(lat * E7));
            if LATITUDES.contains(&lon) && LONGITUDES.contains(&lat) {
                self.report(BoundaryFault::Swapped { ring });
                return None;
            }
            let inside = LATITUDES.contains(&lat) && LONGITUDES.contains(&lon);
            let (true, Ok(lon), Ok(lat)) = (inside, i32::try_from(lon), i32::try_from(lat)) else {
                self.report(BoundaryFault::OutsideKorea { ring, position: place + 1 });
                return None;
            };
            vertices.push(Vertex { lon, lat });
        }
        if vertices.first() != vertices.last() {
            self.report(BoundaryFault::Unclosed { ring });
            return None;
        }
        vertices.pop();
        vertices.dedup();
        if vertices.len() < 3 {
            self.report(BoundaryFault::TooShort { ring });
            return None;
        }
        if let Some(at) = crossing(&vertices) {
            let near = at.point().map(|point| point.to_string()).unwrap_or_default();
            self.report(BoundaryFault::Crossing { ring, near });
            return None;
        }
        Some(vertices)
    }
}

/// The line on which each element of the top-level `features` array begins. The text is known to
/// be JSON.
fn feature_lines(text: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    let (mut line, mut depth, mut in_string, mut escaped) = (1, 0_usize, false, false);
    let (mut key, mut in_features) = (String::new(), false);
    for sign in text.chars() {
        if sign == '\n' {
            line += 1;
        }
        if in_string {
            match sign {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ if depth == 1 => key.push(sign),
                _ => {}
            }
            continue;
        }
        match sign {
            '"' => {
                in_string = true;
                if depth == 1 {
                    key.clear();
                }
            }
            '{' | '[' => {
                if depth == 1 {
                    in_features = sign == '[' && key == "features";
                }
                if depth == 2 && in_features {
                    lines.push(line);
                }
                depth += 1;
            }
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    lines
}
