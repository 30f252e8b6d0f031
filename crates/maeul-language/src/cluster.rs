//! Reports grouped by what they are about, so that one answer can serve them all. A report joins the
//! group of the report it is most alike; the group keeps a bound of place and time, so that a chain
//! of neighbours does not swallow a 동. The same reports make the same groups, in any order given.

use std::collections::HashMap;

use crate::duplicate::{DuplicateScore, SameService, Sketch, duplicate_score, metres_between};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// The side of a cell in latitude and longitude, degrees × 10^7: more than 250 metres.
const CELL: (i64, i64) = (22_500, 28_500);

/// A report as it is grouped.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// What was written.
    pub text: &'a str,
    /// The service, if one was chosen.
    pub service: Option<&'a str>,
    /// Latitude and longitude, degrees × 10^7.
    pub point: (i64, i64),
    /// When it came in, in seconds.
    pub at: i64,
}

/// How large a group may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The score from which two reports belong together.
    pub likely: u32,
    /// Metres between the two farthest reports of a group.
    pub metres: u32,
    /// Days between its first and its last report.
    pub days: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { likely: DuplicateScore::LIKELY, metres: 150, days: 30 }
    }
}

/// Why a report is in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The report that joined, by its place in the list.
    pub report: usize,
    /// The report it is most alike.
    pub with: usize,
    /// How likely they are the same, and why.
    pub score: DuplicateScore,
}

/// Reports that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The reports, by their places in the list, oldest first.
    pub reports: Vec<usize>,
    /// Why each but the first is here, in the order in which they came.
    pub links: Vec<Link>,
}

/// Groups reports. Every report is in exactly one group; most groups have one report. Groups come
/// in the order of their first reports.
pub fn cluster(reports: &[Report<'_>], bounds: &Bounds) -> Vec<Cluster> {
    cluster_apart(reports, bounds, |_, _| false)
}

/// As [`cluster`], but reports of which somebody said that they are not the same, by their places
/// in the list, are never in one group.
pub fn cluster_apart(
    reports: &[Report<'_>],
    bounds: &Bounds,
    apart: impl Fn(usize, usize) -> bool,
) -> Vec<Cluster> {
    let mut order: Vec<usize> = (0..reports.len()).collect();
    order.sort_by_key(|place| reports.get(*place).map(sort_key));
    let mut groups = Groups {
        reports,
        bounds,
        sketches: Vec::new(),
        cells: HashMap::new(),
        clusters: Vec::new(),
    };
    groups.sketches = reports.iter().map(|report| Sketch::of(report.text)).collect();
    for place in order {
        groups.add(place, &apart);
    }
    groups.clusters
}

/// Time, place and text: the same whatever order the reports are given in.
fn sort_key<'a>(report: &Report<'a>) -> (i64, (i64, i64), &'a str, Option<&'a str>) {
    (report.at, report.point, report.text, report.service)
}

struct Groups<'a> {
    reports: &'a [Report<'a>],
    bounds: &'a Bounds,
    sketches: Vec<Sketch>,
    /// Reports by cell, with the cluster each is in.
    cells: HashMap<(i64, i64), Vec<(usize, usize)>>,
    clusters: Vec<Cluster>,
}

