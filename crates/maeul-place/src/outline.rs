//! What of a drawing is the same for everybody who looks: borders as paths and the places of names,
//! reckoned once and kept with the 동 they are of.

use std::fmt::Write as _;
use std::sync::OnceLock;

use crate::index::Dong;
use crate::point::{E7, EARTH_M, round};
use crate::shape::{Shape, Vertex, radians};
use crate::simplify::{simplify, vertices};

/// Width of the drawing in its own units, without its margin.
pub(crate) const WIDTH: f64 = 1000.0;
/// Room around it, for pins and names at the edge.
pub(crate) const MARGIN: f64 = 16.0;
/// How many grades of coarseness there are: each is twice as coarse as the one before.
pub(crate) const GRADES: usize = 10;

/// The drawn borders of some 동, grade by grade, each made when it is first wanted. Good for the 동 it
/// was first asked about, and no others.
#[derive(Debug, Default)]
pub(crate) struct Outlines {
    projection: OnceLock<Option<Projection>>,
    grades: [OnceLock<Grade>; GRADES],
    spots: OnceLock<Vec<Spot>>,
}

/// The borders, simplified alike.
#[derive(Debug, Default)]
pub(crate) struct Grade {
    /// The path of each 동.
    pub(crate) paths: Vec<String>,
    /// How many vertices they have left.
    pub(crate) vertices: usize,
}

/// Where the name of a 동 goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// Which one of the 동 drawn.
    pub(crate) dong: usize,
    /// In units of the drawing; none for a 동 without an area.
    pub(crate) at: Option<(f64, f64)>,
}

impl Outlines {
    /// From degrees to the drawing; none where there is nothing to draw.
    pub(crate) fn projection(&self, dongs: &[Dong]) -> Option<&Projection> {
        self.projection.get_or_init(|| Projection::of(dongs)).as_ref()
    }

    /// The borders in that grade: half a unit at first, which cannot be seen.
    pub(crate) fn grade(&self, dongs: &[Dong], projection: &Projection, grade: usize) -> &Grade {
        let Some(kept) = self.grades.get(grade) else { return Grade::none() };
        kept.get_or_init(|| {
            let tolerance = (0..grade).fold(projection.unit_m / 2.0, |metres, _| metres * 2.0);
            let shapes: Vec<&Shape> = dongs.iter().map(|dong| &dong.shape).collect();
            let plain = simplify(&shapes, tolerance);
            let path = |shape: &Shape| {
                let mut path = String::new();
                shape.rings().for_each(|ring| projection.draw_ring(&mut path, ring));
                path
            };
            Grade { paths: plain.iter().map(path).collect(), vertices: vertices(&plain) }
        })
    }

    /// Where the names go, the largest 동 first.
    pub(crate) fn spots(&self, dongs: &[Dong], projection: &Projection) -> &[Spot] {
        self.spots.get_or_init(|| {
            let areas: Vec<_> = dongs.iter().map(|dong| dong.shape.area_m2()).collect();
            let mut order: Vec<usize> = (0..dongs.len()).collect();
            order.sort_by_key(|at| (std::cmp::Reverse(areas.get(*at).copied()), *at));
            let spot = |dong: usize| {
                let point = dongs.get(dong).and_then(|it| it.shape.label_point());
                Spot { dong, at: point.map(|point| projection.place(point)) }
            };
            order.into_iter().map(spot).collect()
        })
    }
}

impl Grade {
    /// No borders at all.
    fn none() -> &'static Self {
        static NONE: Grade = Grade { paths: Vec::new(), vertices: 0 };
        &NONE
    }
}

/// From degrees to the drawing: an equal scale both ways in the middle of the area.
#[derive(Debug)]
pub(crate) struct Projection {
    low: Vertex,
    high: Vertex,
    squeeze: f64,
    /// Drawing units per 10^-7 degree of latitude.
    scale: f64,
    pub(crate) height: f64,
    /// Metres per drawing unit.
    unit_m: f64,
}

impl Projection {
    pub(crate) fn of(dongs: &[Dong]) -> Option<Self> {
        let (low, high) = dongs.iter().filter_map(|dong| dong.shape.bounds()).reduce(
            |(low, high), (other_low, other_high)| {
                (
                    Vertex { lon: low.lon.min(other_low.lon), lat: low.lat.min(other_low.lat) },
                    Vertex { lon: high.lon.max(other_high.lon), lat: high.lat.max(other_high.lat) },
                )
            },
        )?;
        let squeeze = radians(low.lat / 2 + high.lat / 2).cos();
        let wide = ((f64::from(high.lon) - f64::from(low.lon)) * squeeze).max(1.0);
        let tall = (f64::from(high.lat) - f64::from(low.lat)).max(1.0);
        // A tall area is drawn narrower, so that it fits a screen.
        let scale = (WIDTH / wide).min(WIDTH * 1.2 / tall);
        let unit_m = EARTH_M * (1.0 / E7).to_radians() / scale;
        Some(Self { low, high, squeeze, scale, height: tall * scale, unit_m })
    }

    pub(crate) fn place(&self, vertex: Vertex) -> (f64, f64) {
        let wide = (f64::from(self.high.lon) - f64::from(self.low.lon)) * self.squeeze * self.scale;
        let x = (f64::from(vertex.lon) - f64::from(self.low.lon)) * self.squeeze * self.scale;
        let y = (f64::from(self.high.lat) - f64::from(vertex.lat)) * self.scale;
        (MARGIN + (WIDTH - wide) / 2.0 + x, MARGIN + y)
    }

    pub(crate) fn inside(&self, vertex: Vertex) -> Option<(i64, i64)> {
        let (x, y) = self.place(vertex);
        let fits = (0.0..=WIDTH + 2.0 * MARGIN).contains(&x)
            && (0.0..=self.height + 2.0 * MARGIN).contains(&y);
        fits.then(|| (round(x), round(y)))
    }

    /// `M120 33l5-2 3 0z`: whole units, each vertex from the one before.
    fn draw_ring(&self, svg: &mut String, ring: &[Vertex]) {
        let mut last: Option<(i64, i64)> = None;
        for vertex in ring {
            let (x, y) = self.place(*vertex);
            let (x, y) = (round(x), round(y));
            let _ = match last {
                None => write!(svg, "M{x} {y}l"),
                Some((before_x, before_y)) if (before_x, before_y) == (x, y) => continue,
                Some((before_x, before_y)) => {
                    let (run, rise) = (x - before_x, y - before_y);
                    let gap = |number: i64| if number < 0 { "" } else { " " };
                    let first = if svg.ends_with('l') { "" } else { gap(run) };
                    write!(svg, "{first}{run}{}{rise}", gap(rise))
                }
            };
            last = Some((x, y));
        }
        if svg.ends_with('l') {
            svg.push_str("0 0");
        }
        svg.push('z');
    }
}
