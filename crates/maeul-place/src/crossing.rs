//! Whether a ring crosses itself: such a ring has no inside one can rely on.

use crate::shape::{Vertex, edges, turn};

/// Where two edges of the ring cross, if any do. Touching at a vertex is let pass: surveyed
/// borders do, and an odd count of rings is still well defined there.
pub(crate) fn crossing(ring: &[Vertex]) -> Option<Vertex> {
    let mut lines: Vec<(Vertex, Vertex)> = edges(ring).collect();
    // In the order of their southern ends, each is compared only with those it overlaps in
    // latitude.
    lines.sort_unstable_by_key(|(a, b)| (a.lat.min(b.lat), a.lon.min(b.lon)));
    for (place, (a, b)) in lines.iter().enumerate() {
        let north = a.lat.max(b.lat);
        for (c, d) in lines.iter().skip(place + 1) {
            if c.lat.min(d.lat) > north {
                break;
            }
            if a.lon.max(b.lon) < c.lon.min(d.lon) || c.lon.max(d.lon) < a.lon.min(b.lon) {
                continue;
            }
            let apart = |x: i64, y: i64| (x > 0 && y < 0) || (x < 0 && y > 0);
            if apart(turn(*a, *b, *c), turn(*a, *b, *d))
                && apart(turn(*c, *d, *a), turn(*c, *d, *b))
            {
                return Some(*a);
            }
        }
    }
    None
}
