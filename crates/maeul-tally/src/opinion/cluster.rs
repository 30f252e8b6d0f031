//! Places into groups: weighted k-means over base clusters, the number of groups by silhouette.
#![expect(clippy::indexing_slicing, reason = "kernels over arrays of one length")]
#![expect(clippy::cast_precision_loss, reason = "numbers of people are far below 2⁵²")]

use super::Options;

/// Rounds after which k-means stops in any case.
const ROUNDS: usize = 20;
/// Centres that move less than this have come to rest.
const REST: f64 = 0.01;

/// A few places that lie together, counted as one when groups are sought.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// Their middle.
    pub at: [f64; 2],
    /// How many.
    pub weight: usize,
}

/// Who belongs to which group.
#[derive(Clone, Debug)]
pub struct Clustering {
    /// The group of each place, from 0.
    pub assigned: Vec<usize>,
    /// The middle of each group.
    pub centers: Vec<[f64; 2]>,
    /// Mean silhouette by number of groups tried.
    pub silhouettes: Vec<(usize, f64)>,
}

/// Groups places. One group when no two places differ, or when no number of groups keeps each of
/// them at [`Options::smallest`] people.
pub fn group(places: &[[f64; 2]], options: &Options) -> Clustering {
    let (bases, base_of) = bases(places, options);
    let points: Vec<[f64; 2]> = bases.iter().map(|base| base.at).collect();
    let weights: Vec<f64> = bases.iter().map(|base| base.weight as f64).collect();
    let most = options.most_groups.min(2 + bases.len() / 12);
    let mut silhouettes = Vec::new();
    let mut best: Option<(f64, Vec<usize>, Vec<[f64; 2]>)> = None;
    for k in 2..=most {
        let (assigned, centers) = k_means(&points, &weights, k, options.starts);
        if centers.len() < k {
            break;
        }
        let mean = silhouette(&points, &assigned);
        silhouettes.push((k, mean));
        let mut people = vec![0; k];
        for (base, &number) in bases.iter().zip(&assigned) {
            people[number] += base.weight;
        }
        let allowed = people.iter().all(|&people| people >= options.smallest);
        if allowed && best.as_ref().is_none_or(|(known, ..)| mean > *known) {
            best = Some((mean, assigned, centers));
        }
    }
    let (assigned, centers) = match best {
        Some((_, assigned, centers)) => (assigned, centers),
        None => (vec![0; points.len()], vec![middle(&points, &weights, |_| true)]),
    };
    let assigned = base_of.iter().map(|&base| assigned[base]).collect();
    Clustering { assigned, centers, silhouettes }
}

/// Base clusters, and the base of each place.
fn bases(places: &[[f64; 2]], options: &Options) -> (Vec<Base>, Vec<usize>) {
    if places.len() <= options.base {
        let own = places.iter().map(|&at| Base { at, weight: 1 }).collect();
        return (own, (0..places.len()).collect());
    }
    let (assigned, centers) = k_means(places, &vec![1.0; places.len()], options.base, 1);
    let mut bases: Vec<Base> = centers.into_iter().map(|at| Base { at, weight: 0 }).collect();
    for &base in &assigned {
        bases[base].weight += 1;
    }
    (bases, assigned)
}

/// The best of `starts` runs: the least weighted squared distance, of equals the earlier. The first
/// run starts from the first k distinct points; the others from points far apart, beginning with
/// another one each.
fn k_means(
    points: &[[f64; 2]],
    weights: &[f64],
    k: usize,
    starts: usize,
) -> (Vec<usize>, Vec<[f64; 2]>) {
    let mut best = run(points, weights, first_distinct(points, k));
    let mut least = spread(points, weights, &best);
    for start in 1..starts.min(points.len()) {
        let found = run(points, weights, far_apart(points, k, start));
        let spread = spread(points, weights, &found);
        if spread < least && found.1.len() >= best.1.len() {
            (best, least) = (found, spread);
        }
    }
    best
}

fn spread(points: &[[f64; 2]], weights: &[f64], found: &(Vec<usize>, Vec<[f64; 2]>)) -> f64 {
    let (assigned, centers) = found;
    (0..points.len()).map(|i| weights[i] * squared(points[i], centers[assigned[i]])).sum()
}

