//! Where things are: points in Korea, the borders of 동 (행정동) as they were on a day, the 동 and
//! the office of a point, maps drawn by the server, and the people who live there.

mod boundary;
mod crossing;
mod geojson;
mod grid;
mod index;
mod offices;
mod point;
mod polygon;
mod problem;
mod shape;
mod simplify;
mod svg;

pub use boundary::{Boundary, parse_boundaries};
pub use geojson::geojson;
pub use index::{Dong, DongIndex, Nearest};
pub use offices::{Located, OfficeArea, OfficeIndex};
pub use point::{BoundingBox, Point, PointRefusal};
pub use problem::{BoundaryFault, BoundaryProblem};
pub use shape::{Ring, Shape, Vertex};
pub use simplify::simplify;
pub use svg::{Pin, SvgMap};
