//! Fewer vertices for drawing, the same ones on both sides of a shared border: no gaps appear
//! between neighbours.

use std::collections::{HashMap, HashSet};

use crate::point::{E7, EARTH_M};
use crate::shape::{Ring, Shape, Vertex, edges, origin_to_segment, radians};

/// The shapes with every border simplified to within `tolerance_m` metres (Douglas–Peucker between
/// the places where three borders meet). A part that would vanish is left out unless it is the
/// largest of its shape.
pub fn simplify(shapes: &[&Shape], tolerance_m: f64) -> Vec<Shape> {
    let mut meeting: HashMap<Vertex, HashSet<Vertex>> = HashMap::new();
    for (a, b) in shapes.iter().flat_map(|shape| shape.edges()) {
        meeting.entry(a).or_default().insert(b);
        meeting.entry(b).or_default().insert(a);
    }
    // Two different lines leave an ordinary vertex, whichever shapes they belong to.
    let is_junction = |vertex: &Vertex| meeting.get(vertex).is_none_or(|ends| ends.len() != 2);
    shapes
        .iter()
        .map(|shape| {
            let largest = shape.rings().map(Vec::len).max().unwrap_or_default();
            let polygons = shape.polygons.iter().filter_map(|rings| {
                let kept: Vec<Ring> = rings
                    .iter()
                    .filter_map(|ring| {
                        let plain = simplify_ring(ring, &is_junction, tolerance_m);
                        match plain.len() {
                            3.. => Some(plain),
                            _ if ring.len() == largest => Some(ring.clone()),
                            _ => None,
                        }
                    })
                    .collect();
                (!kept.is_empty()).then_some(kept)
            });
            Shape { polygons: polygons.collect() }
        })
        .collect()
}

fn simplify_ring(ring: &Ring, is_junction: &impl Fn(&Vertex) -> bool, tolerance_m: f64) -> Ring {
    // A ring that meets nobody is cut at its lowest vertex, the same from both sides.
    let first = ring
        .iter()
        .position(is_junction)
        .or_else(|| ring.iter().enumerate().min_by_key(|(_, vertex)| **vertex).map(|(at, _)| at))
        .unwrap_or_default();
    let mut turned: Vec<Vertex> =
        ring.iter().cycle().skip(first).take(ring.len()).copied().collect();
    turned.extend(turned.first().copied());
    let mut plain: Ring = Vec::new();
    let mut arc: Vec<Vertex> = Vec::new();
    let last = turned.len().saturating_sub(1);
    for (place, vertex) in turned.into_iter().enumerate() {
        arc.push(vertex);
        if place > 0 && (place == last || is_junction(&vertex)) {
            plain.extend(simplify_arc(&arc, tolerance_m));
            arc = vec![vertex];
        }
    }
    plain
}

/// The vertices of an arc that are kept, without the last (the next arc begins with it).
fn simplify_arc(arc: &[Vertex], tolerance_m: f64) -> Vec<Vertex> {
    // Always in the same direction, so that both neighbours keep the same vertices.
    let flipped = arc.last() < arc.first()
        || (arc.last() == arc.first() && arc.iter().nth_back(1) < arc.get(1));
    let mut line: Vec<Vertex> = arc.to_vec();
    if flipped {
        line.reverse();
    }
    let mut keep = vec![false; line.len()];
    let mut open = vec![(0, line.len().saturating_sub(1))];
    while let Some((from, to)) = open.pop() {
        for end in [from, to] {
            if let Some(keep) = keep.get_mut(end) {
                *keep = true;
            }
        }
        let (Some(a), Some(b)) = (line.get(from), line.get(to)) else { continue };
        let between = line.iter().enumerate().take(to).skip(from + 1);
        let farthest = between
            .map(|(place, vertex)| (distance_m(*vertex, *a, *b), place))
            .max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1)));
        if let Some((distance, place)) = farthest
            && distance > tolerance_m
        {
            open.extend([(from, place), (place, to)]);
        }
    }
    let mut kept: Vec<Vertex> =
        line.into_iter().zip(keep).filter_map(|(vertex, keep)| keep.then_some(vertex)).collect();
    if flipped {
        kept.reverse();
    }
    kept.pop();
    kept
}

fn distance_m(vertex: Vertex, a: Vertex, b: Vertex) -> f64 {
    let squeeze = radians(vertex.lat).cos();
    let unit_m = EARTH_M * (1.0 / E7).to_radians();
    let plane = |v: Vertex| {
        [
            (f64::from(v.lon) - f64::from(vertex.lon)) * squeeze * unit_m,
            (f64::from(v.lat) - f64::from(vertex.lat)) * unit_m,
        ]
    };
    origin_to_segment(plane(a), plane(b))
}

/// How many vertices the shapes have.
pub(crate) fn vertices(shapes: &[Shape]) -> usize {
    shapes.iter().flat_map(Shape::rings).map(|ring| edges(ring).count()).sum()
}
