//! What a count by a scheme says: for readers in both languages, and for machines.

use std::fmt::Write as _;

use maeul_base::Lang;
use serde_json::{Value, json};

use super::ballots::Void;
use super::file::{Combine, Scheme, Source};
use super::{Count, Standing, Verdict};
use crate::election::{Election, ProjectIx};
use crate::exact::Exact;
use crate::explain::json::amount;
use crate::explain::money;

/// In percent, with at most two decimals; `≈` where it is cut.
fn percent(share: &Exact) -> String {
    format!("{} %", (share * &Exact::from(100_u32)).decimal(2))
}

/// A score for readers.
fn score_text(scheme: &Scheme, score: &Exact, lang: Lang) -> String {
    match scheme.combine {
        Combine::Weighted => percent(score),
        Combine::Sum => format!("{} {}", score.decimal(2), lang.t("표", "votes")),
    }
}

fn name_of(election: &Election, project: ProjectIx) -> String {
    let name = election.project(project).map_or("", |project| project.name.as_str());
    let id = election.id(project);
    if name.is_empty() || name == id { id.to_owned() } else { format!("{id} {name}") }
}

/// The whole count on one page of text.
pub fn summary(scheme: &Scheme, election: &Election, count: &Count, lang: Lang) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _infallible = writeln!(text, "{words}");
    };
    line(lang.t(&scheme.name.ko, &scheme.name.en).to_owned());
    let (selected, all) = (count.selected.len(), count.standings.len());
    line(match lang {
        Lang::Ko => format!(
            "사업 {all}개 가운데 {selected}개 선정, 예산 {} 가운데 {} 사용",
            money(&count.budget),
            money(&count.cost)
        ),
        Lang::En => format!(
            "{selected} of {all} projects selected, {} of {} spent",
            money(&count.cost),
            money(&count.budget)
        ),
    });
    line(String::new());
    for (channel, counted) in scheme.channels.iter().zip(&count.channels) {
        let name = lang.t(&channel.name.ko, &channel.name.en);
        line(match (&channel.source, lang) {
            (Source::Score { column, max }, Lang::Ko) => {
                format!("{name}: {column} 열, 최고 {}점", max.decimal(2))
            }
            (Source::Score { column, max }, Lang::En) => {
                format!("{name}: column {column}, maximum {}", max.decimal(2))
            }
            (Source::Ballots { .. }, _) => {
                let of = |void| counted.void.get(&void).copied().unwrap_or(0);
                let (over, under) = (of(Void::Over), of(Void::Under));
                let (cast, valid, trimmed) = (counted.cast, counted.valid, counted.trimmed);
                match lang {
                    Lang::Ko => format!(
                        "{name}: 투표 {cast}, 유효 {valid}, 무효 {} (초과 {over}, 미달 {under}), 일부 분야 무효 {trimmed}",
                        over + under
                    ),
                    Lang::En => format!(
                        "{name}: {cast} cast, {valid} valid, {} void ({over} with too many votes, {under} with too few), {trimmed} void in a field",
                        over + under
                    ),
                }
            }
        });
    }
    line(String::new());
    for standing in &count.standings {
        let mark = match standing.verdict {
            Verdict::Selected { order, .. } => format!("{order:>3}"),
            _ => "  –".to_owned(),
        };
        line(format!(
            "{mark}  {}  {}  {}",
            score_text(scheme, &standing.score, lang),
            name_of(election, standing.project),
            why(election, &standing.verdict, lang)
        ));
    }
    line(String::new());
    line(format!("{}: {}", lang.t("동점 처리", "Ties"), count.ties));
    line(format!("{}: {}", lang.t("출처", "Source"), scheme.source));
    for unknown in &scheme.unknown {
        line(format!("[?] {}", lang.t(&unknown.ko, &unknown.en)));
    }
    text
}

/// Selected, or why not, in one sentence.
pub(crate) fn why(election: &Election, verdict: &Verdict, lang: Lang) -> String {
    let group_of = |group: &str| {
        if group.is_empty() { lang.t("전체", "all").to_owned() } else { group.to_owned() }
    };
    match (verdict, lang) {
        (Verdict::Selected { order, kept: None }, Lang::Ko) => format!("{order}번째로 선정"),
        (Verdict::Selected { order, kept: None }, Lang::En) => format!("selected, number {order}"),
        (Verdict::Selected { order, kept: Some(group) }, Lang::Ko) => {
            format!("{order}번째로 선정 ({group} 몫으로 둔 자리)")
        }
        (Verdict::Selected { order, kept: Some(group) }, Lang::En) => {
            format!("selected, number {order} (a place kept for {group})")
        }
        (Verdict::NoSupport, _) => lang.t("얻은 표나 점수가 없음", "no votes and no score").into(),
        (Verdict::BelowFloor { has, needs }, Lang::Ko) => {
            format!("하한 미달: {} < {}", percent(has), percent(needs))
        }
        (Verdict::BelowFloor { has, needs }, Lang::En) => {
            format!("under the floor: {} < {}", percent(has), percent(needs))
        }
        (Verdict::NoPlace { group, places }, Lang::Ko) => {
            format!("{} 자리 {places}개가 모두 참", group_of(group))
        }
        (Verdict::NoPlace { group, places }, Lang::En) => {
            format!("all {places} places of {} are taken", group_of(group))
        }
        (Verdict::Ceiling { group, left }, Lang::Ko) => {
            format!("{group} 실링에 {} 남음, 사업비가 더 큼", money(left))
        }
        (Verdict::Ceiling { group, left }, Lang::En) => {
            format!("the ceiling of {group} had {} left, less than it costs", money(left))
        }
        (Verdict::DoesNotFit { left }, Lang::Ko) => {
            format!("예산이 {} 남음, 사업비가 더 큼", money(left))
        }
        (Verdict::DoesNotFit { left }, Lang::En) => {
            format!("the budget had {} left, less than it costs", money(left))
        }
        (Verdict::Stopped { at }, Lang::Ko) => {
            format!("앞선 '{}'이(가) 예산에 맞지 않아 선정이 끝남", name_of(election, *at))
        }
        (Verdict::Stopped { at }, Lang::En) => {
            format!("the selection ended at '{}', which did not fit", name_of(election, *at))
        }
    }
}