fn first_distinct(points: &[[f64; 2]], k: usize) -> Vec<[f64; 2]> {
    let mut chosen: Vec<[f64; 2]> = Vec::with_capacity(k);
    for point in points {
        if chosen.len() == k {
            break;
        }
        if !chosen.contains(point) {
            chosen.push(*point);
        }
    }
    chosen
}

fn far_apart(points: &[[f64; 2]], k: usize, first: usize) -> Vec<[f64; 2]> {
    let mut chosen = vec![points[first]];
    let mut gap: Vec<f64> = points.iter().map(|&point| squared(point, points[first])).collect();
    while chosen.len() < k {
        let mut farthest = 0;
        for (i, &distance) in gap.iter().enumerate() {
            if distance > gap[farthest] {
                farthest = i;
            }
        }
        if gap[farthest] <= 0.0 {
            break;
        }
        let next = points[farthest];
        chosen.push(next);
        for (distance, &point) in gap.iter_mut().zip(points) {
            *distance = distance.min(squared(point, next));
        }
    }
    chosen
}

fn run(
    points: &[[f64; 2]],
    weights: &[f64],
    mut centers: Vec<[f64; 2]>,
) -> (Vec<usize>, Vec<[f64; 2]>) {
    let mut assigned = nearest(points, &centers);
    for _ in 0..ROUNDS {
        // A centre that lost all its places falls away.
        let next: Vec<[f64; 2]> = (0..centers.len())
            .filter(|number| assigned.contains(number))
            .map(|number| middle(points, weights, |i| assigned[i] == number))
            .collect();
        let rest = next.len() == centers.len()
            && next.iter().zip(&centers).all(|(&a, &b)| squared(a, b).sqrt() < REST);
        centers = next;
        assigned = nearest(points, &centers);
        if rest {
            break;
        }
    }
    // The last assignment may have emptied one: close the numbers up.
    let used: Vec<usize> = (0..centers.len()).filter(|number| assigned.contains(number)).collect();
    let assigned =
        assigned.iter().map(|&number| used.partition_point(|&known| known < number)).collect();
    (assigned, used.iter().map(|&number| centers[number]).collect())
}

fn nearest(points: &[[f64; 2]], centers: &[[f64; 2]]) -> Vec<usize> {
    let closest = |&point: &[f64; 2]| {
        let mut best = (f64::INFINITY, 0);
        for (number, &center) in centers.iter().enumerate() {
            let distance = squared(point, center);
            if distance < best.0 {
                best = (distance, number);
            }
        }
        best.1
    };
    points.iter().map(closest).collect()
}

fn middle(points: &[[f64; 2]], weights: &[f64], belongs: impl Fn(usize) -> bool) -> [f64; 2] {
    let (mut x, mut y, mut total) = (0.0, 0.0, 0.0);
    for i in (0..points.len()).filter(|&i| belongs(i)) {
        x += weights[i] * points[i][0];
        y += weights[i] * points[i][1];
        total += weights[i];
    }
    if total > 0.0 { [x / total, y / total] } else { [0.0, 0.0] }
}

fn squared(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    x * x + y * y
}

/// Mean silhouette (Rousseeuw 1987), −1 … 1; a point alone in its group counts as 0.
pub fn silhouette(points: &[[f64; 2]], assigned: &[usize]) -> f64 {
    let groups = assigned.iter().max().map_or(0, |&last| last + 1);
    if points.is_empty() || groups < 2 {
        return 0.0;
    }
    let mut total = 0.0;
    for (i, &point) in points.iter().enumerate() {
        let mut sums = vec![(0.0, 0_usize); groups];
        for (j, &other) in points.iter().enumerate() {
            if j != i {
                let sum = &mut sums[assigned[j]];
                sum.0 += squared(point, other).sqrt();
                sum.1 += 1;
            }
        }
        let mean = |&(sum, count): &(f64, usize)| sum / count as f64;
        let own = &sums[assigned[i]];
        if own.1 == 0 {
            continue;
        }
        let inside = mean(own);
        let others = sums.iter().enumerate().filter(|&(g, sum)| g != assigned[i] && sum.1 > 0);
        let outside = others.map(|(_, sum)| mean(sum)).fold(f64::INFINITY, f64::min);
        let scale = inside.max(outside);
        if outside.is_finite() && scale > 0.0 {
            total += (outside - inside) / scale;
        }
    }
    total / points.len() as f64
}
