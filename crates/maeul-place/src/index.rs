//! The 동 of a point, in memory: most points fall in a cell of a grid that lies wholly in one 동
//! and need one look; the others are tested against the few 동 whose border crosses their cell.

use jiff::civil::Date;
use maeul_base::{DongCode, Lang};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::boundary::Boundary;
use crate::point::{E7, EARTH_M, metres};
use crate::polygon::Prepared;
use crate::shape::{Shape, Vertex, radians};
use crate::svg::SvgMap;
use crate::{Point, grid::Grid, outline::Outlines};

/// A 동 (행정동) with its border, in force from one day until another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dong {
    /// Its code.
    pub code: DongCode,
    /// Its Korean name.
    pub name_ko: String,
    /// Its English name.
    pub name_en: String,
    /// The first day of this border.
    pub valid_from: Date,
    /// The first day on which it no longer holds.
    pub valid_to: Option<Date>,
    /// Its area.
    pub shape: Shape,
}

impl Dong {
    /// From a boundary file; `otherwise` is the first day where the file states none.
    pub fn from_boundary(boundary: Boundary, otherwise: Date) -> Self {
        let Boundary { code, name_ko, name_en, valid_from, shape } = boundary;
        let valid_from = valid_from.unwrap_or(otherwise);
        Self { code, name_ko, name_en, valid_from, valid_to: None, shape }
    }

    /// The name in that language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.name_ko, &self.name_en)
    }

    /// Whether this border holds on that day.
    pub fn in_force(&self, on: Date) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|to| on < to)
    }
}

/// The 동 nearest to a point, and how far its border is.
#[derive(Clone, Copy, Debug)]
pub struct Nearest<'a> {
    /// The 동.
    pub dong: &'a Dong,
    /// Metres to its border; 0 inside it.
    pub distance_m: u32,
}

/// The 동 of one office (or of any area) on one day.
pub struct DongIndex {
    /// By code.
    dongs: Vec<Dong>,
    prepared: Vec<Option<Prepared>>,
    grid: Grid,
    /// Boxes on a plane, in metres.
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    /// What a degree of longitude shrinks by, in the middle of the area.
    squeeze: f64,
    /// The drawn borders of all, and of each by itself.
    outlines: (Outlines, Vec<Outlines>),
}

impl DongIndex {
    /// The 동 in force on a day.
    pub fn on(dongs: impl IntoIterator<Item = Dong>, on: Date) -> Self {
        Self::new(dongs.into_iter().filter(|dong| dong.in_force(on)).collect())
    }

    /// All these 동. Where two hold the same point (on a shared border, or by a fault of the
    /// survey), the one with the lower code has it, always.
    pub fn new(mut dongs: Vec<Dong>) -> Self {
        dongs.sort_by(|a, b| (&a.code, a.valid_from).cmp(&(&b.code, b.valid_from)));
        let prepared: Vec<Option<Prepared>> =
            dongs.iter().map(|dong| Prepared::new(&dong.shape)).collect();
        let bounds: Vec<(Vertex, Vertex)> =
            dongs.iter().filter_map(|dong| dong.shape.bounds()).collect();
        let south = bounds.iter().map(|(low, _)| low.lat).min().unwrap_or_default();
        let north = bounds.iter().map(|(_, high)| high.lat).max().unwrap_or_default();
        let squeeze = radians(south / 2 + north / 2).cos();
        let boxes = dongs
            .iter()
            .enumerate()
            .filter_map(|(place, dong)| {
                let (low, high) = dong.shape.bounds()?;
                let corners = (plane(low, squeeze), plane(high, squeeze));
                let rectangle = Rectangle::from_corners(corners.0, corners.1);
                Some(GeomWithData::new(rectangle, place))
            })
            .collect();
        let grid = Grid::new(&dongs, &prepared);
        let outlines = (Outlines::default(), dongs.iter().map(|_| Outlines::default()).collect());
        Self { dongs, prepared, grid, tree: RTree::bulk_load(boxes), squeeze, outlines }
    }

    /// All 동, by code.
    pub fn dongs(&self) -> &[Dong] {
        &self.dongs
    }

    /// The 동 with that code.
    pub fn get(&self, code: &DongCode) -> Option<&Dong> {
        let place = self.dongs.binary_search_by(|dong| dong.code.cmp(code)).ok()?;
        self.dongs.get(place)
    }

    /// A map of them all that is called `label` when read aloud.
    pub fn map(&self, lang: Lang, label: impl Into<String>) -> SvgMap<'_> {
        SvgMap::of_kept(&self.dongs, &self.outlines.0, lang, label)
    }

    /// A map of one of them alone.
    pub fn map_of(
        &self,
        code: &DongCode,
        lang: Lang,
        label: impl Into<String>,
    ) -> Option<SvgMap<'_>> {
        let place = self.dongs.binary_search_by(|dong| dong.code.cmp(code)).ok()?;
        let (dong, outlines) = (self.dongs.get(place)?, self.outlines.1.get(place)?);
        Some(SvgMap::of_kept(std::slice::from_ref(dong), outlines, lang, label))
    }

    /// The 동 that holds the point, its border included.
    pub fn locate(&self, point: Point) -> Option<&Dong> {
        let vertex = Vertex::of(point);
        let place = self.grid.find(vertex, |place| {
            self.prepared.get(place).and_then(Option::as_ref).is_some_and(|p| p.holds(vertex))
        })?;
        self.dongs.get(place)
    }

    /// The 동 that holds the point or, where none does (in the sea, in a gap of the survey), the
    /// one whose border is nearest.
    pub fn nearest(&self, point: Point) -> Option<Nearest<'_>> {
        if let Some(dong) = self.locate(point) {
            return Some(Nearest { dong, distance_m: 0 });
        }
        let vertex = Vertex::of(point);
        let mut best: Option<(f64, usize)> = None;
        for (leaf, squared) in
            self.tree.nearest_neighbor_iter_with_distance_2(plane(vertex, self.squeeze))
        {
            // The plane is true only in its middle; a tenth is more than Korea's height distorts.
            if best.is_some_and(|(least, _)| squared.sqrt() * 0.9 > least) {
                break;
            }
            let Some(dong) = self.dongs.get(leaf.data) else { continue };
            let found = (dong.shape.border_distance_m(vertex), leaf.data);
            if best.is_none_or(|best| found < best) {
                best = Some(found);
            }
        }
        let (distance, place) = best?;
        Some(Nearest { dong: self.dongs.get(place)?, distance_m: metres(distance) })
    }

    /// The corners of all 동 together, in metres on this index's plane, for a tree of indexes.
    pub(crate) fn bounds(&self) -> Option<(Vertex, Vertex)> {
        self.dongs.iter().filter_map(|dong| dong.shape.bounds()).reduce(|(a, b), (c, d)| {
            (
                Vertex { lon: a.lon.min(c.lon), lat: a.lat.min(c.lat) },
                Vertex { lon: b.lon.max(d.lon), lat: b.lat.max(d.lat) },
            )
        })
    }
}

/// A vertex on a plane, in metres.
fn plane(vertex: Vertex, squeeze: f64) -> [f64; 2] {
    let unit_m = EARTH_M * (1.0 / E7).to_radians();
    [f64::from(vertex.lon) * squeeze * unit_m, f64::from(vertex.lat) * unit_m]
}

/// A box of degrees for a tree over offices.
pub(crate) fn degrees_box(low: Vertex, high: Vertex) -> AABB<[f64; 2]> {
    let degrees = |v: Vertex| [f64::from(v.lon) / E7, f64::from(v.lat) / E7];
    AABB::from_corners(degrees(low), degrees(high))
}