/// Why one project was selected or not: its score channel by channel.
pub fn explain(
    scheme: &Scheme,
    election: &Election,
    count: &Count,
    standing: &Standing,
    lang: Lang,
) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _infallible = writeln!(text, "{words}");
    };
    let cost = money(&election.cost(standing.project));
    line(name_of(election, standing.project));
    line(format!("  {}", why(election, &standing.verdict, lang)));
    let (place, all) = (standing.place, count.standings.len());
    let score = score_text(scheme, &standing.score, lang);
    line(match lang {
        Lang::Ko => format!("  사업비 {cost}, {all}개 가운데 {place}위, 점수 {score}"),
        Lang::En => format!("  cost {cost}, place {place} of {all}, score {score}"),
    });
    let weights: Exact = scheme.channels.iter().map(|channel| &channel.weight).sum();
    let channels = scheme.channels.iter().zip(&count.channels);
    for ((channel, counted), (number, share)) in
        channels.zip(standing.counts.iter().zip(&standing.shares))
    {
        let name = lang.t(&channel.name.ko, &channel.name.en);
        let number = number.decimal(2);
        let what = match (&channel.source, lang) {
            (Source::Ballots { .. }, Lang::Ko) => format!("{number}표 (유효 {}장)", counted.valid),
            (Source::Ballots { .. }, Lang::En) => {
                format!("{number} votes ({} valid ballots)", counted.valid)
            }
            (Source::Score { max, .. }, Lang::Ko) => {
                format!("{number}점 (최고 {}점)", max.decimal(2))
            }
            (Source::Score { max, .. }, Lang::En) => {
                format!("{number} points of {}", max.decimal(2))
            }
        };
        if scheme.combine == Combine::Sum {
            line(format!("  {name}: {what}"));
            continue;
        }
        let weight = channel.weight.over(&weights).unwrap_or_default();
        let part = &weight * share;
        line(format!(
            "  {name}: {what} = {}, × {} = {}",
            percent(share),
            percent(&weight),
            percent(&part)
        ));
    }
    if !standing.tied.is_empty() {
        let others: Vec<String> = standing.tied.iter().map(|ix| name_of(election, *ix)).collect();
        let (what, others) = (lang.t("점수가 같은 사업", "Same score"), others.join(", "));
        line(format!("  {what}: {others} ({}: {})", lang.t("순서", "order"), count.ties));
    }
    text
}

/// One object for machines. Shares and scores are exact fractions as text.
pub fn json(scheme: &Scheme, election: &Election, count: &Count) -> Value {
    let ids = |projects: &[ProjectIx]| -> Vec<String> {
        projects.iter().map(|&project| election.id(project).to_owned()).collect()
    };
    let channels = scheme.channels.iter().zip(&count.channels).map(|(channel, counted)| {
        let void = |void| counted.void.get(&void).copied().unwrap_or(0);
        json!({
            "id": channel.id,
            "weight": channel.weight,
            "cast": counted.cast,
            "valid": counted.valid,
            "void_over": void(Void::Over),
            "void_under": void(Void::Under),
            "void_in_field": counted.trimmed,
        })
    });
    let projects = count.standings.iter().map(|standing| {
        json!({
            "project": election.id(standing.project),
            "place": standing.place,
            "cost": amount(&election.cost(standing.project)),
            "counts": standing.counts,
            "shares": standing.shares,
            "score": standing.score,
            "tied": ids(&standing.tied),
            "verdict": code(&standing.verdict),
            "why": {
                "ko": why(election, &standing.verdict, Lang::Ko),
                "en": why(election, &standing.verdict, Lang::En),
            },
        })
    });
    json!({
        "version": 1,
        "scheme": { "ko": scheme.name.ko, "en": scheme.name.en },
        "source": scheme.source,
        "unknown": scheme.unknown.iter().map(|w| json!({"ko": w.ko, "en": w.en})).collect::<Vec<_>>(),
        "ties": count.ties.to_string(),
        "budget": amount(&count.budget),
        "cost": amount(&count.cost),
        "winners": ids(&count.selected),
        "channels": channels.collect::<Vec<_>>(),
        "projects": projects.collect::<Vec<_>>(),
    })
}

const fn code(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Selected { .. } => "selected",
        Verdict::NoSupport => "no-support",
        Verdict::BelowFloor { .. } => "below-floor",
        Verdict::NoPlace { .. } => "no-place",
        Verdict::Ceiling { .. } => "ceiling",
        Verdict::DoesNotFit { .. } => "does-not-fit",
        Verdict::Stopped { .. } => "stopped",
    }
}
