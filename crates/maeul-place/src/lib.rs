//! Where things are: points in Korea, the borders of 동 (행정동) as they were on a day, the 동 and
//! the office of a point, maps drawn by the server, and the people who live there.

mod boundary;
mod crossing;
mod geojson;
mod grid;
mod import;
mod index;
mod offices;
mod outline;
mod point;
mod polygon;
mod problem;
mod read;
mod shape;
mod simplify;
mod store;
mod svg;

pub use boundary::{Boundary, parse_boundaries};
pub use geojson::geojson;
pub use import::{
    ImportRefused, PopulationFile, apply_boundaries, apply_legal_dongs, apply_population,
    plan_boundaries, plan_legal_dongs, plan_population, preview_boundaries, preview_legal_dongs,
    preview_population,
};
pub use index::{Dong, DongIndex, Nearest};
pub use offices::{Located, OfficeArea, OfficeIndex};
pub use point::{BoundingBox, Point, PointRefusal};
pub use problem::{BoundaryFault, BoundaryProblem};
pub use read::{
    AgeGroup, DongName, DongPopulation, LegalDong, Sex, TOTAL_REVISION, all_dongs, dongs,
    legal_dongs, legal_names, load_dongs, load_index, population, population_by_age, population_of,
    revision,
};
pub use shape::{Ring, Shape, Vertex};
pub use simplify::simplify;
pub use svg::{Pin, SvgMap};

use maeul_db::{Migration, migration};

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[migration!("place", "0001_start")];
