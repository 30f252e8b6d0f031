//! The drawn map and the map data: small, safe, without gaps, readable.

use std::collections::HashSet;

use crate::common::{self, collection, dongs, point, shipped, square, two};
use maeul_base::Lang;
use maeul_place::{DongIndex, Pin, Shape, SvgMap, geojson, simplify};

#[test]
fn borders_that_are_kept_are_drawn_alike() {
    for (path, dongs) in shipped() {
        let index = DongIndex::new(dongs);
        let anew = SvgMap::new(index.dongs(), Lang::Ko, "지도").draw();
        for _ in 0..2 {
            assert!(index.map(Lang::Ko, "지도").draw() == anew, "{}", path.display());
        }
        let first = &index.dongs()[0];
        let alone =
            SvgMap::new(std::slice::from_ref(first), Lang::En, "map").most_bytes(6_000).draw();
        let kept = || index.map_of(&first.code, Lang::En, "map").unwrap().most_bytes(6_000).draw();
        assert!(kept() == alone && kept() == alone, "{}", path.display());
    }
}

#[test]
fn real_offices_are_drawn_within_the_limit() {
    for (path, dongs) in shipped() {
        let svg = SvgMap::new(&dongs, Lang::Ko, "동 지도")
            .link(|dong| Some(format!("/dong/{}", dong.code)))
            .note(|_| Some("12건".to_owned()))
            .shade(|_| Some(3))
            .draw();
        eprintln!("{}: {} bytes", path.display(), svg.len());
        assert!(svg.len() <= 30_000);
        assert_eq!(svg.matches("<a href=").count(), dongs.len());
        assert_eq!(svg.matches("<path").count(), dongs.len());
        assert!(svg.matches("<text").count() * 10 >= dongs.len() * 8, "most names are shown");
        assert!(svg.starts_with("<svg class=\"dong-map\" viewBox=\"0 0 1032 "));
        assert!(!svg.contains("role=\"img\"") && !svg.contains("style="));
        let last_area = svg.rfind("dong-map__area").unwrap();
        assert!(last_area < svg.find("<text").unwrap(), "no area is drawn over a name");
        let marked =
            SvgMap::new(&dongs, Lang::Ko, "동 지도").mark(|_| Some("1,234".to_owned())).draw();
        let names = |svg: &str| svg.matches("dong-map__name").count();
        assert_eq!(names(&marked), names(&svg), "no mark takes the room of a name");
        let marks = marked.matches("dong-map__mark").count();
        assert!(marks * 10 >= dongs.len() * 7, "most are marked: {marks} of {}", dongs.len());
    }
}

#[test]
fn what_is_drawn_is_escaped() {
    let mut dongs = two();
    dongs[0].name_ko = "<script>alert('x')</script>\"&".to_owned();
    let svg = SvgMap::new(&dongs, Lang::Ko, "\"><b>")
        .mark(|_| Some("<u>".to_owned()))
        .link(|_| Some("/x?a=1&b=\"2\"".to_owned()))
        .pins([
            Pin { at: point(35.155, 126.905), label: "</g><i>".to_owned() },
            Pin { at: point(37.5, 127.0), label: "far away".to_owned() },
        ])
        .draw();
    for unsafe_text in ["<script", "<b>", "<i>", "b=\"2", "far away"] {
        assert!(!svg.contains(unsafe_text), "{svg}");
    }
    assert!(svg.contains("/x?a=1&amp;b=&quot;2&quot;"));
    assert_eq!(svg.matches("dong-map__pin").count(), 1);
    assert_eq!(SvgMap::new(&[], Lang::En, "empty").draw(), "");
}

#[test]
fn a_degree_is_as_wide_as_it_is_there() {
    // 20 × 10 millidegrees at 35°N: 0.82 as wide per degree, so about 1000 × 612.
    let svg = SvgMap::new(&two(), Lang::En, "map").draw();
    assert!(svg.contains("viewBox=\"0 0 1032 644\""), "{svg}");
    assert!(svg.contains(">가동-dong</text>") && svg.contains("data-ko=\"가동\""), "{svg}");
}

#[test]
fn neighbours_keep_the_same_border() {
    for (path, dongs) in shipped() {
        let shapes: Vec<&Shape> = dongs.iter().map(|dong| &dong.shape).collect();
        let before: usize = shapes.iter().map(|shape| shape.edges().count()).sum();
        let plain = simplify(&shapes, 20.0);
        let after: usize = plain.iter().map(|shape| shape.edges().count()).sum();
        assert!(after < before, "{} {before} {after}", path.display());
        // Every edge between two 동 is still the same edge from both sides: those used once are
        // no more numerous than before.
        let single = |shapes: &[&Shape]| {
            let mut once = HashSet::new();
            for (a, b) in shapes.iter().flat_map(|shape| shape.edges()) {
                let edge = (a.min(b), a.max(b));
                if !once.insert(edge) {
                    once.remove(&edge);
                }
            }
            once.len()
        };
        let (outer, plain_outer) = (single(&shapes), single(&plain.iter().collect::<Vec<_>>()));
        assert!(plain_outer <= outer, "{}: {outer} → {plain_outer}", path.display());
        for (dong, shape) in dongs.iter().zip(&plain) {
            let (exact, rough) = (dong.shape.area_m2(), shape.area_m2());
            assert!((exact - rough).abs() * 100 <= exact * 6, "{} {exact} {rough}", dong.name_ko);
        }
    }
}

#[test]
fn labels_stand_inside() {
    for (_, dongs) in shipped() {
        let index = common::index(dongs);
        for dong in index.dongs() {
            let at = dong.shape.label_point().unwrap().point().unwrap();
            assert_eq!(index.locate(at).unwrap().code, dong.code, "{}", dong.name_ko);
        }
    }
}

#[test]
fn map_data_is_closed_geojson_to_the_metre() {
    let json =
        geojson(&dongs(&collection(&[square("2914010000", "가동", 126_900, 35_150, 10)])), 5.0);
    let ring = &json["features"][0]["geometry"]["coordinates"][0][0];
    assert_eq!(ring.as_array().unwrap().len(), 5);
    assert_eq!(ring[0], ring[4]);
    assert_eq!(json["features"][0]["properties"]["name_ko"], "가동");
    assert!(json.to_string().contains("[126.9,35.15]"));
}
