//! A polygon prepared for the question "inside?": its edges sorted into bands of latitude.

use crate::shape::{Shape, Vertex, turn};

/// The edges of a shape by bands of latitude, so that only those near a point are looked at.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    low: Vertex,
    high: Vertex,
    /// Height of a band, degrees × 10^7, at least 1.
    band: i64,
    /// Where each band's edges begin; one more than there are bands.
    starts: Vec<usize>,
    edges: Vec<(Vertex, Vertex)>,
}

impl Prepared {
    pub(crate) fn new(shape: &Shape) -> Option<Self> {
        let (low, high) = shape.bounds()?;
        let count = shape.edges().count();
        let bands = i64::try_from(count / 4).unwrap_or(1).clamp(1, 256);
        let height = i64::from(high.lat) - i64::from(low.lat);
        let band = (height / bands + 1).max(1);
        let mut sorted: Vec<Vec<(Vertex, Vertex)>> = Vec::new();
        sorted.resize(usize::try_from(height / band + 1).unwrap_or(1), Vec::new());
        for (a, b) in shape.edges() {
            let place = |lat: i32| (i64::from(lat) - i64::from(low.lat)) / band;
            for at in place(a.lat.min(b.lat))..=place(a.lat.max(b.lat)) {
                if let Some(edges) = usize::try_from(at).ok().and_then(|at| sorted.get_mut(at)) {
                    edges.push((a, b));
                }
            }
        }
        let mut starts = vec![0];
        let mut edges = Vec::new();
        for band in sorted {
            edges.extend(band);
            starts.push(edges.len());
        }
        Some(Self { low, high, band, starts, edges })
    }

    /// Whether the point lies inside or on the border; exact.
    pub(crate) fn holds(&self, point: Vertex) -> bool {
        let Vertex { lon, lat } = point;
        let boxed = (self.low.lat..=self.high.lat).contains(&lat)
            && (self.low.lon..=self.high.lon).contains(&lon);
        if !boxed {
            return false;
        }
        let place = (i64::from(lat) - i64::from(self.low.lat)) / self.band;
        let Ok(place) = usize::try_from(place) else { return false };
        let (Some(from), Some(to)) = (self.starts.get(place), self.starts.get(place + 1)) else {
            return false;
        };
        let mut inside = false;
        for (a, b) in self.edges.get(*from..*to).unwrap_or_default() {
            if a.lon.max(b.lon) < lon || a.lat.max(b.lat) < lat || a.lat.min(b.lat) > lat {
                continue;
            }
            let side = turn(*a, *b, point);
            if side == 0 && a.lon.min(b.lon) <= lon {
                return true;
            }
            // An edge that the ray to the east meets; its upper end is not part of it, so that a
            // ray through a vertex counts it once.
            if (a.lat > lat) != (b.lat > lat) && (side > 0) == (b.lat > a.lat) {
                inside = !inside;
            }
        }
        inside
    }
}
