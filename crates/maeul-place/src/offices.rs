//! Which office a point belongs to, over all offices of the installation and, where their borders
//! are known, their neighbours.

use maeul_base::{Lang, OfficeId};
use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::index::degrees_box;
use crate::{Dong, DongIndex, Point};

/// An office's area.
pub struct OfficeArea {
    /// The office.
    pub office: OfficeId,
    /// Its Korean name.
    pub name_ko: String,
    /// Its English name.
    pub name_en: String,
    /// Whether this installation serves it; otherwise it is only named to whom it concerns.
    pub served: bool,
    /// Its 동.
    pub dongs: DongIndex,
}

impl OfficeArea {
    /// The name in that language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.name_ko, &self.name_en)
    }
}

/// What a point is to an office.
#[derive(Clone, Copy)]
pub enum Located<'a> {
    /// In one of its 동.
    Inside {
        /// The office.
        office: &'a OfficeArea,
        /// The 동.
        dong: &'a Dong,
        /// Metres outside the 동's border: 0, or a little for a point on a pier or in a gap.
        off_m: u32,
    },
    /// In another office's area.
    Neighbour {
        /// That office.
        office: &'a OfficeArea,
        /// Its 동 there.
        dong: &'a Dong,
    },
    /// In no area that is known.
    Unknown,
}

/// All known areas.
pub struct OfficeIndex {
    areas: Vec<OfficeArea>,
    tree: RTree<Leaf>,
}

struct Leaf {
    envelope: AABB<[f64; 2]>,
    place: usize,
}

impl RTreeObject for Leaf {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

impl PointDistance for Leaf {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        self.envelope.distance_2(point)
    }
}

impl OfficeIndex {
    /// How far outside every border a point may lie and still belong to the nearest 동: a pier,
    /// a breakwater, the width of a surveyor's line.
    pub const SLACK_M: u32 = 100;

    /// From areas; the order does not matter.
    pub fn new(mut areas: Vec<OfficeArea>) -> Self {
        areas.sort_by_key(|area| area.office);
        let leaves = areas
            .iter()
            .enumerate()
            .filter_map(|(place, area)| {
                let (low, high) = area.dongs.bounds()?;
                Some(Leaf { envelope: degrees_box(low, high), place })
            })
            .collect();
        Self { areas, tree: RTree::bulk_load(leaves) }
    }

    /// The areas, by office.
    pub fn areas(&self) -> &[OfficeArea] {
        &self.areas
    }

    /// One office's area.
    pub fn area(&self, office: OfficeId) -> Option<&OfficeArea> {
        let place = self.areas.binary_search_by_key(&office, |area| area.office).ok()?;
        self.areas.get(place)
    }

    /// What the point is to `home`: inside it, in a neighbour's area, or unknown. A point in no
    /// area at all but within [`Self::SLACK_M`] of `home` is taken as inside.
    pub fn locate_from(&self, home: OfficeId, point: Point) -> Located<'_> {
        let home = self.area(home);
        if let Some(area) = home
            && let Some(dong) = area.dongs.locate(point)
        {
            return Located::Inside { office: area, dong, off_m: 0 };
        }
        if let Some((office, dong)) = self.find(point) {
            return Located::Neighbour { office, dong };
        }
        match home.and_then(|area| Some((area, area.dongs.nearest(point)?))) {
            Some((office, nearest)) if nearest.distance_m <= Self::SLACK_M => {
                Located::Inside { office, dong: nearest.dong, off_m: nearest.distance_m }
            }
            _ => Located::Unknown,
        }
    }

    /// The office of a point, whichever it is: inside one that is served, in the area of one that
    /// is not, or unknown.
    pub fn locate_office(&self, point: Point) -> Located<'_> {
        match self.find(point) {
            Some((office, dong)) if office.served => Located::Inside { office, dong, off_m: 0 },
            Some((office, dong)) => Located::Neighbour { office, dong },
            None => {
                let at = [point.lon(), point.lat()];
                // The nearest boxes; four are more than ever meet at one place.
                self.tree
                    .nearest_neighbor_iter(at)
                    .take(4)
                    .filter_map(|leaf| self.areas.get(leaf.place))
                    .filter(|office| office.served)
                    .filter_map(|office| Some((office, office.dongs.nearest(point)?)))
                    .filter(|(_, nearest)| nearest.distance_m <= Self::SLACK_M)
                    .min_by_key(|(office, nearest)| (nearest.distance_m, office.office))
                    .map_or(Located::Unknown, |(office, nearest)| Located::Inside {
                        office,
                        dong: nearest.dong,
                        off_m: nearest.distance_m,
                    })
            }
        }
    }

    /// The area that holds the point; served ones first, then by office.
    fn find(&self, point: Point) -> Option<(&OfficeArea, &Dong)> {
        let at = AABB::from_point([point.lon(), point.lat()]);
        self.tree
            .locate_in_envelope_intersecting(at)
            .filter_map(|leaf| self.areas.get(leaf.place))
            .filter_map(|area| Some((area, area.dongs.locate(point)?)))
            .min_by_key(|(area, _)| (!area.served, area.office))
    }
}
