//! Measures finding the 동 of a point within one office, in nanoseconds a look-up.
//!
//! `cargo run --release -p maeul-place --example bench_locate -- data/offices/*/boundaries.geojson`

use std::hint::black_box;
use std::time::Instant;

use jiff::civil::date;
use maeul_place::{Dong, DongIndex, Point, Vertex, parse_boundaries};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "| file | dongs | vertices | build ms | inside ns | uniform ns | at borders ns | nearest outside µs |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        let boundaries = parse_boundaries(&text).map_err(|problems| format!("{problems:?}"))?;
        let day = date(2021, 4, 1);
        let dongs: Vec<Dong> =
            boundaries.into_iter().map(|boundary| Dong::from_boundary(boundary, day)).collect();
        let start = Instant::now();
        let index = DongIndex::on(dongs, day);
        let build = start.elapsed();
        let corners: Vec<Vertex> =
            index.dongs().iter().flat_map(|dong| dong.shape.edges()).map(|(a, _)| a).collect();
        let (lon, lat): (Vec<i32>, Vec<i32>) = corners.iter().map(|v| (v.lon, v.lat)).unzip();
        let (Some(west), Some(east), Some(south), Some(north)) =
            (lon.iter().min(), lon.iter().max(), lat.iter().min(), lat.iter().max())
        else {
            continue;
        };
        let mut seed = 7_u64;
        let mut between = |from: i32, to: i32| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            i64::from(from)
                + i64::try_from((seed >> 33) % u64::from(from.abs_diff(to) + 1)).unwrap_or(0)
        };
        let uniform: Vec<Point> = (0..100_000)
            .filter_map(|_| Point::new(between(*south, *north), between(*west, *east)).ok())
            .collect();
        let inside: Vec<Point> =
            uniform.iter().copied().filter(|point| index.locate(*point).is_some()).collect();
        let outside: Vec<Point> = uniform
            .iter()
            .copied()
            .filter(|point| index.locate(*point).is_none())
            .take(2000)
            .collect();
        let borders: Vec<Point> = corners
            .iter()
            .cycle()
            .take(100_000)
            .filter_map(|v| {
                Point::new(
                    i64::from(v.lat) + between(-300, 300),
                    i64::from(v.lon) + between(-300, 300),
                )
                .ok()
            })
            .collect();
        let locate = |points: &[Point]| {
            nanoseconds(points, |point| {
                black_box(index.locate(point));
            })
        };
        let nearest = nanoseconds(&outside, |point| {
            black_box(index.nearest(point));
        });
        println!(
            "| {} | {} | {} | {:.1} | {:.0} | {:.0} | {:.0} | {:.1} |",
            path,
            index.dongs().len(),
            corners.len(),
            build.as_secs_f64() * 1e3,
            locate(&inside),
            locate(&uniform),
            locate(&borders),
            nearest / 1e3,
        );
    }
    Ok(())
}

/// The best of seven rounds.
fn nanoseconds(points: &[Point], mut look: impl FnMut(Point)) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..7 {
        let start = Instant::now();
        for point in points {
            look(*point);
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    best * 1e9 / f64::from(u32::try_from(points.len()).unwrap_or(u32::MAX).max(1))
}
