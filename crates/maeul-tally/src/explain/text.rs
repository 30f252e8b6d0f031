//! Explanations for readers, Korean and English.

use std::fmt::Write as _;

use maeul_base::Lang;

use super::account::{BallotAccount, ProjectAccount};
use crate::election::Election;
use crate::exact::Exact;
use crate::outcome::{Outcome, Round, Stage, Why};
use crate::rule::name::{Base, Completion, RuleName, Step, Stop, Worth};

/// An amount for reading: thousands separated, at most two decimals, `≈` where digits are cut.
pub fn money(sum: &Exact) -> String {
    let text = sum.decimal(2);
    let (whole, part) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, part)| (whole, Some(part)));
    let digits = whole.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut grouped = whole.strip_suffix(digits).unwrap_or("").to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(part) = part {
        grouped.push('.');
        grouped.push_str(part);
    }
    grouped
}

/// The rule in a sentence.
pub fn rule_text(rule: &RuleName, lang: Lang) -> String {
    let worth = |worth: Worth| match worth {
        Worth::Cost => lang.t("비용", "cost"),
        Worth::Cardinality => lang.t("사업 수", "number"),
        Worth::Points => lang.t("점수", "points"),
        Worth::Borda => lang.t("순위 점수", "Borda points"),
    };
    let mut text = match (rule.base(), lang) {
        (Base::Greedy(Worth::Cost), _) => lang.t("득표순", "by votes").to_owned(),
        (Base::Greedy(Worth::Cardinality), _) => {
            lang.t("비용당 득표순", "by votes per cost").to_owned()
        }
        (Base::Greedy(Worth::Points), _) => {
            lang.t("비용당 점수순", "by points per cost").to_owned()
        }
        (Base::Greedy(Worth::Borda), _) => {
            lang.t("비용당 순위 점수순", "by Borda points per cost").to_owned()
        }
        (Base::EqualShares(by), Lang::Ko) => format!("균등 몫 방식(만족 = {})", worth(by)),
        (Base::EqualShares(by), Lang::En) => {
            format!("method of equal shares (satisfaction = {})", worth(by))
        }
        (Base::Phragmen, _) => lang.t("순차 프라그멘", "sequential Phragmén").to_owned(),
    };
    for completion in rule.completions() {
        text += &match (completion, lang) {
            (Completion::Raise(step, stop), lang) => {
                let step = match (step, lang) {
                    (Step::Units(by), Lang::Ko) => format!("한 사람 몫을 {by}씩"),
                    (Step::Units(by), Lang::En) => format!("shares raised by {by} each"),
                    (Step::Percent(by), Lang::Ko) => format!("몫을 예산의 {by} %씩"),
                    (Step::Percent(by), Lang::En) => {
                        format!("shares raised by {by} % of the budget")
                    }
                };
                match (stop, lang) {
                    (Stop::Overspend, Lang::Ko) => format!(", {step} 올리며 예산을 넘기 직전까지"),
                    (Stop::Overspend, Lang::En) => {
                        format!(", {step} up to the last outcome within the budget")
                    }
                    (_, Lang::Ko) => format!(", {step} 올리며 더 들어갈 사업이 없을 때까지"),
                    (_, Lang::En) => format!(", {step} until nothing more fits"),
                }
            }
            (Completion::Greedy, _) => {
                lang.t(", 남은 돈은 득표순으로", ", the rest by greedy").to_owned()
            }
            (Completion::Comparison, _) => lang
                .t(
                    ", 득표순을 더 많은 사람이 원하면 득표순으로",
                    ", unless more voters prefer greedy by votes",
                )
                .to_owned(),
            (Completion::NoSkip, _) => lang
                .t(", 들어가지 않는 사업에서 멈춤", ", stopping at the first that does not fit")
                .to_owned(),
        };
    }
    text
}

