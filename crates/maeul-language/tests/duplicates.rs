//! Duplicates held against labelled reports: sixteen places, several matters at each, from the web,
//! by text message and as notes of telephone calls. Two reports of the same place are a pair; they
//! are duplicates where their matter is the same. The places up to H were looked at while the

//! figures were set, those from I on were not.

use maeul_language::{
    Bounds, DuplicateScore, Report, SameService, Sketch, cluster, duplicate_score, metres_between,
};
use serde_json::Value;

struct Labelled {
    place: String,
    matter: String,
    service: Option<String>,
    text: String,
    point: (i64, i64),
    at: i64,
}

fn reports() -> Vec<Labelled> {
    include_str!("data/duplicates/reports.jsonl")
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| value[key].as_str().unwrap().to_owned();
            Labelled {
                place: text("place"),
                matter: text("matter"),
                service: value["service"].as_str().map(str::to_owned),
                text: text("text"),
                point: (value["lat_e7"].as_i64().unwrap(), value["lon_e7"].as_i64().unwrap()),
                at: value["at"].as_i64().unwrap(),
            }
        })
        .collect()
}

fn score(a: &Labelled, b: &Labelled) -> DuplicateScore {
    let days = u32::try_from((a.at - b.at).abs() / 86_400).unwrap();
    duplicate_score(
        metres_between(a.point, b.point),
        SameService::of(a.service.as_deref(), b.service.as_deref()),
        &Sketch::of(&a.text),
        &Sketch::of(&b.text),
        days,
    )
}

#[derive(Default)]
struct Counts {
    right: usize,
    wrong: usize,
    missed: usize,
    rest: usize,
}

impl Counts {
    fn add(&mut self, same: bool, said: bool) {
        match (same, said) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => self.rest += 1,
        }
    }

    /// In per mille.
    fn precision(&self) -> usize {
        1000 * self.right / (self.right + self.wrong).max(1)
    }

    fn recall(&self) -> usize {
        1000 * self.right / (self.right + self.missed).max(1)
    }
}

fn pairs(reports: &[Labelled]) -> Vec<(&Labelled, &Labelled, bool, DuplicateScore)> {
    let mut pairs = Vec::new();
    for (place, a) in reports.iter().enumerate() {
        for b in &reports[place + 1..] {
            if a.place == b.place {
                pairs.push((a, b, a.matter == b.matter, score(a, b)));
            }
        }
    }
    pairs
}

#[test]
fn most_duplicates_are_found_and_few_others() {
    let reports = reports();
    let pairs = pairs(&reports);
    let same = pairs.iter().filter(|(.., same, _)| *same).count();
    println!("{} reports, {} pairs, {same} of them duplicates", reports.len(), pairs.len());
    assert!(pairs.len() >= 300 && same >= 100);
    for threshold in (500..=700).step_by(20) {
        let mut counts = Counts::default();
        pairs.iter().for_each(|(.., same, score)| counts.add(*same, score.score >= threshold));
        println!(
            "from {threshold}: precision {}, recall {} per mille",
            counts.precision(),
            counts.recall()
        );
    }
    for (name, unseen) in [("A to H", false), ("I to P", true)] {
        let mut counts = Counts::default();
        for (a, b, same, score) in &pairs {
            if (a.place.as_str() >= "I") == unseen {
                counts.add(*same, score.is_likely());
                if *same != score.is_likely() {
                    println!(
                        "{} {} {:?} | {:?}: {}",
                        if *same { "missed" } else { "wrong " },
                        score.score,
                        a.text,
                        b.text,
                        score.why(maeul_base::Lang::Ko)
                    );
                }
            }
        }
        println!(
            "{name}: {} pairs, precision {}, recall {} per mille",
            counts.right + counts.wrong + counts.missed + counts.rest,
            counts.precision(),
            counts.recall()
        );
        assert!(counts.precision() >= 850, "precision {}", counts.precision());
        assert!(counts.recall() >= 850, "recall {}", counts.recall());
    }
}

#[test]
fn groups_are_mostly_one_matter() {
    let labelled = reports();
    let reports: Vec<Report<'_>> = labelled
        .iter()
        .map(|report| Report {
            text: &report.text,
            service: report.service.as_deref(),
            point: report.point,
            at: report.at,
        })
        .collect();
    let clusters = cluster(&reports, &Bounds::default());
    let mut counts = Counts::default();
    let group_of =
        |report: usize| clusters.iter().position(|group| group.reports.contains(&report)).unwrap();
    for a in 0..reports.len() {
        for b in a + 1..reports.len() {
            let same =
                labelled[a].place == labelled[b].place && labelled[a].matter == labelled[b].matter;
            counts.add(same, group_of(a) == group_of(b));
        }
    }
    println!(
        "{} groups of {} reports: precision {}, recall {} per mille of pairs",
        clusters.len(),
        reports.len(),
        counts.precision(),
        counts.recall()
    );
    assert!(counts.precision() >= 850, "precision {}", counts.precision());
    assert!(counts.recall() >= 800, "recall {}", counts.recall());
}
