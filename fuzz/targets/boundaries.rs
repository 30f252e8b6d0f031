//! Boundary files: any text is borders or problems with their lines, and what was read is written and read alike.
//! The sources are the product's own, without the database they are kept in.

#![no_main]
#![allow(dead_code, reason = "only the front door of the sources is called")]

#[path = "../../crates/maeul-place/src/boundary.rs"]
mod boundary;
#[path = "../../crates/maeul-place/src/crossing.rs"]
mod crossing;
#[path = "../../crates/maeul-place/src/point.rs"]
mod point;
#[path = "../../crates/maeul-place/src/problem.rs"]
mod problem;
#[path = "../../crates/maeul-place/src/shape.rs"]
mod shape;

use libfuzzer_sys::fuzz_target;
use maeul_base::Lang;
use point::Point;
use shape::Shape;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match boundary::parse_boundaries(text) {
        Ok(read) => {
            for boundary in read {
                let _ = (boundary.name(Lang::En), boundary.shape.bounds(), boundary.shape.label_point());
                assert!(boundary.shape.area_m2() >= 0);
                let again = Shape::from_json(&boundary.shape.to_json());
                assert_eq!(again.as_ref(), Some(&boundary.shape));
            }
        }
        Err(problems) => assert!(!problems.is_empty() && problems.iter().all(|it| it.line > 0)),
    }
});
