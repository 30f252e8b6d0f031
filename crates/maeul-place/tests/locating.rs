//! The 동 and the office of a point.

use std::collections::BTreeMap;

use crate::common::{DAY, beside, collection, dongs, index, point, shipped, square, two};
use jiff::civil::date;
use maeul_base::{Lang, OfficeId, Refusal};
use maeul_place::{
    Dong, DongIndex, Located, OfficeArea, OfficeIndex, Point, PointRefusal, Vertex,
    parse_boundaries,
};
use proptest::prelude::*;

#[test]
fn a_point_is_in_korea_or_refused() {
    assert_eq!(point(35.1566465, 126.9001107).to_string(), "35.1566465, 126.9001107");
    for (lat, lon, why) in [
        ("126.9", "35.1", PointRefusal::Swapped),
        ("35.68", "139.76", PointRefusal::OutsideKorea),
        ("39.03", "125.75", PointRefusal::OutsideKorea),
        ("0", "0", PointRefusal::OutsideKorea),
        ("NaN", "126.9", PointRefusal::NotNumbers),
        ("inf", "126.9", PointRefusal::NotNumbers),
        ("", "126.9", PointRefusal::NotNumbers),
        ("35,1", "126.9", PointRefusal::NotNumbers),
        ("1e300", "126.9", PointRefusal::OutsideKorea),
    ] {
        assert_eq!(Point::parse(lat, lon).unwrap_err(), why, "{lat} {lon}");
        assert!(Lang::ALL.into_iter().all(|lang| !why.say(lang).is_empty()));
    }
    let json = serde_json::to_string(&point(35.1, 126.9)).unwrap();
    assert_eq!(json, r#"{"lat_e7":351000000,"lon_e7":1269000000}"#);
    assert!(serde_json::from_str::<Point>(r#"{"lat_e7":0,"lon_e7":0}"#).is_err());
}

#[test]
fn distances_are_whole_metres() {
    let seoul = point(37.5663, 126.9779);
    let gwangju = point(35.1600, 126.8514);
    assert_eq!(seoul.distance_m(seoul), 0);
    assert_eq!(seoul.distance_m(gwangju), gwangju.distance_m(seoul));
    assert!((267_000..269_000).contains(&seoul.distance_m(gwangju)));
    let near = Point::new(gwangju.lat_e7() + 2_250, gwangju.lon_e7()).unwrap();
    assert_eq!(gwangju.distance_m(near), 25);
    let around = gwangju.around(25);
    assert!((around.south_e7..=around.north_e7).contains(&near.lat_e7()));
}

#[test]
fn a_shared_border_belongs_to_the_lower_code() {
    for turned in [false, true] {
        let mut dongs = two();
        if turned {
            dongs.reverse();
        }
        let index = index(dongs);
        let name = |lat, lon| index.locate(point(lat, lon)).map(|dong| dong.name_ko.as_str());
        assert_eq!(name(35.155, 126.905), Some("가동"));
        assert_eq!(name(35.155, 126.915), Some("나동"));
        assert_eq!(name(35.155, 126.91), Some("가동"), "on the shared border");
        assert_eq!(name(35.155, 126.920), Some("나동"), "on the outer border");
        assert_eq!(name(35.16, 126.92), Some("나동"), "on a corner");
        assert_eq!(name(35.155, 126.9200001), None);
        assert_eq!(name(35.155, 126.89), None);
    }
}

#[test]
fn a_hole_is_outside_and_its_rim_inside() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"dong_code":"2914010000","name_ko":"가동"},
      "geometry":{"type":"MultiPolygon","coordinates":[[
        [[126.9,35.1],[127.0,35.1],[127.0,35.2],[126.9,35.2],[126.9,35.1]],
        [[126.94,35.14],[126.96,35.14],[126.96,35.16],[126.94,35.16],[126.94,35.14]]],
        [[[127.1,35.1],[127.2,35.1],[127.2,35.2],[127.1,35.1]]]]}}]}"#;
    let index = index(dongs(text));
    assert!(index.locate(point(35.11, 126.91)).is_some());
    assert!(index.locate(point(35.15, 126.95)).is_none());
    assert!(index.locate(point(35.14, 126.95)).is_some());
    assert!(index.locate(point(35.11, 127.15)).is_some());
    assert!(index.locate(point(35.15, 127.05)).is_none());
}

