//! The page of a rule's outcome.

use maeul_base::Lang;

use super::svg::{Bar, bars};
use super::{Cell, Page, Row, SHOWN, both, escaped};
use crate::compare::Comparison;
use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::explain::{money, rule_text, why_text};
use crate::outcome::{Outcome, Stage};

/// The page of an outcome. `title` is what was voted on; a comparison adds the same ballots under other rules.
pub fn html(
    title: &str,
    election: &Election,
    outcome: &Outcome,
    comparison: Option<&Comparison>,
) -> String {
    let mut page = Page::new(title, ["개표 결과와 그 까닭", "The count, and why"]);
    let rule = |lang| rule_text(&outcome.rule, lang);
    let (funded, all) = (outcome.rounds.len(), election.projects.len());
    let left = &outcome.budget - &outcome.cost;
    let mut facts = vec![
        (["선정", "Funded"], format!("{funded} / {all}")),
        (["투표자", "Voters"], money(&Exact::from(election.voter_count()))),
        (["예산", "Budget"], money(&outcome.budget)),
        (["쓴 돈", "Spent"], money(&outcome.cost)),
        (["남은 돈", "Left"], money(&left)),
        (["동점", "Tied rounds"], outcome.tied_rounds().to_string()),
        (
            ["규칙", "Rule"],
            format!(
                "<code>{}</code><br>{}",
                escaped(&outcome.rule.to_string()),
                both(&rule(Lang::Ko), &rule(Lang::En))
            ),
        ),
        (["동점 처리", "Ties"], format!("<code>{}</code>", escaped(&outcome.ties.to_string()))),
    ];
    if let Some(share) = &outcome.endowment {
        facts.insert(5, (["한 사람 몫", "One voter's share"], money(share)));
    }
    page.facts(&facts);
    votes(&mut page, election, outcome);
    spent(&mut page, election, outcome);
    if let Some(comparison) = comparison {
        compared(&mut page, comparison);
    }
    page.heading("다시 세는 방법", "How to count again");
    page.add(&format!(
        "<p>{}</p>",
        both(
            "투표 파일(.pb)과 함께 공개한 result.json을 누구나 확인할 수 있습니다. 계산은 모두 정확한 분수로 하며 반올림이 결과를 정하지 않습니다.",
            "Anyone can check result.json, published with the ballots (.pb). All sums are exact fractions; no rounding decides anything."
        )
    ));
    page.add(&format!(
        "<p><code>maeul tally --rule {} --ties &quot;{}&quot; --json FILE.pb</code><br><code>tools/verify-tally FILE.pb result.json</code></p>",
        escaped(&outcome.rule.to_string()),
        escaped(&outcome.ties.to_string())
    ));
    page.finish()
}

fn label(election: &Election, project: ProjectIx) -> String {
    let name = election.project(project).map_or("", |project| project.name.as_str());
    let id = election.id(project);
    if name.is_empty() || name == id { id.to_owned() } else { format!("{id} {name}") }
}