/// Why a project was not funded, in a sentence.
pub fn why_text(election: &Election, cost: &Exact, why: &Why, lang: Lang) -> String {
    match (why, lang) {
        (Why::NoSupport, _) => lang.t("아무도 고르지 않았습니다.", "Nobody chose it.").into(),
        (Why::DearerThanBudget, Lang::Ko) => {
            format!("비용 {}이 전체 예산 {}보다 큽니다.", money(cost), money(&election.budget))
        }
        (Why::DearerThanBudget, Lang::En) => {
            format!(
                "Its cost {} is above the whole budget {}.",
                money(cost),
                money(&election.budget)
            )
        }
        (Why::BelowThreshold { has, needs }, Lang::Ko) => {
            format!(
                "기준 {}에 {}이 모자랍니다(받은 것 {}).",
                money(needs),
                money(&(needs - has)),
                money(has)
            )
        }
        (Why::BelowThreshold { has, needs }, Lang::En) => {
            format!(
                "It has {}, {} less than the threshold of {}.",
                money(has),
                money(&(needs - has)),
                money(needs)
            )
        }
        (Why::Excluded { by }, Lang::Ko) => {
            format!("함께 선정될 수 없는 사업 {}이(가) 먼저 선정되었습니다.", election.id(*by))
        }
        (Why::Excluded { by }, Lang::En) => {
            format!("{} was funded, and only one of the two may be.", election.id(*by))
        }
        (Why::Ceiling { category, left }, Lang::Ko) => {
            format!(
                "분야 '{category}'의 남은 한도 {}을 {} 넘습니다.",
                money(left),
                money(&(cost - left))
            )
        }
        (Why::Ceiling { category, left }, Lang::En) => {
            format!(
                "It exceeds what is left of the ceiling of '{category}', {}, by {}.",
                money(left),
                money(&(cost - left))
            )
        }
        (Why::DoesNotFit { left }, Lang::Ko) => {
            format!(
                "차례가 왔을 때 남은 돈 {}에서 {}이 모자랐습니다.",
                money(left),
                money(&(cost - left))
            )
        }
        (Why::DoesNotFit { left }, Lang::En) => {
            format!(
                "When its turn came, {} was left: {} too little.",
                money(left),
                money(&(cost - left))
            )
        }
        (Why::SupportersShort { had }, Lang::Ko) => {
            format!(
                "지지자에게 남은 몫을 모두 모아도 {}이라 {}이 모자랐습니다.",
                money(had),
                money(&(cost - had))
            )
        }
        (Why::SupportersShort { had }, Lang::En) => {
            format!(
                "What its supporters had left came to {}: {} too little.",
                money(had),
                money(&(cost - had))
            )
        }
        (Why::Stopped { at, left }, Lang::Ko) => {
            format!(
                "앞 순서인 {}이(가) 남은 돈 {}에 들어가지 않아 규칙이 멈췄습니다.",
                election.id(*at),
                money(left)
            )
        }
        (Why::Stopped { at, left }, Lang::En) => {
            format!(
                "The rule had stopped: {}, which comes before it, did not fit into the {} left.",
                election.id(*at),
                money(left)
            )
        }
    }
}

/// How a funded project was taken, in a sentence.
fn how(round: &Round, lang: Lang) -> String {
    let price = money(&round.price);
    match (round.stage, lang) {
        (Stage::Free, _) => {
            lang.t("비용이 없고 고른 사람이 있어 선정", "free, and somebody chose it").into()
        }
        (Stage::EqualShares, Lang::Ko) => format!("지지자의 몫으로 선정, 한 표(점)의 값 {price}"),
        (Stage::EqualShares, Lang::En) => {
            format!("paid from its supporters' shares, {price} a vote (or point)")
        }
        (Stage::Greedy, Lang::Ko) => format!("순서대로 선정, 한 표(점)당 비용 {price}"),
        (Stage::Greedy, Lang::En) => {
            format!("taken in order, at a cost of {price} a vote (or point)")
        }
        (Stage::Phragmen, Lang::Ko) => format!("부담이 가장 가벼워 선정, 한 사람 부담 {price}"),
        (Stage::Phragmen, Lang::En) => format!("the lightest load, {price} a supporter"),
    }
}

fn name(election: &Election, project: u32) -> String {
    match election.project(project) {
        Some(project) if project.name != project.id => format!("[{}] {}", project.id, project.name),
        Some(project) => format!("[{}]", project.id),
        None => String::new(),
    }
}

/// The whole outcome.
pub fn summary_text(election: &Election, outcome: &Outcome, lang: Lang) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}  {} ({})",
        lang.t("규칙", "Rule"),
        outcome.rule,
        rule_text(&outcome.rule, lang)
    );
    let _ = writeln!(text, "{}  {}", lang.t("동점", "Ties"), outcome.ties);
    let (voters, projects) = (election.voter_count(), election.projects.len());
    let _ = match lang {
        Lang::Ko => writeln!(text, "투표  {voters}명, 사업 {projects}개"),
        Lang::En => writeln!(text, "Votes  {voters} voters, {projects} projects"),
    };
    let _ = match lang {
        Lang::Ko => {
            writeln!(text, "예산  {} 중 {} 사용", money(&outcome.budget), money(&outcome.cost))
        }
        Lang::En => {
            writeln!(text, "Money  {} of {} spent", money(&outcome.cost), money(&outcome.budget))
        }
    };
    if let Some(share) = &outcome.endowment {
        let _ = match lang {
            Lang::Ko => {
                writeln!(text, "몫    한 사람 {} ({}번 올림)", money(share), outcome.raises)
            }
            Lang::En => {
                writeln!(text, "Share  {} a voter (raised {} times)", money(share), outcome.raises)
            }
        };
    }
    if let Some(preference) = &outcome.preference {
        let _ = match lang {
            Lang::Ko => writeln!(
                text,
                "비교  균등 몫 {}명, 득표순 {}명",
                preference.equal_shares, preference.greedy
            ),
            Lang::En => writeln!(
                text,
                "Compared  {} prefer equal shares, {} greedy",
                preference.equal_shares, preference.greedy
            ),
        };
    }
    let _ = writeln!(text, "\n{} {}", lang.t("선정", "Funded"), outcome.rounds.len());
    for (number, round) in (1..).zip(&outcome.rounds) {
        let _ = writeln!(
            text,
            "{number:>4}  {}  {}  {}",
            name(election, round.project),
            money(&election.cost(round.project)),
            how(round, lang)
        );
        tie(&mut text, election, outcome, round, lang);
    }
    let _ =
        writeln!(text, "\n{} {}", lang.t("선정되지 않음", "Not funded"), outcome.unfunded.len());
    for unfunded in &outcome.unfunded {
        let cost = election.cost(unfunded.project);
        let why = why_text(election, &cost, &unfunded.why, lang);
        let _ =
            writeln!(text, "      {}  {}  {why}", name(election, unfunded.project), money(&cost));
    }
    text
}