#[test]
fn the_nearest_border_is_found_with_its_distance() {
    let index = index(two());
    let nearest = |lat, lon| {
        let nearest = index.nearest(point(lat, lon)).unwrap();
        (nearest.dong.name_ko.as_str(), nearest.distance_m)
    };
    assert_eq!(nearest(35.155, 126.905), ("가동", 0));
    assert_eq!(nearest(35.155, 126.9201), ("나동", 9));
    assert_eq!(nearest(35.155, 126.89), ("가동", 909));
    assert!(DongIndex::new(Vec::new()).nearest(point(35.1, 126.9)).is_none());
}

#[test]
fn borders_are_those_of_the_day() {
    let mut old = two();
    let mut new = dongs(&collection(&[square("2914010000", "가동", 126_900, 35_150, 20)]));
    for dong in &mut old {
        dong.valid_to = Some(date(2026, 7, 1));
    }
    new[0].valid_from = date(2026, 7, 1);
    let all: Vec<Dong> = old.into_iter().chain(new).collect();
    let name = |on| {
        let index = DongIndex::on(all.clone(), on);
        index.locate(point(35.155, 126.915)).map(|dong| dong.code.to_string())
    };
    assert_eq!(name(date(2026, 6, 30)).as_deref(), Some("2914020000"));
    assert_eq!(name(date(2026, 7, 1)).as_deref(), Some("2914010000"));
    assert_eq!(name(date(2021, 3, 31)), None);
}

fn area(office: i32, name: &str, served: bool, dongs: DongIndex) -> OfficeArea {
    let (name_ko, name_en) = (name.to_owned(), name.to_owned());
    OfficeArea { office: OfficeId(office), name_ko, name_en, served, dongs }
}

#[test]
fn an_office_knows_its_neighbours() {
    let dong =
        |code: &str, lon| index(dongs(&collection(&[square(code, "가동", lon, 35_150, 10)])));
    let offices = OfficeIndex::new(vec![
        area(29140, "서구", true, dong("2914010000", 126_900)),
        area(29155, "남구", false, dong("2915510000", 126_910)),
        area(29170, "북구", true, dong("2917010000", 126_920)),
    ]);
    let home = OfficeId(29140);
    let seen = |lon: f64| match offices.locate_from(home, point(35.155, lon)) {
        Located::Inside { office, off_m, .. } => format!("in {} {off_m}", office.office),
        Located::Neighbour { office, .. } => format!("next {}", office.office),
        Located::Unknown => "unknown".to_owned(),
    };
    assert_eq!(seen(126.905), "in 29140 0");
    assert_eq!(seen(126.91), "in 29140 0", "the shared border is home's");
    assert_eq!(seen(126.915), "next 29155");
    assert_eq!(seen(126.925), "next 29170");
    assert_eq!(seen(126.8995), "in 29140 45", "a pier");
    assert_eq!(seen(126.89), "unknown");
    let any = |lon: f64| match offices.locate_office(point(35.155, lon)) {
        Located::Inside { office, .. } => office.name(Lang::Ko).to_owned(),
        Located::Neighbour { office, .. } => format!("({})", office.name(Lang::En)),
        Located::Unknown => "?".to_owned(),
    };
    assert_eq!(
        [any(126.905), any(126.915), any(126.925), any(126.9305), any(127.5)],
        ["서구", "(남구)", "북구", "북구", "?"]
    );
}

/// Odd–even over all edges, written plainly: what the grid must agree with.
fn plainly(dong: &Dong, at: Vertex) -> bool {
    let mut inside = false;
    for (a, b) in dong.shape.edges() {
        let (ax, ay) = (i128::from(a.lon), i128::from(a.lat));
        let (bx, by) = (i128::from(b.lon), i128::from(b.lat));
        let (x, y) = (i128::from(at.lon), i128::from(at.lat));
        let side = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        if side == 0
            && (ax.min(bx)..=ax.max(bx)).contains(&x)
            && (ay.min(by)..=ay.max(by)).contains(&y)
        {
            return true;
        }
        if (ay > y) != (by > y) && (side > 0) == (by > ay) {
            inside = !inside;
        }
    }
    inside
}