/// What is drawn and tabled for every project: votes, or points.
fn strengths(election: &Election) -> (Vec<Exact>, [&'static str; 2]) {
    if election
        .kind
        .is_some_and(|kind| matches!(kind, crate::VoteKind::Approval | crate::VoteKind::ChooseOne))
    {
        let votes = election.votes().into_iter().map(Exact::from).collect();
        return (votes, ["득표", "Votes"]);
    }
    let scale = election.points_scale.max(1);
    let points = election.scaled_points();
    let points =
        points.into_iter().map(|sum| Exact::ratio(sum, scale).unwrap_or_default()).collect();
    (points, ["점수", "Points"])
}

/// Funded ones in order of selection, then the others by strength.
fn votes(page: &mut Page, election: &Election, outcome: &Outcome) {
    let (strengths, unit) = strengths(election);
    let of = |project: ProjectIx| strengths.get(project as usize).cloned().unwrap_or_default();
    let mut others: Vec<_> = outcome.unfunded.iter().collect();
    others.sort_by_key(|unfunded| std::cmp::Reverse(of(unfunded.project)));
    let order: Vec<(ProjectIx, bool)> = outcome
        .winners()
        .map(|project| (project, true))
        .chain(others.iter().map(|unfunded| (unfunded.project, false)))
        .collect();
    let all: Vec<Bar> = order
        .iter()
        .take(SHOWN)
        .map(|&(project, funded)| Bar {
            label: format!("{}{}", if funded { "✓ " } else { "" }, label(election, project)),
            parts: vec![(of(project), if funded { "yes" } else { "no" })],
            value: money(&of(project)),
        })
        .collect();
    let most = strengths.iter().max().cloned().unwrap_or_default();
    page.heading("사업별 결과", "Projects");
    page.legend(&[
        ("yes", both("✓ 선정, 선정된 순서", "funded, in order of selection")),
        ("no", both("선정되지 않음", "not funded")),
    ]);
    let (shown, total) = (all.len(), order.len());
    page.figure(&bars(
        "votes",
        [&format!("사업별 {}", unit[0]), &format!("{} by project", unit[1])],
        [
            &format!("막대 {shown}개. 전체 사업 {total}개의 값은 아래 표에 있습니다."),
            &format!("{shown} bars. The values of all {total} projects are in the table below."),
        ],
        &all,
        &most,
    ));
    let funded = outcome.rounds.iter().enumerate().map(|(at, round)| {
        let price = match round.stage {
            Stage::EqualShares => money(&round.price),
            _ => "–".to_owned(),
        };
        let tied: Vec<&str> = round.tied.iter().map(|&ix| election.id(ix)).collect();
        let mut why = both(stage(round.stage, Lang::Ko), stage(round.stage, Lang::En));
        if !tied.is_empty() {
            let tied = tied.join(", ");
            why += " · ";
            why += &both(&format!("동점: {tied}"), &format!("tied: {tied}"));
        }
        line(election, round.project, &(at + 1).to_string(), &of(round.project), price, why, false)
    });
    let others = others.iter().map(|unfunded| {
        let cost = election.cost(unfunded.project);
        let why = |lang| why_text(election, &cost, &unfunded.why, lang);
        let why = both(&why(Lang::Ko), &why(Lang::En));
        line(election, unfunded.project, "–", &of(unfunded.project), "–".into(), why, true)
    });
    let rows: Vec<Row> = funded.chain(others).collect();
    page.table(
        ["모든 사업: 순서, 비용, 까닭", "All projects: order, cost, reason"],
        &[
            ["순서", "Order"],
            ["사업", "Project"],
            ["비용", "Cost"],
            unit,
            ["한 사람이 낸 값", "Price per supporter"],
            ["까닭", "Reason"],
        ],
        &[true, false, true, true, true, false],
        &rows,
    );
}

fn line(
    election: &Election,
    project: ProjectIx,
    order: &str,
    strength: &Exact,
    price: String,
    why: String,
    out: bool,
) -> Row {
    Row {
        cells: vec![
            Cell::Plain(order.to_owned()),
            Cell::Name(escaped(&label(election, project))),
            Cell::Plain(money(&election.cost(project))),
            Cell::Plain(money(strength)),
            Cell::Plain(price),
            Cell::Why(why),
        ],
        out,
    }
}

const fn stage(stage: Stage, lang: Lang) -> &'static str {
    match stage {
        Stage::Free => {
            lang.t("비용이 없고 고른 사람이 있음", "costs nothing and somebody chose it")
        }
        Stage::EqualShares => {
            lang.t("고른 사람들의 몫으로 비용을 냄", "paid from its supporters' shares")
        }
        Stage::Greedy => lang.t("순서대로, 남은 돈 안에서", "in order, within the money left"),
        Stage::Phragmen => {
            lang.t("고른 사람들의 부담이 가장 가벼움", "its supporters' load was the lightest")
        }
    }
}