fn tie(text: &mut String, election: &Election, outcome: &Outcome, round: &Round, lang: Lang) {
    let others: Vec<&str> = round
        .tied
        .iter()
        .filter(|&&tied| tied != round.project)
        .map(|&tied| election.id(tied))
        .collect();
    if others.is_empty() {
        return;
    }
    let _ = match lang {
        Lang::Ko => {
            writeln!(text, "      동점: {} ({} 순서로 정함)", others.join(", "), outcome.ties)
        }
        Lang::En => {
            writeln!(text, "      tied with {} (settled by {})", others.join(", "), outcome.ties)
        }
    };
}

/// One project: funded in which round, at which price, what its supporters paid; or what it lacked.
pub fn project_text(
    election: &Election,
    outcome: &Outcome,
    account: &ProjectAccount,
    lang: Lang,
) -> String {
    let mut text = String::new();
    let cost = election.cost(account.project);
    let _ = writeln!(text, "{}", name(election, account.project));
    let _ = match lang {
        Lang::Ko => writeln!(text, "비용 {}, 득표 {}", money(&cost), account.votes),
        Lang::En => writeln!(text, "Cost {}, {} votes", money(&cost), account.votes),
    };
    if let Some(points) = &account.points {
        let _ = writeln!(text, "{} {}", lang.t("점수", "Points"), money(points));
    }
    if let Some((number, round)) = &account.funded {
        let of = outcome.rounds.len();
        let _ = match lang {
            Lang::Ko => writeln!(text, "{of}개 가운데 {number}번째: {}.", how(round, lang)),
            Lang::En => writeln!(text, "Number {number} of {of}: {}.", how(round, lang)),
        };
        tie(&mut text, election, outcome, round, lang);
    }
    if let Some(shares) = &account.shares {
        let (least, most, total) =
            (money(&shares.least), money(&shares.most), money(&shares.total));
        let _ = match lang {
            Lang::Ko => writeln!(
                text,
                "값을 다 낸 사람 {}명, 남은 몫을 모두 낸 사람 {}명, 남은 몫이 없던 사람 {}명. 낸 돈 {least}~{most}, 모두 {total}.",
                shares.full, shares.all_they_had, shares.nothing
            ),
            Lang::En => writeln!(
                text,
                "{} paid the whole price, {} all they had left, {} had nothing left. Payments {least} to {most}, {total} in all.",
                shares.full, shares.all_they_had, shares.nothing
            ),
        };
    }
    if let Some(why) = &account.why {
        let _ = writeln!(
            text,
            "{} {}",
            lang.t("선정되지 않았습니다.", "Not funded."),
            why_text(election, &cost, why, lang)
        );
    }
    text
}

/// One ballot: where its share went.
pub fn ballot_text(
    election: &Election,
    outcome: &Outcome,
    voter: &str,
    account: &BallotAccount,
    lang: Lang,
) -> String {
    let mut text = String::new();
    let _ = match lang {
        Lang::Ko => writeln!(text, "표 {voter}: 고른 사업 {}개", account.lines.len()),
        Lang::En => writeln!(text, "Ballot {voter}: {} projects chosen", account.lines.len()),
    };
    if let Some(share) = &account.share {
        let _ = writeln!(text, "{} {}", lang.t("처음 몫", "Share at the beginning"), money(share));
    }
    for line in &account.lines {
        let (what, cost) = (name(election, line.project), election.cost(line.project));
        let why = outcome.unfunded.iter().find(|unfunded| unfunded.project == line.project);
        let said = match (&line.paid, line.round, lang) {
            (Some(paid), Some(round), Lang::Ko) => {
                let part = if line.whole { "" } else { "(남은 몫 전부)" };
                format!("{round}번째로 선정, 낸 몫 {}{part}", money(paid))
            }
            (Some(paid), Some(round), Lang::En) => {
                let part = if line.whole { "" } else { " (all it had left)" };
                format!("funded in round {round}, paid {}{part}", money(paid))
            }
            (None, Some(round), Lang::Ko) => format!("{round}번째로 선정"),
            (None, Some(round), Lang::En) => format!("funded in round {round}"),
            (_, None, _) => why.map_or_else(String::new, |unfunded| {
                why_text(election, &cost, &unfunded.why, lang)
            }),
        };
        let _ = writeln!(text, "  {what}  {said}");
    }
    if let Some(left) = &account.left {
        let _ = writeln!(text, "{} {}", lang.t("남은 몫", "Left"), money(left));
    }
    text
}