#[test]
fn the_grid_agrees_with_the_plain_test() {
    for (_, dongs) in shipped() {
        let index = index(dongs);
        let all: Vec<_> = index.dongs().iter().filter_map(|dong| dong.shape.bounds()).collect();
        let low = (
            all.iter().map(|b| b.0.lon).min().unwrap(),
            all.iter().map(|b| b.0.lat).min().unwrap(),
        );
        let high = (
            all.iter().map(|b| b.1.lon).max().unwrap(),
            all.iter().map(|b| b.1.lat).max().unwrap(),
        );
        let mut seed = 42_u64;
        let mut next = |from: i32, to: i32| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            from + i32::try_from((seed >> 33) % u64::try_from(to - from + 1).unwrap()).unwrap()
        };
        let mut points: Vec<Vertex> = (0..3000)
            .map(|_| Vertex { lon: next(low.0, high.0), lat: next(low.1, high.1) })
            .collect();
        // Corners and the middles of edges are where mistakes live.
        for dong in index.dongs() {
            for (a, b) in dong.shape.edges().step_by(7) {
                points.push(a);
                points.push(Vertex { lon: a.lon / 2 + b.lon / 2, lat: a.lat / 2 + b.lat / 2 });
                points.push(Vertex { lon: a.lon + 1, lat: a.lat });
            }
        }
        for at in points {
            let plain = index.dongs().iter().find(|dong| plainly(dong, at)).map(|dong| &dong.code);
            assert_eq!(index.locate(at.point().unwrap()).map(|dong| &dong.code), plain, "{at:?}");
        }
    }
}

/// Pharmacies and schools of the whole country with the 동 their own registers give.
#[test]
fn facilities_find_their_dong() {
    let Some(borders) = beside("boundaries/hjd_2024-06_nationwide_simplified.geojson.gz") else {
        return;
    };
    let mut json: serde_json::Value = serde_json::from_slice(&borders).unwrap();
    let mut offices: BTreeMap<i32, Vec<Dong>> = BTreeMap::new();
    for feature in json["features"].as_array_mut().unwrap() {
        let one = serde_json::json!({"type": "FeatureCollection", "features": [feature.take()]});
        // The one invalid ring of the file is left out.
        let Ok(read) = parse_boundaries(&one.to_string()) else { continue };
        for boundary in read {
            let office = boundary.code.as_str().get(..5).unwrap().parse().unwrap();
            offices
                .entry(office)
                .or_default()
                .push(Dong::from_boundary(boundary, date(2024, 6, 1)));
        }
    }
    let offices = OfficeIndex::new(
        offices
            .into_iter()
            .map(|(code, dongs)| area(code, "", true, DongIndex::on(dongs, DAY)))
            .collect(),
    );
    for file in ["pharmacies_2024-06_nationwide.csv.gz", "schools_nationwide.csv.gz"] {
        let Some(bytes) = beside(&format!("facilities/{file}")) else { return };
        let (mut agree, mut near, mut all) = (0, 0, 0);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|title| title == name).unwrap();
        let (lat, lon, code) = (column("lat"), column("lon"), column("admi_cd"));
        for row in reader.records() {
            let row = row.unwrap();
            let Ok(at) = Point::parse(&row[lat], &row[lon]) else { continue };
            all += 1;
            if let Located::Inside { dong, off_m, .. } = offices.locate_office(at) {
                agree += u32::from(dong.code.as_str() == &row[code]);
                near += u32::from(off_m > 0);
            }
        }
        let per_mille = agree * 1000 / all;
        eprintln!("{file}: {agree} of {all} agree ({per_mille}‰), {near} by the nearest border");
        assert!(per_mille >= 970, "{file}");
    }
}

proptest! {
    #[test]
    fn any_two_numbers_are_a_point_or_refused(lat: f64, lon: f64, a: i64, b: i64) {
        let _ = Point::from_degrees(lat, lon);
        if let Ok(point) = Point::new(a, b) {
            prop_assert_eq!((point.lat_e7(), point.lon_e7()), (a, b));
        }
    }

    #[test]
    fn the_box_around_holds_what_is_near(
        lat in 331_000_000_i64..386_000_000, lon in 1_246_000_000_i64..1_319_000_000,
        north in -40_000_i64..40_000, east in -40_000_i64..40_000,
    ) {
        let (a, b) = (Point::new(lat, lon).unwrap(), Point::new(lat + north, lon + east).unwrap());
        let around = a.around(a.distance_m(b));
        prop_assert!((around.south_e7 - 60..=around.north_e7 + 60).contains(&b.lat_e7()));
        prop_assert!((around.west_e7 - 60..=around.east_e7 + 60).contains(&b.lon_e7()));
    }
}