/// Where the money goes.
fn spent(page: &mut Page, election: &Election, outcome: &Outcome) {
    let left = &outcome.budget - &outcome.cost;
    page.heading("예산이 쓰인 곳", "Where the budget goes");
    let mut all: Vec<Bar> = outcome
        .rounds
        .iter()
        .take(SHOWN)
        .map(|round| {
            let cost = election.cost(round.project);
            let value = format!("{} ({})", money(&cost), share(&cost, &outcome.budget));
            Bar { label: label(election, round.project), parts: vec![(cost, "yes")], value }
        })
        .collect();
    if !left.is_negative() {
        all.push(Bar {
            label: "남은 돈 / left".to_owned(),
            value: format!("{} ({})", money(&left), share(&left, &outcome.budget)),
            parts: vec![(left.clone(), "no")],
        });
    }
    let most = all.iter().flat_map(|bar| &bar.parts).map(|(part, _)| part.clone()).max();
    page.figure(&bars(
        "money",
        ["선정된 사업의 비용", "Cost of the funded projects"],
        [
            "선정된 사업마다 비용과 예산에서 차지하는 비율. 비용은 위의 표에도 있습니다.",
            "The cost of every funded project and its part of the budget. Costs are in the table above, too.",
        ],
        &all,
        &most.unwrap_or_default(),
    ));
}

fn compared(page: &mut Page, comparison: &Comparison) {
    page.heading("같은 표를 다른 규칙으로 세면", "The same ballots under other rules");
    let voters = Exact::from(comparison.voters);
    let all: Vec<Bar> = comparison
        .rows
        .iter()
        .map(|row| {
            let nothing = Exact::from(row.nothing);
            let value = format!("{} ({})", money(&nothing), share(&nothing, &voters));
            Bar { label: row.outcome.rule.to_string(), parts: vec![(nothing, "no")], value }
        })
        .collect();
    let most = comparison.rows.iter().map(|row| row.nothing).max().unwrap_or(0);
    page.figure(&bars(
        "nothing",
        ["고른 사업이 하나도 선정되지 않은 투표자", "Voters none of whose choices is funded"],
        [
            "규칙마다 한 막대. 값은 아래 표에 있습니다.",
            "One bar a rule. The values are in the table below.",
        ],
        &all,
        &Exact::from(most),
    ));
    let rows: Vec<Row> = comparison
        .rows
        .iter()
        .map(|row| {
            let nothing = Exact::from(row.nothing);
            let each =
                Exact::ratio(row.funded_choices, comparison.voters.max(1)).unwrap_or_default();
            Row {
                cells: vec![
                    Cell::Name(format!("<code>{}</code>", escaped(&row.outcome.rule.to_string()))),
                    Cell::Plain(row.outcome.rounds.len().to_string()),
                    Cell::Plain(money(&row.outcome.cost)),
                    Cell::Plain(format!("{} ({})", money(&nothing), share(&nothing, &voters))),
                    Cell::Plain(each.decimal(2).replace('≈', "")),
                ],
                out: false,
            }
        })
        .collect();
    page.table(
        [
            "규칙별 결과. 고른 사업이 하나도 선정되지 않은 투표자",
            "Rules side by side, with voters none of whose choices is funded",
        ],
        &[
            ["규칙", "Rule"],
            ["선정", "Funded"],
            ["쓴 돈", "Spent"],
            ["선정 없는 투표자", "Voters with nothing"],
            ["한 사람당 선정", "Funded per voter"],
        ],
        &[false, true, true, true, true],
        &rows,
    );
}

/// A part of a whole in percent, with one decimal.
pub(super) fn share(part: &Exact, whole: &Exact) -> String {
    part.over(whole).map_or_else(
        || "–".to_owned(),
        |share| format!("{} %", (share * Exact::from(100_u32)).decimal(1).replace('≈', "")),
    )
}
