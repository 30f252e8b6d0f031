//! The page of a count by a scheme.

use maeul_base::Lang;

use super::outcome::share;
use super::svg::{Bar, bars};
use super::{Cell, Page, Row, SHOWN, both, escaped};
use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::explain::money;
use crate::scheme::{Combine, Count, Scheme, Source, Standing, Verdict, Void, why};

/// Fills of the channels, in order.
const FILLS: [&str; 4] = ["yes", "part-1", "part-2", "part-3"];

/// The page of a count by a scheme. `title` is what was voted on.
pub fn scheme_html(title: &str, election: &Election, scheme: &Scheme, count: &Count) -> String {
    let mut page = Page::new(title, [&scheme.name.ko, &scheme.name.en]);
    let (selected, all) = (count.selected.len(), count.standings.len());
    let cast: u64 = count.channels.iter().map(|channel| channel.cast).sum();
    page.facts(&[
        (["선정", "Selected"], format!("{selected} / {all}")),
        (["투표", "Ballots cast"], money(&Exact::from(cast))),
        (["예산", "Budget"], money(&count.budget)),
        (["쓴 돈", "Spent"], money(&count.cost)),
        (["동점 처리", "Ties"], format!("<code>{}</code>", escaped(&count.ties.to_string()))),
    ]);
    channels(&mut page, scheme, count);
    projects(&mut page, election, scheme, count);
    page.heading("이 방식의 출처", "Where this scheme is told");
    page.add(&format!("<p>{}</p>", escaped(&scheme.source)));
    if !scheme.unknown.is_empty() {
        let says =
            both("출처에 없어 이렇게 정했습니다.", "Where the source is silent, this was assumed.");
        page.add(&format!("<p>{says}</p><ul>"));
        for words in &scheme.unknown {
            page.add(&format!("<li>{}</li>", both(&words.ko, &words.en)));
        }
        page.add("</ul>");
    }
    page.finish()
}

fn weight(scheme: &Scheme, at: usize) -> Exact {
    let total: Exact = scheme.channels.iter().map(|channel| &channel.weight).sum();
    let own = scheme.channels.get(at).and_then(|channel| channel.weight.over(&total));
    own.unwrap_or_default()
}

fn channels(page: &mut Page, scheme: &Scheme, count: &Count) {
    page.heading("투표 경로", "Channels");
    let rows: Vec<Row> = scheme
        .channels
        .iter()
        .zip(&count.channels)
        .enumerate()
        .map(|(at, (channel, counted))| {
            let void = |void| counted.void.get(&void).copied().unwrap_or(0).to_string();
            let weight = match scheme.combine {
                Combine::Weighted => share(&weight(scheme, at), &Exact::ONE),
                Combine::Sum => "–".to_owned(),
            };
            let mut cells =
                vec![Cell::Name(both(&channel.name.ko, &channel.name.en)), Cell::Plain(weight)];
            match &channel.source {
                Source::Ballots { .. } => cells.extend(
                    [
                        counted.cast.to_string(),
                        counted.valid.to_string(),
                        void(Void::Over),
                        void(Void::Under),
                        counted.trimmed.to_string(),
                    ]
                    .map(Cell::Plain),
                ),
                Source::Score { .. } => {
                    cells.extend(["–"; 5].map(|none| Cell::Plain(none.to_owned())))
                }
            }
            Row { cells, out: false }
        })
        .collect();
    page.table(
        ["경로별 가중치와 투표지", "Weights and ballots by channel"],
        &[
            ["경로", "Channel"],
            ["가중치", "Weight"],
            ["투표", "Cast"],
            ["유효", "Valid"],
            ["무효: 초과", "Void: too many"],
            ["무효: 미달", "Void: too few"],
            ["일부 분야 무효", "Void in a field"],
        ],
        &[false, true, true, true, true, true, true],
        &rows,
    );
}

fn label(election: &Election, project: ProjectIx) -> String {
    let name = election.project(project).map_or("", |project| project.name.as_str());
    let id = election.id(project);
    if name.is_empty() || name == id { id.to_owned() } else { format!("{id} {name}") }
}

fn score(scheme: &Scheme, standing: &Standing) -> String {
    match scheme.combine {
        Combine::Weighted => share(&standing.score, &Exact::ONE),
        Combine::Sum => money(&standing.score),
    }
}

fn projects(page: &mut Page, election: &Election, scheme: &Scheme, count: &Count) {
    page.heading("사업별 결과", "Projects");
    let fill = |at: usize| FILLS.get(at % FILLS.len()).copied().unwrap_or("no");
    let legend: Vec<(&str, String)> = scheme
        .channels
        .iter()
        .enumerate()
        .map(|(at, channel)| (fill(at), both(&channel.name.ko, &channel.name.en)))
        .collect();
    page.legend(&legend);
    let all: Vec<Bar> = count
        .standings
        .iter()
        .take(SHOWN)
        .map(|standing| {
            let parts = (0..scheme.channels.len()).map(|at| {
                let part = match scheme.combine {
                    Combine::Weighted => {
                        let share = standing.shares.get(at).cloned().unwrap_or_default();
                        share * weight(scheme, at)
                    }
                    Combine::Sum => standing.counts.get(at).cloned().unwrap_or_default(),
                };
                (part, fill(at))
            });
            let selected = matches!(standing.verdict, Verdict::Selected { .. });
            let mark = if selected { "✓ " } else { "" };
            Bar {
                label: format!("{mark}{}", label(election, standing.project)),
                parts: parts.collect(),
                value: score(scheme, standing),
            }
        })
        .collect();
    let most =
        count.standings.iter().map(|standing| standing.score.clone()).max().unwrap_or_default();
    let (shown, total) = (all.len(), count.standings.len());
    page.figure(&bars(
        "scores",
        ["사업별 점수와 경로별 몫", "Scores by project, and what each channel adds"],
        [
            &format!("막대 {shown}개, 점수순. ✓는 선정된 사업. 전체 사업 {total}개의 값은 아래 표에 있습니다."),
            &format!("{shown} bars by score; ✓ marks selected ones. The values of all {total} projects are in the table below."),
        ],
        &all,
        &most,
    ));
    let mut head = vec![["순위", "Place"], ["사업", "Project"], ["비용", "Cost"]];
    head.extend(
        scheme.channels.iter().map(|channel| [channel.name.ko.as_str(), channel.name.en.as_str()]),
    );
    head.extend([["점수", "Score"], ["결과와 까닭", "Result and reason"]]);
    let mut numbers = vec![true, false, true];
    numbers.extend(scheme.channels.iter().map(|_| true));
    numbers.extend([true, false]);
    let rows: Vec<Row> = count
        .standings
        .iter()
        .map(|standing| {
            let mut cells = vec![
                Cell::Plain(standing.place.to_string()),
                Cell::Name(escaped(&label(election, standing.project))),
                Cell::Plain(money(&election.cost(standing.project))),
            ];
            for (count, part) in standing.counts.iter().zip(&standing.shares) {
                let text = match scheme.combine {
                    Combine::Weighted => format!("{} ({})", money(count), share(part, &Exact::ONE)),
                    Combine::Sum => money(count),
                };
                cells.push(Cell::Plain(text));
            }
            cells.push(Cell::Plain(score(scheme, standing)));
            let why = |lang| why(election, &standing.verdict, lang);
            cells.push(Cell::Why(both(&why(Lang::Ko), &why(Lang::En))));
            Row { cells, out: !matches!(standing.verdict, Verdict::Selected { .. }) }
        })
        .collect();
    page.table(["모든 사업: 점수순", "All projects, by score"], &head, &numbers, &rows);
}
