//! The same ballots under several rules, side by side.

use maeul_base::Lang;

use crate::election::{Election, VoteKind};
use crate::explain::money;
use crate::outcome::Outcome;
use crate::rule::limits::Limits;
use crate::rule::name::RuleName;
use crate::rule::{Progress, TallyError, counts, tally};
use crate::ties::TieChain;

/// One rule's outcome and what it means for the voters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The outcome.
    pub outcome: Outcome,
    /// Voters none of whose choices is funded, empty ballots included.
    pub nothing: u64,
    /// Funded choices of all voters together: divided by the voters, what one got.
    pub funded_choices: u64,
}

/// Rules side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How many people voted.
    pub voters: u64,
    /// One for each rule, in the order asked.
    pub rows: Vec<Row>,
}

/// Rules that suit the ballots and are quick on any budget: the usual ones to show beside the rule in force.
pub fn usual(election: &Election) -> Vec<RuleName> {
    let names: &[&str] = match election.kind.unwrap_or(VoteKind::Approval) {
        VoteKind::Approval | VoteKind::ChooseOne => {
            &["greedy-votes", "greedy-cardinality", "mes-cost", "mes-cost+1pct+greedy", "phragmen"]
        }
        VoteKind::Ordinal => {
            &["greedy-votes", "greedy-borda", "mes-borda", "mes-borda+1pct+greedy"]
        }
        VoteKind::Cumulative | VoteKind::Scoring => {
            &["greedy-votes", "greedy-points", "mes-points", "mes-points+1pct+greedy"]
        }
    };
    let names = names.iter().filter_map(|name| name.parse().ok());
    names.filter(|rule| counts(rule, election)).collect()
}

/// Voters none of whose choices is funded, and the funded choices of all together.
pub fn coverage(election: &Election, outcome: &Outcome) -> (u64, u64) {
    let mut funded = vec![false; election.projects.len()];
    for project in outcome.winners() {
        if let Some(slot) = funded.get_mut(project as usize) {
            *slot = true;
        }
    }
    let needs_points = election.kind.is_some_and(VoteKind::has_points);
    let (mut nothing, mut choices) = (0, 0);
    for ballot in &election.ballots {
        let got = ballot.choices.iter().filter(|choice| {
            funded.get(choice.project as usize) == Some(&true)
                && (choice.points > 0 || !needs_points)
        });
        let got = u64::try_from(got.count()).unwrap_or(u64::MAX);
        if got == 0 {
            nothing += ballot.weight;
        }
        choices += got * ballot.weight;
    }
    (nothing, choices)
}

/// Counts by each rule.
pub fn compare(
    election: &Election,
    rules: &[RuleName],
    ties: &TieChain,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Comparison, TallyError> {
    let rows = rules.iter().map(|rule| {
        let outcome = tally(election, rule, ties, limits, progress)?;
        let (nothing, funded_choices) = coverage(election, &outcome);
        Ok(Row { outcome, nothing, funded_choices })
    });
    Ok(Comparison { voters: election.voter_count(), rows: rows.collect::<Result<_, _>>()? })
}

impl Comparison {
    /// As a table for reading.
    pub fn text(&self, election: &Election, lang: Lang) -> String {
        let head = [
            lang.t("규칙", "rule"),
            lang.t("선정", "funded"),
            lang.t("비용", "cost"),
            lang.t("예산 중", "of budget"),
            lang.t("선정 없는 투표자", "voters with nothing"),
            lang.t("한 사람당 선정", "funded per voter"),
        ];
        let mut cells: Vec<[String; 6]> = vec![head.map(str::to_owned)];
        for row in &self.rows {
            cells.push([
                row.outcome.rule.to_string(),
                row.outcome.rounds.len().to_string(),
                money(&row.outcome.cost),
                share(&row.outcome.cost, &election.budget),
                format!("{} ({})", row.nothing, share(&row.nothing.into(), &self.voters.into())),
                crate::Exact::ratio(row.funded_choices, self.voters.max(1))
                    .unwrap_or_default()
                    .decimal(2)
                    .replace('≈', ""),
            ]);
        }
        table(&cells)
    }
}

/// A part of a whole as a percentage with one decimal.
fn share(part: &crate::Exact, whole: &crate::Exact) -> String {
    let percent = part.over(whole).map(|part| part * crate::Exact::from(100_u64));
    percent.map_or_else(
        || "–".to_owned(),
        |percent| format!("{} %", percent.decimal(1).replace('≈', "")),
    )
}

/// Columns lined up: the first to the left, numbers to the right. Hangul takes two places.
fn table(rows: &[[String; 6]]) -> String {
    let width = |text: &str| {
        text.chars()
            .map(|c| if ('\u{1100}'..='\u{ffdc}').contains(&c) { 2 } else { 1 })
            .sum::<usize>()
    };
    let mut widths = [0_usize; 6];
    for row in rows {
        for (most, cell) in widths.iter_mut().zip(row) {
            *most = (*most).max(width(cell));
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (at, (cell, most)) in row.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(most - width(cell));
            line += &if at == 0 { format!("{cell}{pad}") } else { format!("  {pad}{cell}") };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}
