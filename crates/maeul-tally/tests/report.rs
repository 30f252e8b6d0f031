//! The HTML page: what it says, that it needs nothing else, that nothing in a file becomes markup.

use std::io::Read as _;
use std::path::Path;

use maeul_tally::compare::{compare, usual};
use maeul_tally::scheme::{self, Scheme};
use maeul_tally::{Limits, TieChain, pb, report, tally};

/// Five projects of a made-up 동, one of them named to do harm.
const SMALL: &str = "META\nkey;value\ndescription;made up\ncountry;Korea\nunit;느티구\ninstance;2026\nnum_projects;5\nnum_votes;8\nbudget;100000000\nvote_type;approval\nrule;greedy\ndate_begin;2026\ndate_end;2026\nPROJECTS\nproject_id;cost;name;category\n1;40000000;통학로 조명 개선;일반\n2;30000000;\"<script>alert(1)</script> & \"\"마을\"\" 부엌\";청년\n3;60000000;어린이 놀이터 고치기;일반\n4;25000000;골목 화단;청소년\n5;5000000;빈집 지도;일반\nVOTES\nvoter_id;voting_method;vote\n1;internet;1,2\n2;internet;1,3\n3;internet;1,2,4\n4;paper;3,4\n5;paper;2\n6;internet;1,4\n7;paper;3\n8;internet;1,2\n";

fn page(text: &str, title: &str, rule: &str) -> String {
    let election = pb::read(text).unwrap().election().unwrap();
    let (ties, limits) = (TieChain::default(), Limits::default());
    let outcome = tally(&election, &rule.parse().unwrap(), &ties, &limits, &mut |_| {}).unwrap();
    let compared = compare(&election, &usual(&election), &ties, &limits, &mut |_| {}).unwrap();
    report::html(title, &election, &outcome, Some(&compared))
}

fn scheme_page() -> String {
    let file = pb::read(SMALL).unwrap();
    let election = file.election().unwrap();
    let scheme = Scheme::read(scheme::shipped("eunpyeong-2025-gu").unwrap()).unwrap();
    let count = scheme.count(&file, &election).unwrap();
    report::scheme_html("느티구 2026 주민총회", &election, &scheme, &count)
}

/// Without the style sheet, a line for each element that stands on its own.
fn body(page: &str) -> String {
    let (_, after) = page.split_once("</style>").unwrap();
    after
        .replace("</div><div>", "</div>\n<div>")
        .replace("</td><td", "</td>\n<td")
        .replace("<rect", "\n<rect")
        .replace("<text", "\n<text")
}

#[test]
fn the_page_of_an_outcome() {
    insta::assert_snapshot!(
        "outcome",
        body(&page(SMALL, "느티1동 2026 주민총회", "mes-cost+greedy"))
    );
}

#[test]
fn the_page_of_a_scheme() {
    insta::assert_snapshot!("scheme", body(&scheme_page()));
}

#[test]
fn pages_need_nothing_else_and_run_nothing() {
    for page in [page(SMALL, "<b>\"제목\"</b>", "greedy-votes"), scheme_page()] {
        assert!(!page.contains("<script"), "no script, not even from a name in the file");
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;마을&quot;"));
        for outside in ["http:", "https:", "url(", "@import", "<link", "<img", " on"] {
            let found = page.split_once("</style>").unwrap().1.contains(&format!("{outside}click"));
            assert!(!found && (outside == " on" || !page.contains(outside)), "{outside}");
        }
        assert!(page.starts_with("<!doctype html>\n<html lang=\"ko\">"));
        assert_eq!(page.matches("<h1>").count(), 1);
    }
}

#[test]
fn every_chart_has_a_name_a_description_and_a_table() {
    for page in [page(SMALL, "제목", "mes-cost"), scheme_page()] {
        let charts = page.matches("<svg role=\"img\"").count();
        assert!(charts >= 1 && page.matches("<table ").count() >= charts.min(2));
        for svg in page.split("<svg ").skip(1) {
            let named = svg.split_once("aria-labelledby=\"").unwrap().1.split_once('"').unwrap().0;
            for id in named.split(' ') {
                assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
            }
            assert!(svg.contains("<title ") && svg.contains("<desc "));
        }
        assert_eq!(page.matches("<caption>").count(), page.matches("<table ").count());
        assert!(page.contains("@media print"));
    }
}

#[test]
fn every_project_is_in_the_table() {
    let page = page(SMALL, "제목", "phragmen");
    for name in ["통학로 조명 개선", "어린이 놀이터 고치기", "골목 화단", "빈집 지도"]
    {
        assert!(page.matches(name).count() >= 2, "{name}: once in the chart, once in the table");
    }
}

/// Pages to look at, in the target folder: `report-*.html`.
#[test]
fn pages_to_look_at() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(
        folder.join("report-small.html"),
        page(SMALL, "느티1동 2026 주민총회", "mes-cost+greedy"),
    )
    .unwrap();
    std::fs::write(folder.join("report-scheme.html"), scheme_page()).unwrap();
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/elections");
    let found = std::fs::read_dir(&shared).into_iter().flatten().flatten();
    let large = found
        .map(|entry| entry.path())
        .find(|path| path.display().to_string().contains("wieliczka"));
    let Some(large) = large else {
        println!("the recorded elections are not beside this project: small pages only");
        return;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(large).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    let page = page(&text, "Wieliczka 2023", "mes-cost+add1");
    std::fs::write(folder.join("report-large.html"), &page).unwrap();
    assert_eq!(page.matches("✓ ").count(), 30 + 1, "the thirty funded ones and the key");
    println!("{}", folder.display());
}