impl Groups<'_> {
    fn add(&mut self, place: usize, apart: impl Fn(usize, usize) -> bool) {
        let Some(report) = self.reports.get(place) else { return };
        let cell = (report.point.0.div_euclid(CELL.0), report.point.1.div_euclid(CELL.1));
        let mut links: Vec<(usize, Link)> = Vec::new();
        for lat in -1..=1 {
            for lon in -1..=1 {
                let Some(near) = self.cells.get(&(cell.0 + lat, cell.1 + lon)) else { continue };
                links
                    .extend(near.iter().filter_map(|(other, cluster)| {
                        Some((*cluster, self.link(place, *other)?))
                    }));
            }
        }
        // The likeliest first; of equals the older group, then the older report.
        links.sort_by_key(|(cluster, link)| {
            (std::cmp::Reverse(link.score.score), *cluster, link.with)
        });
        let told_apart = |cluster: usize| {
            let group = self.clusters.get(cluster).map(|group| group.reports.as_slice());
            group.unwrap_or_default().iter().any(|other| apart(place, *other))
        };
        let found = links
            .into_iter()
            .find(|(cluster, _)| self.has_room(*cluster, report) && !told_apart(*cluster));
        let cluster = match found {
            Some((cluster, link)) => {
                if let Some(group) = self.clusters.get_mut(cluster) {
                    group.reports.push(place);
                    group.links.push(link);
                }
                cluster
            }
            None => {
                self.clusters.push(Cluster { reports: vec![place], links: Vec::new() });
                self.clusters.len() - 1
            }
        };
        self.cells.entry(cell).or_default().push((place, cluster));
    }

    /// How the report at `place` is like an older one, where it is likely the same.
    fn link(&self, place: usize, other: usize) -> Option<Link> {
        let (report, old) = (self.reports.get(place)?, self.reports.get(other)?);
        let days = u32::try_from((report.at - old.at).max(0) / DAY).unwrap_or(u32::MAX);
        if days > self.bounds.days {
            return None;
        }
        let score = duplicate_score(
            metres_between(report.point, old.point),
            SameService::of(report.service, old.service),
            self.sketches.get(place)?,
            self.sketches.get(other)?,
            days,
        );
        (score.score >= self.bounds.likely).then_some(Link { report: place, with: other, score })
    }

    /// Whether the group stays within its bounds with this report.
    fn has_room(&self, cluster: usize, report: &Report<'_>) -> bool {
        let Some(group) = self.clusters.get(cluster) else { return false };
        let mut members = group.reports.iter().filter_map(|place| self.reports.get(*place));
        members.all(|member| {
            metres_between(member.point, report.point) <= self.bounds.metres
                && (report.at - member.at).abs() / DAY <= i64::from(self.bounds.days)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lamp(metres: i64, hours: i64) -> Report<'static> {
        Report {
            text: "가로등이 꺼졌어요",
            service: Some("streetlight"),
            point: (351_500_000 + metres * 90, 1_268_900_000),
            at: hours * 3600,
        }
    }

    #[test]
    fn a_chain_does_not_swallow_a_dong() {
        let chain: Vec<_> = (0..60).map(|step| lamp(step * 20, step)).collect();
        let clusters = cluster(&chain, &Bounds::default());
        assert!(clusters.len() >= 7, "{}", clusters.len());
        for group in &clusters {
            for a in &group.reports {
                for b in &group.reports {
                    assert!(metres_between(chain[*a].point, chain[*b].point) <= 150);
                }
            }
        }
        assert_eq!(clusters.iter().map(|group| group.reports.len()).sum::<usize>(), 60);
    }

    #[test]
    fn a_group_says_why() {
        let mut reports = vec![lamp(0, 0), lamp(4, 5)];
        reports.push(Report {
            text: "쓰레기가 쌓여 있어요", service: Some("waste"), ..lamp(2, 6)
        });
        let clusters = cluster(&reports, &Bounds::default());
        assert_eq!(clusters.len(), 2);
        assert_eq!(clusters[0].reports, [0, 1]);
        let link = &clusters[0].links[0];
        assert_eq!((link.report, link.with), (1, 0));
        assert_eq!(
            link.score.why(maeul_base::Lang::Ko),
            "같은 곳 · 같은 분야 · 내용 100% 비슷 (가로등, 꺼짐) · 오늘 접수"
        );
    }

    #[test]
    fn what_was_told_apart_stays_apart() {
        let reports = [lamp(0, 0), lamp(4, 5), lamp(2, 9)];
        let apart = |one: usize, other: usize| (one.min(other), one.max(other)) == (0, 2);
        let groups: Vec<_> = cluster_apart(&reports, &Bounds::default(), apart)
            .into_iter()
            .map(|group| group.reports)
            .collect();
        assert_eq!(groups, [vec![0, 1], vec![2]], "also where a third stands between them");
    }

    #[test]
    fn an_old_lamp_is_another_lamp() {
        let reports = [lamp(0, 0), lamp(0, 24 * 40)];
        assert_eq!(cluster(&reports, &Bounds::default()).len(), 2);
    }

    proptest! {
        #[test]
        fn order_changes_nothing(steps in prop::collection::vec((0_i64..400, 0_i64..900), 1..30), seed: u64) {
            let reports: Vec<_> = steps.iter().map(|(m, h)| lamp(*m, *h)).collect();
            let mut other = reports.clone();
            let turn = usize::try_from(seed % 30).unwrap() % other.len();
            other.rotate_left(turn);
            let sets = |reports: &[Report<'_>]| {
                let mut sets: Vec<Vec<_>> = cluster(reports, &Bounds::default())
                    .iter()
                    .map(|group| group.reports.iter().map(|place| sort_key(&reports[*place])).collect())
                    .collect();
                sets.sort();
                sets.iter().map(|set| format!("{set:?}")).collect::<Vec<_>>()
            };
            prop_assert_eq!(sets(&reports), sets(&other));
        }
    }
}
